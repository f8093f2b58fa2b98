import fc from 'fast-check'
import type { Honours } from '../conformance/rule.ts'
import { honoursAll } from '../conformance/rule.ts'
import type { Codec } from '../wire/codec.ts'
import { WireError } from '../wire/errors.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'
import { rfc7541 } from './rules.ts'

/** The largest integer we take, as RFC 7541 §5.1 has us set limits. All it is used for is counted in far smaller numbers. */
export const INTEGER_MAX = 0xffffffff

/** The most octets after the prefix: what `INTEGER_MAX` takes, and no room for zeros put behind it. */
export const CONTINUATION_MAX = 5

/** Bits of the first octet that hold the integer. RFC 7541 §5.1 */
export type PrefixBits = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8

/** Reads an integer whose prefix is the low bits of the next octet; the bits above it are not looked at. RFC 7541 §5.1 */
export function readInteger(reader: Reader, prefixBits: PrefixBits, honours: Honours = honoursAll): number {
  const most = (1 << prefixBits) - 1
  const prefix = reader.u8() & most
  return prefix < most ? prefix : continued(reader, most, honours)
}

function continued(reader: Reader, prefix: number, honours: Honours): number {
  let value = prefix
  for (let count = 1, weight = 1; ; count++, weight *= 128) {
    const octet = reader.u8()
    // Past the limit, which only who ignores it gets, the value wraps around as it would in 32 bits.
    if (count <= CONTINUATION_MAX) value += (octet & 0x7f) * weight
    if (value > INTEGER_MAX || (count === CONTINUATION_MAX && octet >= 0x80)) {
      if (honours(rfc7541.integerTooLarge)) throw tooLarge(reader, value)
      value %= INTEGER_MAX + 1
    }
    if (octet < 0x80) return value
  }
}

function tooLarge(reader: Reader, value: number): WireError {
  const why =
    value > INTEGER_MAX ? `an integer over ${INTEGER_MAX}` : `an integer of over ${CONTINUATION_MAX + 1} octets`
  return new WireError('malformed', why, reader.offset - 1)
}

/** Writes an integer behind `flags`, the bits above the prefix. RFC 7541 §5.1 */
export function writeInteger(writer: Writer, prefixBits: PrefixBits, flags: number, value: number): void {
  if (!(value >= 0 && Number.isSafeInteger(value))) writer.unencodable(`${value} is no integer that can be sent`)
  const most = (1 << prefixBits) - 1
  if (value < most) {
    writer.u8(flags | value)
    return
  }
  writer.u8(flags | most)
  let left = value - most
  for (; left >= 0x80; left = Math.floor(left / 128)) writer.u8((left % 128) | 0x80)
  writer.u8(left)
}

/** An integer alone, with zeros above its prefix; when read, these bits are not looked at. RFC 7541 §5.1 */
export function integer(prefixBits: PrefixBits): Codec<number> {
  const most = (1 << prefixBits) - 1
  return {
    read: reader => readInteger(reader, prefixBits),
    write: (writer, value) => writeInteger(writer, prefixBits, 0, value),
    any: fc.oneof(
      fc.integer({ min: 0, max: most + 130 }),
      fc.integer({ min: 0, max: INTEGER_MAX }),
      fc.constantFrom(most - 1, most, most + 127, most + 128, INTEGER_MAX),
    ),
  }
}
