import { describe, expect, it } from 'vitest'
import type { Codec } from './codec.ts'
import { constant, joined, latin1, many, octets, rest, sized, struct, tagged } from './combinators.ts'
import { dissect } from './dissect.ts'
import { hex, toHex } from './hex.ts'
import { bits, uint8, uint16, uint24, uint32, uint64 } from './integers.ts'
import { checkRobustness, checkRoundTrip } from './laws.ts'
import { decode, encode } from './whole.ts'

const seed = 7541

const samples: Readonly<Record<string, { codec: Codec<unknown>; octets: string; value: unknown }>> = {
  uint8: { codec: uint8, octets: 'fe', value: 0xfe },
  uint16: { codec: uint16, octets: 'fedc', value: 0xfedc },
  uint24: { codec: uint24, octets: 'fedcba', value: 0xfedcba },
  uint32: { codec: uint32, octets: 'fedcba98', value: 0xfedcba98 },
  uint64: { codec: uint64, octets: 'fedcba9876543210', value: 0xfedcba9876543210n },
  bits: { codec: bits({ a: 1, b: 7, c: 16 }), octets: '81fffe', value: { a: 1, b: 1, c: 0xfffe } },
  'bits of 6 octets': { codec: bits({ a: 4, b: 44 }), octets: 'f00000000001', value: { a: 15, b: 1 } },
  octets: { codec: octets(2), octets: '0102', value: hex('0102') },
  rest: { codec: rest, octets: '0102', value: hex('0102') },
  latin1: { codec: latin1, octets: '61ff', value: 'aÿ' },
  constant: { codec: constant(uint16, 0x0102), octets: '0102', value: 0x0102 },
  struct: { codec: struct({ a: uint8, b: uint16 }), octets: '010002', value: { a: 1, b: 2 } },
  joined: { codec: joined(bits({ a: 8 }), struct({ b: uint8 })), octets: '0102', value: { a: 1, b: 2 } },
  sized: { codec: sized(uint8, rest), octets: '020102', value: hex('0102') },
  many: { codec: many(sized(uint8, latin1)), octets: '0161026262', value: ['a', 'bb'] },
  tagged: { codec: tagged(uint8, { 1: uint8, 2: uint16 }), octets: '020003', value: { tag: 2, value: 3 } },
}

describe.each(Object.entries(samples))('%s', (_name, { codec, octets, value }) => {
  it('reads and writes', () => {
    expect(decode(codec, hex(octets))).toEqual(value)
    expect(toHex(encode(codec, value))).toBe(octets)
  })

  it(`keeps the laws (seed ${seed})`, () => {
    checkRoundTrip({ codec, about: '' }, { seed, runs: 100 })
    checkRobustness({ codec, about: '' }, { seed, runs: 100 })
  })
})

describe('errors of codecs', () => {
  function failure(codec: Codec<unknown>, octets: string): unknown {
    try {
      return decode(codec, hex(octets))
    } catch (error) {
      return error
    }
  }

  it('have the code, the offset and the path', () => {
    const nested = struct({ list: many(struct({ id: uint8, text: sized(uint8, octets(2)) })) })
    expect(failure(nested, '01020102 02')).toMatchObject({ code: 'truncated', offset: 5, path: ['list', 1, 'text'] })
    expect(failure(nested, '0101ff')).toMatchObject({ code: 'malformed', offset: 2, path: ['list', 0, 'text'] })
    expect(failure(nested, '0103ffffff')).toMatchObject({ code: 'trailing', offset: 4, path: ['list', 0, 'text'] })
    expect(failure(uint8, '0102')).toMatchObject({ code: 'trailing', offset: 1 })
    expect(failure(constant(uint8, 1), '02')).toMatchObject({ code: 'malformed', offset: 0 })
    expect(failure(tagged(uint8, { 1: uint8 }), '0200')).toMatchObject({ code: 'malformed', path: ['tag'] })
    expect(failure(many(octets(0)), '00')).toMatchObject({ code: 'malformed', offset: 0 })
  })

  it('say unencodable, and of what, when a value does not fit', () => {
    const codec = struct({ a: many(uint8), b: bits({ c: 4, d: 4 }) })
    expect(() => encode(codec, { a: [1, 256], b: { c: 0, d: 0 } })).toThrow(
      expect.objectContaining({ code: 'unencodable', path: ['a', 1] }),
    )
    expect(() => encode(codec, { a: [], b: { c: 16, d: 0 } })).toThrow(expect.objectContaining({ path: ['b'] }))
    expect(() => encode(octets(2), hex('00'))).toThrow(expect.objectContaining({ code: 'unencodable' }))
    expect(() => encode(sized(uint8, rest), new Uint8Array(256))).toThrow(
      expect.objectContaining({ code: 'unencodable' }),
    )
  })
})

describe('laws', () => {
  it('are broken by a codec that loses something', () => {
    const lossy: Codec<number> = { ...uint16, write: (writer, value) => writer.u16(value & 0xfffe) }
    expect(() => checkRoundTrip({ codec: lossy, about: '' }, { seed, runs: 100 })).toThrow(/seed/)
  })

  it('are broken by a codec that throws something else', () => {
    const careless: Codec<number> = { ...uint8, read: reader => (reader.octets.length > 3 ? BigInt(1.5) : 1) as number }
    expect(() => checkRobustness({ codec: careless, about: '' }, { seed, runs: 200 })).toThrow()
  })
})

describe('dissect', () => {
  const codec = struct({ flags: bits({ high: 4, low: 4 }), text: sized(uint8, latin1), list: many(uint16) })

  function rows(octets: string): readonly string[] {
    return dissect(codec, hex(octets)).rows.map(
      row => `${row.offset} ${toHex(row.octets)} ${row.path.join('.')} ${row.value}`,
    )
  }

  it('shows each part where it lies', () => {
    expect(rows('ab 0161 0001 0002')).toEqual([
      '0 ab flags.high 10',
      '0 ab flags.low 11',
      '1 0161 text a',
      '3 0001 list.0 1',
      '5 0002 list.1 2',
    ])
  })

  it('shows what could be read before an error, and what lies after it', () => {
    const { error, value } = dissect(codec, hex('ab 0161 0001 00'))
    expect(error).toMatchObject({ code: 'truncated', offset: 5, path: ['list', 1] })
    expect(value).toBeUndefined()
    expect(rows('ab 0161 0001 00').slice(-2)).toEqual(['3 0001 list.0 1', '5 00  undefined'])
  })

  it('shows octets left over', () => {
    const { error, value, rows } = dissect(uint8, hex('01ff'))
    expect(error).toMatchObject({ code: 'trailing', offset: 1 })
    expect(value).toBe(1)
    expect(rows.map(row => [row.offset, row.value])).toEqual([
      [0, 1],
      [1, undefined],
    ])
  })
})
