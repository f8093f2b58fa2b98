import fc from 'fast-check'
import type { Honours } from '../conformance/rule.ts'
import { honoursAll } from '../conformance/rule.ts'
import type { Codec } from '../wire/codec.ts'
import { WireError } from '../wire/errors.ts'
import { latin1Of } from '../wire/latin1.ts'
import type { Reader } from '../wire/reader.ts'
import { huffmanDecode, huffmanEncode } from './huffman.ts'
import { readInteger, writeInteger } from './integer.ts'
import { rfc7541 } from './rules.ts'

/** The H bit of a string literal. RFC 7541 §5.2 */
export const HUFFMAN_FLAG = 0x80

/** Reads a string literal; each character is one octet. RFC 7541 §5.2 */
export function readText(reader: Reader, honours: Honours = honoursAll): string {
  const { octets, offset } = reader
  const huffman = (octets[offset] as number) >= HUFFMAN_FLAG
  const length = readInteger(reader, 7, honours)
  const start = reader.offset
  const end = start + length
  if (end > reader.end)
    throw new WireError('truncated', `a string of ${length} octets, ${reader.remaining} left`, reader.offset)
  reader.offset = end
  return huffman && honours(rfc7541.huffmanDecoded)
    ? huffmanDecode(octets, start, end, honours)
    : latin1Of(octets, start, end)
}

/**
 * A string literal as it lies on the wire. What is read has `text`; to be written it may instead have `coded`, its octets
 * as they are, so that what no coder would make can be sent.
 */
export type StringLiteral =
  | { readonly huffman: boolean; readonly text: string }
  | { readonly huffman: boolean; readonly coded: Uint8Array }

/** Strings of octets, those of header fields among them. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom('', 'www.example.com', 'no-cache', ':path', 'custom-key'),
  fc.string({ unit: 'grapheme-ascii', maxLength: 20 }),
  fc.uint8Array({ maxLength: 20 }).map(octets => latin1Of(octets)),
)

/** RFC 7541 §5.2 */
export const stringLiteral: Codec<StringLiteral> = {
  read(reader) {
    const at = reader.offset
    if (reader.remaining === 0) reader.u8() // throws
    const huffman = (reader.octets[at] as number) >= HUFFMAN_FLAG
    reader.note('huffman', huffman, at, at + 1)
    const text = reader.field('text', { read: inner => readText(inner) })
    return { huffman, text }
  },
  write(writer, literal) {
    const flag = literal.huffman ? HUFFMAN_FLAG : 0
    if ('coded' in literal || literal.huffman) {
      const coded = 'coded' in literal ? literal.coded : huffmanEncode(literal.text)
      writeInteger(writer, 7, flag, coded.length)
      writer.octets(coded)
    } else {
      writeInteger(writer, 7, flag, literal.text.length)
      writer.latin1(literal.text)
    }
  },
  any: fc.record({ huffman: fc.boolean(), text: anyText }),
}

/** The octets of a Huffman-coded string without its length, up to the end. RFC 7541 §5.2, Appendix B */
export const huffmanText: Codec<string> = {
  read(reader) {
    const start = reader.offset
    reader.offset = reader.end
    return huffmanDecode(reader.octets, start, reader.end)
  },
  write: (writer, text) => writer.octets(huffmanEncode(text)),
  any: anyText,
}
