import { toHex } from '../../wire/hex.ts'

/** How deep values are looked into: what lies deeper, or goes round, counts as the same. */
const DEEPEST = 64

/**
 * Sides of one thing, what weighs most first: whoever stands apart in one is not heard on those behind it, as they would tell
 * the same once more.
 */
export class Ranked {
  readonly sides: Readonly<Record<string, unknown>>

  constructor(sides: Readonly<Record<string, unknown>>) {
    this.sides = sides
  }
}

/**
 * A value in the form in which values of different subjects are held against each other. As vectors have it: octets, in
 * whatever kind of view, in hex; members that are undefined, or functions, left out. Bigints are numbers as long as these are
 * exact, and in decimal above; maps are objects where all keys are strings, else lists of pairs; sets and iterated lists
 * are lists; dates are ISO 8601. Which class an object is of says nothing.
 */
export function comparable(value: unknown, depth = 0): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString()
  if (typeof value === 'function' || typeof value === 'symbol') return undefined
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEEPEST) return '(deeper)'
  if (value instanceof Ranked) return new Ranked(comparable(value.sides, depth) as Record<string, unknown>)
  const octets = octetsOf(value)
  if (octets !== undefined) return toHex(octets)
  const inside = (part: unknown): unknown => comparable(part, depth + 1)
  if (Array.isArray(value)) return value.map(inside)
  if (value instanceof Set) return [...value].map(inside)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'no date' : value.toISOString()
  if (value instanceof Map && ![...value.keys()].every(key => typeof key === 'string')) return [...value].map(inside)
  const members = value instanceof Map ? [...value] : Object.entries(value)
  const parts = members.map(([name, part]) => [name, inside(part)] as const)
  return Object.fromEntries(parts.filter(([, part]) => part !== undefined))
}

function octetsOf(value: object): Uint8Array | undefined {
  if (value instanceof ArrayBuffer) return new Uint8Array(value)
  if (!ArrayBuffer.isView(value)) return undefined
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

/** A comparable value in one line. */
export function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value)
  if (Array.isArray(value)) return `[${value.map(shown).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  if (value instanceof Ranked) return shown(value.sides)
  const members = Object.entries(value).map(
    ([name, part]) => `${/^\w+$/.test(name) ? name : JSON.stringify(name)}: ${shown(part)}`,
  )
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}
