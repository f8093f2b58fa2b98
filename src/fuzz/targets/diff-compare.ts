import { isDeepStrictEqual } from 'node:util'
import { withoutParticulars } from '../triage.ts'
import { Ranked, shown } from './diff-value.ts'

/** What one of several subjects made of an input. */
export type Answer =
  /** It took it, and this is what it made of it, in comparable form; undefined where it does not say. */
  | { readonly kind: 'accepts'; readonly value: unknown }
  /** `why` as it was said; by `sort` refusals are told apart. */
  | { readonly kind: 'refuses'; readonly why: string; readonly sort: string }

export interface Answered {
  readonly subject: string
  readonly answer: Answer
}

/** `accept`: only whether they accept; `value`: also what they make of it. */
export type Comparing = 'accept' | 'value'

/** One way in which subjects differ on an input. */
export interface Disagreement {
  /**
   * Who agrees with whom, and about what: `a, b accept; c refuses (truncated)`, `a = b != c at answers.*.ttl`,
   * `a != b at *.rcode (FORMERR, NOTIMP)`. The same for all inputs that show the same.
   */
  readonly id: string
  /** What each of them says, one line each, in the order in which they were named. */
  readonly said: readonly string[]
}

/** All ways in which subjects differ, what weighs most first: whether they accept, then where their values differ. */
export function disagreements(answered: readonly Answered[], comparing: Comparing): Disagreement[] {
  const found: Disagreement[] = []
  const accepting = answered.filter(({ answer }) => answer.kind === 'accepts')
  if (accepting.length > 0 && accepting.length < answered.length) found.push(acceptance(answered))
  if (comparing === 'accept') return found
  const values = answered.flatMap(({ subject, answer }): Valued[] =>
    answer.kind === 'accepts' && answer.value !== undefined ? [{ subject, value: answer.value }] : [],
  )
  for (const each of differences(values, [], answered)) if (!found.some(({ id }) => id === each.id)) found.push(each)
  return found
}

function acceptance(answered: readonly Answered[]): Disagreement {
  const accepting = answered.filter(({ answer }) => answer.kind === 'accepts').map(({ subject }) => subject)
  const sorts = new Map<string, string[]>()
  for (const { subject, answer } of answered) {
    if (answer.kind !== 'refuses') continue
    const sort = withoutParticulars(answer.sort)
    sorts.set(sort, [...(sorts.get(sort) ?? []), subject])
  }
  const refusing = [...sorts].map(([sort, subjects]) => `${phrase(subjects, 'refuse')} (${sort})`)
  return {
    id: [phrase(accepting, 'accept'), ...refusing].join('; '),
    said: lines(answered, answer =>
      answer.kind === 'refuses'
        ? `refuses: ${answer.why}`
        : `accepts${answer.value === undefined ? '' : ` ${shown(answer.value)}`}`,
    ),
  }
}

/** `a accepts`, `a, b accept` */
function phrase(subjects: readonly string[], verb: string): string {
  return `${subjects.join(', ')} ${verb}${subjects.length === 1 ? 's' : ''}`
}

interface Valued {
  readonly subject: string
  readonly value: unknown
}

/**
 * Each place at which values differ: as deep as they are of one shape, and of lists the length first. Places in lists, and
 * members whose names begin with #, are one place, `*`.
 */
function differences(values: readonly Valued[], path: Path, answered: readonly Answered[]): Disagreement[] {
  const camps = alike(values)
  if (camps.length < 2) return []
  const present = values.filter(({ value }) => value !== undefined)
  // Who has something at all comes before what it is, unless it is a word, which tells as much.
  if (present.length < values.length && camps.length > 2) {
    const absent = values.filter(({ value }) => value === undefined)
    return [difference([present, absent], path, answered), ...differences(present, path, answered)]
  }
  const all = values.map(({ value }) => value)
  if (all.every(Array.isArray)) {
    const lengths = alike(values.map(({ subject, value }) => ({ subject, value: (value as unknown[]).length })))
    // What stands behind something left out or put in differs all the same.
    if (lengths.length > 1) return [difference(lengths, [...path, 'length'], answered)]
    return [...(all[0] as unknown[]).keys()].flatMap(at => differences(partsAt(values, at), [...path, at], answered))
  }
  if (all.every(value => value instanceof Ranked)) return rankedDifferences(values, path, answered)
  if (!all.every(isRecord)) return [difference(camps, path, answered)]
  const names = new Set(all.flatMap(value => Object.keys(value as object)))
  return [...names].flatMap(name => differences(partsAt(values, name), [...path, name], answered))
}

