import { WireError, within } from './errors.ts'

/** What `Reader.field` wants of a codec. */
interface Readable<T> {
  read(reader: Reader): T
}

/**
 * Takes values from octets, front to back, all integers big-endian. Nothing is copied: `take` and `rest` are views of what
 * the reader was made over. Every read past the end throws `WireError` with code `truncated` before anything is allocated.
 */
export class Reader {
  readonly octets: Uint8Array
  /** Where the next read starts, counted from the start of `octets`. */
  offset: number
  /** Where reading ends, counted from the start of `octets`. */
  readonly end: number

  constructor(octets: Uint8Array, start = 0, end = octets.length) {
    if (!(start >= 0 && start <= end && end <= octets.length)) throw new RangeError(`no octets ${start} to ${end}`)
    this.octets = octets
    this.offset = start
    this.end = end
  }

  /** Octets not yet read. */
  get remaining(): number {
    return this.end - this.offset
  }

  u8(): number {
    const at = this.offset
    if (at >= this.end) truncated(this, 1)
    this.offset = at + 1
    return this.octets[at] as number
  }

  u16(): number {
    const at = advance(this, 2)
    const { octets } = this
    return ((octets[at] as number) << 8) | (octets[at + 1] as number)
  }

  u24(): number {
    const at = advance(this, 3)
    const { octets } = this
    return ((octets[at] as number) << 16) | ((octets[at + 1] as number) << 8) | (octets[at + 2] as number)
  }

  u32(): number {
    const at = advance(this, 4)
    const { octets } = this
    const low = ((octets[at + 1] as number) << 16) | ((octets[at + 2] as number) << 8) | (octets[at + 3] as number)
    return (octets[at] as number) * 0x1000000 + low
  }

  u64(): bigint {
    if (this.remaining < 8) truncated(this, 8)
    return (BigInt(this.u32()) << 32n) | BigInt(this.u32())
  }

  /** The next `length` octets, as a view. */
  take(length: number): Uint8Array {
    const at = advance(this, length)
    return this.octets.subarray(at, at + length)
  }

  /** All octets that are left, as a view. */
  rest(): Uint8Array {
    return this.take(this.remaining)
  }

  /** A reader of the next `length` octets, which this one skips. Its offsets count on from this one's. */
  sub(length: number): Reader {
    const at = advance(this, length)
    return new Reader(this.octets, at, at + length)
  }

  /** Reads one named part of a value, so that errors and dissection know its path. */
  field<T>(name: string | number, codec: Readable<T>): T {
    try {
      return codec.read(this)
    } catch (error) {
      throw within(name, error)
    }
  }

  /**
   * Tells a dissection that what is read from here on are parts of a named part, until `leave`. Does nothing when nobody
   * dissects: a codec that reads many values in a loop needs no function for each of them, as it would with `field`, but
   * has to tell errors of their path itself (`within`).
   */
  enter(_name: string | number): void {}

  /** Tells a dissection that the part last entered is read, and what it is. */
  leave(_value: unknown): void {}

  /**
   * Tells a dissection of a part that was read without `field`, such as some bits of an octet: its name, its value, and
   * the octets it lies in. Does nothing when nobody dissects.
   */
  note(_name: string | number, _value: unknown, _from: number, _to: number): void {}
}

/** Skips `length` octets and says where they start. */
function advance(reader: Reader, length: number): number {
  const at = reader.offset
  if (length > reader.end - at) truncated(reader, length)
  if (!(length >= 0)) throw new RangeError(`cannot take ${length} octets`)
  reader.offset = at + length
  return at
}

function truncated(reader: Reader, wanted: number): never {
  throw new WireError('truncated', `${wanted} octets wanted, ${reader.remaining} left`, reader.offset)
}
