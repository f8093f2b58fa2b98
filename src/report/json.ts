import type { Report, RuleState, TranscriptEntry, Verdict } from '../conformance/verdict.ts'
import { compareText, OUTCOMES } from './reading.ts'

/** The `$id` of `report.schema.json`, for a report's `$schema`. The number changes when readers would have to. */
export const REPORT_SCHEMA = 'urn:wiregrade:report:1'

/** Several subjects in one file: each report without its verdicts, and the verdicts of all, each with its subject's name. */
export interface Collection {
  readonly $schema: string
  readonly tool: Report['tool']
  /** In the order given; the names of subjects differ. */
  readonly reports: readonly Omit<Report, '$schema' | 'tool' | 'verdicts'>[]
  readonly verdicts: readonly (Verdict & { readonly subject: string })[]
}

/**
 * The report as JSON: keys in one order whatever order they were made in, one rule, verdict or stale entry a line (so that
 * `grep` and `diff` are of use), and a line end at the end.
 */
export function json(report: Report): string {
  return [...jsonPieces(report)].join('')
}

/** The same, piece by piece: a hostile subject can make a report long. */
export function jsonPieces(report: Report): Iterable<string> {
  return inLines(inOrder(report, REPORT))
}

/** Several reports as one JSON file, in the form of `Collection`. */
export function jsonCollection(reports: readonly Report[]): string {
  return [...jsonCollectionPieces(reports)].join('')
}

/** The same, piece by piece. */
export function jsonCollectionPieces(reports: readonly Report[]): Iterable<string> {
  const [first] = reports
  if (!first) throw new RangeError('there is no report to write')
  const names = new Set(reports.map(report => report.subject.name))
  if (names.size < reports.length) throw new RangeError('two reports have a subject of the same name')
  const collection = {
    $schema: first.$schema,
    tool: inOrder(first.tool, TOOL),
    reports: reports.map(({ $schema, tool, verdicts, ...rest }) => inOrder(rest, REPORT)),
    verdicts: reports.flatMap(report =>
      report.verdicts.map(verdict => ({ subject: report.subject.name, ...(inOrder(verdict, VERDICT) as object) })),
    ),
  }
  return inLines(collection)
}

/** The reports in a parsed `report.json` of either form. The value is trusted to follow the schema. */
export function reportsIn(value: Report | Collection): readonly Report[] {
  if (!('reports' in value)) return [value]
  const { $schema, tool, reports, verdicts } = value
  return reports.map(rest => ({
    $schema,
    tool,
    ...rest,
    verdicts: verdicts
      .filter(verdict => verdict.subject === rest.subject.name && verdict.protocol === rest.protocol)
      .map(({ subject, ...verdict }): Verdict => verdict),
  }))
}

/** How to order one object: its keys, each with the shape of its value. */
interface Shape {
  readonly [key: string]: Shape | 'as it is' | 'sorted'
}

const plain = <T>(...keys: (keyof T & string)[]): Shape =>
  Object.fromEntries(keys.map(key => [key, 'as it is' as const]))

const TALLY = plain<Report['grade']['must']>('passed', 'judged')
const TOOL = plain<Report['tool']>('name', 'version')
const ENTRY = plain<TranscriptEntry>('at', 'from', 'octets', 'hex', 'decoded')

const VERDICT: Shape = {
  ...plain<Verdict>('id', 'protocol', 'role', 'suite', 'rule', 'level', 'spec', 'section', 'text', 'when'),
  ...plain<Verdict>('outcome', 'expected', 'came', 'known', 'repeats', 'milliseconds', 'commands', 'capture'),
  transcript: ENTRY,
}

const REPORT: Shape = {
  $schema: 'as it is',
  tool: TOOL,
  subject: plain<Report['subject']>('name', 'address', 'role', 'security'),
  ...plain<Report>('protocol', 'started', 'milliseconds'),
  options: plain<Report['options']>('concurrency', 'patience', 'repeat', 'only'),
  grade: { ...plain<Report['grade']>('letter', 'good', 'because'), must: TALLY, should: TALLY, may: TALLY },
  totals: Object.fromEntries(OUTCOMES.map(outcome => [outcome, 'as it is' as const])),
  specifications: 'sorted',
  stale: plain<Report['stale'][number]>('id', 'why'),
  rules: {
    ...plain<RuleState>('id', 'spec', 'section', 'level', 'role', 'state', 'reason', 'text'),
    roles: plain<Record<'server' | 'client' | 'proxy', unknown>>('server', 'client', 'proxy'),
    cases: 'as it is',
  },
  verdicts: VERDICT,
}

/** The same value with keys in the order of the shape; keys that it does not name come last, sorted. */
function inOrder(value: unknown, shape: Shape | 'as it is' | 'sorted'): unknown {
  if (shape === 'as it is' || typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(item => inOrder(item, shape))
  const source = value as Readonly<Record<string, unknown>>
  const named = shape === 'sorted' ? [] : Object.keys(shape).filter(key => key in source)
  const others = Object.keys(source)
    .filter(key => !named.includes(key))
    .sort(compareText)
  return Object.fromEntries(
    [...named, ...others].map(key => [
      key,
      inOrder(source[key], shape === 'sorted' ? 'sorted' : (shape[key] ?? 'sorted')),
    ]),
  )
}

/** One member of the object a line, and one element a line of arrays that hold objects. */
function* inLines(value: unknown): Generator<string> {
  let before = '{\n'
  for (const [key, member] of Object.entries(value as object)) {
    yield `${before}  ${JSON.stringify(key)}: `
    if (Array.isArray(member) && typeof member[0] === 'object') yield* elements(member)
    else yield JSON.stringify(member)
    before = ',\n'
  }
  yield '\n}\n'
}

function* elements(all: readonly unknown[]): Generator<string> {
  let before = '[\n'
  for (const element of all) {
    yield `${before}    ${JSON.stringify(element)}`
    before = ',\n'
  }
  yield '\n  ]'
}
