import type { Frame, FrameHeader } from './frame.ts'
import { HEADER_OCTETS } from './frame-types.ts'

/**
 * Finds the frames in a stream of octets that comes in pieces. A payload that lies whole in one piece is a view of it;
 * only one that spans pieces is copied, once. A header is shown as `pendingHeader` as soon as its 9 octets are there, so
 * that a length can be refused before its octets are waited for.
 */
export class FrameReader {
  #pieces: Uint8Array[] = []
  /** The piece being read. */
  #first = 0
  /** How much of it is read. */
  #offset = 0
  #buffered = 0
  #header: FrameHeader | undefined

  /** Octets pushed and not yet given out in a frame, but for a header already taken apart. */
  get buffered(): number {
    return this.#buffered
  }

  /** The header of the frame that `next` will give, once it has come. */
  get pendingHeader(): FrameHeader | undefined {
    if (this.#header === undefined && this.#buffered >= HEADER_OCTETS) {
      const piece = this.#pieces[this.#first] as Uint8Array
      const at = this.#offset
      if (piece.length - at >= HEADER_OCTETS) {
        this.#header = headerAt(piece, at)
        this.#skip(HEADER_OCTETS)
      } else this.#header = headerAt(this.#take(HEADER_OCTETS), 0)
    }
    return this.#header
  }

  /** Adds octets; they must not change until the frames in them are done with. */
  push(octets: Uint8Array): void {
    if (octets.length === 0) return
    this.#pieces.push(octets)
    this.#buffered += octets.length
  }

  /** The next frame, if all of it has come. */
  next(): Frame | undefined {
    const header = this.pendingHeader
    if (header === undefined || this.#buffered < header.length) return undefined
    this.#header = undefined
    const { length, type, flags, reserved, stream } = header
    return { type, flags, reserved, stream, payload: this.#take(length) }
  }

  #take(length: number): Uint8Array {
    if (length === 0) return nothing
    const at = this.#offset
    const piece = this.#pieces[this.#first] as Uint8Array
    if (piece.length - at >= length) {
      this.#skip(length)
      return piece.subarray(at, at + length)
    }
    const whole = new Uint8Array(length)
    let filled = 0
    while (filled < length) {
      const from = this.#offset
      const part = (this.#pieces[this.#first] as Uint8Array).subarray(from, from + length - filled)
      whole.set(part, filled)
      filled += part.length
      this.#skip(part.length)
    }
    return whole
  }

  /** Steps over octets of the piece being read. */
  #skip(length: number): void {
    this.#buffered -= length
    this.#offset += length
    if (this.#offset < (this.#pieces[this.#first] as Uint8Array).length) return
    this.#offset = 0
    this.#pieces[this.#first++] = nothing
    if (this.#first === this.#pieces.length) {
      this.#pieces.length = 0
      this.#first = 0
    } else if (this.#first >= 1024) {
      this.#pieces = this.#pieces.slice(this.#first)
      this.#first = 0
    }
  }
}

const nothing = new Uint8Array(0)

/** RFC 9113 §4.1 */
function headerAt(octets: Uint8Array, at: number): FrameHeader {
  return {
    length: (octet(octets, at) << 16) | (octet(octets, at + 1) << 8) | octet(octets, at + 2),
    type: octet(octets, at + 3),
    flags: octet(octets, at + 4),
    reserved: octet(octets, at + 5) >= 0x80 ? 1 : 0,
    stream:
      ((octet(octets, at + 5) & 0x7f) << 24) |
      (octet(octets, at + 6) << 16) |
      (octet(octets, at + 7) << 8) |
      octet(octets, at + 8),
  }
}

function octet(octets: Uint8Array, at: number): number {
  return octets[at] as number
}
