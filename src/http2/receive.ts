import { honoursAll } from '../conformance/rule.ts'
import type { Connection, FieldBlock } from './connection.ts'
import { FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, PROTOCOL_ERROR } from './error-codes.ts'
import { connectionError, overused } from './errors.ts'
import {
  CONTINUATION,
  DATA,
  definedFlags,
  type Frame,
  type FrameHeader,
  frameTypeName,
  GOAWAY,
  HEADERS,
  PING,
  PRIORITY,
  PRIORITY_UPDATE,
  PUSH_PROMISE,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from './frame.ts'
import { receiveGoaway, receivePing, receiveReset } from './receive-control.ts'
import { receiveData } from './receive-data.ts'
import { receiveContinuation, receiveHeaders, receivePushPromise } from './receive-field-block.ts'
import { receivePriority, receivePriorityUpdate } from './receive-priority.ts'
import { receiveSettings } from './receive-settings.ts'
import { receiveWindowUpdate } from './receive-window-update.ts'
import { limits, rfc9113 } from './rules.ts'
import { sendReset } from './send-control.ts'

/** Takes in all whole frames that have come, until there are no more or the connection is over. */
export function receiveFrames(c: Connection): void {
  const { reader } = c
  for (;;) {
    const header = reader.pendingHeader
    if (header === undefined || !sizeAllowed(c, header)) return
    if (!c.honours(rfc9113.readsPromptly) && header.type !== SETTINGS && blocked(c)) return
    const frame = reader.next()
    if (frame === undefined) return
    receiveFrame(c, frame)
    if (c.closed || c.wedged) return
  }
}

/** A frame's length is refused before its payload is waited for. RFC 9113 §4.2 */
function sizeAllowed(c: Connection, header: FrameHeader): boolean {
  const most = c.honours(rfc9113.frameOfDefaultSizeAccepted) ? c.own.maxFrameSize : 8192
  if (header.length <= most) return true
  if (!c.honours(rfc9113.frameTooLarge)) return true
  refuseSize(c, header)
  return !c.closed
}

const FIELD_BLOCK_TYPES: ReadonlySet<number> = new Set([HEADERS, PUSH_PROMISE, CONTINUATION])

/** Answers a frame of a wrong size: as one that may alter the state of the connection. RFC 9113 §4.2 */
function refuseSize(c: Connection, { type, stream, length }: Omit<FrameHeader, 'flags' | 'reserved'>): void {
  const why = `${frameTypeName(type)} of ${length} octets`
  if (FIELD_BLOCK_TYPES.has(type) && stream !== 0 && !c.honours(rfc9113.frameSizeErrorOnFieldBlock)) {
    sendReset(c, stream, FRAME_SIZE_ERROR)
  } else if (stream !== 0 || c.honours(rfc9113.frameSizeErrorOnStreamZero)) connectionError(c, FRAME_SIZE_ERROR, why)
}

/** For a deviant that does not read while it cannot write. */
function blocked(c: Connection): boolean {
  for (const stream of c.streams.live.values()) if (stream.queued > 0 && stream.sending.size <= 0) return true
  return false
}

const KNOWN: Readonly<Record<number, (c: Connection, frame: Frame) => void>> = {
  [DATA]: receiveData,
  [HEADERS]: receiveHeaders,
  [PRIORITY]: receivePriority,
  [RST_STREAM]: receiveReset,
  [SETTINGS]: receiveSettings,
  [PUSH_PROMISE]: receivePushPromise,
  [PING]: receivePing,
  [GOAWAY]: receiveGoaway,
  [WINDOW_UPDATE]: receiveWindowUpdate,
  [CONTINUATION]: receiveContinuation,
  [PRIORITY_UPDATE]: receivePriorityUpdate,
}

function receiveFrame(c: Connection, frame: Frame): void {
  const { type, flags, stream } = frame
  if (frame.reserved === 1 && !c.honours(rfc9113.reservedBitIgnored)) {
    connectionError(c, PROTOCOL_ERROR, 'the reserved bit is set')
    return
  }
  const refusal = c.honours === honoursAll ? undefined : deviantRefusal(c, frame)
  if (refusal !== undefined) {
    connectionError(c, refusal, 'a frame that a deviant does not bear')
    return
  }
  const known = KNOWN[type]
  if (c.block !== undefined && !(type === CONTINUATION && continues(c, c.block, stream))) {
    if (interruptionRefused(c, known !== undefined)) {
      connectionError(c, PROTOCOL_ERROR, `${frameTypeName(type)} inside the field block of another frame`)
      return
    }
  }
  if (known === undefined) {
    receiveUnknown(c, frame)
    return
  }
  if ((flags & ~definedFlags(type)) !== 0 && !c.honours(rfc9113.unusedFlagsIgnored)) {
    connectionError(c, PROTOCOL_ERROR, 'a flag without meaning is set')
    return
  }
  known(c, frame)
}

/** The error code of what a deviant does not bear, if this is it. RFC 9113 §3.4, §6.9 */
function deviantRefusal(c: Connection, { type, flags }: Frame): number | undefined {
  const early = c.own.waitingSince !== undefined && type !== SETTINGS
  if (early && !c.honours(rfc9113.clientFramesBeforeServerPreface)) return PROTOCOL_ERROR
  if (type === DATA || c.honours(rfc9113.exemptFramesAccepted)) return undefined
  let empty = c.receiving.size <= 0
  for (const { receiving } of c.streams.live.values()) empty ||= receiving.size <= 0
  return empty && (type !== SETTINGS || (flags & 1) === 0) ? FLOW_CONTROL_ERROR : undefined
}

/** A deviant takes CONTINUATION on stream 0 for one of the block's own stream. RFC 9113 §6.10 */
function continues(c: Connection, block: FieldBlock, stream: number): boolean {
  return stream === block.stream || (stream === 0 && !c.honours(rfc9113.continuationOnStreamZero))
}

/** A field block is to come whole before anything else. RFC 9113 §6.2, §6.6, §6.10, §5.5 */
function interruptionRefused(c: Connection, known: boolean): boolean {
  const block = c.block
  if (block === undefined) return false
  if (!known && !c.honours(rfc9113.unknownFrameInFieldBlock)) return false
  if (block.continuations > 0) return c.honours(rfc9113.continuationInterrupted)
  return c.honours(block.promised === undefined ? rfc9113.headersBlockInterrupted : rfc9113.promiseBlockInterrupted)
}

/** RFC 9113 §5.5 */
function receiveUnknown(c: Connection, frame: Frame): void {
  if (!c.keeps(rfc9113.unknownFrameDiscarded, rfc9113.unknownValueIgnored)) {
    connectionError(c, PROTOCOL_ERROR, frameTypeName(frame.type))
    return
  }
  overused(c, c.allowances.unknownFrames, 'frames of unknown types', limits.survivesUnknownFrameFlood)
}
