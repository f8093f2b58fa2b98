import { describe, expect, it } from 'vitest'
import { honoursAll, ignoring, type Rule } from '../conformance/rule.ts'
import { hex } from '../wire/hex.ts'
import { HpackDecoder, type HpackDecoderOptions } from './decoder.ts'
import type { Field } from './field.ts'
import { blockOf, indexed, literal, type Representation, sizeUpdate } from './representation.ts'
import { rfc7541 } from './rules.ts'

const incremental = { indexing: 'incremental' } as const
const get = indexed(2)
const malformed = expect.objectContaining({ code: 'malformed' })

/** What several blocks of a connection decode to, one after the other. */
function decodeAll(blocks: readonly (readonly (Representation | Uint8Array)[])[], options: HpackDecoderOptions = {}) {
  const decoder = new HpackDecoder(options)
  return blocks.map(pieces => decoder.decode(blockOf(...pieces)).fields.map(text))
}

function text({ name, value }: Field): string {
  return `${name}: ${value}`
}

describe('HpackDecoder', () => {
  it('is dead after an error, and throws the same again', () => {
    const decoder = new HpackDecoder()
    expect(() => decoder.decode(hex('80'))).toThrow(malformed)
    expect(() => decoder.decode(hex('82'))).toThrow('no entry at index 0')
  })

  it('says where in the block an error lies', () => {
    expect(() => new HpackDecoder().decode(hex('8282be'))).toThrow(expect.objectContaining({ offset: 2 }))
    expect(() => new HpackDecoder().decode(hex('82020347'))).toThrow(
      expect.objectContaining({ code: 'truncated', offset: 3 }),
    )
  })

  it('drops fields over the largest list, counts them, and stays in step', () => {
    const decoder = new HpackDecoder({ maxListSize: 100 })
    const first = decoder.decode(
      blockOf(get, literal('a', 'x'.repeat(60), incremental), literal('b', 'c', incremental)),
    )
    // 7 + 3 + 32, 1 + 60 + 32, 1 + 1 + 32: RFC 9113 §6.5.2
    expect(first).toEqual({ fields: [{ name: ':method', value: 'GET' }], size: 42 + 93 + 34, overflow: true })
    expect(decoder.decode(hex('be'))).toEqual({ fields: [{ name: 'b', value: 'c' }], size: 34, overflow: false })
  })

  it('holds no more than the largest list of a bomb', () => {
    const decoder = new HpackDecoder({ maxListSize: 16384 })
    decoder.decode(blockOf(literal('a', 'x'.repeat(4000), incremental)))
    const { fields, size, overflow } = decoder.decode(new Uint8Array(100_000).fill(0xbe))
    expect({ kept: fields.length, size, overflow }).toEqual({ kept: 4, size: 4033 * 100_000, overflow: true })
  })

  it('refuses a string over the longest', () => {
    expect(decodeAll([[literal('abc', 'defg')]], { maxStringLength: 4 })).toEqual([['abc: defg']])
    expect(() => decodeAll([[literal('abc', 'defgh')]], { maxStringLength: 4 })).toThrow(malformed)
    expect(() => decodeAll([[literal('abcde', '', { huffman: true })]], { maxStringLength: 4 })).toThrow(malformed)
  })

  it('has the table owed a size update after its limit went below its size', () => {
    const decoder = new HpackDecoder()
    decoder.setTableLimit(8192)
    expect(decoder.sizeUpdateOwed).toBeUndefined()
    expect(decoder.maxTableSize).toBe(4096)
    decoder.setTableLimit(100)
    decoder.setTableLimit(200)
    expect(decoder.sizeUpdateOwed).toBe(100)
    decoder.decode(blockOf(sizeUpdate(100), sizeUpdate(200), get))
    expect(decoder.sizeUpdateOwed).toBeUndefined()
    expect(decoder.maxTableSize).toBe(200)
    expect(decoder.decode(blockOf(get)).fields.length).toBe(1)
  })

  it('refuses a block that does not begin with the size update owed', () => {
    for (const pieces of [[get], [sizeUpdate(200), get], [sizeUpdate(200), sizeUpdate(100), get]]) {
      const decoder = new HpackDecoder()
      decoder.setTableLimit(100)
      decoder.setTableLimit(200)
      expect(() => decoder.decode(blockOf(...pieces))).toThrow(malformed)
    }
  })

  it('keeps never-indexed apart from without indexing', () => {
    const { fields } = new HpackDecoder().decode(blockOf(literal('a', 'b', { indexing: 'never' }), literal('c', 'd')))
    expect(fields).toEqual([
      { name: 'a', value: 'b', neverIndexed: true },
      { name: 'c', value: 'd' },
    ])
  })
})

