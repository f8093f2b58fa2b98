import { WireError } from './errors.ts'

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
    this.#check(value, 0xff, 'one octet')
    const at = this.#grow(1)
    this.#octets[at] = value
  }

  u16(value: number): void {
    this.#check(value, 0xffff, 'two octets')
    const at = this.#grow(2)
    this.#octets[at] = value >>> 8
    this.#octets[at + 1] = value
  }

  u24(value: number): void {
    this.#check(value, 0xffffff, 'three octets')
    const at = this.#grow(3)
    this.#octets[at] = value >>> 16
    this.#octets[at + 1] = value >>> 8
    this.#octets[at + 2] = value
  }

  u32(value: number): void {
    this.#check(value, 0xffffffff, 'four octets')
    const at = this.#grow(4)
    this.#put32(at, value)
  }

  u64(value: bigint): void {
    if (value < 0n || value > 0xffffffffffffffffn) this.unencodable(`${value} does not fit eight octets`)
    const at = this.#grow(8)
    this.#put32(at, Number(value >> 32n))
    this.#put32(at + 4, Number(value & 0xffffffffn))
  }

  /** Copies these octets in. */
  octets(octets: Uint8Array): void {
    const at = this.#grow(octets.length)
    this.#octets.set(octets, at)
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
    this.#check(value, 256 ** width - 1, `${width} octets`)
    for (let i = width - 1, left = value; i >= 0; i--, left = Math.floor(left / 256)) this.#octets[at + i] = left & 0xff
  }

  /** What was written, as a view: further writes may or may not show in it. */
  finish(): Uint8Array {
    return this.#octets.subarray(0, this.#length)
  }

  /** Throws the error for a value that has no encoding. */
  unencodable(reason: string): never {
    throw new WireError('unencodable', reason, this.#length)
  }

  #check(value: number, most: number, width: string): void {
    if (!(value >= 0 && value <= most && Number.isInteger(value))) this.unencodable(`${value} does not fit ${width}`)
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
