import type { Rule } from '../conformance/rule.ts'
import type { Connection } from './connection.ts'
import { FRAME_SIZE_ERROR } from './error-codes.ts'
import { connectionError } from './errors.ts'
import { type Frame, frameTypeName } from './frame.ts'
import { rfc9113 } from './rules.ts'

/**
 * Whether a payload has the size that its type demands; `specific` is the type's own rule of it, if it has one. If not, the
 * connection is over; a deviant drops the frame. RFC 9113 §4.2
 */
export function sizeHolds(c: Connection, frame: Frame, holds: boolean, least: number, specific?: Rule): boolean {
  if (holds) return true
  const { payload, stream, type } = frame
  const rules = specific === undefined ? [] : [specific]
  if (payload.length < least) rules.push(rfc9113.frameTooShort)
  if (stream === 0) rules.push(rfc9113.frameSizeErrorOnStreamZero)
  if (c.keeps(...rules)) connectionError(c, FRAME_SIZE_ERROR, `${frameTypeName(type)} of ${payload.length} octets`)
  return false
}

/** The 32-bit integer at an offset. */
export function u32(octets: Uint8Array, at: number): number {
  const low = ((octets[at + 1] as number) << 16) | ((octets[at + 2] as number) << 8) | (octets[at + 3] as number)
  return (octets[at] as number) * 0x1000000 + low
}
