import fc from 'fast-check'
import type { Codec } from '../wire/codec.ts'
import { many, writeField } from '../wire/combinators.ts'
import { encode } from '../wire/whole.ts'
import { INTEGER_MAX, readInteger, writeInteger } from './integer.ts'
import { type StringLiteral, stringLiteral } from './text.ts'

/**
 * One piece of a field block as it lies on the wire. RFC 7541 §6
 *
 * - `indexed`: §6.1; index 0 can be written too.
 * - `incremental`, `without`, `never`: literals, §6.2.1 to §6.2.3; the name is an index from 1 on, or a string.
 * - `size update`: §6.3, in octets.
 */
export type Representation =
  | { readonly kind: 'indexed'; readonly index: number }
  | {
      readonly kind: 'incremental' | 'without' | 'never'
      readonly name: number | StringLiteral
      readonly value: StringLiteral
    }
  | { readonly kind: 'size update'; readonly size: number }

/** The pattern that each kind starts with, and the bits that follow it in the first octet. RFC 7541 §6 */
const patterns = {
  indexed: { flags: 0x80, prefixBits: 7 },
  incremental: { flags: 0x40, prefixBits: 6 },
  'size update': { flags: 0x20, prefixBits: 5 },
  never: { flags: 0x10, prefixBits: 4 },
  without: { flags: 0x00, prefixBits: 4 },
} as const

function kindOf(octet: number): Representation['kind'] {
  if (octet >= 0x80) return 'indexed'
  if (octet >= 0x40) return 'incremental'
  if (octet >= 0x20) return 'size update'
  return octet >= 0x10 ? 'never' : 'without'
}

/** One representation. Tables are not looked at: an index may stand for nothing. */
export const representation: Codec<Representation> = {
  read(reader) {
    const at = reader.offset
    const kind = kindOf(reader.u8())
    reader.offset = at
    reader.note('kind', kind, at, at + 1)
    const integer = { read: () => readInteger(reader, patterns[kind].prefixBits) }
    if (kind === 'indexed') return { kind, index: reader.field('index', integer) }
    if (kind === 'size update') return { kind, size: reader.field('size', integer) }
    const index = reader.field('index', integer)
    const name = index === 0 ? reader.field('name', stringLiteral) : index
    return { kind, name, value: reader.field('value', stringLiteral) }
  },
  write(writer, given) {
    const { flags, prefixBits } = patterns[given.kind]
    if (given.kind === 'indexed') writeInteger(writer, prefixBits, flags, given.index)
    else if (given.kind === 'size update') writeInteger(writer, prefixBits, flags, given.size)
    else {
      if (given.name === 0) writer.unencodable('name index 0 says that a string follows')
      writeInteger(writer, prefixBits, flags, typeof given.name === 'number' ? given.name : 0)
      if (typeof given.name !== 'number') writeField(writer, 'name', stringLiteral, given.name)
      writeField(writer, 'value', stringLiteral, given.value)
    }
  },
  any: fc.oneof(
    fc.record({ kind: fc.constant('indexed' as const), index: anyInteger(0) }),
    fc.record({ kind: fc.constant('size update' as const), size: anyInteger(0) }),
    fc.record({
      kind: fc.constantFrom('incremental' as const, 'without' as const, 'never' as const),
      name: fc.oneof(anyInteger(1), stringLiteral.any),
      value: stringLiteral.any,
    }),
  ),
}

/** Mostly such as stand for something. */
function anyInteger(min: number): fc.Arbitrary<number> {
  return fc.oneof(fc.integer({ min, max: 70 }), fc.integer({ min, max: INTEGER_MAX }))
}

/** A whole field block, as a list of representations. RFC 7541 §6 */
export const block: Codec<Representation[]> = many(representation)

/** The octets of a block, made of any representations and octets in any order. */
export function blockOf(...pieces: readonly (Representation | Uint8Array)[]): Uint8Array {
  const octets = pieces.map(piece => (piece instanceof Uint8Array ? piece : encode(representation, piece)))
  return Uint8Array.from(Buffer.concat(octets))
}

/** Refers to a table entry. RFC 7541 §6.1 */
export function indexed(index: number): Representation {
  return { kind: 'indexed', index }
}

/** How `literal` writes a field: without indexing and without Huffman coding unless asked for. */
export interface LiteralOptions {
  readonly indexing?: 'incremental' | 'without' | 'never'
  readonly huffman?: boolean
}

/** A field; the name is an index or a string. A string given as octets is written as if it was coded already. RFC 7541 §6.2 */
export function literal(
  name: number | string | Uint8Array,
  value: string | Uint8Array,
  { indexing = 'without', huffman = false }: LiteralOptions = {},
): Representation {
  const string = (given: string | Uint8Array): StringLiteral =>
    typeof given === 'string' ? { huffman, text: given } : { huffman, coded: given }
  return { kind: indexing, name: typeof name === 'number' ? name : string(name), value: string(value) }
}

/** Sets the size of the dynamic table, in octets. RFC 7541 §6.3 */
export function sizeUpdate(size: number): Representation {
  return { kind: 'size update', size }
}
