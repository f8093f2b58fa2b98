import type { Outcome, Report, Tally } from '../conformance/verdict.ts'
import { type Markup, markup } from './markup.ts'
import { OUTCOMES, sectionLink, sectionName } from './reading.ts'

/** For class names: the letter, or `none`. */
export function gradeName(report: Report): string {
  return report.grade.letter === '-' ? 'none' : report.grade.letter
}

/** How much of a whole, as a bar; drawn without style attributes, which the page's policy forbids. */
export function tallyBar({ passed, judged }: Tally): Markup {
  const share = judged === 0 ? 0 : (100 * passed) / judged
  const kind = passed === judged ? 'pass' : 'fail'
  return markup`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">${
    judged > 0 && markup`<rect class="o-${kind}" width="100" height="1"/>`
  }<rect class="o-pass" width="${round(share)}" height="1"/></svg>`
}

/** Outcomes side by side, each as wide as its share. */
export function outcomeBar(outcomes: Readonly<Partial<Record<Outcome, number>>>): Markup {
  const total = OUTCOMES.reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0)
  let x = 0
  const parts = OUTCOMES.map(outcome => {
    const width = total === 0 ? 0 : (100 * (outcomes[outcome] ?? 0)) / total
    const part = width > 0 && markup`<rect class="o-${outcome}" x="${round(x)}" width="${round(width)}" height="1"/>`
    x += width
    return part
  })
  return markup`<svg class="bar" viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden="true">${parts}</svg>`
}

function round(number: number): string {
  return String(Math.round(number * 100) / 100)
}

/** `fail` in its colour. */
export function outcomeTag(outcome: Outcome, known = false): Markup {
  return markup`<span class="tag o-${outcome}">${outcome}${known && markup`<i title="known">°</i>`}</span>`
}

/** `RFC 9113 §6.5`, or the name given, linked to the text. */
export function sectionAnchor(
  report: Report,
  spec: string,
  section: string,
  name = sectionName(report, spec, section),
): Markup {
  const url = sectionLink(report, spec, section)
  return url === undefined ? markup`${name}` : markup`<a class="rfc" href="${url}" rel="noreferrer">${name}</a>`
}

/** Where a case is in this page. */
export function caseAddress(slug: string, id: string): string {
  return `#peer=${slug}&case=${encodeURIComponent(id).replaceAll('%2F', '/')}`
}
