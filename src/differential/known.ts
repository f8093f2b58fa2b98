import { idsOf } from './compare.ts'
import type { Finding } from './differential.ts'

/** A disagreement that is known, and why it is none to act upon: one entry of a known file. */
export interface KnownDisagreement {
  /** The id of a disagreement, or a pattern of ids in which `*` stands for any run of characters. */
  readonly disagreement: string
  /** Whose fault it is; nobody's where it is absent, as what specifications leave open. */
  readonly wrong?: string
  readonly reason: string
}

/** A known file that cannot be used; the message says where and why. */
export class KnownDisagreementError extends Error {
  override readonly name = 'KnownDisagreementError'
}

/**
 * Reads a known file: a JSON array of `{ "disagreement", "wrong"?, "reason" }`. Throws `KnownDisagreementError` with the file's name
 * and the entry, counted from 1.
 */
export function parseKnownDisagreements(text: string, file: string): KnownDisagreement[] {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (thrown) {
    throw new KnownDisagreementError(`${file}: not JSON: ${thrown instanceof Error ? thrown.message : thrown}`)
  }
  if (!Array.isArray(content)) throw new KnownDisagreementError(`${file}: not an array of entries`)
  const entries = content.map((value: unknown, index) => entryOf(value, `${file}, entry ${index + 1}`))
  for (const [index, { disagreement }] of entries.entries()) {
    const before = entries.findIndex(entry => entry.disagreement === disagreement)
    if (before === index) continue
    const where = `${file}, entry ${index + 1}`
    throw new KnownDisagreementError(`${where}: '${disagreement}' stands in entry ${before + 1} already`)
  }
  return entries
}

const FIELDS = ['disagreement', 'wrong', 'reason']

function entryOf(value: unknown, where: string): KnownDisagreement {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new KnownDisagreementError(`${where}: not an object`)
  }
  const { disagreement, wrong, reason } = value as { readonly [Field in keyof KnownDisagreement]?: unknown }
  if (typeof disagreement !== 'string' || disagreement === '') {
    throw new KnownDisagreementError(`${where}: "disagreement" is not the id of one`)
  }
  const named = `${where} (${disagreement})`
  const stray = Object.keys(value).find(field => !FIELDS.includes(field))
  if (stray !== undefined) throw new KnownDisagreementError(`${named}: "${stray}" means nothing here`)
  if (wrong !== undefined && (typeof wrong !== 'string' || wrong === '')) {
    throw new KnownDisagreementError(`${named}: "wrong" names nobody`)
  }
  if (typeof reason !== 'string' || reason.trim() === '') {
    throw new KnownDisagreementError(`${named}: no reason is given`)
  }
  return { disagreement, ...(wrong !== undefined && { wrong }), reason: reason.trim() }
}

/** Gives a disagreement the reason of the first entry that is about it. */
export function knower(
  known: readonly KnownDisagreement[],
): <Scene, Question>(found: Finding<Scene, Question>) => Finding<Scene, Question> {
  const entries = known.map(entry => ({ entry, matches: pattern(entry.disagreement) }))
  return found => {
    const ids = [found.id, ...idsOf(found, found.feature)]
    const known = entries.find(({ matches }) => ids.some(matches))?.entry
    return known ? { ...found, known } : found
  }
}

/** Whether an entry is about the disagreement of this id. */
export function matches({ disagreement }: KnownDisagreement, id: string): boolean {
  return pattern(disagreement)(id)
}

function pattern(text: string): (id: string) => boolean {
  const parts = text.split('*').map(part => part.replace(/[.+?^${}()|[\]\\]/g, '\\$&'))
  const whole = new RegExp(`^${parts.join('.*')}$`)
  return id => whole.test(id)
}
