import { createRequire } from 'node:module'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ignoring } from '../conformance/rule.ts'
import { hex, toHex } from '../wire/hex.ts'
import { decode } from '../wire/whole.ts'
import { HpackDecoder } from './decoder.ts'
import { HpackEncoder } from './encoder.ts'
import type { Field } from './field.ts'
import { indexAll, indexNone } from './indexing.ts'
import { block } from './representation.ts'
import { rfc7541 } from './rules.ts'

const seed = 7541

/** The part of hpack.js that we test against: it has a Huffman table and a static table of its own. */
interface Stream {
  write(chunk: unknown): void
  read(): unknown
}
const hpackJs = createRequire(import.meta.url)('hpack.js') as {
  readonly compressor: { create(options: object): Stream }
  readonly decompressor: { create(options: object): Stream & { execute(): void } }
}
const table = { table: { maxSize: 4096 } }

/** Names that stand in a static table, or not, as often as values that come twice; hpack.js takes text in ASCII only. */
const name = fc.oneof(
  fc.constantFrom(':method', ':path', 'cookie', 'accept', 'x-custom', 'x-other'),
  fc.stringMatching(/^[a-z-]{1,12}$/),
)
const value = fc.oneof(
  fc.constantFrom('GET', '/', 'gzip, deflate', 'no-cache', 'some-value'),
  fc.string({ unit: 'grapheme-ascii', maxLength: 300 }),
)
/** hpack.js looks fields up in plain objects, and takes what every object has, such as `valueOf`, for an entry. */
const known = (text: string) => !(text in {})
const lists = fc.array(
  fc.array(fc.record({ name: name.filter(known), value: value.filter(known) }), { maxLength: 12 }),
  { minLength: 1, maxLength: 12 },
)

function plainFields(fields: readonly Field[]): readonly object[] {
  return fields.map(({ name, value }) => ({ name, value }))
}

describe('HpackEncoder and HpackDecoder', () => {
  it(`encode what hpack.js decodes (seed ${seed})`, () => {
    const property = fc.property(
      lists,
      fc.constantFrom('shorter', 'always', 'never'),
      fc.boolean(),
      (blocks, huffman, all) => {
        const encoder = new HpackEncoder(all ? { huffman, indexing: indexAll } : { huffman })
        const decompressor = hpackJs.decompressor.create(table)
        for (const fields of blocks) {
          decompressor.write(Buffer.from(encoder.encode(fields)))
          decompressor.execute()
          const found: Field[] = []
          for (let next = decompressor.read(); next !== null; next = decompressor.read()) found.push(next as Field)
          expect(plainFields(found)).toEqual(plainFields(fields))
        }
      },
    )
    fc.assert(property, { seed, numRuns: 100 })
  })

  it(`decode what hpack.js encodes (seed ${seed})`, () => {
    const property = fc.property(lists, fc.boolean(), (blocks, huffman) => {
      const compressor = hpackJs.compressor.create(table)
      const decoder = new HpackDecoder()
      for (const fields of blocks) {
        compressor.write(fields.map(field => ({ ...field, huffman })))
        const octets = (compressor.read() as Uint8Array | null) ?? new Uint8Array(0)
        expect(plainFields(decoder.decode(octets).fields)).toEqual(plainFields(fields))
      }
    })
    fc.assert(property, { seed, numRuns: 100 })
  })

  it(`keep the same table through any sizes (seed ${seed})`, () => {
    const anyName = fc.oneof(
      name,
      fc.uint8Array({ maxLength: 40 }).map(octets => Buffer.from(octets).toString('latin1')),
    )
    const step = fc.record({
      sizes: fc.array(fc.constantFrom(0, 33, 40, 64, 100, 256, 1000, 4096, 65536), { maxLength: 3 }),
      fields: fc.array(fc.record({ name: anyName, value }), { maxLength: 30 }),
    })
    const property = fc.property(
      fc.array(step, { maxLength: 12 }),
      fc.constantFrom(0, 50, 500, 4096, 65536),
      (steps, tableSize) => {
        const encoder = new HpackEncoder({ tableSize, indexing: indexAll })
        const decoder = new HpackDecoder()
        for (const { sizes, fields } of steps) {
          for (const size of sizes) {
            decoder.setTableLimit(size)
            encoder.setTableSize(size)
          }
          expect(plainFields(decoder.decode(encoder.encode(fields)).fields)).toEqual(plainFields(fields))
          expect(plainFields(decoder.entries)).toEqual(plainFields(encoder.entries))
          expect(decoder.maxTableSize).toBe(encoder.maxTableSize)
          expect(decoder.tableSize).toBeLessThanOrEqual(Math.min(encoder.maxTableSize, tableSize))
          expect(decoder.sizeUpdateOwed).toBeUndefined()
        }
      },
    )
    fc.assert(property, { seed, numRuns: 300 })
  })
})

