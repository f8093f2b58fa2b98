import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { type CatalogueCodec, codecOf } from './catalogued.ts'
import { WireError } from './errors.ts'
import { difference, plain } from './plain.ts'
import { decode, encode } from './whole.ts'

/** How often a law is tried, and from which seed, so that a failure can be had again. */
export interface LawOptions {
  readonly seed: number
  readonly runs: number
}

/** What a codec invents survives `write`, then `read`; a stateful one gets several values in order. */
export function roundTrip(line: CatalogueCodec): fc.IProperty<[unknown[]]> {
  const values = fc.array(codecOf(line).any, { minLength: 1, maxLength: 'codec' in line ? 1 : 6 })
  return fc.property(values, list => {
    const codec = codecOf(line)
    for (const value of list) {
      const [before, after] = [plain(value), plain(decode(codec, encode(codec, value)))]
      if (isDeepStrictEqual(after, before)) continue
      const where = difference(before, after)
      throw new Error(`a value comes back otherwise${where === '' ? '' : ` at ${where}`}: ${JSON.stringify(after)}`)
    }
  })
}

/** Tries it. Throws an error with the seed and the smallest example that does not survive. */
export function checkRoundTrip(line: CatalogueCodec, { seed, runs }: LawOptions): void {
  fc.assert(roundTrip(line), { seed, numRuns: runs })
}

/**
 * Whatever octets a codec reads, it throws nothing but `WireError`; what it reads, it can write, and reads as the same.
 * Octets are random, or those of a value with some changed, cut or put in. Throws an error with the seed and an example.
 */
export function checkRobustness(line: CatalogueCodec, { seed, runs }: LawOptions): void {
  const changes = fc.array(fc.record({ at: fc.nat(), octet: fc.integer({ min: 0, max: 255 }), cut: fc.boolean() }), {
    maxLength: 4,
  })
  const nearly = fc.tuple(codecOf(line).any, changes).map(([value, list]) => {
    let octets = encode(codecOf(line), value)
    for (const { at, octet, cut } of list) {
      if (octets.length === 0) break
      const place = at % octets.length
      octets = Uint8Array.from(octets)
      octets[place] = octet
      if (cut) octets = octets.subarray(0, place)
    }
    return octets
  })
  const property = fc.property(fc.oneof(nearly, fc.uint8Array({ maxLength: 64 })), octets => {
    let value: unknown
    try {
      value = decode(codecOf(line), octets)
    } catch (error) {
      if (error instanceof WireError) return
      throw error
    }
    const codec = codecOf(line)
    const again = decode(codec, encode(codec, value))
    if (!isDeepStrictEqual(plain(again), plain(value))) throw new Error(`read ${JSON.stringify(plain(again))}`)
  })
  fc.assert(property, { seed, numRuns: runs })
}
