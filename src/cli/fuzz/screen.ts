import { relative } from 'node:path'
import type { Ending, Status } from '../../fuzz/campaign/status.ts'
import type { FindKind } from '../../fuzz/target.ts'
import { clip, pad } from '../../report/columns.ts'
import { briefly, clock } from '../duration.ts'
import { LiveScreen } from '../live-screen.ts'
import type { Output } from '../terminal.ts'

/** How often a line is written where there is no terminal, in ms. */
const PLAIN = 10_000
const COLUMNS = 80

/** How a campaign stands, on standard error unless said. */
export class FuzzScreen extends LiveScreen<Status> {
  constructor(output?: Output) {
    super({ lines: screen, line: oneLine, every: PLAIN }, output)
  }
}

/** The status as a person reads it at a glance: 80 columns, six lines. */
export function screen(status: Status, { paint }: Pick<Output, 'paint'>): string[] {
  const { target, elapsed, runs, corpus, resumed, server, sinceNew, sinceFind, restarts, workers, examined } = status
  const time = clock(elapsed)
  const what = server ?? (live(status) ? 'being started' : undefined)
  const title = clip(`wiregrade fuzz  ${target}${what === undefined ? '' : `  (${what})`}`, COLUMNS - time.length - 2)
  const cell = (label: string, value: string, columns: number): string => pad(`${pad(label, 9)} ${value}`, columns)
  const speed = `${number(status.runsPerSecond)}/s${workers > 1 ? ` by ${workers} workers` : ''}${onMachines(status)}`
  return [
    paint('bold', pad(title, COLUMNS - time.length)) + time,
    (cell(live(status) ? 'sessions' : 'runs', number(runs), 30) + cell('speed', speed, 34)).trimEnd(),
    cell('corpus', `${number(corpus)}${resumed > 0 ? ` (${number(resumed)} before)` : ''}`, 30) +
      cell('last new', `${briefly(sinceNew)} ago`, 24),
    cell(...seen(status), 30) +
      cell('last find', sinceFind === undefined ? 'none' : `${briefly(sinceFind)} ago`, 24) +
      cell('restarts', number(live(status) ? (status.revived ?? 0) : restarts), 16),
    findLine(status, paint),
    paint('dim', [...workersLost(status), ...lookedAt(examined)].join('; ')),
  ]
}

/** Whether a server is behind the target, and not code. */
function live({ target, server }: Status): boolean {
  return server !== undefined || /^(server|url):/.test(target)
}

/** What guides it: blocks of code, or states of a server, and its edges where it shows them. */
function seen(status: Status): [label: string, value: string] {
  const { blocks, states = 0 } = status
  if (!live(status)) return ['blocks', blocks > 0 ? number(blocks) : 'not seen']
  return ['states', `${number(states)}${blocks > 0 ? `, ${number(blocks)} edges` : ''}`]
}

/** Of servers restarts are told, as they are many: what was lost besides is a worker. */
function workersLost(status: Status): string[] {
  const { restarts } = status
  return live(status) && restarts > 0 ? [`${number(restarts)} worker${restarts === 1 ? '' : 's'} replaced`] : []
}

function lookedAt(examined: number): string[] {
  return examined > 0 ? [`looking at ${examined} of them once more, for the smallest input`] : []
}

/** Kinds of finds that can come of a target, by what they are called in the status. */
function kindsShown(status: Status): Partial<Record<FindKind, string>> {
  const common = { crash: 'crashes', hang: 'hangs' }
  if (status.target.startsWith('diff:')) return { disagreement: 'differ', ...common }
  return live(status)
    ? { ...common, memory: 'memory' }
    : { crash: 'crashes', law: 'laws', hang: 'hangs', slow: 'slow', memory: 'memory' }
}

function findLine(status: Status, paint: Output['paint']): string {
  return Object.entries(kindsShown(status))
    .map(([kind, name]) => {
      const count = status.finds[kind as FindKind]
      const text = pad(`${pad(name, 9)} ${count}`, 15)
      return count > 0 ? paint('red', text) : text
    })
    .join('')
    .trimEnd()
}

/** The same in one line, for logs. */
export function oneLine(status: Status): string {
  const { elapsed, runs, runsPerSecond, corpus, blocks, workers, machines } = status
  const [what, many] = seen(status)
  const shown = live(status) || blocks > 0 ? `, ${what} ${many}` : ''
  const unit = live(status) ? 'sessions' : 'runs'
  if (machines === 0 && status.runs === 0) return `${clock(elapsed)}  no worker is there yet`
  if (live(status) && status.server === undefined) return `${clock(elapsed)}  the server is being started`
  const by = machines === undefined ? '' : ` by ${workers}${onMachines(status)}`
  return `${clock(elapsed)}  ${number(runs)} ${unit} (${number(runsPerSecond)}/s${by}), corpus ${number(corpus)}${shown}, ${found(status)}`
}

function found({ finds }: Status): string {
  const parts = Object.entries(finds).flatMap(([kind, count]) => (count > 0 ? [`${kind} ${count}`] : []))
  return parts.length === 0 ? 'nothing found' : `found: ${parts.join(', ')}`
}

/** What was tried and why it ended, in one line each. */
export function endLines(ending: Ending, path: string): string[] {
  const why = {
    time: 'the time is over',
    quiet: 'nothing new has come',
    runs: 'all runs are done',
    stopped: 'stopped',
    gone: 'the server does not come back',
    nobody: 'no worker has begun with it',
  }[ending.why]
  return [oneLine(ending), `ended: ${why}; the campaign is in ${relative('', path) || '.'}`]
}

export function number(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function onMachines({ machines }: Status): string {
  return machines === undefined ? '' : ` on ${number(machines)} machine${machines === 1 ? '' : 's'}`
}
