import type { Chance } from '../target.ts'
import { fits, fixed, groups, spliced, valueAt } from './encodings.ts'

/** A number in an input that says how many octets come from some place on. */
export interface LengthField {
  readonly at: number
  readonly width: number
  /** Groups of seven bits instead of whole octets. */
  readonly grouped: boolean
  readonly little: boolean
  readonly value: number
  /** Where the octets that it counts begin, and end. */
  readonly from: number
  readonly to: number
}

/** How many lengths around a part are looked for, and how far in front of its end, in octets. */
const OUTER = 2
const FAR = 256

/** Numbers that could be lengths: as many octets as they say follow, and those that reach the very end come first. */
export function possibleLengths(input: Uint8Array, most = 64): LengthField[] {
  const whole: LengthField[] = []
  const inner: LengthField[] = []
  const end = Math.min(input.length, 512)
  for (let at = 0; at < end; at++)
    for (const width of [1, 2, 3, 4])
      for (const little of width === 1 ? [false] : [false, true]) {
        if (at + width > input.length) continue
        const value = valueAt(input, at, width, little)
        const from = at + width
        if (value === 0 || from + value > input.length) continue
        const list = from + value === input.length ? whole : inner
        list.push(field(at, width, little, value))
      }
  for (let at = 0; at + 1 < end; at++) {
    const value = (valueAt(input, at, 1, false) & 0x7f) | (valueAt(input, at + 1, 1, false) << 7)
    if ((input[at] as number) < 128 || (input[at + 1] as number) > 127 || at + 2 + value !== input.length) continue
    whole.push({ at, width: 2, grouped: true, little: true, value, from: at + 2, to: input.length })
  }
  return [...whole, ...inner].slice(0, most)
}

/** The number in front of a part that says how long it is; the widest. */
export function lengthBefore(input: Uint8Array, at: number, value: number): LengthField | undefined {
  for (const width of [4, 2, 1])
    for (const little of [false, true])
      if (at >= width && valueAt(input, at - width, width, little) === value)
        return field(at - width, width, little, value)
  return undefined
}

/** Numbers that end before a place, and say that what follows them ends at another; the first ones. */
export function lengthsUpTo(input: Uint8Array, before: number, to: number): LengthField[] {
  const found: LengthField[] = []
  for (let at = Math.max(0, to - FAR); at < before && found.length < OUTER; at++)
    for (const width of [1, 2]) {
      const from = at + width
      if (from > before || valueAt(input, at, width, false) !== to - from) continue
      found.push(field(at, width, false, to - from))
    }
  return found
}

/** A number in whole octets that counts what follows it. */
function field(at: number, width: number, little: boolean, value: number): LengthField {
  const from = at + width
  return { at, width, grouped: false, little, value, from, to: from + value }
}

/** The input with a length that says another number. */
export function withLength(input: Uint8Array, field: LengthField, value: number): Uint8Array {
  if (value < 0) return input
  if (field.grouped || (field.width === 1 && !fits(value, 1)))
    return spliced(input, field.at, field.width, groups(BigInt(value)))
  return fits(value, field.width)
    ? spliced(input, field.at, field.width, fixed(value, field.width, field.little))
    : input
}

/** The input with octets cut out and put in, where the lengths around say so too. */
export function resized(
  input: Uint8Array,
  fields: readonly LengthField[],
  at: number,
  cut: number,
  put: Uint8Array,
): Uint8Array {
  let result = spliced(input, at, cut, put)
  if (fields.length === 0) return result
  const around = fields.filter(({ from, to }) => from <= at && at + cut <= to)
  // From the last to the first: a length that becomes longer moves only what is behind it.
  for (const field of around.sort((a, b) => b.at - a.at))
    result = withLength(result, field, field.value + put.length - cut)
  return result
}

/** A part that some length counts, or any: where the length is known to lie, changes keep it true. */
export function somePart(
  input: Uint8Array,
  fields: readonly LengthField[],
  chance: Chance,
): [from: number, to: number] {
  if (fields.length > 0 && !chance.oneIn(3)) {
    const { from, to } = chance.pick(fields)
    return [from, to]
  }
  return [0, input.length]
}
