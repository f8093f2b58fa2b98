import type { Outcome, Verdict } from './verdict.ts'

/** Something a subject is known to do, and why: one entry of a known file. */
export interface Known {
  /** The id of a case, or a pattern of ids in which `*` stands for any run of characters. */
  readonly case: string
  /** What comes of it: one of these. */
  readonly outcome: readonly Outcome[]
  /** Why that is so, and why it is accepted. */
  readonly reason: string
}

/** A known file that cannot be used; the message says where and why. */
export class KnownError extends Error {
  override readonly name = 'KnownError'
}

/** What an entry may expect: a pass needs no excuse. */
const EXPECTABLE: readonly Outcome[] = ['weak', 'fail', 'unsupported', 'limit', 'unstable', 'crash', 'error']

const FIELDS = ['case', 'outcome', 'reason']

/**
 * Reads a known file: a JSON array of `{ "case", "outcome": [...], "reason" }`. Throws `KnownError` with the file's name
 * and the entry, counted from 1.
 */
export function parseKnown(text: string, file: string): Known[] {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (thrown) {
    throw new KnownError(`${file}: not JSON: ${thrown instanceof Error ? thrown.message : thrown}`)
  }
  if (!Array.isArray(content)) throw new KnownError(`${file}: not an array of entries`)
  const entries = content.map((value: unknown, index) => entryOf(value, `${file}, entry ${index + 1}`))
  const seen = new Map<string, number>()
  for (const [index, { case: pattern }] of entries.entries()) {
    const before = seen.get(pattern)
    if (before !== undefined) {
      throw new KnownError(`${file}, entry ${index + 1}: '${pattern}' stands in entry ${before} already`)
    }
    seen.set(pattern, index + 1)
  }
  return entries
}

function entryOf(value: unknown, where: string): Known {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new KnownError(`${where}: not an object`)
  const { case: pattern, outcome, reason } = value as { readonly [Field in keyof Known]?: unknown }
  if (typeof pattern !== 'string' || pattern === '') throw new KnownError(`${where}: "case" is not the id of a case`)
  const named = `${where} (${pattern})`
  const stray = Object.keys(value).find(field => !FIELDS.includes(field))
  if (stray !== undefined) throw new KnownError(`${named}: "${stray}" means nothing here`)
  if (!Array.isArray(outcome) || outcome.length === 0)
    throw new KnownError(`${named}: "outcome" is not a list of outcomes`)
  for (const one of outcome as unknown[]) {
    if (EXPECTABLE.every(expectable => expectable !== one)) {
      throw new KnownError(`${named}: outcome ${JSON.stringify(one)} is none of ${EXPECTABLE.join(', ')}`)
    }
  }
  if (typeof reason !== 'string' || reason.trim() === '') throw new KnownError(`${named}: no reason is given`)
  return { case: pattern, outcome: outcome as Outcome[], reason: reason.trim() }
}

/** Verdicts with what was known of them, and the entries that no longer hold. */
export interface Marked {
  readonly verdicts: Verdict[]
  readonly stale: { readonly id: string; readonly why: string }[]
}

/**
 * Gives each verdict the reason of the first entry that expects its outcome. An entry is stale when all its cases passed,
 * or when there is no case of that id; one whose cases were not run says nothing.
 *
 * @param ids all cases that there are, run or not
 */
export function markKnown(verdicts: readonly Verdict[], known: readonly Known[], ids: Iterable<string>): Marked {
  const entries = known.map(entry => ({ ...entry, matches: pattern(entry.case) }))
  const marked = verdicts.map(verdict => {
    const entry = entries.find(one => one.matches(verdict.id) && one.outcome.includes(verdict.outcome))
    return entry ? { ...verdict, known: entry.reason } : verdict
  })
  const all = [...ids]
  const stale = entries.flatMap(entry => {
    if (!all.some(entry.matches)) return [{ id: entry.case, why: 'there is no such case' }]
    const ran = verdicts.filter(verdict => verdict.outcome !== 'skipped' && entry.matches(verdict.id))
    if (ran.length === 0 || ran.some(verdict => verdict.outcome !== 'pass')) return []
    return [{ id: entry.case, why: ran.length === 1 ? 'the case passes now' : `all ${ran.length} cases pass now` }]
  })
  return { verdicts: marked, stale }
}

function pattern(text: string): (id: string) => boolean {
  const parts = text.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const whole = new RegExp(`^${parts.join('.*')}$`)
  return id => whole.test(id)
}
