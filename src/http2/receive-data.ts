import type { Rule } from '../conformance/rule.ts'
import type { Connection } from './connection.ts'
import { FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, INTERNAL_ERROR, PROTOCOL_ERROR, STREAM_CLOSED } from './error-codes.ts'
import { connectionError, overused, streamError } from './errors.ts'
import { END_STREAM, type Frame, PADDED } from './frame.ts'
import { endReceived, malformed } from './receive-message.ts'
import { limits, rfc9113 } from './rules.ts'
import { forfeit, sendWindowUpdate } from './send-control.ts'
import type { Stream } from './stream.ts'
import { receives } from './stream-state.ts'

/** RFC 9113 §6.1 */
export function receiveData(c: Connection, frame: Frame): void {
  const { stream: id, payload } = frame
  if (id === 0) {
    if (!c.honours(rfc9113.dataOnStreamZero)) return
    connectionError(c, PROTOCOL_ERROR, 'DATA on stream 0')
    return
  }
  const data = withoutPadding(c, frame)
  if (data === undefined) return
  // What a deviant does not count.
  const padding = c.honours(rfc9113.dataPaddingFlowControlled) ? 0 : payload.length - data.length
  if (payload.length === 0 && c.receiving.size <= 0 && !c.honours(rfc9113.emptyDataWithoutWindow)) {
    connectionError(c, FLOW_CONTROL_ERROR, 'DATA without a window')
    return
  }
  if (!c.receiving.take(payload.length - padding)) {
    connectionError(c, excess(c), 'DATA beyond the window of the connection')
    return
  }
  const stream = c.streams.live.get(id)
  if (stream === undefined || !accepts(c, stream)) {
    if (c.honours(rfc9113.connectionWindowAlwaysCounted)) forfeit(c, payload.length - padding)
    refuse(c, id)
    return
  }
  if (!stream.receiving.take(payload.length - padding)) {
    forfeit(c, payload.length - padding)
    const why = 'DATA beyond the window of the stream'
    // The least that is owed to a peer that cannot know better is to spare the others. RFC 9113 §6.9.3
    if (c.honours(rfc9113.dataBeforeReductionAccepted)) streamError(c, id, excess(c), why)
    else connectionError(c, FLOW_CONTROL_ERROR, why)
    return
  }
  consume(c, stream, payload.length - padding - data.length)
  accept(c, stream, data, (frame.flags & END_STREAM) !== 0)
}

/** What exceeds a window may be refused; a deviant does it by another code. RFC 9113 §6.9 */
function excess(c: Connection): number {
  return c.honours(rfc9113.unacceptableFrameRefused) ? FLOW_CONTROL_ERROR : STREAM_CLOSED
}

/** The data, or nothing when the padding is refused. RFC 9113 §6.1 */
function withoutPadding(c: Connection, { payload, flags }: Frame): Uint8Array | undefined {
  if ((flags & PADDED) === 0) return payload
  if (!c.honours(rfc9113.dataPadded)) {
    connectionError(c, PROTOCOL_ERROR, 'DATA with padding')
    return undefined
  }
  if (payload.length === 0) {
    // A frame too short for its Pad Length. RFC 9113 §4.2
    if (c.honours(rfc9113.frameTooShort)) connectionError(c, FRAME_SIZE_ERROR, 'DATA without its Pad Length')
    return undefined
  }
  const end = payload.length - (payload[0] as number)
  if (end >= 1)
    return paddingBorne(c, payload.subarray(end), rfc9113.dataPaddingNonzero) ? payload.subarray(1, end) : undefined
  if (!c.honours(rfc9113.dataPaddingTooLong)) return payload.subarray(0, 0)
  connectionError(c, PROTOCOL_ERROR, 'padding as long as the frame')
  return undefined
}

