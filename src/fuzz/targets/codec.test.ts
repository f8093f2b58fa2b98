import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CatalogueCodec } from '../../wire/catalogued.ts'
import type { Codec } from '../../wire/codec.ts'
import { WireError } from '../../wire/errors.ts'
import { SeededChance } from '../chance.ts'
import { codecTarget } from './codec.ts'
import { arrivals } from './pieces.ts'

/** An octet, in which some values are planted. */
const planted: Codec<{ octet: number }> = {
  any: fc.record({ octet: fc.nat({ max: 9 }) }),
  read(reader) {
    const octet = reader.u8()
    if (octet === 100) throw new TypeError(`it is ${octet}`)
    if (octet === 101) throw new WireError('malformed', 'never 101', 0)
    return { octet }
  },
  write(writer, { octet }) {
    if (octet === 102) throw new WireError('unencodable', 'never 102', 0)
    if (octet === 104) throw new TypeError('not this one')
    writer.u8(octet === 103 ? 3 : octet)
  },
}

async function outcome(
  input: Uint8Array,
  line: CatalogueCodec = { about: 'planted', codec: planted as Codec<unknown> },
) {
  const subject = await codecTarget('planted', line).start()
  return subject.run(input)
}

describe('a codec as a target', () => {
  it.each([
    [[1], { kind: 'accepted' }],
    [[], { kind: 'refused' }],
    [[1, 2], { kind: 'refused' }],
    [[101], { kind: 'refused' }],
    [[100], { kind: 'find', find: { kind: 'crash', title: 'TypeError: it is 100' } }],
    [[102], { kind: 'find', find: { kind: 'law', title: expect.stringMatching('cannot write what it read') } }],
    [[103], { kind: 'find', find: { kind: 'law', title: 'what planted reads comes back otherwise at octet' } }],
    [[104], { kind: 'find', find: { kind: 'crash', title: expect.stringMatching('cannot write what it read') } }],
  ])('%j', async (octets, expected) => {
    expect(await outcome(Uint8Array.from(octets))).toMatchObject(expected)
  })

  it('says where it threw, and the same of what differs only in particulars', async () => {
    const line = (message: string): CatalogueCodec => ({
      about: '',
      codec: { ...planted, read: () => badly(message) } as Codec<unknown>,
    })
    const signature = async (message: string) => {
      const result = await outcome(Uint8Array.of(1), line(message))
      return result.kind === 'find' ? result.find.signature : ''
    }
    expect(await signature('at 7 of 12')).toBe(await signature('at 8 of 900'))
    expect(await signature('at 7 of 12')).not.toBe(await signature('over 7'))
    expect(await signature('at 7')).toMatch(/badly src\/fuzz\/targets\/codec\.test\.ts/)
  })

  it('reads the pieces of an input one after the other where it remembers, and is fresh for the next', async () => {
    let made = 0
    const line: CatalogueCodec = {
      about: '',
      fresh() {
        made++
        let before = 0
        return {
          any: fc.constant(0),
          read(reader) {
            const octet = reader.u8()
            if (before === 1 && octet === 2) throw new RangeError('2 after 1')
            before = octet
            return octet
          },
          write: (writer, value) => writer.u8(value as number),
        }
      },
    }
    expect(await outcome(arrivals(Uint8Array.of(1), Uint8Array.of(2)), line)).toMatchObject({ kind: 'find' })
    expect(await outcome(arrivals(Uint8Array.of(2), Uint8Array.of(1)), line)).toMatchObject({ kind: 'accepted' })
    expect(made).toBeGreaterThan(3)
  })

  it('changes values, not only octets', async () => {
    const subject = await codecTarget('planted', { about: '', codec: planted as Codec<unknown> }).start()
    const chance = new SeededChance(3)
    const made = Array.from({ length: 100 }, () => subject.mutate?.(Uint8Array.of(8), chance)?.[0])
    expect(made).toEqual(expect.arrayContaining([7, 9, 255]))
    expect(subject.mutate?.(Uint8Array.of(101), chance)).toBeUndefined()
  })
})

function badly(message: string): never {
  throw new Error(message)
}
