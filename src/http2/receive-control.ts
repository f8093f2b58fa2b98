import type { Connection } from './connection.ts'
import {
  errorCodeName,
  FRAME_SIZE_ERROR,
  NO_ERROR,
  PROTOCOL_ERROR,
  REFUSED_STREAM,
  STREAM_CLOSED,
} from './error-codes.ts'
import { connectionError, overused } from './errors.ts'
import { ACK, type Frame } from './frame.ts'
import { sizeHolds, u32 } from './frame-size.ts'
import { limits, rfc9113 } from './rules.ts'
import { abandon, sendGoaway, sendPing, sendReset } from './send-control.ts'

const ZEROS = new Uint8Array(8)
/** What our own PING of a graceful shutdown carries. */
export const SHUTDOWN_PING: Uint8Array = new TextEncoder().encode('shutdown')
/** And one that asks a silent peer whether it is still there. */
export const IDLE_PING: Uint8Array = new TextEncoder().encode('anybody?')

/** RFC 9113 §6.7 */
export function receivePing(c: Connection, frame: Frame): void {
  const { stream, flags, payload } = frame
  if (stream !== 0) {
    if (!c.honours(rfc9113.pingOffStreamZero)) return
    connectionError(c, PROTOCOL_ERROR, 'PING on a stream')
    return
  }
  if (!sizeHolds(c, frame, payload.length === 8, 8, rfc9113.pingLength)) return
  if ((flags & ACK) !== 0) {
    if (!c.honours(rfc9113.pingAckNotAnswered)) sendPing(c, ACK, payload)
    if (c.shutdown === 'announced' && equal(payload, SHUTDOWN_PING)) finalGoaway(c)
    else if (!equal(payload, IDLE_PING)) c.events.push({ kind: 'pong', payload })
    return
  }
  if (overused(c, c.allowances.pings, 'PING frames', limits.survivesPingFlood)) return
  if (!c.honours(rfc9113.pingAnswered)) return
  // A deviant takes PING to be flow-controlled. RFC 9113 §5.2.1
  if (c.remote.initialWindowSize === 0 && !c.honours(rfc9113.onlyDataFlowControlled)) return
  sendPing(c, ACK, c.honours(rfc9113.pingEchoed) ? payload : ZEROS)
}

function equal(a: Uint8Array, b: Uint8Array): boolean {
  return a.every((octet, i) => octet === b[i])
}

/** The second GOAWAY of a graceful shutdown names the real last stream. RFC 9113 §6.8 */
export function finalGoaway(c: Connection): void {
  c.shutdown = 'final'
  c.shutdownDeadline = (c.now ?? 0) + c.limits.shutdownTimeout
  // A deviant of a client leaves without a word.
  if (c.role === 'client' && !c.keeps(rfc9113.goawayBeforeClose, rfc9113.goawayAnsweredBeforeClose)) return
  sendGoaway(c, c.streams.peer.last, NO_ERROR)
}

/** RFC 9113 §6.8 */
export function receiveGoaway(c: Connection, frame: Frame): void {
  const { stream, payload } = frame
  if (stream !== 0) {
    if (!c.honours(rfc9113.goawayOffStreamZero)) return
    connectionError(c, PROTOCOL_ERROR, 'GOAWAY on a stream')
    return
  }
  if (!sizeHolds(c, frame, payload.length >= 8, 8)) return
  if (payload.length > 8 && !c.honours(rfc9113.goawayDebugData)) {
    connectionError(c, FRAME_SIZE_ERROR, 'GOAWAY with debug data')
    return
  }
  if (c.goawayReceived !== undefined && !c.honours(rfc9113.goawaySeveral)) {
    connectionError(c, PROTOCOL_ERROR, 'a second GOAWAY')
    return
  }
  const code = u32(payload, 4)
  if (unknownCode(c, code)) return
  const lastStream = u32(payload, 0) & 0x7fffffff
  c.goawayReceived = { lastStream, code }
  c.shutdownDeadline ??= (c.now ?? 0) + c.limits.shutdownTimeout
  c.events.push({ kind: 'goaway', lastStream, code, debug: payload.slice(8, 8 + 1024) })
  if (!c.honours(rfc9113.goawayFinishesStreams)) {
    connectionError(c, NO_ERROR, 'the peer goes away')
    return
  }
  // What the peer has not processed and will not is over, and may be asked for elsewhere. RFC 9113 §6.8, §8.7
  for (const own of [...c.streams.live.values()]) {
    if (!c.streams.isOwn(own.id) || own.id <= lastStream) continue
    abandon(c, own)
    c.streams.move(own, 'receive RST_STREAM')
    c.events.push({ kind: 'reset', stream: own.id, code: REFUSED_STREAM, by: 'peer' })
  }
}

/** RFC 9113 §7 */
function unknownCode(c: Connection, code: number): boolean {
  if (code <= 0x0d || c.keeps(rfc9113.unknownErrorCode, rfc9113.unknownValueIgnored)) return false
  connectionError(c, PROTOCOL_ERROR, errorCodeName(code))
  return true
}

/** RFC 9113 §6.4 */
export function receiveReset(c: Connection, frame: Frame): void {
  const { stream: id, payload } = frame
  if (id === 0) {
    if (!c.honours(rfc9113.resetOnStreamZero)) return
    connectionError(c, PROTOCOL_ERROR, 'RST_STREAM on stream 0')
    return
  }
  if (!sizeHolds(c, frame, payload.length === 4, 4, rfc9113.resetLength)) return
  const state = c.streams.state(id)
  if (state === 'idle') {
    if (!c.keeps(rfc9113.resetOnIdle, rfc9113.idleStreamFrame, rfc9113.frameNotPermittedInState)) return
    connectionError(c, PROTOCOL_ERROR, 'RST_STREAM on an idle stream')
    return
  }
  const code = u32(payload, 0)
  if (unknownCode(c, code)) return
  if (overused(c, c.allowances.resets, 'RST_STREAM frames', limits.survivesRapidReset)) return
  if (!c.honours(rfc9113.noResetForReset)) sendReset(c, id, STREAM_CLOSED)
  const stream = c.streams.live.get(id)
  if (stream === undefined) {
    const late = c.streams.closing(id) !== 'reset sent' || c.honours(rfc9113.resetStreamLateFrame)
    const kept = code !== NO_ERROR || c.honours(rfc9113.earlyResponseKept)
    if (!kept || !late || !c.honours(rfc9113.closedStreamLateFrame))
      connectionError(c, STREAM_CLOSED, 'RST_STREAM on a closed stream')
    return
  }
  if (!c.honours(rfc9113.resetEndsSending)) return
  abandon(c, stream)
  c.streams.move(stream, 'receive RST_STREAM')
  if (stream.announced) c.events.push({ kind: 'reset', stream: id, code, by: 'peer' })
}
