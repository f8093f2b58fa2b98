import type { Arbitrary } from 'fast-check'
import type { Reader } from './reader.ts'
import type { Writer } from './writer.ts'

/** Reads a value, writes it, and invents one. */
export interface Codec<T> {
  /** Takes one value from the reader, or throws `WireError`. */
  read(reader: Reader): T
  /** Puts one value into the writer, or throws `WireError` with code `unencodable`. */
  write(writer: Writer, value: T): void
  /** Values that survive `write`, then `read`. */
  readonly any: Arbitrary<T>
}
