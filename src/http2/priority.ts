/** How a response ranks among others. RFC 9218 §4 */
export interface Priority {
  /** 0 (first) to 7 (last). */
  readonly urgency: number
  readonly incremental: boolean
}

/** RFC 9218 §4 */
export const DEFAULT_PRIORITY: Priority = { urgency: 3, incremental: false }

/** A dictionary of structured fields, as far as one of items without inner lists goes. RFC 8941 §3.2 */
const MEMBER =
  /^ *([a-z*][a-z0-9_\-.*]*)(?:=(\?[01]|-?[0-9]{1,15}(?:\.[0-9]{1,3})?|"(?:[ !#-[\]-~]|\\["\\])*"|[A-Za-z*][!#$%&'*+\-.^_`|~0-9A-Za-z:/]*|:[A-Za-z0-9+/=]*:))?((?:; *[a-z*][a-z0-9_\-.*]*(?:=[^;,]*)?)*)[ \t]*(?:,[ \t]*|$)/

/**
 * Reads a Priority field value. Unknown parameters, and values out of range or of another type, are left out. Nothing when
 * the value is no dictionary at all. RFC 9218 §4
 */
export function parsePriority(value: string): Priority | undefined {
  let { urgency, incremental } = DEFAULT_PRIORITY
  let rest = value
  while (rest.trim() !== '') {
    const member = MEMBER.exec(rest)
    if (member === null) return undefined
    const [whole, name, item] = member
    if (name === 'u' && item !== undefined && /^[0-7]$/.test(item)) urgency = Number(item)
    if (name === 'i' && (item === undefined || /^\?[01]$/.test(item))) incremental = item !== '?0'
    rest = rest.slice(whole.length)
  }
  return { urgency, incremental }
}

interface Ranked {
  readonly id: number
  readonly priority: Priority
}

/**
 * Whose turn it is: the most urgent; among those of one urgency first the non-incremental in the order of their identifiers,
 * then the incremental ones in turn, as the list has them. The list is not empty. RFC 9218 §10
 */
export function nextInTurn(streams: readonly Ranked[]): number {
  let best = 0
  for (let i = 1; i < streams.length; i++) if (before(streams[i] as Ranked, streams[best] as Ranked)) best = i
  return best
}

function before(a: Ranked, b: Ranked): boolean {
  if (a.priority.urgency !== b.priority.urgency) return a.priority.urgency < b.priority.urgency
  if (a.priority.incremental !== b.priority.incremental) return b.priority.incremental
  return !a.priority.incremental && a.id < b.id
}
