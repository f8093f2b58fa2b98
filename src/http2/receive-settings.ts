import type { Connection } from './connection.ts'
import { FLOW_CONTROL_ERROR, PROTOCOL_ERROR } from './error-codes.ts'
import { connectionError, overused, tooMuch } from './errors.ts'
import { ACK, type Frame } from './frame.ts'
import { sizeHolds, u32 } from './frame-size.ts'
import { limits, rfc8441, rfc9113, rfc9218 } from './rules.ts'
import { sendSettingsAck, sendWindowUpdate } from './send-control.ts'
import { wakeBlocked } from './send-message.ts'
import {
  ENABLE_CONNECT_PROTOCOL,
  ENABLE_PUSH,
  HEADER_TABLE_SIZE,
  INITIAL_WINDOW_SIZE,
  MAX_CONCURRENT_STREAMS,
  MAX_FRAME_SIZE,
  MAX_FRAME_SIZE_LIMIT,
  MAX_HEADER_LIST_SIZE,
  NO_RFC7540_PRIORITIES,
  settingName,
  WINDOW_SIZE_LIMIT,
} from './settings-parameters.ts'
import type { Stream } from './stream.ts'
import { receives } from './stream-state.ts'

/** RFC 9113 §6.5 */
export function receiveSettings(c: Connection, frame: Frame): void {
  const { stream, flags, payload } = frame
  if (stream !== 0 && c.honours(rfc9113.settingsOffStreamZero)) {
    connectionError(c, PROTOCOL_ERROR, 'SETTINGS on a stream')
    return
  }
  if ((flags & ACK) !== 0) {
    receiveSettingsAck(c, frame)
    return
  }
  // "Badly formed or incomplete" is a rule of its own, with the same answer for a length at fault. RFC 9113 §6.5
  const specific = c.honours(rfc9113.settingsMalformed) ? rfc9113.settingsLength : rfc9113.settingsMalformed
  if (!sizeHolds(c, frame, payload.length % 6 === 0, payload.length + 1, specific)) return
  if (overused(c, c.allowances.settings, 'SETTINGS frames', limits.survivesSettingsFlood)) return
  if (payload.length > 6 * c.limits.settingsParameters && c.honours(rfc9113.usageLimited)) {
    tooMuch(c, 'settings in a frame', limits.survivesSettingsChurn)
    return
  }
  c.settingsReceived++
  const bears = c.settingsReceived > 1 ? rfc9113.settingsAtAnyTime : rfc9113.emptyPrefaceSettings
  if (!c.honours(bears) && (c.settingsReceived > 1 || payload.length === 0)) {
    connectionError(c, PROTOCOL_ERROR, 'SETTINGS that a deviant does not bear')
    return
  }
  const settings = new Map<number, number>()
  for (let at = 0; at < payload.length; at += 6) {
    const id = ((payload[at] as number) << 8) | (payload[at + 1] as number)
    const value = u32(payload, at + 2)
    if (!apply(c, id, value, settings)) return
  }
  c.events.push({ kind: 'settings', settings })
  acknowledge(c)
}

/** RFC 9113 §6.5.3 */
function acknowledge(c: Connection): void {
  if (!c.honours(rfc9113.settingsAcknowledged)) return
  if (c.settingsReceived === 1 && !c.honours(rfc9113.prefaceSettingsAcknowledged)) return
  if (c.settingsReceived % 2 === 0 && !c.honours(rfc9113.settingsAckedEach)) return
  sendSettingsAck(c)
}

/** RFC 9113 §6.5.3 */
function receiveSettingsAck(c: Connection, frame: Frame): void {
  if (!sizeHolds(c, frame, frame.payload.length === 0, 0, rfc9113.settingsAckEmpty)) return
  if (!c.honours(rfc9113.settingsAckNotAnswered)) sendSettingsAck(c)
  const before = c.own.acknowledged.initialWindowSize
  const settings = c.own.acknowledge()
  if (settings === undefined) return
  const difference = c.own.acknowledged.initialWindowSize - before
  if (difference !== 0) for (const stream of c.streams.live.values()) adjustReceiving(c, stream, difference)
  const table = settings.get(HEADER_TABLE_SIZE)
  if (table !== undefined && c.honours(rfc9113.tableSizeUpdateMissing)) c.decoder.setTableLimit(table)
  c.events.push({ kind: 'settings acknowledged' })
}

/** Credit that was not worth a frame of a large window may be all that a small one lacks. RFC 9113 §6.9.2 */
function adjustReceiving(c: Connection, { id, state, receiving }: Stream, difference: number): void {
  receiving.adjust(difference)
  if (receives(state)) sendWindowUpdate(c, id, receiving.consume(0))
}