type Path = readonly (string | number)[]

function difference(camps: readonly Valued[][], path: Path, answered: readonly Answered[]): Disagreement {
  const who = camps.map(camp => camp.map(({ subject }) => subject).join(' = ')).join(' != ')
  const general = path.map(step => (typeof step === 'number' || step.startsWith('#') ? '*' : step))
  const where = general.filter((step, i) => step !== '*' || general[i - 1] !== '*').join('.')
  const told = new Map(camps.flat().map(({ subject, value }) => [subject, shown(value)]))
  return {
    id: `${who}${where === '' ? '' : ` at ${where}`}${wordsOf(camps)}`,
    said: lines(answered, ({ kind }, subject) => {
      const value = told.get(subject)
      if (value === undefined) return kind === 'accepts' ? 'does not say' : 'refuses'
      return `${path.length === 0 ? '' : `${path.join('.')}: `}${value}`
    }),
  }
}

function rankedDifferences(values: readonly Valued[], path: Path, answered: readonly Answered[]): Disagreement[] {
  const sides = values.map(({ subject, value }) => ({ subject, value: (value as Ranked).sides }))
  let heard: readonly Valued[] = sides
  return [...new Set(sides.flatMap(({ value }) => Object.keys(value)))].flatMap(name => {
    const parts = partsAt(heard, name)
    const [largest = []] = alike(parts)
    const agreeing = new Set(largest.map(({ subject }) => subject))
    const found = differences(parts, [...path, name], answered)
    if (found.length > 0) heard = heard.filter(({ subject }) => agreeing.has(subject))
    return found
  })
}

/** A word as specifications have it: an error, a status. */
const WORD = /^(?:[A-Z][A-Z0-9_]{1,30}|\d{3})$/

/** What each camp says, where that is one of few things: `(NXDOMAIN, nothing)`. */
function wordsOf(camps: readonly Valued[][]): string {
  const words = camps.map(camp => {
    const own = new Set(camp.map(({ value }) => wordOf(value)))
    return own.size === 1 ? [...own][0] : undefined
  })
  if (words.every(word => word !== undefined)) return ` (${words.join(', ')})`
  return words.includes('nothing') ? ` (${words.map(word => word ?? 'some').join(', ')})` : ''
}

function wordOf(value: unknown): string | undefined {
  if (value === undefined) return 'nothing'
  if (typeof value === 'boolean') return String(value)
  return typeof value === 'string' && WORD.test(value) ? value : undefined
}

function partsAt(values: readonly Valued[], name: string | number): Valued[] {
  return values.map(({ subject, value }) => ({ subject, value: (value as Record<string | number, unknown>)[name] }))
}

function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Ranked)
}

/** Those who say the same: the largest group first, of those alike whoever was named first. */
function alike(values: readonly Valued[]): Valued[][] {
  const groups: Valued[][] = []
  for (const each of values) {
    const group = groups.find(([first]) => isDeepStrictEqual(first?.value, each.value))
    if (group) group.push(each)
    else groups.push([each])
  }
  return groups.sort((one, other) => other.length - one.length)
}

function lines(answered: readonly Answered[], said: (answer: Answer, subject: string) => string): string[] {
  const width = Math.max(...answered.map(({ subject }) => subject.length))
  return answered.map(({ subject, answer }) => `${subject.padEnd(width)}  ${said(answer, subject)}`)
}
