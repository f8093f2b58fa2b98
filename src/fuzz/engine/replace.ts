import { CASE, type Comparison, EQUAL, PART, UNEQUAL } from '../instrument/compare-log.ts'
import { fits, fixed, latin1, placesOf, replacements, spliced } from './encodings.ts'
import type { Trace } from './trace.ts'

/** An input in which one side of a comparison stands where the other was. */
export interface Replaced {
  readonly input: Uint8Array
  /** What it is about, to know what was tried already. */
  readonly key: string
  readonly site: number
}

/** Places tried for one way of writing a value. */
const PLACES = 6
/** How far a number in the input may be from the one compared: lengths that count or leave out a header. */
const OFF = 16

/** What may satisfy the comparisons of a run that did not hold, and turn those that do where numbers are ordered; but for those done before. */
export function* replaced(input: Uint8Array, trace: Trace, done = new Set<string>()): Generator<Replaced> {
  for (const comparison of trace) {
    const { site, how, left, right } = comparison
    const key = `${site} ${shown(left)} ${shown(right)}`
    if (done.has(key) || left === undefined || right === undefined) continue
    done.add(key)
    for (const [seen, wanted] of wishes(comparison))
      for (const child of withValue(input, seen, wanted, how === PART)) yield { input: child, key, site }
  }
}

function shown(value: unknown): string {
  return value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : String(value).slice(0, 64)
}

/** What could be put for what. */
function wishes({ how, left, right }: Comparison): (readonly [seen: unknown, wanted: unknown])[] {
  if (how === PART) return [[left, right]]
  if (how === EQUAL || how === UNEQUAL || how === CASE)
    return left === right
      ? []
      : how === CASE
        ? [[left, right]]
        : [
            [left, right],
            [right, left],
          ]
  if (typeof left !== 'number' || typeof right !== 'number')
    return [
      [left, right],
      [right, left],
    ]
  return [
    [left, right],
    [left, right + 1],
    [left, right - 1],
    [right, left],
    [right, left + 1],
    [right, left - 1],
  ]
}

/** The input with one value for another, wherever and however that is written there. */
export function* withValue(input: Uint8Array, seen: unknown, wanted: unknown, isPart = false): Generator<Uint8Array> {
  let places = 0
  for (const { from, to } of replacements(seen, wanted)) {
    for (const at of placesOf(from, input, PLACES)) {
      places++
      if (isPart) {
        yield overwritten(input, at, to)
        yield spliced(input, at, 0, to)
        yield spliced(input, at + from.length, 0, to)
      } else {
        yield spliced(input, at, from.length, to)
        if (from.length !== to.length) yield overwritten(input, at, to)
      }
    }
  }
  if (typeof seen === 'number' && typeof wanted === 'number') {
    yield* masked(input, seen, wanted)
    if (places === 0) yield* nearby(input, seen, wanted)
  }
  if (places > 0) return
  if (typeof seen === 'string' && typeof wanted === 'string') yield* inAnyCase(input, seen, wanted)
  if (seen === '' || (seen instanceof Uint8Array && seen.length === 0)) yield* appended(input, wanted)
}

/** Bits of an octet that are often read by themselves: where they lie, and how far up. */
const FIELDS = [
  [0x0f, 0],
  [0xf0, 4],
  [0x7f, 0],
  [0x3f, 0],
  [0x1f, 0],
  [0x07, 0],
  [0xc0, 6],
  [0xe0, 5],
] as const

/** The input with some bits of an octet for those that were seen, the others as they are. */
function* masked(input: Uint8Array, seen: number, wanted: number): Generator<Uint8Array> {
  if (seen < 0 || seen > 127 || wanted < 0 || wanted > 127) return
  for (const [mask, shift] of FIELDS) {
    const [was, is] = [seen << shift, wanted << shift]
    if ((was & mask) !== was || (is & mask) !== is) continue
    let left = PLACES >> 1
    for (let at = input.length - 1; at >= 0 && left > 0; at--) {
      const octet = input[at] as number
      if ((octet & mask) !== was || octet === was) continue
      left--
      yield overwritten(input, at, Uint8Array.of((octet & ~mask) | is))
    }
  }
}

/** Numbers in the input that are a little more or less than what was seen, changed by as much as is wanted. */
export function* nearby(input: Uint8Array, seen: number, wanted: number): Generator<Uint8Array> {
  const by = wanted - seen
  for (const width of [2, 1, 4])
    for (const little of width === 1 ? [false] : [false, true]) {
      let left = PLACES
      for (let at = 0; at + width <= input.length && left > 0; at++) {
        const value = valueAt(input, at, width, little)
        if (value === 0 || Math.abs(value - seen) > OFF || !fits(value + by, width) || value + by < 0) continue
        left--
        yield overwritten(input, at, fixed(value + by, width, little))
      }
    }
}

export function valueAt(input: Uint8Array, at: number, width: number, little: boolean): number {
  let value = 0
  for (let i = 0; i < width; i++) value = value * 256 + (input[little ? at + width - 1 - i : at + i] as number)
  return value
}

function* inAnyCase(input: Uint8Array, seen: string, wanted: string): Generator<Uint8Array> {
  const text = Buffer.from(input).toString('latin1').toLowerCase()
  const at = seen === '' ? -1 : text.indexOf(seen.toLowerCase())
  if (at >= 0) yield spliced(input, at, seen.length, latin1(wanted))
}

function* appended(input: Uint8Array, wanted: unknown): Generator<Uint8Array> {
  const octets = typeof wanted === 'string' ? latin1(wanted) : wanted
  if (octets instanceof Uint8Array && octets.length > 0) yield spliced(input, input.length, 0, octets)
}

/** The same input with octets over what stood there, longer where they reach over its end. */
export function overwritten(input: Uint8Array, at: number, put: Uint8Array): Uint8Array {
  const result = new Uint8Array(Math.max(input.length, at + put.length))
  result.set(input)
  result.set(put, at)
  return result
}
