import { styleText } from 'node:util'
import type { Outcome, Report, Verdict } from '../conformance/verdict.ts'
import { clip, pad, width, wrap } from './columns.ts'
import { ranked } from './matrix.ts'
import { bySection, concerns, sectionName } from './reading.ts'
import { count, duration, shorten, visible } from './visible.ts'

/** How to write for a terminal. */
export interface TerminalOptions {
  /** Whether to use colour. */
  readonly colour?: boolean
  /** Columns to fit in; 80 unless said. */
  readonly columns?: number
}

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'magenta' | 'cyan'
type Paint = (style: Style, text: string) => string

const OUTCOME_STYLE: Readonly<Record<Outcome, Style>> = {
  pass: 'green',
  weak: 'yellow',
  fail: 'red',
  crash: 'magenta',
  unstable: 'magenta',
  limit: 'cyan',
  unsupported: 'dim',
  skipped: 'dim',
  error: 'cyan',
}

const GRADE_STYLE: Readonly<Record<Report['grade']['letter'], Style>> = {
  A: 'green',
  B: 'green',
  C: 'yellow',
  D: 'yellow',
  F: 'red',
  '-': 'dim',
}

function painter(options: TerminalOptions): Paint {
  // Whether the terminal wants colour is the caller's to know.
  return options.colour ? (style, text) => styleText(style, text, { validateStream: false }) : (_, text) => text
}

/** One subject's result: grade, counts, what falls short by section with expected and came, stale known entries. */
export function result(report: Report, options: TerminalOptions = {}): string {
  const paint = painter(options)
  const columns = options.columns ?? 80
  const { subject, grade, protocol } = report
  const levels = [`MUST ${of(grade.must)}`, `SHOULD ${of(grade.should)}`, `MAY ${of(grade.may)}`].join('   ')
  const about = `${protocol} ${subject.role} at ${shown(subject.address)}`
  const lines = [
    `${paint('bold', shorten(shown(subject.name), columns - 8))}  ${paint(GRADE_STYLE[grade.letter], paint('bold', grade.letter))}`,
    ...wrap(shown(grade.because), columns),
    paint('dim', shorten(about, columns)),
    '',
    levels,
    ...counts(report, columns, paint),
  ]
  for (const { kind, title, verdicts } of concerns(report)) {
    lines.push('', paint('bold', `${title} (${verdicts.length})`))
    const { same, others } = folded(verdicts)
    for (const { came, count } of same) lines.push(...wrap(`${count} cases: ${shown(came)}`, columns, '  ', '    '))
    for (const { spec, section, items } of bySection(others)) {
      lines.push(`  ${paint('cyan', sectionName(report, spec, section))}`)
      for (const verdict of items) lines.push(...told(verdict, kind === 'known', columns, paint))
    }
  }
  if (report.stale.length > 0) {
    lines.push('', paint('bold', `Known entries that no longer hold (${report.stale.length})`))
    for (const { id, why } of report.stale) lines.push(...wrap(`${shown(id)}: ${shown(why)}`, columns, '  ', '    '))
  }
  return `${lines.join('\n')}\n`
}

/** Errors that are all of one cause are told once, as when a subject has died and nothing more could be run. */
function folded(verdicts: readonly Verdict[]): {
  readonly same: readonly { readonly came: string; readonly count: number }[]
  readonly others: readonly Verdict[]
} {
  const counts = new Map<string, number>()
  for (const { outcome, came } of verdicts) if (outcome === 'error') counts.set(came, (counts.get(came) ?? 0) + 1)
  const same = [...counts].filter(([, count]) => count > 3).map(([came, count]) => ({ came, count }))
  const told = new Set(same.map(({ came }) => came))
  return { same, others: verdicts.filter(({ outcome, came }) => outcome !== 'error' || !told.has(came)) }
}

function told(verdict: Verdict, brief: boolean, columns: number, paint: Paint): string[] {
  const { outcome, level, when, expected, came, known, commands = [] } = verdict
  const head = `${outcome.padEnd(8)} ${level.padEnd(6)} `
  const [first = '', ...more] = wrap(shown(when), columns, ' '.repeat(4 + head.length))
  const lines = [
    `    ${paint(OUTCOME_STYLE[outcome], outcome.padEnd(8))} ${level.padEnd(6)} ${first.trimStart()}`,
    ...more,
  ]
  const label = (name: string, text: string): string[] => {
    const [start = '', ...rest] = wrap(shown(text), columns, ' '.repeat(15))
    return [`      ${paint('dim', name.padEnd(8))} ${start.trimStart()}`, ...rest]
  }
  if (known !== undefined) lines.push(...label('known', known))
  if (!brief) {
    lines.push(...label('expected', expected), ...label('came', came))
    for (const command of commands) lines.push(...label('by hand', command))
  }
  return lines
}

