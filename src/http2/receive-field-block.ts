import type { HeaderList } from '../hpack/decoder.ts'
import { WireError } from '../wire/errors.ts'
import type { Connection, FieldBlock } from './connection.ts'
import { COMPRESSION_ERROR, FRAME_SIZE_ERROR, PROTOCOL_ERROR, STREAM_CLOSED } from './error-codes.ts'
import { connectionError, overused, streamError, tooMuch } from './errors.ts'
import { END_HEADERS, END_STREAM, type Frame, HEADERS, PADDED, PRIORITY_FLAG } from './frame.ts'
import { u32 } from './frame-size.ts'
import { paddingBorne } from './receive-data.ts'
import { receiveSection } from './receive-section.ts'
import { limits, rfc9113 } from './rules.ts'

/** RFC 9113 §6.2 */
export function receiveHeaders(c: Connection, frame: Frame): void {
  const { stream, flags } = frame
  if (stream === 0 && c.honours(rfc9113.headersOnStreamZero)) {
    connectionError(c, PROTOCOL_ERROR, 'HEADERS on stream 0')
    return
  }
  const payload = withoutPadding(c, frame)
  if (payload === undefined) return
  let from = 0
  if ((flags & PRIORITY_FLAG) !== 0) {
    if (payload.length < 5) {
      tooShort(c, frame)
      return
    }
    // Dependency and weight are read past: the scheme is deprecated. RFC 9113 §5.3.2
    if (c.honours(rfc9113.headersPriorityFields)) from = 5
  }
  begin(c, frame, undefined, payload.subarray(from))
}

/** RFC 9113 §6.6 */
export function receivePushPromise(c: Connection, frame: Frame): void {
  if (c.role === 'server' && c.honours(rfc9113.promiseToServer)) {
    connectionError(c, PROTOCOL_ERROR, 'PUSH_PROMISE from a client')
    return
  }
  if (frame.stream === 0 && c.honours(rfc9113.promiseOnStreamZero)) {
    connectionError(c, PROTOCOL_ERROR, 'PUSH_PROMISE on stream 0')
    return
  }
  const payload = withoutPadding(c, frame)
  if (payload === undefined) return
  if (payload.length < 4) {
    tooShort(c, frame)
    return
  }
  begin(c, frame, u32(payload, 0) & 0x7fffffff, payload.subarray(4))
}

/** What is between Pad Length and padding, or nothing when the padding is refused. RFC 9113 §6.2, §6.6 */
function withoutPadding(c: Connection, frame: Frame): Uint8Array | undefined {
  const { payload, flags, type } = frame
  if ((flags & PADDED) === 0) return payload
  if (type === HEADERS && !c.honours(rfc9113.headersPadded)) {
    connectionError(c, PROTOCOL_ERROR, 'HEADERS with padding')
    return undefined
  }
  if (payload.length === 0) {
    tooShort(c, frame)
    return undefined
  }
  const end = payload.length - (payload[0] as number)
  if (end >= 1) {
    const rule = type === HEADERS ? rfc9113.headersPaddingNonzero : rfc9113.promisePaddingNonzero
    return paddingBorne(c, payload.subarray(end), rule) ? payload.subarray(1, end) : undefined
  }
  if (!c.honours(type === HEADERS ? rfc9113.headersPaddingTooLong : rfc9113.promisePaddingTooLong)) {
    return payload.subarray(1)
  }
  connectionError(c, PROTOCOL_ERROR, 'padding as long as the frame')
  return undefined
}

/** A frame with a field block is too short for its fields. RFC 9113 §4.2 */
function tooShort(c: Connection, { stream, payload }: Frame): void {
  const why = `a field block's frame of ${payload.length} octets`
  if (!c.honours(rfc9113.frameTooShort)) return
  if (c.honours(rfc9113.frameSizeErrorOnFieldBlock)) connectionError(c, FRAME_SIZE_ERROR, why)
  else streamError(c, stream, FRAME_SIZE_ERROR, why)
}

function begin(c: Connection, frame: Frame, promised: number | undefined, fragment: Uint8Array): void {
  const { stream, flags } = frame
  const end = promised === undefined && (flags & END_STREAM) !== 0
  const block: FieldBlock = { stream, promised, end, fragments: [fragment], octets: fragment.length, continuations: 0 }
  if (fragment.length === 0 && emptyFragment(c)) return
  if ((flags & END_HEADERS) !== 0) {
    complete(c, block)
    return
  }
  // A view would keep all the octets alive that it came with.
  block.fragments[0] = fragment.slice()
  c.block = block
}

/** RFC 9113 §6.10 */
export function receiveContinuation(c: Connection, frame: Frame): void {
  const { block } = c
  const { stream, flags, payload } = frame
  if (stream === 0 && c.honours(rfc9113.continuationOnStreamZero)) {
    connectionError(c, PROTOCOL_ERROR, 'CONTINUATION on stream 0')
    return
  }
  if (block === undefined) {
    if (!c.honours(rfc9113.continuationWithoutBlock)) return
    connectionError(c, PROTOCOL_ERROR, 'CONTINUATION without a field block')
    return
  }
  block.continuations++
  block.octets += payload.length
  if (payload.length === 0 && emptyFragment(c)) return
  const { continuationFrames, fieldBlockOctets } = c.limits
  if (block.continuations > continuationFrames || block.octets > fieldBlockOctets) {
    if (c.honours(rfc9113.usageLimited)) {
      tooMuch(c, 'CONTINUATION frames', limits.survivesContinuationFlood)
      return
    }
  }
  block.fragments.push(payload.slice())
  if ((flags & END_HEADERS) === 0) return
  c.block = undefined
  complete(c, block)
}

/** RFC 9113 §10.5 */
function emptyFragment(c: Connection): boolean {
  return overused(c, c.allowances.emptyFragments, 'empty field block fragments', limits.survivesEmptyHeadersFlood)
}

function complete(c: Connection, block: FieldBlock): void {
  if (!c.honours(rfc9113.fieldBlockReassembled) && block.continuations > 0) block.fragments.length = 1
  const octets = block.fragments.length === 1 ? (block.fragments[0] as Uint8Array) : Buffer.concat(block.fragments)
  receiveSection(c, block, () => decode(c, block, octets))
}

/** Decompresses a block; nothing when the connection is over. RFC 9113 §4.3 */
function decode(c: Connection, block: FieldBlock, octets: Uint8Array): HeaderList | undefined {
  try {
    return c.decoder.decode(octets)
  } catch (error) {
    // Anything else is a bug of ours.
    if (!(error instanceof WireError)) throw error
    const why = error.message
    const state = c.streams.state(block.stream)
    if (!c.keeps(rfc9113.fieldBlockUndecodable, rfc9113.connectionErrorReported)) {
      // A deviant goes on, though it cannot decode anything any more.
      if (state === 'idle' && !c.streams.isOwn(block.stream)) return { fields: [], size: 0, overflow: false }
      streamError(c, block.stream, c.honours(rfc9113.connectionErrorReported) ? PROTOCOL_ERROR : STREAM_CLOSED, why)
    } else connectionError(c, COMPRESSION_ERROR, why)
    return undefined
  }
}
