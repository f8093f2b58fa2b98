/** Takes messages out of a stream, where each has its length in two octets before it. RFC 1035 §4.2.2 */
export class MessageStream {
  #kept: Uint8Array = new Uint8Array(0)

  /** Octets that are no whole message yet. */
  get unfinished(): number {
    return this.#kept.length
  }

  /** The messages that are whole now, in order. They are copies. */
  push(octets: Uint8Array): Uint8Array[] {
    let all = octets
    if (this.#kept.length > 0) {
      all = new Uint8Array(this.#kept.length + octets.length)
      all.set(this.#kept)
      all.set(octets, this.#kept.length)
    }
    const messages: Uint8Array[] = []
    let at = 0
    while (all.length - at >= 2) {
      const length = ((all[at] as number) << 8) | (all[at + 1] as number)
      if (all.length - at - 2 < length) break
      messages.push(all.slice(at + 2, at + 2 + length))
      at += 2 + length
    }
    this.#kept = all.slice(at)
    return messages
  }
}

/** A message as it goes over a stream. RFC 1035 §4.2.2 */
export function framed(message: Uint8Array): Uint8Array {
  const octets = new Uint8Array(message.length + 2)
  octets[0] = message.length >> 8
  octets[1] = message.length & 0xff
  octets.set(message, 2)
  return octets
}
