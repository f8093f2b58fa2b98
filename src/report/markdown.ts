import type { Report, Verdict } from '../conformance/verdict.ts'
import { type Concern, concerns, LEVELS, OUTCOMES, sectionLink, sectionName } from './reading.ts'
import { count, duration, shorten, visible } from './visible.ts'

/** At most so many verdicts are told of each concern: a comment on a pull request has its limit (65,536 characters). */
const TOLD = 40
const PHRASE = 240

/** A summary for a pull request or a job page (GitHub-flavoured Markdown): one subject or several. */
export function markdown(reports: readonly Report[]): string {
  return `${reports.map(summary).join('\n')}`
}

function summary(report: Report): string {
  const { subject, grade } = report
  const parts = [
    `## ${prose(subject.name)}: ${grade.letter}\n`,
    `${sentence(grade.because)}\n`,
    totals(report),
    `${count(report.verdicts.length, 'case')} of ${code(report.protocol)} for the ${subject.role} at ${code(subject.address)}, in ${duration(report.milliseconds)}.\n`,
    ...concerns(report).map(concern => told(report, concern)),
    stale(report),
  ]
  return parts.filter(part => part !== '').join('\n')
}

function totals({ grade, totals }: Report): string {
  const tallies = [grade.must, grade.should, grade.may]
  const levels = LEVELS.map((level, i) => [level, `${tallies[i]?.passed} of ${tallies[i]?.judged}`])
  const outcomes = OUTCOMES.filter(outcome => totals[outcome] > 0).map(outcome => [outcome, `${totals[outcome]}`])
  const columns = [...levels, ...outcomes]
  return `${row(columns.map(([head]) => head ?? ''))}${row(columns.map(() => '--:'))}${row(columns.map(([, value]) => value ?? ''))}`
}

function told(report: Report, { kind, title, means, verdicts }: Concern): string {
  const lines = verdicts.slice(0, TOLD).map(verdict => entry(report, verdict))
  if (verdicts.length > TOLD) lines.push(`- and ${verdicts.length - TOLD} more\n`)
  const heading = `${title} (${verdicts.length})`
  const body = `${means}\n\n${lines.join('')}`
  if (kind === 'broken' || kind === 'weak') return `### ${heading}\n\n${body}`
  return `<details><summary><b>${heading}</b></summary>\n\n${body}\n</details>\n`
}

function entry(report: Report, verdict: Verdict): string {
  const { spec, section, level, outcome, expected, came, known } = verdict
  return [
    `- **${outcome}** ${link(report, spec, section)} ${level}, when ${prose(verdict.when)}`,
    `  - expected ${code(expected)}`,
    `  - came ${code(came)}`,
    ...(known === undefined ? [] : [`  - known: ${prose(known)}`]),
    ...(verdict.commands ?? []).map(command => `  - by hand: ${code(command)}`),
    `  - ${code(verdict.id)}`,
    '',
  ].join('\n')
}

function stale({ stale }: Report): string {
  if (stale.length === 0) return ''
  const lines = stale.map(({ id, why }) => `- ${code(id)}: ${prose(why)}\n`)
  return `### Known entries that no longer hold (${stale.length})\n\n${lines.join('')}`
}

/** `[RFC 9113 §6.5](...)`, or the name alone. */
export function link(report: Report, spec: string, section: string): string {
  const url = sectionLink(report, spec, section)
  const name = prose(sectionName(report, spec, section))
  return url === undefined ? name : `[${name}](${url.replace(/[()\s<>|]/g, encodeURIComponent)})`
}

/** One row of a table; the cells are Markdown already. */
export function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`
}

/** Text as Markdown that shows just that: no markup, no mention, no reference to an issue, no end of a table's cell. */
export function prose(text: string): string {
  return shorten(visible(text), PHRASE)
    .replace(/[\\`*_{}[\]<>()#|~!$]/g, '\\$&')
    .replace(/&/g, '&amp;')
    .replace(/@/g, '&#64;')
    .replace(/\b(https?|ftp):/gi, '$1&#58;')
    .replace(/\bwww\./gi, 'www&#46;')
}

/** Text as a code span, whatever backticks it holds; safe in a table. */
export function code(text: string): string {
  const shown = shorten(visible(text), PHRASE).replace(/\|/g, '\\|')
  if (shown.trim() === '') return '(nothing)'
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length))
  const fence = '`'.repeat(longest + 1)
  return longest > 0 ? `${fence} ${shown} ${fence}` : `${fence}${shown}${fence}`
}

/** A phrase with a capital and a full stop. */
function sentence(text: string): string {
  const shown = prose(text)
  return shown.charAt(0).toUpperCase() + shown.slice(1) + (/[.!?]$/.test(shown) ? '' : '.')
}
