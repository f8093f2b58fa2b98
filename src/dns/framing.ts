/** Octets of the length before each message on a stream. RFC 1035 §4.2.2 */
export const PREFIX = 2

/** The most octets that a message on a stream can have. */
export const MAX_FRAMED = 0xffff

/** A message with its length before it, so that both go out in one write. RFC 7766 §8 */
export function framed(message: Uint8Array): Uint8Array {
  const octets = new Uint8Array(PREFIX + message.length)
  octets[0] = message.length >> 8
  octets[1] = message.length
  octets.set(message, PREFIX)
  return octets
}

/** Takes whole messages out of a stream, however its octets come. RFC 7766 §8 */
export class Unframer {
  #chunks: Uint8Array[] = []
  #length = 0

  /** Octets of a message that is not whole yet, with those of its length. */
  get pending(): number {
    return this.#length
  }

  /** Adds octets, which are kept as they are, and takes the messages that are whole with them. */
  push(octets: Uint8Array): Uint8Array[] {
    if (octets.length > 0) this.#chunks.push(octets)
    this.#length += octets.length
    const messages: Uint8Array[] = []
    for (;;) {
      const wanted = this.#wanted()
      if (wanted === undefined || this.#length < wanted) return messages
      const all = this.#joined()
      messages.push(all.subarray(PREFIX, wanted))
      this.#chunks = all.length > wanted ? [all.subarray(wanted)] : []
      this.#length = all.length - wanted
    }
  }

  /** Octets of the next message with its length, once that has come. */
  #wanted(): number | undefined {
    if (this.#length < PREFIX) return undefined
    const all = (this.#chunks[0]?.length ?? 0) >= PREFIX ? (this.#chunks[0] as Uint8Array) : this.#joined()
    return PREFIX + (((all[0] as number) << 8) | (all[1] as number))
  }

  #joined(): Uint8Array {
    if (this.#chunks.length > 1) this.#chunks = [Buffer.concat(this.#chunks, this.#length)]
    return this.#chunks[0] as Uint8Array
  }
}
