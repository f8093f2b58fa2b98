import {
  ACK,
  CONTINUATION,
  DATA,
  END_HEADERS,
  type Frame,
  FrameReader,
  HEADERS,
  PUSH_PROMISE,
  SETTINGS,
} from './frame.ts'
import { PREFACE } from './interpreter.ts'

/** Keeps account of what a case has sent, legal or not, so far as later steps need to know. */
export class Outgoing {
  readonly #reader = new FrameReader()
  readonly #settings: Map<number, number>[] = []
  #skip: number
  #openBlock = false
  /** The highest stream that we have opened or promised. */
  highestStream = 0

  readonly #client: boolean
  readonly #sent = new Map<number, number>()

  constructor(client: boolean) {
    this.#client = client
    this.#skip = client ? PREFACE.length : 0
  }

  /** Whether what was sent stops inside a frame or a field block: nothing else can be said then. */
  get unfinished(): boolean {
    return this.#openBlock || this.#skip > 0 || this.#reader.pendingHeader !== undefined || this.#reader.buffered > 0
  }

  push(octets: Uint8Array): void {
    const skipped = Math.min(this.#skip, octets.length)
    this.#skip -= skipped
    this.#reader.push(octets.subarray(skipped))
    for (let frame = this.#reader.next(); frame; frame = this.#reader.next()) this.#note(frame)
  }

  /** The values that our SETTINGS frame in this place of their sequence carried. */
  acknowledged(index: number): ReadonlyMap<number, number> | undefined {
    return this.#settings[index]
  }

  /** The largest value we ever gave a setting, or 0. */
  largest(id: number): number {
    return this.#settings.reduce((largest, values) => Math.max(largest, values.get(id) ?? 0), 0)
  }

  /** Octets of DATA that we have sent on a stream, as flow control counts them; of all streams for 0. RFC 9113 §6.9.1 */
  flowControlled(stream: number): number {
    return this.#sent.get(stream) ?? 0
  }

  /** How many SETTINGS, other than acknowledgements, we have sent. */
  get settings(): number {
    return this.#settings.length
  }

  #note({ type, flags, stream, payload }: Frame): void {
    if (type === DATA) {
      for (const id of [0, stream]) this.#sent.set(id, this.flowControlled(id) + payload.length)
    }
    const view = new DataView(payload.buffer, payload.byteOffset, payload.length)
    if (type === SETTINGS && !(flags & ACK)) {
      const values = new Map<number, number>()
      for (let at = 0; at + 6 <= payload.length; at += 6) values.set(view.getUint16(at), view.getUint32(at + 2))
      this.#settings.push(values)
    }
    // A server opens no stream by HEADERS: those go out in answer, or on a stream that was promised. RFC 9113 §5.1
    if (type === HEADERS && this.#client) this.highestStream = Math.max(this.highestStream, stream)
    if (type === PUSH_PROMISE && payload.length >= 4) {
      this.highestStream = Math.max(this.highestStream, view.getUint32(0) & 0x7fffffff)
    }
    if (type === HEADERS || type === PUSH_PROMISE) this.#openBlock = !(flags & END_HEADERS)
    if (type === CONTINUATION && flags & END_HEADERS) this.#openBlock = false
  }
}
