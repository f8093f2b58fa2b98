import { Writer } from '../wire/writer.ts'
import {
  ACK,
  ALTSVC,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  type Frame,
  frame,
  GOAWAY,
  HEADER_OCTETS,
  HEADERS,
  ORIGIN,
  PADDED,
  PING,
  PRIORITY,
  PRIORITY_FLAG,
  PRIORITY_UPDATE,
  PUSH_PROMISE,
  RST_STREAM,
  reservedStream,
  SETTINGS,
  WINDOW_UPDATE,
} from './frame.ts'
import { type Parameter, type PriorityFields, parameters, priorityFields } from './payload.ts'

/*
 * Each function makes a frame. Nothing is checked but that values fit their fields, so that frames can be made that no
 * good peer would send: DATA on stream 0, a PING of 5 octets.
 */

/** What can be set of every frame. */
export interface FrameOptions {
  /** More flags, over those that the other options set. */
  readonly flags?: number
  /** The bit before the stream identifier. */
  readonly reserved?: 0 | 1
}

/** Padding: how many octets of zeros, or the octets themselves. Even none at all sets PADDED. RFC 9113 §6.1 */
export type Padding = number | Uint8Array

interface PaddedOptions extends FrameOptions {
  readonly padding?: Padding
}

/** RFC 9113 §6.1 */
export function data(
  stream: number,
  octets: Uint8Array | string,
  options: PaddedOptions & { readonly endStream?: boolean } = {},
): Frame {
  const content = typeof octets === 'string' ? Buffer.from(octets) : octets
  const flags = options.endStream ? END_STREAM : 0
  return padded(DATA, flags, stream, content, options)
}

/** RFC 9113 §6.2; END_HEADERS is set unless `endHeaders` is false. */
export function headers(
  stream: number,
  block: Uint8Array,
  options: PaddedOptions & {
    readonly endStream?: boolean
    readonly endHeaders?: boolean
    readonly priority?: PriorityOptions
  } = {},
): Frame {
  const { endStream = false, endHeaders = true, priority: fields } = options
  const flags = (endStream ? END_STREAM : 0) | (endHeaders ? END_HEADERS : 0) | (fields ? PRIORITY_FLAG : 0)
  const content = written(writer => {
    if (fields) priorityFields.write(writer, { ...priorityDefaults, ...fields })
    writer.octets(block)
  })
  return padded(HEADERS, flags, stream, content, options)
}

/** Priority fields, of which those left out are as if none had been sent. RFC 7540 §5.3.5 */
export type PriorityOptions = Partial<PriorityFields>

/** RFC 7540 §5.3.5: weight 16, which is written as 15. */
const priorityDefaults: PriorityFields = { exclusive: 0, dependency: 0, weight: 15 }

/** RFC 9113 §6.3 */
export function priority(stream: number, fields: PriorityOptions, options: FrameOptions = {}): Frame {
  const payload = written(writer => priorityFields.write(writer, { ...priorityDefaults, ...fields }))
  return plain(PRIORITY, 0, stream, payload, options)
}

/** RFC 9113 §6.4 */
export function rstStream(stream: number, code: number, options: FrameOptions = {}): Frame {
  const payload = written(writer => writer.u32(code))
  return plain(RST_STREAM, 0, stream, payload, options)
}

/** RFC 9113 §6.5 */
export function settings(
  list: readonly (readonly [id: number, value: number])[] = [],
  options: FrameOptions & { readonly stream?: number } = {},
): Frame {
  const payload = written(writer =>
    parameters.write(
      writer,
      list.map(([id, value]): Parameter => ({ id, value })),
    ),
  )
  return plain(SETTINGS, 0, options.stream ?? 0, payload, options)
}

/** RFC 9113 §6.5.3 */
export function settingsAck(options: FrameOptions & { readonly stream?: number } = {}): Frame {
  return plain(SETTINGS, ACK, options.stream ?? 0, new Uint8Array(0), options)
}

/** RFC 9113 §6.6; END_HEADERS is set unless `endHeaders` is false. */
export function pushPromise(
  stream: number,
  promised: number,
  block: Uint8Array,
  options: PaddedOptions & { readonly endHeaders?: boolean; readonly promisedReserved?: 0 | 1 } = {},
): Frame {
  const { endHeaders = true, promisedReserved = 0 } = options
  const content = written(writer => {
    reservedStream.write(writer, { reserved: promisedReserved, stream: promised })
    writer.octets(block)
  })
  return padded(PUSH_PROMISE, endHeaders ? END_HEADERS : 0, stream, content, options)
}

