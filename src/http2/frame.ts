import fc from 'fast-check'
import type { Codec } from '../wire/codec.ts'
import { rest } from '../wire/combinators.ts'
import { uint8, uint24 } from '../wire/integers.ts'
import type { Reader } from '../wire/reader.ts'

export { FrameReader } from './frame-reader.ts'
export * from './frame-types.ts'

/** What a frame header says. RFC 9113 §4.1 */
export interface FrameHeader {
  /** Octets of the payload, 24 bits. */
  readonly length: number
  /** 8 bits; see the frame types. */
  readonly type: number
  /** 8 bits; what they mean depends on the type. */
  readonly flags: number
  /** The bit before the stream identifier; 0 unless someone set it. */
  readonly reserved: 0 | 1
  /** Stream identifier, 31 bits; 0 is the connection. */
  readonly stream: number
}

/** A frame with its payload not yet looked into. RFC 9113 §4.1 */
export interface Frame {
  readonly type: number
  readonly flags: number
  readonly stream: number
  /** The bit before the stream identifier; 0 when left out. */
  readonly reserved?: 0 | 1
  /** A view of what was read. */
  readonly payload: Uint8Array
}

/** Reads a frame header, each part under its name. */
export function readFrameHeader(reader: Reader): FrameHeader {
  const length = reader.field('length', uint24)
  const type = reader.field('type', uint8)
  const flags = reader.field('flags', uint8)
  const { reserved, stream } = reservedStream.read(reader)
  return { length, type, flags, reserved, stream }
}

/** A reserved bit and a stream identifier of 31 bits: in frame headers and in several payloads. RFC 9113 §4.1 */
export const reservedStream: Codec<{ readonly reserved: 0 | 1; readonly stream: number }> = {
  read(reader) {
    const at = reader.offset
    const word = reader.u32()
    const reserved = word > 0x7fffffff ? 1 : 0
    const stream = word & 0x7fffffff
    reader.note('reserved', reserved, at, at + 1)
    reader.note('stream', stream, at, at + 4)
    return { reserved, stream }
  },
  write(writer, { reserved, stream }) {
    if (!(stream >= 0 && stream <= 0x7fffffff)) writer.unencodable(`stream ${stream} does not fit 31 bits`)
    writer.u32(stream + reserved * 0x80000000)
  },
  any: fc.record({
    reserved: fc.constantFrom(0 as const, 1 as const),
    stream: fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 0, max: 0x7fffffff })),
  }),
}

/** Any frame header but for its length. */
export const anyHeader: fc.Arbitrary<Omit<FrameHeader, 'length'>> = fc
  .tuple(fc.oneof(fc.integer({ min: 0, max: 0x10 }), uint8.any), uint8.any, reservedStream.any)
  .map(([type, flags, { reserved, stream }]) => ({ type, flags, reserved, stream }))

/** A frame, whatever it carries. Reading one gives a view of its payload. RFC 9113 §4.1 */
export const frame: Codec<Frame> = {
  read(reader) {
    const { length, type, flags, reserved, stream } = readFrameHeader(reader)
    const payload = reader.field('payload', { read: inner => inner.take(length) })
    return { type, flags, reserved, stream, payload }
  },
  write(writer, { type, flags, reserved = 0, stream, payload }) {
    writer.u24(payload.length)
    writer.u8(type)
    writer.u8(flags)
    reservedStream.write(writer, { reserved, stream })
    writer.octets(payload)
  },
  any: fc.tuple(anyHeader, rest.any).map(([header, payload]) => ({ ...header, payload })),
}