/** For each rule, blocks that tell a decoder that keeps it from one that ignores it, and what the latter makes of them. */
const deviants: readonly {
  rule: Rule
  blocks: readonly (readonly (Representation | Uint8Array)[])[]
  options?: HpackDecoderOptions
  /** The fields that the conforming decoder comes to, or nothing if it refuses. */
  kept?: readonly (readonly string[])[]
  /** The fields that the deviant comes to, or nothing if it refuses. */
  ignored?: readonly (readonly string[])[]
}[] = [
  { rule: rfc7541.indexZero, blocks: [[get, indexed(0)]], ignored: [[':method: GET']] },
  { rule: rfc7541.indexOutOfRange, blocks: [[get, indexed(62)]], ignored: [[':method: GET']] },
  { rule: rfc7541.indexOutOfRange, blocks: [[get, literal(99, 'a')]], ignored: [[':method: GET']] },
  { rule: rfc7541.sizeUpdateTooLarge, blocks: [[sizeUpdate(4097), get]], ignored: [[':method: GET']] },
  { rule: rfc7541.sizeUpdateInsideBlock, blocks: [[get, sizeUpdate(0)]], ignored: [[':method: GET']] },
  // 2^32 + 2 behind a prefix of 7 bits: 2 for who counts in 32 bits. RFC 7541 §5.1
  { rule: rfc7541.integerTooLarge, blocks: [[hex('ff 83 ff ff ff 0f')]], ignored: [[':method: GET']] },
  { rule: rfc7541.huffmanEos, blocks: [[hex('04 85 1f ff ff ff ff')]], ignored: [[':path: a']] },
  { rule: rfc7541.huffmanPaddingNotEos, blocks: [[hex('04 81 18')]], ignored: [[':path: a']] },
  { rule: rfc7541.huffmanPaddingTooLong, blocks: [[hex('04 82 1f ff')]], ignored: [[':path: a']] },
  { rule: rfc7541.huffmanDecoded, blocks: [[hex('04 81 1f')]], kept: [[':path: a']], ignored: [[':path: \x1f']] },
  {
    rule: rfc7541.decoderKeepsOrder,
    blocks: [[get, literal('a', 'b')]],
    kept: [[':method: GET', 'a: b']],
    ignored: [['a: b', ':method: GET']],
  },
  {
    rule: rfc7541.duplicateEntries,
    blocks: [[literal('a', 'b', incremental), literal('a', 'b', incremental)]],
    kept: [['a: b', 'a: b']],
  },
  {
    rule: rfc7541.indexedFieldDecoded,
    blocks: [[literal('a', 'b', incremental)], [get, indexed(62)]],
    kept: [['a: b'], [':method: GET', 'a: b']],
    ignored: [['a: b'], [':method: GET']],
  },
  {
    rule: rfc7541.literalIndexedInserted,
    blocks: [[literal('a', 'b', incremental)], [indexed(62)]],
    kept: [['a: b'], ['a: b']],
  },
  { rule: rfc7541.literalNotInserted, blocks: [[literal('a', 'b'), indexed(62)]], ignored: [['a: b', 'a: b']] },
  {
    rule: rfc7541.entriesEvictedOnReduction,
    blocks: [[literal('a', 'b', incremental)], [sizeUpdate(0), indexed(62)]],
    ignored: [['a: b'], ['a: b']],
  },
  {
    rule: rfc7541.entriesEvictedOnInsertion,
    options: { tableLimit: 40 },
    blocks: [[literal('a', 'b', incremental), literal('c', 'd', incremental), indexed(63)]],
    ignored: [['a: b', 'c: d', 'a: b']],
  },
  {
    rule: rfc7541.entryLargerThanTable,
    options: { tableLimit: 40 },
    blocks: [[literal('a', '123456789', incremental)]],
    kept: [['a: 123456789']],
  },
  {
    rule: rfc7541.evictedNameUsable,
    options: { tableLimit: 40 },
    blocks: [[literal('a', 'b', incremental), literal(62, 'c', incremental)]],
    kept: [['a: b', 'a: c']],
  },
]

describe('a decoder that ignores one rule', () => {
  it.each(deviants.map(each => [each.rule.id, each] as const))(
    '%s',
    (_id, { rule, blocks, options, kept, ignored }) => {
      const outcome = (honours: typeof honoursAll) => {
        try {
          return decodeAll(blocks, { ...options, honours })
        } catch (error) {
          expect(error).toEqual(malformed)
          return undefined
        }
      }
      expect(outcome(honoursAll)).toEqual(kept)
      expect(outcome(ignoring(rule))).toEqual(ignored)
    },
  )

  it('of the size update owed goes on without it', () => {
    const decoder = new HpackDecoder({ honours: ignoring(rfc7541.sizeUpdateAtBlockStart) })
    decoder.setTableLimit(0)
    expect(decoder.decode(blockOf(get)).fields.length).toBe(1)
  })
})