/** A deviant takes nothing more once it has said all. RFC 9113 §5.1 */
export function accepts(c: Connection, { state }: Stream): boolean {
  return receives(state) && (state === 'open' || c.honours(rfc9113.halfClosedLocalReceives))
}

/** Padding need not be checked, and is not; a deviant makes the wrong error of it. RFC 9113 §6.1 */
export function paddingBorne(c: Connection, padding: Uint8Array, rule: Rule): boolean {
  if (c.honours(rule) || padding.every(octet => octet === 0)) return true
  connectionError(c, INTERNAL_ERROR, 'padding that is not zero')
  return false
}

/** DATA on a stream that cannot receive it. RFC 9113 §5.1, §6.1 */
function refuse(c: Connection, id: number): void {
  const state = c.streams.state(id)
  if (state === 'idle' || state === 'reserved (local)' || state === 'reserved (remote)') {
    const rule = { idle: rfc9113.idleStreamFrame, 'reserved (remote)': rfc9113.reservedRemoteOther }
    const narrow = state === 'reserved (local)' ? rfc9113.reservedLocalOther : rule[state]
    if (!c.keeps(narrow, rfc9113.frameNotPermittedInState)) return
    connectionError(c, PROTOCOL_ERROR, `DATA on a stream that is ${state}`)
    return
  }
  if (state === 'half-closed (remote)') {
    if (!c.keeps(rfc9113.halfClosedRemoteFrame, rfc9113.dataOnStreamNotOpen)) return
    streamError(c, id, STREAM_CLOSED, 'DATA after END_STREAM')
    return
  }
  const closing = c.streams.closing(id)
  if (closing === 'reset sent' || closing === 'forgotten' || beyondGoaway(c, id)) {
    if (c.honours(rfc9113.resetStreamLateFrame)) return
  } else if (!c.keeps(rfc9113.dataOnStreamNotOpen, rfc9113.closedStreamFrame)) return
  connectionError(c, STREAM_CLOSED, 'DATA on a closed stream')
}

/** A stream that our GOAWAY excludes. RFC 9113 §6.8 */
export function beyondGoaway(c: Connection, id: number): boolean {
  return c.goawaySent !== undefined && id > c.goawaySent && !c.streams.isOwn(id)
}

function accept(c: Connection, stream: Stream, data: Uint8Array, end: boolean): void {
  if (data.length === 0 && !end) {
    if (overused(c, c.allowances.emptyData, 'DATA frames without data', limits.survivesEmptyDataFlood)) return
  }
  if (!stream.headersReceived) {
    consume(c, stream, data.length)
    if (!c.honours(rfc9113.malformedStreamError)) return
    malformed(c, stream, { why: 'DATA before the header section' })
    return
  }
  stream.received += data.length
  const expected = stream.contentless ? 0 : stream.contentLength
  const wrong = expected !== undefined && (stream.received > expected || (end && stream.received < expected))
  if (wrong && c.honours(rfc9113.contentLengthMismatch)) {
    consume(c, stream, data.length)
    malformed(c, stream, { why: rfc9113.contentLengthMismatch.text })
    return
  }
  stream.unconsumed += data.length
  if (stream.announced && (data.length > 0 || end)) c.events.push({ kind: 'data', stream: stream.id, data, end })
  else consumed(c, stream, data.length)
  if (end) endReceived(c, stream)
}

/** The application is done with octets: credit goes back once it is worth a frame. RFC 9113 §6.9.1 */
export function consumed(c: Connection, stream: Stream, octets: number): void {
  const done = Math.min(octets, stream.unconsumed)
  stream.unconsumed -= done
  if (stream.unconsumed === 0) c.streams.unread.delete(stream.id)
  consume(c, stream, done)
}

function consume(c: Connection, stream: Stream, octets: number): void {
  if (octets === 0) return
  forfeit(c, octets)
  const credit = stream.receiving.consume(octets)
  if (receives(stream.state)) sendWindowUpdate(c, stream.id, credit)
}
