import type { Outcome, Report, Verdict } from '../conformance/verdict.ts'
import { code, link, prose, row } from './markdown.ts'
import { bySection, compareText, fallsShort, MEANING, OUTCOMES } from './reading.ts'

/** How a cell of the matrix shows an outcome. */
const MARK: Readonly<Record<Outcome, string>> = {
  pass: '✓',
  weak: 'weak',
  fail: '**fail**',
  crash: '**crash**',
  unstable: '*unstable*',
  limit: 'limit',
  unsupported: '–',
  skipped: 'skipped',
  error: 'error',
}

/**
 * The matrix of several peers as Markdown, protocol by protocol: how each did, then every case that at least one of them
 * does not pass. Protocols by title, peers by grade, then name; cases in the order of the specification; the same input
 * gives the same text.
 */
export function matrix(reports: readonly Report[], titleOf = (protocol: string): string => protocol): string {
  const titles = [...new Set(reports.map(({ protocol }) => protocol))].map(name => ({ name, title: titleOf(name) }))
  const parts = titles
    .sort((a, b) => compareText(a.title, b.title))
    .flatMap(({ name, title }) => {
      const peers = ranked(reports.filter(({ protocol }) => protocol === name))
      return [`## ${prose(title)}\n`, overview(peers), detail(peers)]
    })
  return [...parts, legend(reports)].filter(part => part !== '').join('\n')
}

/** Best grade first, then by name. */
export function ranked(reports: readonly Report[]): readonly Report[] {
  const order = 'ABCDF-'
  return [...reports].sort(
    (a, b) =>
      order.indexOf(a.grade.letter) - order.indexOf(b.grade.letter) ||
      share(b) - share(a) ||
      compareText(a.subject.name, b.subject.name),
  )
}

/** The part of judged MUSTs that pass. */
function share({ grade: { must } }: Report): number {
  return must.judged === 0 ? 0 : must.passed / must.judged
}

/** `nginx 1.22.1` as `nginx` and `1.22.1`; a name without a version has none. */
export function nameAndVersion(subject: string): readonly [name: string, version: string] {
  const parts = /^(.*\S)\s+(v?\d\S*)$/s.exec(subject)
  return [parts?.[1] ?? subject, parts?.[2] ?? '']
}

function overview(peers: readonly Report[]): string {
  const heads = [
    'peer',
    'version',
    'grade',
    'MUST',
    'SHOULD',
    'pass',
    'weak',
    'fail',
    'unsupported',
    'other',
    'seconds',
  ]
  const lines = peers.map(({ subject, grade, totals, milliseconds }) => {
    const [name, version] = nameAndVersion(subject.name)
    return row([
      prose(name),
      prose(version),
      `**${grade.letter}**`,
      `${grade.must.passed} of ${grade.must.judged}`,
      `${grade.should.passed} of ${grade.should.judged}`,
      `${totals.pass}`,
      `${totals.weak}`,
      `${totals.fail + totals.crash + totals.unstable}`,
      `${totals.unsupported}`,
      `${totals.limit + totals.skipped + totals.error}`,
      (milliseconds / 1000).toFixed(2),
    ])
  })
  return `${row(heads)}${row(heads.map((_, i) => (i < 2 ? ':--' : '--:')))}${lines.join('')}`
}

function detail(peers: readonly Report[]): string {
  const verdicts = peers.map(peer => new Map(peer.verdicts.map(verdict => [verdict.id, verdict])))
  const cases = new Map<string, Verdict>()
  for (const peer of peers) {
    for (const verdict of peer.verdicts) {
      if (verdict.outcome !== 'pass' && !cases.has(verdict.id)) cases.set(verdict.id, verdict)
    }
  }
  const sorted = [...cases.values()].sort((a, b) => compareText(a.id, b.id))
  const [first] = peers
  if (!first || sorted.length === 0) return ''
  const heads = ['case', 'level', ...peers.map(peer => prose(nameAndVersion(peer.subject.name)[0]))]
  const groups = bySection(sorted).map(({ spec, section, items }) => {
    const lines = items.map(entry => {
      const marks = verdicts.map(found => mark(found.get(entry.id)))
      return row([`${code(ruleName(entry))} ${prose(entry.when)}`, entry.level, ...marks])
    })
    return `${row([`**${link(first, spec, section)}**`, ...heads.slice(1).map(() => '')])}${lines.join('')}`
  })
  const alignment = row(heads.map((_, i) => (i < 2 ? ':--' : ':-:')))
  return `### What is not passed by all\n\n${row(heads)}${alignment}${groups.join('')}`
}

/** The rule's id without specification and section, which head the group. */
function ruleName({ rule, spec, section }: Verdict): string {
  return rule.startsWith(`${spec}/${section}/`) ? rule.slice(spec.length + section.length + 2) : rule
}

function mark(verdict: Verdict | undefined): string {
  if (!verdict) return ''
  return MARK[verdict.outcome] + (verdict.known !== undefined && fallsShort(verdict.outcome) ? '°' : '')
}

function legend(peers: readonly Report[]): string {
  const used = OUTCOMES.filter(outcome => peers.some(peer => peer.totals[outcome] > 0))
  const lines = used.map(
    outcome => `- ${MARK[outcome]}${MARK[outcome].includes(outcome) ? '' : ` ${outcome}`}: ${MEANING[outcome]}\n`,
  )
  const known = peers.some(peer => peer.verdicts.some(verdict => verdict.known !== undefined))
  if (known) lines.push('- ° known: the reason stands in the file of known failures\n')
  return `## Legend\n\n${lines.join('')}`
}
