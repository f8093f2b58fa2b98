import type { Field } from './field.ts'

/** RFC 7541 Appendix A: index 1 is the first. */
// biome-ignore format: a table
const entries: readonly (readonly [name: string, value: string])[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  [':status', '200'],
  [':status', '204'],
  [':status', '206'],
  [':status', '304'],
  [':status', '400'],
  [':status', '404'],
  [':status', '500'],
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ['accept-language', ''],
  ['accept-ranges', ''],
  ['accept', ''],
  ['access-control-allow-origin', ''],
  ['age', ''],
  ['allow', ''],
  ['authorization', ''],
  ['cache-control', ''],
  ['content-disposition', ''],
  ['content-encoding', ''],
  ['content-language', ''],
  ['content-length', ''],
  ['content-location', ''],
  ['content-range', ''],
  ['content-type', ''],
  ['cookie', ''],
  ['date', ''],
  ['etag', ''],
  ['expect', ''],
  ['expires', ''],
  ['from', ''],
  ['host', ''],
  ['if-match', ''],
  ['if-modified-since', ''],
  ['if-none-match', ''],
  ['if-range', ''],
  ['if-unmodified-since', ''],
  ['last-modified', ''],
  ['link', ''],
  ['location', ''],
  ['max-forwards', ''],
  ['proxy-authenticate', ''],
  ['proxy-authorization', ''],
  ['range', ''],
  ['referer', ''],
  ['refresh', ''],
  ['retry-after', ''],
  ['server', ''],
  ['set-cookie', ''],
  ['strict-transport-security', ''],
  ['transfer-encoding', ''],
  ['user-agent', ''],
  ['vary', ''],
  ['via', ''],
  ['www-authenticate', ''],
]

/** How many entries the static table has; the dynamic table's indices start after them. RFC 7541 §2.3.3 */
export const STATIC_ENTRIES = 61

/** The static table at its own indices, 1 to 61; nothing stands at 0. */
export const staticTable: readonly (Field | undefined)[] = [
  undefined,
  ...entries.map(([name, value]) => ({ name, value })),
]

/** Where the static table has a name: the lowest index and its value, and the indices of all values if there are more. */
export interface StaticName {
  readonly index: number
  readonly value: string
  readonly values: ReadonlyMap<string, number> | undefined
}

/** The static table by name. */
export const staticNames: ReadonlyMap<string, StaticName> = byName()

/** The index of a value under a name of the static table, or 0. */
export function staticIndex(found: StaticName, value: string): number {
  if (found.value === value) return found.index
  return found.values === undefined ? 0 : (found.values.get(value) ?? 0)
}

function byName(): Map<string, StaticName> {
  const names = new Map<string, StaticName & { values: Map<string, number> | undefined }>()
  entries.forEach(([name, value], i) => {
    const found = names.get(name)
    if (found === undefined) names.set(name, { index: i + 1, value, values: undefined })
    else {
      found.values ??= new Map([[found.value, found.index]])
      found.values.set(value, i + 1)
    }
  })
  return names
}
