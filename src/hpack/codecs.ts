import fc from 'fast-check'
import type { CatalogueCodec, StatefulCodec } from '../wire/catalogued.ts'
import { HEADER_TABLE_SIZE_DEFAULT, HpackDecoder } from './decoder.ts'
import { HpackEncoder } from './encoder.ts'
import { type Field, fieldSize } from './field.ts'
import { indexAll } from './indexing.ts'
import { integer, type PrefixBits } from './integer.ts'
import { block } from './representation.ts'
import { anyText, huffmanText, stringLiteral } from './text.ts'

const anyField: fc.Arbitrary<Field> = fc.oneof(
  fc.record({ name: fc.constantFrom(':method', ':path', 'x-a', 'x-b'), value: fc.constantFrom('GET', '/', '1', '2') }),
  fc.record({ name: anyText, value: anyText }),
  fc.record({ name: anyText, value: anyText, neverIndexed: fc.constant(true as const) }),
)

/**
 * Field blocks as lists of fields, in the order of a connection: reading and writing go on with a table each.
 * `tableLimit` is the most octets of table, 4096 unless given. A block takes all octets up to the end. RFC 7541
 */
export function fieldBlocks({ tableLimit = HEADER_TABLE_SIZE_DEFAULT } = {}): StatefulCodec<readonly Field[]> & {
  state(): { entries: readonly (Field & { size: number })[]; size: number }
} {
  const decoder = new HpackDecoder({ tableLimit })
  // The default policy would mark credentials as never indexed, which they were not when given.
  const encoder = new HpackEncoder({ tableSize: tableLimit, indexing: indexAll })
  return {
    read: reader => decoder.decode(reader.rest()).fields,
    write: (writer, fields) => writer.octets(encoder.encode(fields)),
    any: fc.array(anyField, { maxLength: 8 }),
    state: () => ({
      entries: decoder.entries.map(field => ({ ...field, size: fieldSize(field) })),
      size: decoder.tableSize,
    }),
  }
}

const prefixes: readonly PrefixBits[] = [1, 2, 3, 4, 5, 6, 7, 8]

const integers = Object.fromEntries(
  prefixes.map((bits): [string, CatalogueCodec] => [
    `hpack/integer-${bits}`,
    { codec: integer(bits), about: `an integer with a prefix of ${bits} bits (RFC 7541 §5.1)` },
  ]),
)

/** The codecs of HPACK, for the catalogue. */
export const hpackCodecs: Readonly<Record<string, CatalogueCodec>> = {
  ...integers,
  'hpack/huffman': { codec: huffmanText, about: 'the octets of a Huffman-coded string (RFC 7541 §5.2, Appendix B)' },
  'hpack/string': { codec: stringLiteral, about: 'a string literal, plain or Huffman-coded (RFC 7541 §5.2)' },
  'hpack/block': { codec: block, about: 'a field block as its representations, tables aside (RFC 7541 §6)' },
  'hpack/fields': { fresh: fieldBlocks, about: 'the field blocks of one direction as header lists (RFC 7541)' },
}
