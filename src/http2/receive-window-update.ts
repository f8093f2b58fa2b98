import type { Rule } from '../conformance/rule.ts'
import type { Connection } from './connection.ts'
import { FLOW_CONTROL_ERROR, PROTOCOL_ERROR, STREAM_CLOSED } from './error-codes.ts'
import { connectionError, overused, streamError } from './errors.ts'
import type { SendWindow } from './flow-control.ts'
import type { Frame } from './frame.ts'
import { sizeHolds, u32 } from './frame-size.ts'
import { limits, rfc9113 } from './rules.ts'
import { wakeBlocked } from './send-message.ts'
import { WINDOW_SIZE_LIMIT } from './settings-parameters.ts'

/** RFC 9113 §6.9 */
export function receiveWindowUpdate(c: Connection, frame: Frame): void {
  const { stream: id, payload } = frame
  if (!sizeHolds(c, frame, payload.length === 4, 4, rfc9113.windowUpdateLength)) return
  const word = u32(payload, 0)
  if (word > 0x7fffffff && !c.honours(rfc9113.windowReservedBitIgnored)) {
    connectionError(c, PROTOCOL_ERROR, 'the reserved bit of a window increment is set')
    return
  }
  const increment = word & 0x7fffffff
  if (overused(c, c.allowances.windowUpdates, 'WINDOW_UPDATE frames', limits.survivesWindowUpdateFlood)) return
  if (id === 0) {
    widenConnection(c, increment)
    return
  }
  const state = c.streams.state(id)
  if (state === 'idle') {
    if (!c.keeps(rfc9113.idleStreamFrame, rfc9113.frameNotPermittedInState)) return
    connectionError(c, PROTOCOL_ERROR, 'WINDOW_UPDATE on an idle stream')
    return
  }
  if (state === 'closed') {
    if (c.keeps(rfc9113.windowUpdateOnClosed, rfc9113.closedStreamLateFrame)) return
    connectionError(c, STREAM_CLOSED, 'WINDOW_UPDATE on a closed stream')
    return
  }
  if (state === 'reserved (remote)' && c.honours(rfc9113.reservedRemoteOther)) {
    connectionError(c, PROTOCOL_ERROR, 'WINDOW_UPDATE on a promised stream')
    return
  }
  if (state === 'half-closed (remote)' && !c.honours(rfc9113.windowUpdateOnHalfClosed)) {
    streamError(c, id, STREAM_CLOSED, 'WINDOW_UPDATE on a half-closed stream')
    return
  }
  widenStream(c, id, increment)
}

/** A deviant has the limit wrong by one, then forgets it. RFC 9113 §6.9.1 */
function onEdge(c: Connection, window: SendWindow, increment: number, rule: Rule): boolean {
  return !c.honours(rule) && window.size + increment === WINDOW_SIZE_LIMIT
}

function widenConnection(c: Connection, increment: number): void {
  if (increment === 0) {
    if (!c.honours(rfc9113.windowIncrementZeroOnConnection)) return
    connectionError(c, PROTOCOL_ERROR, 'WINDOW_UPDATE with increment 0')
    return
  }
  if (onEdge(c, c.sending, increment, rfc9113.connectionWindowOverflow)) {
    connectionError(c, FLOW_CONTROL_ERROR, 'the window of the connection is 2^31-1')
    return
  }
  if (!c.sending.widen(credited(c, increment))) {
    if (!c.honours(rfc9113.connectionWindowOverflow)) return
    connectionError(c, FLOW_CONTROL_ERROR, 'the window of the connection exceeds 2^31-1')
    return
  }
  wakeBlocked(c)
}

function widenStream(c: Connection, id: number, increment: number): void {
  const stream = c.streams.live.get(id)
  if (stream === undefined) return
  if (increment === 0) {
    if (!c.honours(rfc9113.windowIncrementZero)) return
    streamError(c, id, PROTOCOL_ERROR, 'WINDOW_UPDATE with increment 0')
    return
  }
  if (onEdge(c, stream.sending, increment, rfc9113.streamWindowOverflow)) {
    streamError(c, id, FLOW_CONTROL_ERROR, 'the window of a stream is 2^31-1')
    return
  }
  if (!stream.sending.widen(credited(c, increment))) {
    if (!c.honours(rfc9113.streamWindowOverflow)) return
    streamError(c, id, FLOW_CONTROL_ERROR, 'the window of a stream exceeds 2^31-1')
    return
  }
  if (stream.queued > 0 || stream.ending) c.wake(stream)
}

/** A deviant takes any credit for that of a whole window. RFC 9113 §6.9.1 */
function credited(c: Connection, increment: number): number {
  return c.honours(rfc9113.windowUpdateResumes) ? increment : Math.max(increment, 65535)
}
