import type { Report, Verdict } from '../conformance/verdict.ts'
import { caseAddress, gradeName, outcomeBar, sectionAnchor } from './html-parts.ts'
import { type Markup, markup } from './markup.ts'
import { nameAndVersion } from './matrix.ts'
import { bySection, compareText, fallsShort, MEANING, OUTCOMES } from './reading.ts'
import { count, duration, shorten } from './visible.ts'

/** A report, and what its subject is called in the page's addresses. */
export interface Named {
  readonly report: Report
  readonly slug: string
}

/** Every subject a row, then every case that at least one of them does not pass. */
export function overview(peers: readonly Named[]): Markup {
  const protocols = [...new Set(peers.map(({ report }) => report.protocol))].join(', ')
  const good = peers.filter(({ report }) => report.grade.good).length
  return markup`<section class="panel" id="overview" aria-labelledby="overview-title">
<h1 id="overview-title">${count(peers.length, 'subject')} graded on ${protocols}</h1>
<p class="because">${good === peers.length ? 'Each keeps every MUST, or its breach is known.' : `${good} of ${peers.length} keep every MUST, or the breach is known.`}</p>
<table class="peers"><thead><tr><th scope="col">Grade</th><th scope="col">Subject</th><th scope="col" class="n">MUST</th><th scope="col" class="n desk">SHOULD</th><th scope="col" class="outcomes"><span class="hush">Outcomes</span></th><th scope="col" class="n">pass</th><th scope="col" class="n">weak</th><th scope="col" class="n">fail</th><th scope="col" class="n desk">other</th><th scope="col" class="n desk">time</th></tr></thead>
<tbody>${peers.map(row)}</tbody></table>
${grid(peers)}
</section>`
}

function row({ report, slug }: Named): Markup {
  const { grade, totals, subject, milliseconds } = report
  const [name, version] = nameAndVersion(subject.name)
  const failed = totals.fail + totals.crash + totals.unstable
  const other = totals.limit + totals.unsupported + totals.skipped + totals.error
  const quiet = (n: number): string => (n === 0 ? 'n zero' : 'n')
  return markup`<tr><td class="letter grade-${gradeName(report)}">${grade.letter}</td><th scope="row"><a href="#peer=${slug}">${shorten(name, 80)}</a> <span class="dim">${version}</span></th>
<td class="n">${grade.must.passed}<span class="dim">/${grade.must.judged}</span></td><td class="n desk">${grade.should.passed}<span class="dim">/${grade.should.judged}</span></td>
<td class="outcomes">${outcomeBar(totals)}</td><td class="n">${totals.pass}</td><td class="${quiet(totals.weak)}">${totals.weak}</td><td class="${quiet(failed)}">${failed}</td><td class="${quiet(other)} desk">${other}</td><td class="n desk dim">${duration(milliseconds)}</td></tr>`
}

function grid(peers: readonly Named[]): Markup | undefined {
  const found = peers.map(({ report }) => new Map(report.verdicts.map(verdict => [verdict.id, verdict])))
  const cases = new Map<string, Verdict>()
  for (const { report } of peers) {
    for (const verdict of report.verdicts) {
      if (verdict.outcome !== 'pass' && !cases.has(verdict.id)) cases.set(verdict.id, verdict)
    }
  }
  const [first] = peers
  if (!first || cases.size === 0) return undefined
  const sorted = [...cases.values()].sort((a, b) => compareText(a.id, b.id))
  const used = OUTCOMES.filter(outcome => peers.some(({ report }) => report.totals[outcome] > 0))
  const groups = bySection(sorted).map(
    ({
      spec,
      section,
      items,
    }) => markup`<tbody><tr class="group"><th scope="rowgroup" colspan="${peers.length + 2}">${sectionAnchor(first.report, spec, section)}</th></tr>
${items.map(entry => markup`<tr><th scope="row">${entry.when}</th><td class="level">${entry.level}</td>${peers.map((peer, i) => cell(peer, found[i]?.get(entry.id)))}</tr>\n`)}</tbody>`,
  )
  return markup`<h2>What is not passed by all <span class="count">${cases.size}</span></h2>
<ul class="legend">${used.map(outcome => markup`<li><span class="mark o-${outcome}">${MARKS[outcome]}</span> ${outcome} <span class="dim">${MEANING[outcome]}</span></li>`)}<li><span class="mark"><i>°</i></span> known <span class="dim">the reason is in the file of known failures</span></li></ul>
<div class="scroll" tabindex="0" role="region" aria-label="Cases by subject"><table class="grid"><thead><tr><th scope="col">Case</th><th scope="col">Level</th>${peers.map(
    ({ report, slug }) =>
      markup`<th scope="col" class="peer"><a href="#peer=${slug}">${shorten(nameAndVersion(report.subject.name)[0], 22)}</a></th>`,
  )}</tr></thead>${groups}</table></div>`
}

/** One character each: colour is never the only sign. */
const MARKS = {
  pass: '✓',
  weak: '~',
  fail: '✗',
  crash: '†',
  unstable: '?',
  limit: 'l',
  unsupported: '–',
  skipped: '·',
  error: '!',
} as const

function cell({ slug }: Named, verdict: Verdict | undefined): Markup {
  if (!verdict) return markup`<td></td>`
  const { outcome, known, id } = verdict
  const label = known === undefined || !fallsShort(outcome) ? outcome : `${outcome}, known`
  return markup`<td><a class="mark o-${outcome}" href="${caseAddress(slug, id)}" title="${label}" aria-label="${label}">${MARKS[outcome]}${known !== undefined && markup`<i>°</i>`}</a></td>`
}
