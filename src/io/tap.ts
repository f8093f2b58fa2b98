import type { Socket } from 'node:net'
import { Duplex } from 'node:stream'
import type { Capture, Segment } from '../conformance/channel.ts'

/** Octets kept of one connection; what follows is not captured. */
const KEPT_OCTETS = 8 << 20

/** A capture that is still being filled. */
export interface GrowingCapture extends Capture {
  readonly secrets: string[]
  readonly segments: Segment[]
}

export function emptyCapture(): GrowingCapture {
  return { secrets: [], segments: [] }
}

/** Stands between TCP and TLS and keeps the ciphertext of both directions. */
export class Tap extends Duplex {
  readonly #socket: Socket
  readonly #capture: GrowingCapture
  #kept = 0

  constructor(socket: Socket, capture: GrowingCapture) {
    super({ allowHalfOpen: true })
    this.#socket = socket
    this.#capture = capture
    socket.on('data', (octets: Buffer) => {
      this.#keep('subject', octets)
      if (!this.push(octets)) socket.pause()
    })
    socket.on('end', () => this.push(null))
    socket.on('error', error => this.destroy(error))
    socket.on('close', () => this.destroy())
  }

  #keep(from: Segment['from'], octets: Uint8Array): void {
    this.#kept += octets.length
    if (this.#kept <= KEPT_OCTETS) this.#capture.segments.push({ at: performance.now(), from, octets })
  }

  override _read(): void {
    this.#socket.resume()
  }

  override _write(octets: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#keep('tester', Uint8Array.from(octets))
    // A failed write must not keep us from reading why; whether anybody reads us shows there.
    this.#socket.write(octets, () => done())
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(() => done())
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy()
    done(error)
  }
}
