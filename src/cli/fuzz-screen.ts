import { relative } from 'node:path'
import type { KeptFind } from '../fuzz/campaign/folder.ts'
import type { Ending, Status } from '../fuzz/campaign/status.ts'
import { clip, pad } from '../report/columns.ts'
import { visible } from '../report/visible.ts'
import { briefly, clock } from './duration.ts'
import { err, type Output, out } from './terminal.ts'

/** How often a line is written where there is no terminal, in ms. */
const PLAIN = 10_000
const COLUMNS = 80

/** A status that is drawn over itself on a terminal, and lines where there is none. */
export class FuzzScreen {
  readonly #output: Output
  #drawn = 0
  #plain = 0

  constructor(output: Output = err) {
    this.#output = output
  }

  show(status: Status): void {
    if (this.#output.live) this.#redraw(screen(status, this.#output))
    else if (status.elapsed - this.#plain >= PLAIN) {
      this.#plain = status.elapsed
      this.#output.line(oneLine(status))
    }
  }

  /** A line that stays, above the status. */
  say(line: string): void {
    this.clear()
    this.#output.line(line)
  }

  clear(): void {
    if (this.#drawn > 0) this.#output.raw(`\u001b[${this.#drawn}A\u001b[J`)
    this.#drawn = 0
  }

  #redraw(lines: readonly string[]): void {
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A` : ''
    this.#output.raw(`${up}${lines.map(line => `${line}\u001b[K\n`).join('')}\u001b[J`)
    this.#drawn = lines.length
  }
}

/** The status as a person reads it at a glance: 80 columns, six lines. */
export function screen(status: Status, { paint }: Pick<Output, 'paint'>): string[] {
  const { target, elapsed, runs, corpus, resumed, blocks, sinceNew, sinceFind, restarts, workers, examined } = status
  const time = clock(elapsed)
  const title = clip(`wiregrade fuzz  ${target}`, COLUMNS - time.length - 2)
  const cell = (label: string, value: string, columns: number): string => pad(`${pad(label, 9)} ${value}`, columns)
  const speed = `${number(status.runsPerSecond)}/s${workers > 1 ? ` by ${workers} workers` : ''}${onMachines(status)}`
  return [
    paint('bold', pad(title, COLUMNS - time.length)) + time,
    (cell('runs', number(runs), 30) + cell('speed', speed, 34)).trimEnd(),
    cell('corpus', `${number(corpus)}${resumed > 0 ? ` (${number(resumed)} before)` : ''}`, 30) +
      cell('last new', `${briefly(sinceNew)} ago`, 24),
    cell('blocks', blocks > 0 ? number(blocks) : 'not seen', 30) +
      cell('last find', sinceFind === undefined ? 'none' : `${briefly(sinceFind)} ago`, 24) +
      cell('restarts', number(restarts), 16),
    findLine(status, paint),
    examined > 0 ? paint('dim', `looking at ${examined} of them once more, for the smallest input`) : '',
  ]
}

function findLine({ finds }: Status, paint: Output['paint']): string {
  const names = { crash: 'crashes', law: 'laws', hang: 'hangs', slow: 'slow', memory: 'memory' } as const
  return Object.entries(names)
    .map(([kind, name]) => {
      const count = finds[kind as keyof typeof names]
      const text = pad(`${pad(name, 9)} ${count}`, 15)
      return count > 0 ? paint('red', text) : text
    })
    .join('')
    .trimEnd()
}

/** The same in one line, for logs. */
export function oneLine(status: Status): string {
  const { elapsed, runs, runsPerSecond, corpus, blocks, workers, machines } = status
  const seen = blocks > 0 ? `, ${number(blocks)} blocks` : ''
  const by = machines === undefined ? '' : ` by ${workers}${onMachines(status)}`
  return `${clock(elapsed)}  ${number(runs)} runs (${number(runsPerSecond)}/s${by}), corpus ${number(corpus)}${seen}, ${found(status)}`
}

function found({ finds }: Status): string {
  const parts = Object.entries(finds).flatMap(([kind, count]) => (count > 0 ? [`${kind} ${count}`] : []))
  return parts.length === 0 ? 'nothing found' : `found: ${parts.join(', ')}`
}

/** What stays on the screen of a find. */
export function findLines(find: KeptFind): string[] {
  const { replay, minimal, input } = find
  const again =
    replay === undefined
      ? 'not looked at yet'
      : replay.again === 0
        ? 'did not come again'
        : `came again ${replay.again} of ${replay.times} times`
  const size = minimal ? `${input.length} octets, ${minimal.length} at least` : `${input.length} octets`
  return [
    clip(`${out.paint('red', find.kind)}  ${visible(find.title)}`, out.width),
    ...(replay?.said ?? find.said ?? []).map(line => clip(`  ${visible(line)}`, out.width)),
    `  ${size}; ${again}`,
    `  wiregrade fuzz replay ${relative('', find.path)}`,
  ]
}

/** What was tried and why it ended, in one line each. */
export function endLines(ending: Ending, path: string): string[] {
  const why = {
    time: 'the time is over',
    quiet: 'nothing new has come',
    runs: 'all runs are done',
    stopped: 'stopped',
    gone: 'the server does not come back',
  }[ending.why]
  return [oneLine(ending), `ended: ${why}; the campaign is in ${relative('', path) || '.'}`]
}

export function number(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function onMachines({ machines }: Status): string {
  return machines === undefined ? '' : ` on ${number(machines)} machine${machines === 1 ? '' : 's'}`
}