/** RFC 9113 §6.7; 8 octets, by default zeros. */
export function ping(
  opaque: Uint8Array = new Uint8Array(8),
  options: FrameOptions & { readonly ack?: boolean; readonly stream?: number } = {},
): Frame {
  return plain(PING, options.ack ? ACK : 0, options.stream ?? 0, opaque, options)
}

/** RFC 9113 §6.8; debug data that is a string is written in UTF-8. */
export function goaway(
  lastStream: number,
  code: number,
  debug: Uint8Array | string = '',
  options: FrameOptions & { readonly stream?: number } = {},
): Frame {
  const payload = written(writer => {
    reservedStream.write(writer, { reserved: 0, stream: lastStream })
    writer.u32(code)
    writer.octets(typeof debug === 'string' ? Buffer.from(debug) : debug)
  })
  return plain(GOAWAY, 0, options.stream ?? 0, payload, options)
}

/** RFC 9113 §6.9; the increment has 31 bits. */
export function windowUpdate(stream: number, increment: number, options: FrameOptions = {}): Frame {
  const payload = written(writer => reservedStream.write(writer, { reserved: 0, stream: increment }))
  return plain(WINDOW_UPDATE, 0, stream, payload, options)
}

/** RFC 9113 §6.10; END_HEADERS is set unless `endHeaders` is false. */
export function continuation(
  stream: number,
  block: Uint8Array,
  options: FrameOptions & { readonly endHeaders?: boolean } = {},
): Frame {
  return plain(CONTINUATION, (options.endHeaders ?? true) ? END_HEADERS : 0, stream, block, options)
}

/** RFC 9218 §7.1; on stream 0, about `prioritized`, for example `priorityUpdate(1, 'u=2, i')`. */
export function priorityUpdate(
  prioritized: number,
  value: string,
  options: FrameOptions & { readonly stream?: number } = {},
): Frame {
  const payload = written(writer => {
    reservedStream.write(writer, { reserved: 0, stream: prioritized })
    writer.latin1(value)
  })
  return plain(PRIORITY_UPDATE, 0, options.stream ?? 0, payload, options)
}

/** RFC 7838 §4 */
export function altsvc(stream: number, origin: string, value: string, options: FrameOptions = {}): Frame {
  const payload = written(writer => {
    writer.u16(origin.length)
    writer.latin1(origin)
    writer.latin1(value)
  })
  return plain(ALTSVC, 0, stream, payload, options)
}

/** RFC 8336 §2 */
export function origin(origins: readonly string[], options: FrameOptions & { readonly stream?: number } = {}): Frame {
  const payload = written(writer => {
    for (const each of origins) {
      writer.u16(each.length)
      writer.latin1(each)
    }
  })
  return plain(ORIGIN, 0, options.stream ?? 0, payload, options)
}

/** The octets of a frame whose length field may say something else than the payload has. RFC 9113 §4.1 */
export function rawFrame(given: {
  readonly type: number
  readonly flags?: number
  readonly stream?: number
  readonly reserved?: 0 | 1
  readonly payload?: Uint8Array
  readonly length?: number
}): Uint8Array {
  const { type, flags = 0, stream = 0, reserved = 0, payload = new Uint8Array(0) } = given
  const writer = new Writer(HEADER_OCTETS + payload.length)
  frame.write(writer, { type, flags, stream, reserved, payload })
  if (given.length !== undefined) writer.patch(0, 3, given.length)
  return writer.finish()
}

/** All these one after the other. */
export function octetsOf(...frames: readonly (Frame | Uint8Array)[]): Uint8Array {
  let length = 0
  for (const each of frames) length += each instanceof Uint8Array ? each.length : HEADER_OCTETS + each.payload.length
  const writer = new Writer(length)
  for (const each of frames) {
    if (each instanceof Uint8Array) writer.octets(each)
    else frame.write(writer, each)
  }
  return writer.finish()
}

function plain(type: number, flags: number, stream: number, payload: Uint8Array, options: FrameOptions): Frame {
  return { type, flags: flags | (options.flags ?? 0), stream, reserved: options.reserved ?? 0, payload }
}

/** RFC 9113 §6.1 */
function padded(type: number, flags: number, stream: number, content: Uint8Array, options: PaddedOptions): Frame {
  const { padding } = options
  if (padding === undefined) return plain(type, flags, stream, content, options)
  const octets = typeof padding === 'number' ? new Uint8Array(padding) : padding
  const payload = written(writer => {
    writer.u8(octets.length)
    writer.octets(content)
    writer.octets(octets)
  })
  return plain(type, flags | PADDED, stream, payload, options)
}

function written(write: (writer: Writer) => void): Uint8Array {
  const writer = new Writer()
  write(writer)
  return writer.finish()
}
