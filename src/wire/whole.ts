import type { Codec } from './codec.ts'
import { WireError } from './errors.ts'
import { Reader } from './reader.ts'
import { Writer } from './writer.ts'

/** The one value that these octets are. Throws `WireError`, with code `trailing` if octets are left over. */
export function decode<T>(codec: Codec<T>, octets: Uint8Array): T {
  const reader = new Reader(octets)
  const value = codec.read(reader)
  refuseTrailing(reader)
  return value
}

/** The octets of one value, not shared with anything. */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array {
  const writer = new Writer()
  codec.write(writer, value)
  return writer.finish()
}

/** Throws `trailing` if the reader is not at its end. */
export function refuseTrailing(reader: Reader): void {
  if (reader.remaining > 0) throw new WireError('trailing', `${reader.remaining} octets left over`, reader.offset)
}

/**
 * Reads one value that must fill the next `length` octets. Octets that end too early inside are `malformed` here, since
 * the length is given and more octets would not help.
 */
export function readWithin<T>(reader: Reader, length: number, codec: Pick<Codec<T>, 'read'>): T {
  const inner = reader.sub(length)
  try {
    const value = codec.read(inner)
    refuseTrailing(inner)
    return value
  } catch (error) {
    if (error instanceof WireError && error.code === 'truncated')
      throw new WireError('malformed', `${error.reason} of a given length`, error.offset, error.path)
    throw error
  }
}
