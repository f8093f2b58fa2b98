import { WireError } from './errors.ts'
import { copied } from './slab.ts'

/** Up to here copying octets one by one is faster than a call of `set`. */
const SHORT = 16

/** Puts values into octets that grow as needed, all integers big-endian. What does not fit its width is `unencodable`. */
export class Writer {
  #octets: Uint8Array
  #length = 0

  /** `capacity` is a guess at how many octets will be written; more is only slower. */
  constructor(capacity = 64) {
    this.#octets = new Uint8Array(capacity)
  }

  /** Octets written so far. */
  get length(): number {
    return this.#length
  }

  u8(value: number): void {
    if ((value & 0xff) !== value) this.#unfit(value, 'one octet')
    const at = this.#grow(1)
    this.#octets[at] = value
  }

  u16(value: number): void {
    if ((value & 0xffff) !== value) this.#unfit(value, 'two octets')
    const at = this.#grow(2)
    this.#octets[at] = value >>> 8
    this.#octets[at + 1] = value
  }

  u24(value: number): void {
    if ((value & 0xffffff) !== value) this.#unfit(value, 'three octets')
    const at = this.#grow(3)
    this.#octets[at] = value >>> 16
    this.#octets[at + 1] = value >>> 8
    this.#octets[at + 2] = value
  }

  u32(value: number): void {
    if (value >>> 0 !== value) this.#unfit(value, 'four octets')
    const at = this.#grow(4)
    this.#put32(at, value)
  }

  u64(value: bigint): void {
    if (value < 0n || value > 0xffffffffffffffffn) this.unencodable(`${value} does not fit eight octets`)
    const at = this.#grow(8)
    this.#put32(at, Number(value >> 32n))
    this.#put32(at + 4, Number(value & 0xffffffffn))
  }

  /** Copies these octets in, or some of them. */
  octets(octets: Uint8Array, start = 0, end = octets.length): void {
    const length = end - start
    const at = this.#grow(length)
    if (length > SHORT) this.#octets.set(length === octets.length ? octets : octets.subarray(start, end), at)
    else for (let i = 0; i < length; i++) this.#octets[at + i] = octets[start + i] as number
  }

  /** Puts a string of which each character is one octet (Latin-1). */
  latin1(text: string): void {
    const at = this.#grow(text.length)
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code > 0xff) {
        this.#length = at
        this.unencodable(`character ${i} is no octet`)
      }
      this.#octets[at + i] = code
    }
  }

  /** Writes an integer of `width` octets over octets already written, as a length is known only afterwards. */
  patch(at: number, width: 1 | 2 | 3 | 4, value: number): void {
    if (!(at >= 0 && at + width <= this.#length)) throw new RangeError(`nothing written at ${at}`)
    if (!(value >= 0 && value < 256 ** width && Number.isInteger(value))) this.#unfit(value, `${width} octets`)
    for (let i = width - 1, left = value; i >= 0; i--, left >>>= 8) this.#octets[at + i] = left & 0xff
  }

  /** What was written, as octets that no further write changes: for a writer that is used again. */
  copy(): Uint8Array {
    return copied(this.#octets, this.#length)
  }

  /** Forgets all that was written, and keeps the room for it. */
  clear(): void {
    this.#length = 0
  }

  /** What was written, as a view: further writes may or may not show in it. */
  finish(): Uint8Array {
    return this.#octets.subarray(0, this.#length)
  }

  /** Throws the error for a value that has no encoding. */
  unencodable(reason: string): never {
    throw new WireError('unencodable', reason, this.#length)
  }

  #unfit(value: number, width: string): never {
    this.unencodable(`${value} does not fit ${width}`)
  }

  #put32(at: number, value: number): void {
    this.#octets[at] = value >>> 24
    this.#octets[at + 1] = value >>> 16
    this.#octets[at + 2] = value >>> 8
    this.#octets[at + 3] = value
  }

  /** Makes room for `more` octets, counts them as written, and says where they start. */
  #grow(more: number): number {
    const at = this.#length
    const needed = at + more
    if (needed > this.#octets.length) {
      const grown = new Uint8Array(Math.max(needed, this.#octets.length * 2))
      grown.set(this.finish())
      this.#octets = grown
    }
    this.#length = needed
    return at
  }
}
