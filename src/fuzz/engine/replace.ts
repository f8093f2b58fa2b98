import { CASE, type Comparison, EQUAL, PART, UNEQUAL } from '../instrument/compare-log.ts'
import { fits, fixed, latin1, overwritten, placesOf, replacements, spliced, valueAt } from './encodings.ts'
import { type LengthField, lengthBefore, lengthsUpTo, resized } from './lengths.ts'
import type { Trace } from './trace.ts'

/** An input in which one side of a comparison stands where the other was. */
export interface Replaced {
  readonly input: Uint8Array
  /** Of the comparison. */
  readonly site: number
}

/** Places tried for one way of writing a value. */
const PLACES = 6
/** How far a number in the input may be from the one compared: lengths that count or leave out a header. */
const OFF = 16

/**
 * What may satisfy the comparisons of a run that did not hold, and turn those that do where numbers are ordered; but for
 * those done before, and those that are not worth it.
 */
export function* replaced(
  place: Place,
  trace: Trace,
  done: Set<string>,
  isWorthTrying: (key: string, site: number) => boolean,
): Generator<Replaced> {
  for (const comparison of [...trace.comparisons].sort((a, b) => rank(a) - rank(b))) {
    const { site, how, left, right } = comparison
    const key = `${site} ${shown(left)} ${shown(right)}`
    if (done.has(key) || left === undefined || right === undefined) continue
    done.add(key)
    const wished = wishes(comparison)
    if (wished.length === 0 || !isWorthTrying(key, site)) continue
    for (const [seen, wanted] of wished)
      for (const child of withValue(place, seen, wanted, how === PART)) yield { input: child, site }
  }
}

/** Words say most, and are few; then equalities; then which number is more. */
function rank({ how, right }: Comparison): number {
  if (typeof right === 'string' || right instanceof Uint8Array) return 0
  return how === EQUAL || how === UNEQUAL || how === CASE ? 1 : 2
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

/** What a value is put into, and the lengths that are known there. */
export interface Place {
  readonly input: Uint8Array
  readonly lengths: readonly LengthField[]
  /** Where it was changed: what stands in front of that is tried first. */
  readonly near?: number | undefined
}

/** The input with one value for another, wherever and however that is written there. */
export function* withValue(place: Place, seen: unknown, wanted: unknown, isPart = false): Generator<Uint8Array> {
  const { input, near } = place
  let places = 0
  for (const { from, to } of replacements(seen, wanted)) {
    for (const at of placesOf(from, input, PLACES, near)) {
      places++
      yield overwritten(input, at, to)
      if (isPart) yield* resizedAt(place, at, 0, to)
      if (isPart) yield* resizedAt(place, at + from.length, 0, to)
      else if (from.length !== to.length) yield* resizedAt(place, at, from.length, to)
    }
  }
  if (typeof seen === 'number' && typeof wanted === 'number') {
    yield* masked(input, seen, wanted)
    if (places === 0) yield* nearby(input, seen, wanted)
  }
  if (places > 0) return
  if (typeof seen === 'string' && typeof wanted === 'string') yield* inAnyCase(place, seen, wanted)
  if (seen === '' || (seen instanceof Uint8Array && seen.length === 0)) yield* forNothing(place, wanted)
}

/** Puts octets in the place of others: alone, with a length right in front of them, with all lengths that are known. */
function* resizedAt({ input, lengths }: Place, at: number, cut: number, put: Uint8Array): Generator<Uint8Array> {
  yield spliced(input, at, cut, put)
  const before = lengthBefore(input, at, cut)
  if (before !== undefined) yield resized(input, [before], at, cut, put)
  // It may be the last of what something further in front counts.
  for (const outer of lengthsUpTo(input, before?.at ?? at, at + cut))
    yield resized(input, before === undefined ? [outer] : [outer, before], at, cut, put)
  if (lengths.length > 0) {
    const others = lengths.filter(field => field.at !== before?.at)
    yield resized(input, before === undefined ? others : [...others, before], at, cut, put)
  }
}

/** Where nothing was seen: what is wanted at the end, and behind each number that may be the length of nothing. */
function* forNothing(place: Place, wanted: unknown): Generator<Uint8Array> {
  const { input } = place
  const put = typeof wanted === 'string' ? latin1(wanted) : wanted
  if (!(put instanceof Uint8Array) || put.length === 0 || put.length > 256) return
  yield spliced(input, input.length, 0, put)
  let left = PLACES
  for (let at = 1; at <= input.length && left > 0; at++) {
    if (input[at - 1] !== 0) continue
    left--
    yield* resizedAt(place, at, 0, put)
  }
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

/** Text that stands in the input in other letters, or that was no UTF-8 there and became U+FFFD as it was read. */
function* inAnyCase(place: Place, seen: string, wanted: string): Generator<Uint8Array> {
  if (seen === '' || seen.length > 64) return
  const parts = seen.toLowerCase().split(/\ufffd+/)
  const pattern = parts.map(part => part.replace(/[$()*+.?[\\\]^{|}]/g, '\\$&')).join('[\x80-\xff]+')
  const found = new RegExp(pattern).exec(Buffer.from(place.input).toString('latin1').toLowerCase())
  if (found !== null) yield* resizedAt(place, found.index, found[0].length, latin1(wanted))
}
