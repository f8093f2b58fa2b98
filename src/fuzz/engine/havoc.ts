import type { Chance } from '../target.ts'
import { fixed, overwritten, spliced, valueAt } from './encodings.ts'
import { type LengthField, resized, somePart } from './lengths.ts'
import { NOTHING } from './new-octets.ts'

/** What havoc may draw on. */
export interface Materials {
  readonly chance: Chance
  readonly tokens: readonly Uint8Array[]
  /** Another input of the corpus. */
  readonly other: () => Uint8Array
  /** What is believed of the lengths in the input, as it is before the first change. */
  readonly lengths: readonly LengthField[]
  /** No input becomes longer. */
  readonly longest: number
}

const NUMBERS: Readonly<Record<number, readonly number[]>> = {
  1: [0, 1, 2, 4, 8, 15, 16, 31, 32, 63, 64, 100, 127, 128, 129, 191, 192, 254, 255],
  2: [0, 1, 127, 128, 255, 256, 512, 1000, 1023, 1024, 4095, 4096, 16383, 16384, 32767, 32768, 49152, 65534, 65535],
  4: [0, 1, 255, 256, 32767, 32768, 65535, 65536, 2 ** 24 - 1, 2 ** 24, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 2, 2 ** 32 - 1],
}

/** An input changed in a few ways at once, by chance. */
export function havoc(input: Uint8Array, materials: Materials): Uint8Array {
  const { chance, longest, lengths } = materials
  let result = overwritten(input, 0, NOTHING)
  let fields = lengths
  for (let left = 1 << chance.below(4); left > 0; left--) {
    const { length } = result
    result = change(result, fields, materials)
    // Lengths stand elsewhere now.
    if (result.length !== length) fields = []
    if (result.length > longest) result = result.slice(0, longest)
  }
  return result
}

/** How an input is changed: those that keep its length, then those that do not. */
function change(input: Uint8Array, fields: readonly LengthField[], materials: Materials): Uint8Array {
  const { chance, tokens } = materials
  const { length } = input
  if (length === 0) return grown(input, fields, materials)
  const at = chance.below(length)
  switch (chance.below(20)) {
    case 0:
    case 1:
      input[at] = (input[at] as number) ^ (1 << chance.below(8))
      return input
    case 2:
    case 3:
      input[at] = chance.below(256)
      return input
    case 4:
      input[at] = chance.pick(NUMBERS[1] as readonly number[])
      return input
    case 5:
      input[at] = (input[at] as number) + 1 + chance.below(35) * (chance.oneIn(2) ? 1 : -1)
      return input
    case 6:
    case 7: {
      const width = chance.oneIn(2) ? 2 : 4
      if (at + width > length) return input
      const little = chance.oneIn(3)
      const value = chance.oneIn(2)
        ? chance.pick(NUMBERS[width] as readonly number[])
        : valueAt(input, at, width, little) + chance.below(71) - 35
      input.set(fixed(((value % 2 ** (8 * width)) + 2 ** (8 * width)) % 2 ** (8 * width), width, little), at)
      return input
    }
    case 8: {
      const count = 1 + chance.below(Math.min(length - at, 32))
      input.copyWithin(chance.below(length), at, at + count)
      return input
    }
    case 9: {
      const count = 1 + chance.below(Math.min(length - at, 16))
      input.fill(chance.oneIn(2) ? (input[at] as number) : chance.below(256), at, at + count)
      return input
    }
    case 10:
    case 11:
      return tokens.length === 0 ? input : overwritten(input, at, chance.pick(tokens))
    case 12: {
      const other = materials.other()
      if (other.length === 0) return input
      const from = chance.below(other.length)
      const count = 1 + chance.below(Math.min(other.length - from, 64))
      return overwritten(input, chance.below(length), other.subarray(from, from + count))
    }
    case 13:
    case 14:
      return shrunk(input, fields, chance)
    case 15:
      return crossed(input, materials.other(), chance)
    case 16:
      return spliced(input, length, 0, chance.oneIn(4) ? input : materials.other())
    default:
      return grown(input, fields, materials)
  }
}

function shrunk(input: Uint8Array, fields: readonly LengthField[], chance: Chance): Uint8Array {
  const [from, to] = somePart(input, fields, chance)
  if (to - from < 1) return input
  const at = from + chance.below(to - from)
  const count = 1 + chance.below(chance.oneIn(2) ? Math.min(4, to - at) : to - at)
  return resized(input, chance.oneIn(8) ? [] : fields, at, count, NOTHING)
}

function grown(input: Uint8Array, fields: readonly LengthField[], materials: Materials): Uint8Array {
  const { chance } = materials
  const [from, to] = somePart(input, fields, chance)
  const at = chance.oneIn(3) ? to : from + chance.below(to - from + 1)
  return resized(input, chance.oneIn(8) ? [] : fields, at, 0, someOctets(input, materials))
}

/** A token, a part of this input or of another, or octets by chance. */
function someOctets(input: Uint8Array, { chance, tokens, other }: Materials): Uint8Array {
  const kind = chance.below(4)
  if (kind === 0 && tokens.length > 0) return chance.pick(tokens)
  const source = kind === 1 ? input : kind === 2 ? other() : undefined
  if (source !== undefined && source.length > 0) {
    const start = chance.below(source.length)
    return source.slice(start, start + 1 + chance.below(Math.min(source.length - start, 64)))
  }
  const count = 1 + chance.below(chance.oneIn(4) ? 64 : 8)
  const octet = chance.below(256)
  const same = chance.oneIn(2)
  const octets = new Uint8Array(count).fill(octet)
  for (let i = 0; i < count && !same; i++) octets[i] = chance.below(256)
  return octets
}

/** The beginning of one and the end of another. */
function crossed(one: Uint8Array, other: Uint8Array, chance: Chance): Uint8Array {
  if (other.length === 0) return one
  const at = chance.below(one.length + 1)
  const from = chance.oneIn(2) ? Math.min(at, other.length) : chance.below(other.length + 1)
  return spliced(one, at, one.length - at, other.subarray(from))
}
