import type { Field } from '../hpack/field.ts'
import type { Connection, SentSection } from './connection.ts'
import { CANCEL, NO_ERROR } from './error-codes.ts'
import { CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PUSH_PROMISE } from './frame.ts'
import { nextInTurn } from './priority.ts'
import { rfc9113, rfc9218 } from './rules.ts'
import { sendReset } from './send-control.ts'
import type { Stream } from './stream.ts'
import { sends } from './stream-state.ts'

/** Compresses a field section and sends it in HEADERS. RFC 9113 §6.2 */
export function sendHeaders(
  c: Connection,
  stream: Stream,
  fields: readonly Field[],
  kind: SentSection,
  end: boolean,
): void {
  const block = c.encoder.encode(c.alterFields?.(fields, kind) ?? fields)
  writeBlock(c, HEADERS, end ? END_STREAM : 0, stream.id, block)
  // A deviant takes all frames to be flow-controlled. RFC 9113 §5.2.1
  if (!c.honours(rfc9113.onlyDataFlowControlled)) stream.sending.size -= block.length
  if (stream.state === 'idle') c.streams.add(stream, 'send HEADERS')
  else c.streams.move(stream, 'send HEADERS')
  if (end) ended(c, stream)
}

/** Promises a stream on another. RFC 9113 §6.6 */
export function sendPushPromise(c: Connection, on: number, promised: Stream, fields: readonly Field[]): void {
  const encoded = c.encoder.encode(c.alterFields?.(fields, 'promise') ?? fields)
  const block = new Uint8Array(4 + encoded.length)
  new DataView(block.buffer).setUint32(0, promised.id)
  block.set(encoded, 4)
  writeBlock(c, PUSH_PROMISE, 0, on, block)
  c.streams.add(promised, 'send PUSH_PROMISE')
}

/** Cuts a field block into frames that the peer takes. RFC 9113 §4.3, §6.10 */
function writeBlock(c: Connection, type: number, flags: number, stream: number, block: Uint8Array): void {
  const most = c.remote.maxFrameSize
  if (block.length <= most) {
    c.out.frame(type, flags | END_HEADERS, stream, block)
    return
  }
  c.out.frame(type, flags, stream, block.subarray(0, most))
  for (let at = most; at < block.length; at += most) {
    const part = block.subarray(at, at + most)
    c.out.frame(CONTINUATION, at + most >= block.length ? END_HEADERS : 0, stream, part)
  }
}

/** Queues content, and perhaps the end of our message. */
export function queueData(c: Connection, stream: Stream, data: Uint8Array, end: boolean): void {
  if (stream.ending || !sends(stream.state)) return
  if (data.length > 0) {
    stream.queue.push(data)
    stream.queued += data.length
  }
  if (end) stream.ending = true
  if (data.length > 0 || end) c.wake(stream)
}

/** Queues the trailer section. RFC 9113 §8.1 */
export function queueTrailers(c: Connection, stream: Stream, fields: readonly Field[]): void {
  if (stream.ending || !sends(stream.state)) return
  // RFC 9113 §8.5
  if (stream.tunnel || (c.role === 'client' && stream.method === 'CONNECT'))
    throw new TypeError('a tunnel has no trailers')
  stream.trailers = fields
  stream.ending = true
  c.wake(stream)
}

/** How much content could go out at once on a stream: what its window, the connection's and our own bounds allow. */
export function capacity(c: Connection, stream: Stream): number {
  if (c.closed || !sends(stream.state) || stream.ending) return 0
  const room = credit(c, stream) - stream.queued
  return Math.max(0, Math.min(room, c.limits.dataAhead - c.out.length))
}

