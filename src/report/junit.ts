import type { Report, TranscriptEntry, Verdict } from '../conformance/verdict.ts'
import { fallsShort, sectionName } from './reading.ts'
import { visible } from './visible.ts'

/**
 * JUnit XML as Jenkins, GitLab and others read it: one testsuite a subject, one testcase a case.
 *
 * - `failure`: the subject fell short of the rule: `fail`, `crash`, `unstable`, and `weak` on a MUST. Its type says the
 *   level, for who wants MUSTs only.
 * - `error`: `error`, which is ours or the network's.
 * - `skipped`: `unsupported`, `limit`, `skipped`, and whatever the known file expects, with the reason.
 *
 * `weak` on a SHOULD or MAY passes. The transcript of what fell short is in `system-out`; `report.json` has all of them.
 */
export function junit(reports: readonly Report[]): string {
  return [...junitPieces(reports)].join('')
}

/** The same, piece by piece: a hostile subject can make a report long. */
export function* junitPieces(reports: readonly Report[]): Generator<string> {
  const suites = reports.map(suite)
  const sum = (of: (suite: Counted) => number): number => suites.reduce((total, suite) => total + of(suite), 0)
  const attributes = attribute({
    name: 'wiregrade',
    tests: sum(suite => suite.tests),
    failures: sum(suite => suite.failures),
    errors: sum(suite => suite.errors),
    time: seconds(reports.reduce((total, report) => total + report.milliseconds, 0)),
  })
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites${attributes}>\n`
  for (const suite of suites) yield* suite.xml()
  yield '</testsuites>\n'
}

/** What a verdict is to JUnit. */
type Standing = 'passed' | 'failure' | 'error' | 'skipped'

interface Counted {
  readonly tests: number
  readonly failures: number
  readonly errors: number
  xml(): Iterable<string>
}

function suite(report: Report): Counted {
  const standings = report.verdicts.map(standing)
  const tally = (of: Standing): number => standings.filter(standing => standing === of).length
  const counts = { tests: standings.length, failures: tally('failure'), errors: tally('error') }
  const { subject, grade, options } = report
  const attributes = attribute({
    name: subject.name,
    ...counts,
    skipped: tally('skipped'),
    time: seconds(report.milliseconds),
    timestamp: report.started.replace(/(\.\d+)?Z$/, ''),
    hostname: subject.address,
  })
  const properties = Object.entries({
    protocol: report.protocol,
    role: subject.role,
    address: subject.address,
    ...(subject.security === undefined ? {} : { security: subject.security }),
    grade: grade.letter,
    because: grade.because,
    wiregrade: report.tool.version,
    concurrency: options.concurrency,
    patience: options.patience,
    repeat: options.repeat,
  }).map(([name, value]) => `      <property${attribute({ name, value })}/>\n`)
  return {
    ...counts,
    *xml() {
      yield `  <testsuite${attributes}>\n    <properties>\n${properties.join('')}    </properties>\n`
      for (const [i, verdict] of report.verdicts.entries()) yield testcase(report, verdict, standings[i] ?? 'error')
      yield '  </testsuite>\n'
    },
  }
}

function standing({ outcome, level, known }: Verdict): Standing {
  if (outcome === 'error') return 'error'
  if (outcome === 'unsupported' || outcome === 'limit' || outcome === 'skipped') return 'skipped'
  if (!fallsShort(outcome)) return 'passed'
  if (known !== undefined) return 'skipped'
  return outcome === 'weak' && level !== 'MUST' ? 'passed' : 'failure'
}

function testcase(report: Report, verdict: Verdict, standing: Standing): string {
  const { protocol, role, section, level, outcome, expected, came, known } = verdict
  const attributes = attribute({
    classname: `${protocol}.${role}.${section}`,
    name: verdict.id,
    time: seconds(verdict.milliseconds),
  })
  const lines: string[] = []
  if (standing === 'skipped') {
    const why = known === undefined ? `${outcome}: ${came}` : `known to be ${outcome}: ${known} (came: ${came})`
    lines.push(`<skipped${attribute({ message: why })}/>`)
  } else if (standing !== 'passed') {
    const told = [
      `${sectionName(report, verdict.spec, section)} ${level}: ${verdict.text}`,
      `When ${verdict.when}`,
      `expected: ${expected}`,
      `came:     ${came}`,
      ...(verdict.commands ?? []).map(command => `by hand:  ${command}`),
      ...(verdict.repeats ? [`repeats:  ${verdict.repeats.join(', ')}`] : []),
    ].map(visible)
    const summary = attribute({ message: `${outcome}: ${came}`, type: `${level} ${outcome}` })
    lines.push(`<${standing}${summary}>${escaped(told.join('\n'))}</${standing}>`)
  }
  // Of what passed, report.json has the evidence: tools that show JUnit read it whole.
  if (verdict.transcript.length > 0 && standing !== 'passed') {
    lines.push(`<system-out>${escaped(verdict.transcript.map(transcribed).join('\n'))}</system-out>`)
  }
  if (lines.length === 0) return `    <testcase${attributes}/>\n`
  return `    <testcase${attributes}>\n${lines.map(line => `      ${line}\n`).join('')}    </testcase>\n`
}

/** One entry as lines of text: `   0.98 ms  <- 40 octets`, what they mean, and the hex. */
function transcribed({ at, from, octets, hex, decoded }: TranscriptEntry): string {
  const head = `${at.toFixed(2).padStart(9)} ms  ${from === 'tester' ? '->' : '<-'}`
  const cut = hex.length / 2 < octets ? ' ...' : ''
  return [
    octets > 0 ? `${head}  ${octets} octets` : head,
    ...decoded.map(line => `    ${visible(line)}`),
    ...(hex === '' ? [] : [`    ${hex}${cut}`]),
  ].join('\n')
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(3)
}

function attribute(values: Readonly<Record<string, string | number>>): string {
  return Object.entries(values)
    .map(([name, value]) => ` ${name}="${escaped(visible(String(value)))}"`)
    .join('')
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/**
 * Text without what XML 1.0 cannot hold: `visible` has spelled that out, but for the line ends between our own lines.
 * (https://www.w3.org/TR/xml/#charsets)
 */
function escaped(text: string): string {
  return text.replace(/[&<>"]/g, character => ENTITIES[character] ?? '')
}
