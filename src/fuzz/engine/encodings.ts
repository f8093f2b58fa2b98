import { newOctets } from './new-octets.ts'

/** What stands in an input for a value, and what would stand there for another one. */
export interface Replacement {
  readonly from: Uint8Array
  readonly to: Uint8Array
}

/** How the same value may be written in octets, for a value that was seen and one that is wanted; the longest first. */
export function replacements(seen: unknown, wanted: unknown): Replacement[] {
  const found: Replacement[] = []
  if (typeof seen === 'number' && typeof wanted === 'number') numbers(seen, wanted, found)
  else if (typeof seen === 'bigint' && typeof wanted === 'bigint') bigints(seen, wanted, found)
  else if (typeof seen === 'string' && typeof wanted === 'string') strings(seen, wanted, found)
  else if (seen instanceof Uint8Array && wanted instanceof Uint8Array) add(found, seen, wanted)
  else if (typeof seen === 'string' && wanted instanceof Uint8Array) add(found, latin1(seen), wanted)
  else if (seen instanceof Uint8Array && typeof wanted === 'string') add(found, seen, latin1(wanted))
  return found
}

const LONGEST = 256

function add(found: Replacement[], from: Uint8Array | undefined, to: Uint8Array | undefined): void {
  if (from === undefined || to === undefined || from.length === 0 || to.length > LONGEST) return
  found.push({ from: from.length > LONGEST ? from.slice(0, LONGEST) : from, to })
}

function numbers(seen: number, wanted: number, found: Replacement[]): void {
  if (!Number.isSafeInteger(seen) || !Number.isSafeInteger(wanted)) return
  for (const width of [8, 4, 3, 2, 1]) {
    if (width === 8 && Math.abs(seen) < 2 ** 32 && Math.abs(wanted) < 2 ** 32) continue
    if (!fits(seen, width) || !fits(wanted, width)) continue
    add(found, fixed(seen, width, false), fixed(wanted, width, false))
    if (width > 1) add(found, fixed(seen, width, true), fixed(wanted, width, true))
  }
  if (seen < 0 || wanted < 0) return
  // Where both are short these are a single octet each, which has been said.
  if (seen > 63 || wanted > 63) add(found, quic(seen), quic(wanted))
  if (seen > 127 || wanted > 127) add(found, groups(BigInt(seen)), groups(BigInt(wanted)))
  add(found, latin1(String(seen)), latin1(String(wanted)))
  if (seen > 9 || wanted > 9) add(found, latin1(seen.toString(16)), latin1(wanted.toString(16)))
}

function bigints(seen: bigint, wanted: bigint, found: Replacement[]): void {
  const small = (value: bigint) => value >= -(1n << 31n) && value < 1n << 32n
  const octets = (value: bigint, little: boolean): Uint8Array => {
    const view = new DataView(new ArrayBuffer(8))
    view.setBigUint64(0, BigInt.asUintN(64, value), little)
    return new Uint8Array(view.buffer)
  }
  add(found, octets(seen, false), octets(wanted, false))
  add(found, octets(seen, true), octets(wanted, true))
  if (small(seen) && small(wanted)) numbers(Number(seen), Number(wanted), found)
  else if (seen >= 0n && wanted >= 0n) add(found, groups(seen), groups(wanted))
}

function strings(seen: string, wanted: string, found: Replacement[]): void {
  add(found, utf8(seen), utf8(wanted))
  if (/[^\0-\x7f]/.test(seen + wanted) && !/[^\0-\xff]/.test(seen + wanted)) add(found, latin1(seen), latin1(wanted))
  const hex = /^(?:[0-9a-f]{2})+$/i
  if (hex.test(seen) && hex.test(wanted)) add(found, Buffer.from(seen, 'hex'), Buffer.from(wanted, 'hex'))
}

/** How many values so many octets have. */
const VALUES = Float64Array.from({ length: 9 }, (_, width) => 2 ** (8 * width))

