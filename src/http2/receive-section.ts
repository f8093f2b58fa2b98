import type { HeaderList } from '../hpack/decoder.ts'
import type { Connection, FieldBlock } from './connection.ts'
import { PROTOCOL_ERROR, REFUSED_STREAM, STREAM_CLOSED } from './error-codes.ts'
import { connectionError, streamError } from './errors.ts'
import { parseTrailers } from './message.ts'
import { accepts, beyondGoaway } from './receive-data.ts'
import { endReceived, malformed } from './receive-message.ts'
import { receivePromise } from './receive-promise.ts'
import { receiveRequest } from './receive-request.ts'
import { receiveResponse } from './receive-response.ts'
import { rfc9113 } from './rules.ts'
import type { Stream } from './stream.ts'

/** Decompresses the block; nothing when that has ended the stream or the connection. */
export type Decode = () => HeaderList | undefined

/** A whole field block has come: what it is depends on the stream. RFC 9113 §5.1, §8.1 */
export function receiveSection(c: Connection, block: FieldBlock, decode: Decode): void {
  if (block.promised !== undefined) {
    receivePromise(c, block, block.promised, decode)
    return
  }
  const id = block.stream
  if (id === 0) {
    // Only a deviant comes this far, and drops it.
    decode()
    return
  }
  const stream = c.streams.live.get(id)
  if (stream !== undefined) {
    onLiveStream(c, stream, block, decode)
    return
  }
  if (c.streams.state(id) === 'closed') {
    onClosedStream(c, block, decode)
    return
  }
  if (c.role === 'client' || c.streams.isOwn(id)) {
    onOwnIdleStream(c, block, decode)
    return
  }
  if (beyondGoaway(c, id)) {
    // Remembered as closed, so that what follows on it is dropped too.
    c.streams.peer.open(id)
    c.streams.peer.close(id, 'send RST_STREAM')
    if (c.honours(rfc9113.goawayKeepsCompressionState)) discard(c, decode)
    return
  }
  receiveRequest(c, block, decode)
}

/** Decompresses a block of which nothing is wanted but its effect on the table. RFC 9113 §4.3 */
export function discard(c: Connection, decode: Decode): void {
  if (c.honours(rfc9113.discardedFieldBlockDecompressed)) decode()
}

/** HEADERS on an idle stream that the peer may not open. RFC 9113 §5.1, §5.1.1 */
function onOwnIdleStream(c: Connection, block: FieldBlock, decode: Decode): void {
  const { stream: id } = block
  const rules = [rfc9113.idleStreamFrame, rfc9113.frameNotPermittedInState]
  if (c.role === 'server') rules.push(rfc9113.clientHeadersOnEvenStream)
  if ((id & 1) === 0) rules.push(rfc9113.idlePushStreamHeaders)
  if (c.keeps(...rules)) {
    connectionError(c, PROTOCOL_ERROR, 'HEADERS on an idle stream that is not for the peer to open')
    return
  }
  if (c.role === 'server') receiveRequest(c, block, decode)
  else decode()
}

/** RFC 9113 §5.1, "closed" */
function onClosedStream(c: Connection, block: FieldBlock, decode: Decode): void {
  const closing = c.streams.closing(block.stream)
  if (closing === 'reset sent') {
    if (!c.honours(rfc9113.resetStreamLateFrame)) {
      connectionError(c, STREAM_CLOSED, 'HEADERS on a reset stream')
      return
    }
    if (c.honours(rfc9113.resetStreamLateFieldBlock)) discard(c, decode)
    return
  }
  const peers = c.role === 'server' && !c.streams.isOwn(block.stream)
  if (closing === 'skipped' || closing === 'forgotten') {
    if (!peers || c.keeps(rfc9113.streamIdNotIncreasing, rfc9113.skippedStreamCloses)) {
      connectionError(c, PROTOCOL_ERROR, 'HEADERS on a stream lower than the last')
      return
    }
  } else if (!peers || c.keeps(rfc9113.streamIdNotIncreasing, rfc9113.closedStreamFrame)) {
    if (!peers && !c.honours(rfc9113.closedStreamFrame)) {
      discard(c, decode)
      return
    }
    connectionError(c, STREAM_CLOSED, 'HEADERS on a closed stream')
    return
  }
  receiveRequest(c, block, decode)
}

function onLiveStream(c: Connection, stream: Stream, block: FieldBlock, decode: Decode): void {
  const { state, id } = stream
  if (state === 'reserved (local)') {
    if (!c.honours(rfc9113.reservedLocalOther)) {
      discard(c, decode)
      return
    }
    connectionError(c, PROTOCOL_ERROR, 'HEADERS on a stream that we have promised')
    return
  }
  if (state === 'half-closed (remote)') {
    discard(c, decode)
    if (c.closed || !c.honours(rfc9113.halfClosedRemoteFrame)) return
    streamError(c, id, STREAM_CLOSED, 'HEADERS after END_STREAM')
    return
  }
  if (state !== 'reserved (remote)' && !accepts(c, stream)) {
    discard(c, decode)
    streamError(c, id, STREAM_CLOSED, 'HEADERS after our END_STREAM')
    return
  }
  const list = decode()
  // Decoding may have ended the stream or the connection.
  if (list === undefined || stream.state === 'closed') return
  // A promise does not count yet, its response does. RFC 9113 §5.1.2
  const begins = state === 'reserved (remote)' && c.streams.peer.active >= c.mostStreams
  if (begins && c.honours(rfc9113.concurrencyExceeded)) {
    streamError(c, id, REFUSED_STREAM, 'too many pushes at once')
    return
  }
  if (stream.tunnel && stream.headersReceived && c.honours(rfc9113.connectOtherFrame)) {
    streamError(c, id, PROTOCOL_ERROR, 'HEADERS on a connected stream')
    return
  }
  if (stream.headersReceived) receiveTrailers(c, stream, block, list)
  else receiveResponse(c, stream, block, list)
}

/** RFC 9113 §8.1 */
function receiveTrailers(c: Connection, stream: Stream, block: FieldBlock, list: HeaderList): void {
  if (!block.end) {
    if (c.honours(rfc9113.trailersEndStream)) malformed(c, stream, { why: rfc9113.trailersEndStream.text })
    return
  }
  if (!c.honours(rfc9113.trailersAccepted)) {
    malformed(c, stream, { why: 'trailers' })
    return
  }
  const { head, malformed: fault } = parseTrailers(list.fields, c.role === 'server', c.honours)
  if (fault !== undefined && c.honours(rfc9113.malformedStreamError)) {
    malformed(c, stream, { why: fault.why })
    return
  }
  const { contentLength, received, contentless } = stream
  const short = !contentless && contentLength !== undefined && received < contentLength
  if (short && c.honours(rfc9113.contentLengthMismatch)) {
    malformed(c, stream, { why: rfc9113.contentLengthMismatch.text })
    return
  }
  if (stream.announced) c.events.push({ kind: 'trailers', stream: stream.id, fields: head })
  endReceived(c, stream)
}