/** Makes frames of the content that waits, as far as flow control and our own bounds allow. RFC 9113 §6.9.1, RFC 9218 §10 */
export function pump(c: Connection): void {
  const { ready } = c
  const fair = c.keeps(rfc9218.incrementalShared)
  while (ready.length > 0 && c.out.length < c.limits.dataAhead) {
    const at = ready.length === 1 ? 0 : c.keeps(rfc9218.sameUrgencyInOrder) ? nextInTurn(ready) : ready.length - 1
    const stream = ready[at] as Stream
    const sent = sendNext(c, stream)
    const more = stream.queued > 0 || stream.ending
    if (sent && more && sends(stream.state) && (at === ready.length - 1 || !fair)) continue
    ready.splice(at, 1)
    if (sent && more && sends(stream.state)) ready.push(stream)
    else stream.ready = false
  }
}

/** Streams that the connection's window holds back come to life again. */
export function wakeBlocked(c: Connection): void {
  for (const stream of c.streams.live.values()) if (stream.queued > 0 || stream.ending) c.wake(stream)
}

/** Sends one frame of a stream, if it may; whether it did. */
function sendNext(c: Connection, stream: Stream): boolean {
  if (!sends(stream.state)) return false
  if (stream.queued === 0) return stream.ending && sendEnd(c, stream)
  const most = c.honours(rfc9113.frameWithinPeerLimit) ? Math.min(c.remote.maxFrameSize, 16384) : 0xffffff
  const length = Math.min(stream.queued, most, credit(c, stream))
  if (length <= 0) return false
  const end = stream.ending && stream.trailers === undefined && length === stream.queued
  c.out.header(length, DATA, end ? END_STREAM : 0, stream.id)
  take(c, stream, length)
  stream.sending.size -= length
  c.sending.size -= length
  c.allowances.windowUpdates.earn(2)
  if (end) ended(c, stream)
  return true
}

/** What both windows allow. RFC 9113 §6.9.1 */
function credit(c: Connection, stream: Stream): number {
  const ofStream = c.honours(rfc9113.streamWindowRespected) ? stream.sending.size : 0x7fffffff
  const ofConnection = c.honours(rfc9113.connectionWindowRespected) ? c.sending.size : 0x7fffffff
  // RFC 9113 §6.9.2: a deviant takes a negative window for a large one.
  const stops = c.honours(rfc9113.negativeWindowStopsSending)
  return Math.min(!stops && ofStream < 0 ? 0x7fffffff : ofStream, ofConnection)
}

/** Moves octets of the queue into the output. */
function take(c: Connection, stream: Stream, length: number): void {
  const { queue } = stream
  let left = length
  while (left > 0) {
    const first = queue[0] as Uint8Array
    const part = first.subarray(stream.sent, stream.sent + left)
    c.out.octets(part)
    left -= part.length
    stream.sent += part.length
    if (stream.sent === first.length) {
      queue.shift()
      stream.sent = 0
    }
  }
  stream.queued -= length
}

/** Everything is out but the end. An empty DATA frame needs no window. RFC 9113 §6.9.1 */
function sendEnd(c: Connection, stream: Stream): boolean {
  if (stream.trailers !== undefined) {
    sendHeaders(c, stream, stream.trailers, 'trailers', true)
    return true
  }
  if (!c.honours(rfc9113.emptyDataWithoutWindow) && credit(c, stream) <= 0) return false
  c.out.header(0, DATA, END_STREAM, stream.id)
  ended(c, stream)
  return true
}

/** Our message has ended. RFC 9113 §5.1, §8.1 */
function ended(c: Connection, stream: Stream): void {
  c.streams.move(stream, 'send END_STREAM')
  if (stream.stopWhenDone && stream.state !== 'closed') stopReceiving(c, stream)
}

/** Our message is out, and the rest of the peer's is not wanted. RFC 9113 §8.1 */
export function stopReceiving(c: Connection, stream: Stream): void {
  const code = c.honours(rfc9113.earlyResponseReset) ? NO_ERROR : CANCEL
  sendReset(c, stream.id, code)
  if (stream.announced) c.events.push({ kind: 'reset', stream: stream.id, code, by: 'us' })
}