/** Whether a number fits so many octets, with or without sign. */
export function fits(value: number, width: number): boolean {
  const values = VALUES[width] as number
  return value < values && 2 * value >= -values
}

export function fixed(value: number, width: number, little: boolean): Uint8Array {
  const octets = new Uint8Array(width)
  let rest = value < 0 ? value + (VALUES[width] as number) : value
  for (let i = 0; i < width; i++) {
    octets[little ? i : width - 1 - i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return octets
}

/** Groups of seven bits, the lowest first: LEB128, protobuf, MQTT. */
export function groups(value: bigint): Uint8Array {
  const octets: number[] = []
  let rest = value
  do {
    octets.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0))
    rest >>= 7n
  } while (rest > 0n)
  return Uint8Array.from(octets)
}

/** RFC 9000 §16. */
export function quic(value: number): Uint8Array {
  if (value < 0x40) return fixed(value, 1, false)
  if (value < 0x4000) return fixed(value + 0x4000, 2, false)
  if (value < 0x40000000) return fixed(value + 0x80000000, 4, false)
  const octets = fixed(value, 8, false)
  octets[0] = (octets[0] as number) | 0xc0
  return octets
}

export function latin1(text: string): Uint8Array {
  return Buffer.from(text, 'latin1')
}

function utf8(text: string): Uint8Array {
  return Buffer.from(text, 'utf8')
}

/**
 * Where octets stand in others: at most so many times, half of them from the beginning, half from the end; where it is said
 * what is near, those right in front of it come first.
 */
export function placesOf(needle: Uint8Array, hay: Uint8Array, most: number, near = 0): number[] {
  const places: number[] = []
  const within = Buffer.from(hay.buffer, hay.byteOffset, hay.byteLength)
  const half = most >> 1
  if (near > 0)
    for (let at = within.lastIndexOf(needle, near - 1); at >= 0 && places.length < half; ) {
      places.push(at)
      at = at === 0 ? -1 : within.lastIndexOf(needle, at - 1)
    }
  const before = places.length
  for (let at = within.indexOf(needle); at >= 0 && places.length < before + half; at = within.indexOf(needle, at + 1)) {
    if (before > 0 && places.includes(at)) break
    places.push(at)
  }
  const last = places.length === 0 ? hay.length : Math.max(...places)
  for (let at = within.lastIndexOf(needle), left = half; at > last && left > 0; left--) {
    places.push(at)
    at = at === 0 ? -1 : within.lastIndexOf(needle, at - 1)
  }
  return places
}

/** Octets with a part taken out and others put in its place. By hand: most are few, and `set` and `subarray` cost more. */
export function spliced(octets: Uint8Array, at: number, cut: number, put: Uint8Array): Uint8Array {
  const result = newOctets(octets.length - cut + put.length)
  copy(octets, 0, at, result, 0)
  copy(put, 0, put.length, result, at)
  copy(octets, at + cut, octets.length, result, at + put.length)
  return result
}

/** The same input with octets over what stood there, longer where they reach over its end. */
export function overwritten(input: Uint8Array, at: number, put: Uint8Array): Uint8Array {
  const result = newOctets(Math.max(input.length, at + put.length))
  copy(input, 0, input.length, result, 0)
  copy(put, 0, put.length, result, at)
  return result
}

/** So many that copying them one by one takes longer. */
const MANY = 128

function copy(from: Uint8Array, start: number, end: number, to: Uint8Array, at: number): void {
  if (end - start > MANY) to.set(from.subarray(start, end), at)
  else for (let i = start; i < end; i++) to[at + i - start] = from[i] as number
}

/** The number in so many octets. */
export function valueAt(input: Uint8Array, at: number, width: number, little: boolean): number {
  let value = 0
  for (let i = 0; i < width; i++) value = value * 256 + (input[little ? at + width - 1 - i : at + i] as number)
  return value
}