/** Checks a value and puts it in force; false when the connection is over. RFC 9113 §6.5.2 */
function apply(c: Connection, id: number, value: number, seen: Map<number, number>): boolean {
  const fault = faultOf(c, id, value)
  if (fault !== undefined) {
    connectionError(c, fault, `${settingName(id)} ${value}`)
    return false
  }
  const again = seen.has(id)
  if (!again || c.honours(rfc9113.settingsLastValueWins)) seen.set(id, value)
  if (!c.keeps(rfc9113.settingsApplied, rfc9113.settingsAllSupported)) return true
  if (again && !c.keeps(rfc9113.settingsLastValueWins, rfc9113.settingsInOrder)) return true
  // Only a deviant comes this far with more.
  const window = Math.min(value, WINDOW_SIZE_LIMIT)
  if (id === INITIAL_WINDOW_SIZE && !adjustWindows(c, window - c.remote.initialWindowSize)) return false
  if (id === HEADER_TABLE_SIZE && c.honours(rfc9113.tableSizeUpdateAfterReduction)) c.encoder.setTableSize(value)
  // What a deviant lets pass out of range does not leave it without a size to send.
  if (id === MAX_FRAME_SIZE) c.remote.apply(id, Math.min(Math.max(value, 16384), MAX_FRAME_SIZE_LIMIT))
  else c.remote.apply(id, id === INITIAL_WINDOW_SIZE ? window : value)
  return true
}

/** The error code that a value deserves, if any. RFC 9113 §6.5.2, RFC 9218 §2.1 */
function faultOf(c: Connection, id: number, value: number): number | undefined {
  const { honours } = c
  if (id === MAX_HEADER_LIST_SIZE && !honours(rfc9113.settingsAllSupported)) return PROTOCOL_ERROR
  switch (id) {
    case ENABLE_PUSH:
      if (value > 1 && c.keeps(rfc9113.enablePushRange)) return PROTOCOL_ERROR
      if (value === 1 && c.role === 'client' && honours(rfc9113.serverEnablePushOne)) return PROTOCOL_ERROR
      return undefined
    case MAX_CONCURRENT_STREAMS:
      return value === 0 && !honours(rfc9113.zeroConcurrencyNotSpecial) ? PROTOCOL_ERROR : undefined
    case INITIAL_WINDOW_SIZE:
      return value > WINDOW_SIZE_LIMIT && honours(rfc9113.initialWindowTooLarge) ? FLOW_CONTROL_ERROR : undefined
    case MAX_FRAME_SIZE: {
      const within = value >= 16384 && value <= MAX_FRAME_SIZE_LIMIT
      return !within && honours(rfc9113.maxFrameSizeOutOfRange) ? PROTOCOL_ERROR : undefined
    }
    case ENABLE_CONNECT_PROTOCOL:
      return c.role === 'server' && !honours(rfc8441.enableConnectProtocolFromClient) ? PROTOCOL_ERROR : undefined
    case NO_RFC7540_PRIORITIES: {
      if (value > 1 && honours(rfc9218.noPrioritiesRange)) return PROTOCOL_ERROR
      const changed = c.settingsReceived > 1 && value !== (c.remote.noPriorities ?? 0)
      return changed && honours(rfc9218.noPrioritiesChanged) ? PROTOCOL_ERROR : undefined
    }
    default: {
      const known = id >= 1 && id <= 6
      const ignores = c.keeps(rfc9113.unknownSettingIgnored, rfc9113.unknownValueIgnored)
      return known || ignores ? undefined : PROTOCOL_ERROR
    }
  }
}

/** A new SETTINGS_INITIAL_WINDOW_SIZE moves the windows of the streams by the difference. RFC 9113 §6.9.2 */
function adjustWindows(c: Connection, difference: number): boolean {
  if (!c.honours(rfc9113.initialWindowLeavesConnection)) c.sending.size += difference
  if (!c.honours(rfc9113.initialWindowAdjustsStreams)) return true
  for (const { sending } of c.streams.live.values()) {
    // A deviant has the limit wrong by one, then forgets it.
    const limit = c.honours(rfc9113.initialWindowOverflow)
    const size = sending.size + difference
    if (limit ? size > WINDOW_SIZE_LIMIT : size === WINDOW_SIZE_LIMIT) {
      connectionError(c, FLOW_CONTROL_ERROR, 'SETTINGS make the window of a stream exceed 2^31-1')
      return false
    }
    sending.size = Math.min(sending.size + difference, WINDOW_SIZE_LIMIT)
    if (sending.size < 0 && !c.honours(rfc9113.negativeWindowTracked)) sending.size = 0
  }
  wakeBlocked(c)
  return true
}
