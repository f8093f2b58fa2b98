import { HEADER_OCTETS } from './frame-types.ts'

/** Frames that wait to go out, one after the other in one piece of memory. */
export class Output {
  #octets: Uint8Array = new Uint8Array(4096)
  #length = 0

  /** Octets that wait. */
  get length(): number {
    return this.#length
  }

  /** Puts a frame header. RFC 9113 §4.1 */
  header(length: number, type: number, flags: number, stream: number): void {
    const at = this.#grow(HEADER_OCTETS)
    const octets = this.#octets
    octets[at] = length >>> 16
    octets[at + 1] = length >>> 8
    octets[at + 2] = length
    octets[at + 3] = type
    octets[at + 4] = flags
    octets[at + 5] = stream >>> 24
    octets[at + 6] = stream >>> 16
    octets[at + 7] = stream >>> 8
    octets[at + 8] = stream
  }

  /** Puts four octets. */
  u32(value: number): void {
    const at = this.#grow(4)
    this.#octets[at] = value >>> 24
    this.#octets[at + 1] = value >>> 16
    this.#octets[at + 2] = value >>> 8
    this.#octets[at + 3] = value
  }

  octets(octets: Uint8Array): void {
    const at = this.#grow(octets.length)
    this.#octets.set(octets, at)
  }

  frame(type: number, flags: number, stream: number, payload: Uint8Array): void {
    this.header(payload.length, type, flags, stream)
    this.octets(payload)
  }

  /** All that waits, which then no longer does. */
  take(): Uint8Array {
    const length = this.#length
    this.#length = 0
    // A small flight is copied so that the memory can be used again; a large one takes its memory along.
    if (length * 4 < this.#octets.length || length <= 4096) return this.#octets.slice(0, length)
    const taken = this.#octets.subarray(0, length)
    this.#octets = new Uint8Array(this.#octets.length)
    return taken
  }

  #grow(more: number): number {
    const at = this.#length
    const needed = at + more
    if (needed > this.#octets.length) {
      const grown = new Uint8Array(Math.max(needed, this.#octets.length * 2))
      grown.set(this.#octets.subarray(0, at))
      this.#octets = grown
    }
    this.#length = needed
    return at
  }
}
