import type { NightStatus } from '../../fuzz/night/night.ts'
import { clip, pad } from '../../report/columns.ts'
import { briefly, clock } from '../duration.ts'
import { LiveScreen } from '../live-screen.ts'
import { type Output, table } from '../terminal.ts'
import { number } from './screen.ts'

/** How often a line is written where there is no terminal, in ms. */
const PLAIN = 30_000
const COLUMNS = 80
/** Campaigns that are shown one by one. */
const SHOWN = 8

/** How a night stands, on standard error unless said. */
export class NightScreen extends LiveScreen<NightStatus> {
  constructor(output?: Output) {
    super({ lines: nightScreen, line: nightLine, every: PLAIN }, output)
  }
}

/** At a glance: 80 columns, three lines and one for each campaign that runs. */
export function nightScreen(status: NightStatus, { paint }: Pick<Output, 'paint'>): string[] {
  const { elapsed, left, targets, runs, runsPerSecond, slices, workers, now } = status
  const time = `${clock(elapsed)} of ${clock(elapsed + left)}`
  const turned = targets.filter(target => target.slices > 0).length
  const cell = (label: string, value: string, columns: number): string => pad(`${pad(label, 7)} ${value}`, columns)
  const found = foundIn(status)
  const by = workers > 1 ? ` by ${workers} workers` : ''
  const lines = now.slice(0, SHOWN).map(each => {
    const name = clip(each.target, 36)
    const begun = `  ${pad(name, 36)} ${pad(clock(each.elapsed).slice(-5), 6)} `
    if (each.runs === 0) return clip(`${begun}begins`, COLUMNS)
    const more = each.corpus - each.resumed
    const kept = `corpus ${number(each.corpus)}${more > 0 ? ` (+${number(more)})` : ''}`
    return clip(`${begun}${pad(`${number(each.runsPerSecond)}/s`, 10)} ${kept}`, COLUMNS)
  })
  if (now.length > SHOWN) lines.push(`  and ${now.length - SHOWN} more`)
  return [
    paint('bold', pad('wiregrade fuzz night', COLUMNS - time.length)) + time,
    cell('targets', `${turned} of ${targets.length} had a turn`, 34) +
      cell('slices', number(slices), 18) +
      (found === '' ? 'nothing found' : paint('red', clip(`found: ${found}`, COLUMNS - 52))),
    `${cell('runs', number(runs), 34)}speed   ${number(runsPerSecond)}/s${by}`,
    ...lines,
  ]
}

/** The same in one line, for logs. */
export function nightLine(status: NightStatus): string {
  const { elapsed, left, targets, runs, runsPerSecond } = status
  const turned = targets.filter(target => target.slices > 0).length
  const corpus = targets.reduce((sum, target) => sum + target.corpus, 0)
  const figures = `${number(runs)} runs (${number(runsPerSecond)}/s), corpus ${number(corpus)}`
  const found = foundIn(status)
  const what = found === '' ? 'nothing found' : `found: ${found}`
  const until = left > 0 ? `, ${briefly(left)} left` : ''
  return `${clock(elapsed)}  ${turned} of ${targets.length} targets, ${figures}, ${what}${until}`
}

/** `crash 2, hang 1`; nothing where nothing was found. */
export function foundIn({ targets }: Pick<NightStatus, 'targets'>): string {
  const sums = new Map<string, number>()
  for (const { finds } of targets)
    for (const [kind, count] of Object.entries(finds)) sums.set(kind, (sums.get(kind) ?? 0) + count)
  return [...sums].flatMap(([kind, count]) => (count > 0 ? [`${kind} ${count}`] : [])).join(', ')
}

/** What each target came to, over all nights of the folder: most time first. */
export function nightTable({ targets }: Pick<NightStatus, 'targets'>, width: number): string[] {
  const tried = targets.filter(({ slices }) => slices > 0).sort((a, b) => b.elapsed - a.elapsed)
  const rows = tried.map(({ target, slices, runs, elapsed, corpus, blocks, finds }) => {
    const found = Object.values(finds).reduce((sum, count) => sum + count, 0)
    return [clip(target, 30), ...[slices, runs, Math.round(elapsed / 1000), corpus, blocks, found].map(number)]
  })
  const untried = targets.length - tried.length
  return [
    ...(rows.length > 0 ? table(['target', 'turns', 'runs', 'seconds', 'corpus', 'blocks', 'finds'], rows, width) : []),
    ...(untried > 0 ? [`without a turn yet: ${untried}`] : []),
    ...targets.flatMap(({ target, failed }) => (failed === undefined ? [] : [`failed: ${target}: ${failed}`])),
  ]
}
