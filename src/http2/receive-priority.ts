import type { Connection } from './connection.ts'
import { FRAME_SIZE_ERROR, PROTOCOL_ERROR, STREAM_CLOSED } from './error-codes.ts'
import { connectionError, overused, streamError } from './errors.ts'
import type { Frame } from './frame.ts'
import { sizeHolds, u32 } from './frame-size.ts'
import { parsePriority } from './priority.ts'
import { limits, rfc9113, rfc9218 } from './rules.ts'
import { Stream } from './stream.ts'

/** Checked, and otherwise ignored: the scheme is deprecated. RFC 9113 §5.3.2, §6.3 */
export function receivePriority(c: Connection, { stream, payload }: Frame): void {
  if (stream === 0) {
    if (!c.honours(rfc9113.priorityOnStreamZero)) return
    connectionError(c, PROTOCOL_ERROR, 'PRIORITY on stream 0')
    return
  }
  if (payload.length !== 5) {
    if (!c.keeps(...[rfc9113.priorityLength, ...(payload.length < 5 ? [rfc9113.frameTooShort] : [])])) return
    streamError(c, stream, FRAME_SIZE_ERROR, `PRIORITY of ${payload.length} octets`)
    return
  }
  if (overused(c, c.allowances.priorities, 'PRIORITY frames', limits.survivesPriorityChurn)) return
  const state = c.streams.state(stream)
  if (!c.honours(rfc9113.closedStreamPriority)) {
    connectionError(c, STREAM_CLOSED, 'PRIORITY on a stream')
    return
  }
  if (state === 'idle' && !c.honours(rfc9113.priorityLeavesState) && !c.streams.isOwn(stream)) {
    c.streams.add(
      new Stream(stream, c.remote.initialWindowSize, c.own.acknowledged.initialWindowSize),
      'receive HEADERS',
    )
  }
}

/** RFC 9218 §7.1 */
export function receivePriorityUpdate(c: Connection, frame: Frame): void {
  const { stream, payload } = frame
  if (c.role === 'client') {
    if (!c.honours(rfc9218.priorityUpdateToClient)) return
    connectionError(c, PROTOCOL_ERROR, 'PRIORITY_UPDATE from a server')
    return
  }
  if (stream !== 0) {
    if (!c.honours(rfc9218.priorityUpdateOffStreamZero)) return
    connectionError(c, PROTOCOL_ERROR, 'PRIORITY_UPDATE on a stream')
    return
  }
  if (!sizeHolds(c, frame, payload.length >= 4, 4, rfc9218.priorityUpdateTooShort)) return
  if (overused(c, c.allowances.priorities, 'PRIORITY_UPDATE frames', limits.survivesPriorityChurn)) return
  const id = u32(payload, 0) & 0x7fffffff
  if (id === 0) {
    if (!c.honours(rfc9218.priorityUpdateOfStreamZero)) return
    connectionError(c, PROTOCOL_ERROR, 'PRIORITY_UPDATE of stream 0')
    return
  }
  const state = c.streams.state(id)
  if (state === 'idle' && c.streams.isOwn(id)) {
    if (!c.honours(rfc9218.priorityUpdateOfIdlePush)) return
    connectionError(c, PROTOCOL_ERROR, 'PRIORITY_UPDATE of an idle push stream')
    return
  }
  const priority = parsePriority(Buffer.from(payload.subarray(4, 4 + 256)).toString('latin1'))
  if (priority === undefined) {
    if (!c.honours(rfc9218.priorityUpdateUnparsable)) return
    connectionError(c, PROTOCOL_ERROR, 'PRIORITY_UPDATE that is no dictionary')
    return
  }
  const live = c.streams.live.get(id)
  if (live !== undefined) live.priority = priority
  if (state !== 'idle') return
  // Those that were skipped will not be opened any more.
  for (const kept of c.priorities.keys()) if (c.streams.state(kept) !== 'idle') c.priorities.delete(kept)
  c.priorities.set(id, priority)
  if (c.priorities.size + c.streams.peer.active <= c.limits.concurrentStreams) return
  if (c.honours(rfc9218.priorityUpdatesBeyondLimit)) {
    connectionError(c, PROTOCOL_ERROR, 'PRIORITY_UPDATE of more streams than may be open')
  } else c.priorities.delete(id)
}