describe('HpackEncoder', () => {
  it('encodes as RFC 7541 C.3 and C.4 do', () => {
    // C.3.1 and C.3.2, C.4.1 and C.4.2: what is indexed there by default we index too.
    const first = [
      { name: ':method', value: 'GET' },
      { name: ':scheme', value: 'http' },
      { name: ':path', value: '/' },
      { name: ':authority', value: 'www.example.com' },
    ]
    const second = [...first, { name: 'cache-control', value: 'no-cache' }]
    const plain = new HpackEncoder({ huffman: 'never' })
    expect(toHex(plain.encode(first))).toBe('828684410f7777772e6578616d706c652e636f6d')
    expect(toHex(plain.encode(second))).toBe('828684be58086e6f2d6361636865')
    const coded = new HpackEncoder()
    expect(toHex(coded.encode(first))).toBe('828684418cf1e3c2e5f23a6ba0ab90f4ff')
    expect(toHex(coded.encode(second))).toBe('828684be5886a8eb10649cbf')
  })

  it('signals the smallest and the last table size, once, at the start of the next block', () => {
    const encoder = new HpackEncoder()
    encoder.encode([{ name: 'a', value: 'b' }])
    for (const size of [100, 0, 200]) encoder.setTableSize(size)
    const get = { name: ':method', value: 'GET' }
    expect(decode(block, encoder.encode([get]))).toEqual([
      { kind: 'size update', size: 0 },
      { kind: 'size update', size: 200 },
      { kind: 'indexed', index: 2 },
    ])
    expect(encoder.entries).toEqual([])
    expect(toHex(encoder.encode([get]))).toBe('82')
  })

  it('says nothing of a table size that changes nothing', () => {
    const encoder = new HpackEncoder()
    encoder.setTableSize(65536)
    expect(toHex(encoder.encode([{ name: ':method', value: 'GET' }]))).toBe('82')
  })

  it('uses no more table than it was told to, and says so first', () => {
    const encoder = new HpackEncoder({ tableSize: 0 })
    expect(decode(block, encoder.encode([{ name: 'a', value: '0' }]))).toMatchObject([
      { kind: 'size update', size: 0 },
      { kind: 'without' },
    ])
  })

  it('keeps never-indexed fields never indexed, and out of its table', () => {
    const encoder = new HpackEncoder({ indexing: indexAll })
    const secret: Field = { name: ':method', value: 'GET', neverIndexed: true }
    for (let n = 0; n < 2; n++)
      expect(decode(block, encoder.encode([secret]))).toMatchObject([{ kind: 'never', name: 2 }])
    expect(encoder.entries).toEqual([])
  })

  it('never indexes credentials and guessable cookies, and does not fill its table with what changes', () => {
    const kinds = (fields: readonly Field[]) => decode(block, new HpackEncoder().encode(fields)).map(({ kind }) => kind)
    expect(
      kinds([
        { name: 'authorization', value: 'Basic YWxhZGRpbjpvcGVuc2VzYW1l' },
        { name: 'cookie', value: 'pin=1234' },
        { name: 'cookie', value: 'session=0123456789abcdef' },
        { name: ':path', value: '/one/of/many' },
        { name: 'user-agent', value: 'curl' },
      ]),
    ).toEqual(['never', 'never', 'incremental', 'without', 'incremental'])
    const encoder = new HpackEncoder({ indexing: indexNone })
    encoder.encode([{ name: 'a', value: 'b' }])
    expect(encoder.entries).toEqual([])
  })

  it('refuses characters that are no octets, and is in step with its decoder afterwards', () => {
    const encoder = new HpackEncoder()
    const decoder = new HpackDecoder()
    decoder.decode(encoder.encode([{ name: 'a', value: 'b' }]))
    const bad = [
      { name: 'lost', value: 'entry' },
      { name: 'x', value: '€' },
    ]
    expect(() => encoder.encode(bad)).toThrow(expect.objectContaining({ code: 'unencodable' }))
    const fields = [
      { name: 'lost', value: 'entry' },
      { name: 'a', value: 'b' },
    ]
    for (let n = 0; n < 2; n++) expect(decoder.decode(encoder.encode(fields)).fields).toEqual(fields)
    expect(() => new HpackEncoder({ huffman: 'never' }).encode(bad)).toThrow(
      expect.objectContaining({ code: 'unencodable' }),
    )
  })

  it('gives blocks that later ones do not change, even to a policy that encodes', () => {
    const inner = new HpackEncoder()
    const encoder = new HpackEncoder({
      indexing: field => {
        inner.encode([{ name: 'policy', value: 'x'.repeat(50) }])
        return field.name === 'a' ? 'without' : 'never'
      },
    })
    const fields = ['a', 'b', 'c'].map(name => ({ name, value: name.repeat(3) }))
    const first = encoder.encode(fields)
    const before = toHex(first)
    expect(encoder.encode(fields).length).toBe(first.length)
    expect(toHex(first)).toBe(before)
    expect(plainFields(new HpackDecoder().decode(first).fields)).toEqual(fields)
  })

  it('takes long strings', () => {
    const fields = [{ name: 'a', value: 'x\x01'.repeat(40_000) }]
    for (const huffman of ['shorter', 'always', 'never'] as const)
      expect(new HpackDecoder().decode(new HpackEncoder({ huffman }).encode(fields)).fields).toEqual(fields)
  })
})

describe('an encoder that ignores one rule', () => {
  const get = { name: ':method', value: 'GET' }

  it('of signalling sizes signals none, or not the smallest, or more than allowed', () => {
    const sizesOf = (encoder: HpackEncoder, ...sizes: readonly number[]) => {
      for (const size of sizes) encoder.setTableSize(size)
      return toHex(encoder.encode([get]))
    }
    const deviant = (rule: (typeof rfc7541)[keyof typeof rfc7541]) => new HpackEncoder({ honours: ignoring(rule) })
    expect(sizesOf(new HpackEncoder(), 0, 30)).toBe('203e82')
    expect(sizesOf(deviant(rfc7541.sizeUpdateAtBlockStart), 0, 30)).toBe('82')
    expect(sizesOf(deviant(rfc7541.smallestSizeSignalled), 0, 30)).toBe('3e82')
    expect(sizesOf(deviant(rfc7541.sizeUpdateSentWithinLimit), 29)).toBe('3e82')
    expect(() => new HpackDecoder({ tableLimit: 29 }).decode(hex('3e82'))).toThrow()
  })
})
