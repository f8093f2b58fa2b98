import type { Level } from '../conformance/rule.ts'
import type { Outcome, Report, Verdict } from '../conformance/verdict.ts'

/** Every outcome, in the order that reports list them. */
export const OUTCOMES: readonly Outcome[] = [
  'pass',
  'weak',
  'fail',
  'crash',
  'unstable',
  'limit',
  'unsupported',
  'skipped',
  'error',
]

/** What an outcome means, for legends. */
export const MEANING: Readonly<Record<Outcome, string>> = {
  pass: 'the rule was kept, and seen to be',
  weak: 'the breach was refused, but not as the rule says',
  fail: 'the rule was broken',
  crash: 'the subject died of it',
  unstable: 'repeats disagree',
  limit: 'the subject enforced a limit of its own before the rule could be seen',
  unsupported: 'a probe found that an optional feature is missing',
  skipped: 'not run, by choice',
  error: 'ours or the network’s; not held against the subject',
}

/** Every level, strongest first. */
export const LEVELS: readonly Level[] = ['MUST', 'SHOULD', 'MAY']

/** Whether an outcome falls short of the rule. */
export function fallsShort(outcome: Outcome): boolean {
  return outcome === 'fail' || outcome === 'weak' || outcome === 'crash' || outcome === 'unstable'
}

/** Orders `6.5` before `6.10`, and sections before appendices. */
export function compareSections(a: string, b: string): number {
  const left = a.split('.')
  const right = b.split('.')
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const x = left[i] ?? ''
    const y = right[i] ?? ''
    if (x === y) continue
    const numbers = /^\d+$/
    if (numbers.test(x) && numbers.test(y)) return Number(x) - Number(y)
    return compareText(x, y)
  }
  return 0
}

/** By code unit: the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** A section of a specification, and what lies in it. */
export interface InSection<T> {
  readonly spec: string
  readonly section: string
  readonly items: readonly T[]
}

/** Groups by specification and section, in the order of the text; items keep their order. */
export function bySection<T extends { readonly spec: string; readonly section: string }>(
  items: Iterable<T>,
): readonly InSection<T>[] {
  const groups = new Map<string, { spec: string; section: string; items: T[] }>()
  for (const item of items) {
    const key = `${item.spec} ${item.section}`
    const group = groups.get(key)
    if (group) group.items.push(item)
    else groups.set(key, { spec: item.spec, section: item.section, items: [item] })
  }
  return [...groups.values()].sort((a, b) => compareText(a.spec, b.spec) || compareSections(a.section, b.section))
}

/** `RFC 9113 §6.5`, or `rfc9113 §6.5` where the report names no title. */
export function sectionName(report: Report, spec: string, section: string): string {
  return `${report.specifications[spec]?.title ?? spec} §${section}`
}

/** Where to read a section; only ever an http(s) address. */
export function sectionLink(report: Report, spec: string, section: string): string | undefined {
  const base = report.specifications[spec]?.sections
  return base !== undefined && /^https?:\/\//.test(base) ? base + encodeURIComponent(section) : undefined
}

/** Verdicts that a reader should look at, by how much they weigh. */
export interface Concern {
  readonly kind: 'broken' | 'weak' | 'advice' | 'known' | 'error'
  readonly title: string
  /** One line on what they have in common. */
  readonly means: string
  readonly verdicts: readonly Verdict[]
}

/** The verdicts that fall short or could not be had, heaviest first, in the order of the text; no empty ones. */
export function concerns(report: Report): readonly Concern[] {
  const found: Record<Concern['kind'], Verdict[]> = { broken: [], weak: [], advice: [], known: [], error: [] }
  for (const { items } of bySection(report.verdicts)) {
    for (const verdict of items) {
      const kind = concernOf(verdict)
      if (kind) found[kind].push(verdict)
    }
  }
  return (Object.keys(CONCERNS) as Concern['kind'][])
    .filter(kind => found[kind].length > 0)
    .map(kind => ({ kind, ...CONCERNS[kind], verdicts: found[kind] }))
}

const CONCERNS: Readonly<Record<Concern['kind'], { readonly title: string; readonly means: string }>> = {
  broken: { title: 'Broken requirements', means: 'A MUST was broken, repeats disagreed, or the subject died.' },
  weak: { title: 'Kept only weakly', means: 'The breach of a MUST was refused, but not as the rule says.' },
  advice: { title: 'Short of the advice', means: 'A SHOULD or MAY was not followed. These do not fail a grade.' },
  known: { title: 'Known', means: 'Expected by the known file, for the reason given.' },
  error: { title: 'Not judged', means: 'Our error or the network’s. Never held against the subject.' },
}

function concernOf(verdict: Verdict): Concern['kind'] | undefined {
  if (verdict.outcome === 'error') return 'error'
  if (!fallsShort(verdict.outcome)) return undefined
  if (verdict.known !== undefined) return 'known'
  if (verdict.outcome === 'crash') return 'broken'
  if (verdict.level !== 'MUST') return 'advice'
  return verdict.outcome === 'weak' ? 'weak' : 'broken'
}

/** Coverage of one section: its rules by state, and the verdicts of its cases by outcome. */
export interface Coverage {
  readonly spec: string
  readonly section: string
  /** What the suites call it, where cases test it. */
  readonly topic: string
  readonly tested: number
  readonly unobservable: number
  readonly missing: number
  readonly outcomes: Readonly<Partial<Record<Outcome, number>>>
  readonly cases: number
}

/** Coverage of each section that holds a rule or a case. */
export function coverage(report: Report): readonly Coverage[] {
  const everything = [
    ...report.rules.map(rule => ({ spec: rule.spec, section: rule.section, rule, verdict: undefined })),
    ...report.verdicts.map(verdict => ({ spec: verdict.spec, section: verdict.section, rule: undefined, verdict })),
  ]
  return bySection(everything).map(({ spec, section, items }) => {
    const states = { tested: 0, unobservable: 0, missing: 0 }
    const outcomes: Partial<Record<Outcome, number>> = {}
    const topics = new Set<string>()
    let cases = 0
    for (const { rule, verdict } of items) {
      if (rule) states[rule.roles[report.subject.role] ?? rule.state]++
      if (verdict) {
        outcomes[verdict.outcome] = (outcomes[verdict.outcome] ?? 0) + 1
        topics.add(verdict.suite)
        cases++
      }
    }
    return { spec, section, topic: [...topics].join(', '), ...states, outcomes, cases }
  })
}
