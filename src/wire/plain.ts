import { isDeepStrictEqual } from 'node:util'
import { toHex } from './hex.ts'

/** A codec's value as vectors have it: octets in hex, bigints in decimal, and nothing that is undefined. */
export function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return toHex(value)
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).filter(([, part]) => part !== undefined)
  return Object.fromEntries(entries.map(([name, part]) => [name, plain(part)]))
}

/** The path of the first part in which two plain values differ, places in lists as `*`. */
export function difference(a: unknown, b: unknown): string {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return ''
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  for (const name of names) {
    const [one, other] = [(a as Record<string, unknown>)[name], (b as Record<string, unknown>)[name]]
    if (isDeepStrictEqual(one, other)) continue
    return [Array.isArray(a) ? '*' : name, difference(one, other)].filter(Boolean).join('.')
  }
  return ''
}
