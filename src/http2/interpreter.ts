import { HpackDecoder } from '../hpack/decoder.ts'
import { WireError } from '../wire/errors.ts'
import {
  ACK,
  CONTINUATION,
  DATA,
  END_HEADERS,
  END_STREAM,
  type Frame,
  FrameReader,
  frameTypeName,
  GOAWAY,
  HEADERS,
  PADDED,
  PING,
  PRIORITY,
  PRIORITY_FLAG,
  PUSH_PROMISE,
  RST_STREAM,
  SETTINGS,
  WINDOW_UPDATE,
} from './frame.ts'
import type { Seen } from './seen.ts'

/** What every client sends first. RFC 9113 §3.4 */
export const PREFACE: Uint8Array = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'latin1')

export interface InterpreterOptions {
  /** The octets begin with the client's preface. */
  readonly fromClient: boolean
  /** The largest payload taken. RFC 9113 §4.2 */
  readonly maxFrameSize?: number
  /** The largest table that field blocks may use, in octets. RFC 7541 §4.2 */
  readonly tableLimit?: number
  /** The largest header list kept, in octets; a larger one is `broken`. */
  readonly maxListSize?: number
}

/** A block of fields whose CONTINUATION frames are still to come. */
interface OpenBlock {
  readonly frames: Frame[]
  readonly pieces: Uint8Array[]
  readonly stream: number
  readonly promised: number | undefined
  readonly endStream: boolean
  size: number
}

const BLOCK_LIMIT = 1 << 20

/** The most frames of one field block: empty ones cost memory though they carry nothing. */
const BLOCK_FRAMES = 10_000

/**
 * Understands one direction of a connection as far as it can be understood, without judging it: what breaks a rule but can
 * be read is reported as it is, and the case decides. Never throws.
 */
export class Interpreter {
  readonly #reader = new FrameReader()
  readonly #decoder: HpackDecoder
  #maxFrameSize: number
  #preface: Uint8Array | undefined
  #block: OpenBlock | undefined
  #first = true
  #broken = false

  constructor(options: InterpreterOptions) {
    this.#preface = options.fromClient ? new Uint8Array(0) : undefined
    this.#maxFrameSize = options.maxFrameSize ?? 0xffffff
    this.#decoder = new HpackDecoder({ maxListSize: options.maxListSize ?? 1 << 20 })
    if (options.tableLimit !== undefined) this.#decoder.setTableLimit(options.tableLimit)
  }

  /** Our SETTINGS_HEADER_TABLE_SIZE, once the peer has acknowledged it. */
  setTableLimit(octets: number): void {
    this.#decoder.setTableLimit(octets)
  }

  /** Takes frames up to this size, in octets, if that is more than before. */
  allowFrames(octets: number): void {
    this.#maxFrameSize = Math.max(this.#maxFrameSize, octets)
  }

  /** Whether octets are left that do not make a whole frame, or a block lacks its end. */
  get unfinished(): boolean {
    return this.#block !== undefined || this.#reader.buffered > 0 || this.#reader.pendingHeader !== undefined
  }

