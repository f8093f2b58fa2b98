/** Datagrams that have come and not been asked for yet: each is taken by itself. */
export class DatagramQueue {
  #waiting: Uint8Array[] = []
  #length = 0

  /** Octets held, and one more for each datagram, as some are empty. */
  get length(): number {
    return this.#length
  }

  push(octets: Uint8Array): void {
    this.#waiting.push(octets)
    this.#length += octets.length + 1
  }

  /** Takes the first; undefined when there is none. */
  take(): Uint8Array | undefined {
    const octets = this.#waiting.shift()
    if (octets !== undefined) this.#length -= octets.length + 1
    return octets
  }

  clear(): void {
    this.#waiting = []
    this.#length = 0
  }
}

/** Octets of a stream that have come and not been asked for yet: all of them are taken at once. */
export class OctetQueue {
  #chunks: Uint8Array[] = []
  #length = 0

  /** Octets held. */
  get length(): number {
    return this.#length
  }

  /** Keeps the octets as they are, without a copy. */
  push(octets: Uint8Array): void {
    if (octets.length === 0) return
    this.#chunks.push(octets)
    this.#length += octets.length
  }

  /** Takes all there is as one array; undefined when there is nothing. */
  take(): Uint8Array | undefined {
    const [first] = this.#chunks
    if (first === undefined) return undefined
    const all = this.#chunks.length === 1 ? first : concatenate(this.#chunks, this.#length)
    this.clear()
    return all
  }

  clear(): void {
    this.#chunks = []
    this.#length = 0
  }
}

function concatenate(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const whole = new Uint8Array(length)
  let offset = 0
  for (const chunk of chunks) {
    whole.set(chunk, offset)
    offset += chunk.length
  }
  return whole
}