/** The outcomes that there are and the time, in as many lines as it takes. */
function counts({ totals, milliseconds }: Report, columns: number, paint: Paint): string[] {
  const parts = (Object.keys(OUTCOME_STYLE) as Outcome[])
    .filter(outcome => outcome === 'pass' || totals[outcome] > 0)
    .map(outcome => paint(OUTCOME_STYLE[outcome], `${totals[outcome]} ${outcome}`))
  const lines: string[] = []
  for (const part of [...parts, paint('dim', `in ${duration(milliseconds)}`)]) {
    const longer = `${lines.at(-1)}  ${part}`
    if (lines.length > 0 && width(longer) <= columns) lines[lines.length - 1] = longer
    else lines.push(part)
  }
  return lines
}

/** Several subjects as a table, best grade first; no row is wider than the columns. */
export function table(reports: readonly Report[], options: TerminalOptions = {}): string {
  const paint = painter(options)
  const columns = options.columns ?? 80
  const heads = ['grade', 'MUST', 'pass', 'weak', 'fail', 'unsupp.', 'time']
  const rows = ranked(reports).map(({ subject, grade, totals, milliseconds }) => ({
    name: shown(subject.name),
    letter: grade.letter,
    cells: [
      grade.letter,
      of(grade.must),
      `${totals.pass}`,
      `${totals.weak}`,
      `${totals.fail + totals.crash + totals.unstable}`,
      `${totals.unsupported}`,
      duration(milliseconds),
    ],
  }))
  const widths = heads.map((head, i) => Math.max(head.length, ...rows.map(row => row.cells[i]?.length ?? 0)))
  const taken = widths.reduce((total, width) => total + width + 2, 0)
  const longest = Math.max(4, ...rows.map(row => width(row.name)))
  const room = Math.max(8, Math.min(longest, columns - taken))
  const right = (cells: readonly string[]): string[] => cells.map((cell, i) => `  ${cell.padStart(widths[i] ?? 0)}`)
  const lines = rows.map(({ name, letter, cells }) => {
    const [grade = '', ...rest] = right(cells)
    return `${pad(clip(name, room), room)}${paint(GRADE_STYLE[letter], grade)}${rest.join('')}`
  })
  return [paint('dim', `${'peer'.padEnd(room)}${right(heads).join('')}`), ...lines, ''].join('\n')
}

/** How far a run has come. */
export interface Progress {
  readonly name: string
  readonly done: number
  readonly total: number
  /** Cases that fell short so far. */
  readonly failed: number
}

/** One line for a terminal that is written again and again: `nginx 1.22  123/240  2 failed`. Never as wide as the terminal. */
export function progress({ name, done, total, failed }: Progress, options: TerminalOptions = {}): string {
  const paint = painter(options)
  const figures = `${String(done).padStart(String(total).length)}/${total}`
  const failures = failed > 0 ? `${failed} failed` : ''
  // One column stays free: a full line would wrap on some terminals.
  const room = (options.columns ?? 80) - figures.length - failures.length - 5
  const tail = failures === '' ? '' : `  ${paint('red', failures)}`
  return `${clip(shown(name), Math.max(1, room))}  ${paint('dim', figures)}${tail}`
}

/** What redraws a line in place: back to its start, and nothing left of what stood there. */
export function redraw(line: string): string {
  return `\r${line}\u001b[K`
}

/** `3 peers, 1 short of its grade`. */
export function conclusion(reports: readonly Report[]): string {
  const short = reports.filter(report => !report.grade.good).length
  const peers = count(reports.length, 'peer')
  if (short > 0) return `${peers}, ${short} short of a MUST`
  const known = reports.some(report => report.verdicts.some(verdict => verdict.known !== undefined))
  return known ? `${peers}: no MUST is broken that is not known to be` : `${peers}, each keeps every MUST`
}

function of({ passed, judged }: { readonly passed: number; readonly judged: number }): string {
  return `${passed}/${judged}`
}

/** A peer's text: nothing that a terminal would act on, and not without end. */
function shown(text: string): string {
  return shorten(visible(text), 400)
}