  /** What these octets, after those before, say. */
  push(octets: Uint8Array): Seen[] {
    const seen: Seen[] = []
    if (this.#broken) return seen
    const rest = this.#afterPreface(octets, seen)
    if (rest === undefined) return seen
    this.#reader.push(rest)
    while (!this.#broken) {
      const header = this.#reader.pendingHeader
      if (header && header.length > this.#maxFrameSize) {
        seen.push(this.#oversized(header.type, header.length))
        break
      }
      const frame = this.#reader.next()
      if (!frame) break
      this.#first = false
      try {
        const understood = this.#understand(frame)
        if (understood) seen.push(understood)
      } catch (thrown) {
        if (!(thrown instanceof WireError)) throw thrown
        seen.push(this.#break(`${frameTypeName(frame.type)} on stream ${frame.stream}: ${thrown.message}`, frame))
      }
    }
    return seen
  }

  #oversized(type: number, length: number): Seen {
    // The octets of "HTT" as a frame length: RFC 9113 §3.4 lets a server answer an HTTP/1.1 client so.
    if (this.#first && length === 0x485454) return this.#break('it answered in HTTP/1.1')
    return this.#break(`a ${frameTypeName(type)} frame of ${length} octets, over the limit of ${this.#maxFrameSize}`)
  }

  #afterPreface(octets: Uint8Array, seen: Seen[]): Uint8Array | undefined {
    if (this.#preface === undefined) return octets
    const all = Buffer.concat([this.#preface, octets])
    const known = Math.min(all.length, PREFACE.length)
    if (Buffer.compare(all.subarray(0, known), PREFACE.subarray(0, known)) !== 0) {
      seen.push(this.#break(`it does not begin with the client preface but with ${printable(all.subarray(0, 24))}`))
      return undefined
    }
    if (all.length < PREFACE.length) {
      this.#preface = all
      return undefined
    }
    this.#preface = undefined
    seen.push({ kind: 'preface' })
    return all.subarray(PREFACE.length)
  }

  #break(why: string, frame?: Frame): Seen {
    this.#broken = true
    return frame ? { kind: 'broken', why, frame } : { kind: 'broken', why }
  }

  #understand(frame: Frame): Seen | undefined {
    if (this.#block) return this.#continue(this.#block, frame)
    const { type, flags, stream, payload } = frame
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
    const size = payload.length
    switch (type) {
      case DATA:
        return { kind: 'data', stream, octets: unpadded(frame), endStream: (flags & END_STREAM) !== 0, frame }
      case HEADERS:
        return this.#open(frame, stream, undefined, flags & PRIORITY_FLAG ? 5 : 0, (flags & END_STREAM) !== 0)
      case PUSH_PROMISE: {
        const promised = unpadded(frame)
        if (promised.length < 4) return this.#break('PUSH_PROMISE without a promised stream', frame)
        const id = new DataView(promised.buffer, promised.byteOffset).getUint32(0) & 0x7fffffff
        return this.#open(frame, stream, id, 4, false)
      }
      case CONTINUATION:
        return this.#break(`CONTINUATION on stream ${stream} without a field block to continue`, frame)
      case PRIORITY:
        return { kind: 'priority', stream, frame }
      case RST_STREAM:
        if (size !== 4) return this.#break(`RST_STREAM of ${size} octets`, frame)
        return { kind: 'reset', stream, code: view.getUint32(0), frame }
      case SETTINGS: {
        if (flags & ACK) return { kind: 'settings-ack', frame }
        if (size % 6 !== 0) return this.#break(`SETTINGS of ${size} octets`, frame)
        const parameters: [number, number][] = []
        for (let at = 0; at < size; at += 6) parameters.push([view.getUint16(at), view.getUint32(at + 2)])
        return { kind: 'settings', parameters, frame }
      }
      case PING:
        return { kind: flags & ACK ? 'ping-ack' : 'ping', payload, frame }
      case GOAWAY: {
        if (size < 8) return this.#break(`GOAWAY of ${size} octets`, frame)
        const lastStream = view.getUint32(0) & 0x7fffffff
        return { kind: 'goaway', lastStream, code: view.getUint32(4), debug: payload.subarray(8), frame }
      }
      case WINDOW_UPDATE:
        if (size !== 4) return this.#break(`WINDOW_UPDATE of ${size} octets`, frame)
        return { kind: 'window-update', stream, increment: view.getUint32(0) & 0x7fffffff, frame }
      default:
        return { kind: 'other', frame }
    }
  }

  #open(
    frame: Frame,
    stream: number,
    promised: number | undefined,
    skip: number,
    endStream: boolean,
  ): Seen | undefined {
    const content = unpadded(frame)
    if (content.length < skip) return this.#break(`${frameTypeName(frame.type)} of ${content.length} octets`, frame)
    const piece = content.subarray(skip)
    const block = { frames: [frame], pieces: [piece], stream, promised, endStream, size: piece.length }
    if (frame.flags & END_HEADERS) return this.#close(block)
    this.#block = block
    return undefined
  }

  #continue(block: OpenBlock, frame: Frame): Seen | undefined {
    if (frame.type !== CONTINUATION || frame.stream !== block.stream) {
      const what = `${frameTypeName(frame.type)} on stream ${frame.stream}`
      return this.#break(`${what} inside the field block of stream ${block.stream}`, frame)
    }
    block.frames.push(frame)
    block.pieces.push(frame.payload)
    block.size += frame.payload.length
    if (block.size > BLOCK_LIMIT) return this.#break(`a field block of more than ${BLOCK_LIMIT} octets`, frame)
    if (block.frames.length > BLOCK_FRAMES)
      return this.#break(`a field block of more than ${BLOCK_FRAMES} frames`, frame)
    if (!(frame.flags & END_HEADERS)) return undefined
    this.#block = undefined
    return this.#close(block)
  }

  #close({ frames, pieces, stream, promised, endStream }: OpenBlock): Seen {
    const block = pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces)
    const { fields, overflow } = this.#decoder.decode(block)
    if (overflow) return this.#break(`a header list of more than ${1 << 20} octets`, frames[0])
    if (promised !== undefined) return { kind: 'push', stream, promised, fields, frames, block }
    return { kind: 'headers', stream, fields, endStream, frames, block }
  }
}

/** The payload without its padding. RFC 9113 §6.1 */
export function unpadded(frame: Frame): Uint8Array {
  const { payload, flags } = frame
  if (!(flags & PADDED)) return payload
  const padding = payload[0]
  if (padding === undefined) throw new WireError('truncated', 'no pad length', 0)
  if (padding >= payload.length)
    throw new WireError('malformed', `${padding} octets of padding in ${payload.length}`, 0)
  return payload.subarray(1, payload.length - padding)
}

/** Octets as text where they are text, as hex where they are not. */
export function printable(octets: Uint8Array): string {
  const text = Buffer.from(octets).toString('latin1')
  return /^[\x20-\x7e\r\n\t]*$/.test(text) ? JSON.stringify(text) : Buffer.from(octets).toString('hex')
}
