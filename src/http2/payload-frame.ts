import fc from 'fast-check'
import type { Codec } from '../wire/codec.ts'
import { writeField } from '../wire/combinators.ts'
import { readWithin } from '../wire/whole.ts'
import { Writer } from '../wire/writer.ts'
import { anyHeader, type FrameHeader, frame, readFrameHeader } from './frame.ts'
import { type Payload, payloadCodec } from './payload.ts'

/** A frame with its payload taken apart. */
export interface TypedFrame extends Omit<FrameHeader, 'length'> {
  readonly payload: Payload
}

/** A frame and what it carries. The length is given, so that a payload that ends too early is `malformed`. RFC 9113 §4.1, §6 */
export const typedFrame: Codec<TypedFrame> = {
  read(reader) {
    const { length, type, flags, reserved, stream } = readFrameHeader(reader)
    const codec = payloadCodec(type, flags)
    const payload = reader.field('payload', { read: inner => readWithin(inner, length, codec) })
    return { type, flags, reserved, stream, payload }
  },
  write(writer, { payload, ...header }) {
    const inner = new Writer()
    writeField(inner, 'payload', payloadCodec(header.type, header.flags), payload)
    frame.write(writer, { ...header, payload: inner.finish() })
  },
  any: fc
    .oneof(anyHeader, ...[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 16].map(type => anyHeader.map(h => ({ ...h, type }))))
    .chain(header => payloadCodec(header.type, header.flags).any.map(payload => ({ ...header, payload }))),
}
