import type { Field } from '../hpack/field.ts'
import type { RequestHead } from './message.ts'
import { rfc9110 } from './rules.ts'
import type { RequestListener, Service, Source } from './service.ts'

/** One request and the response to it, as the application sees them. */
export class Exchange {
  readonly stream: number
  readonly request: RequestHead
  /** What hears of the request's content. */
  listener: RequestListener | undefined
  readonly #service: Service
  #source: Source | undefined
  /** The response has no content by definition. RFC 9110 §6.4.1 */
  #contentless = false
  #answered = false
  /** The request has come whole. */
  #complete: boolean
  /** Octets heard that are not consumed before what was said has gone out. */
  #unconsumed = 0

  constructor(service: Service, stream: number, request: RequestHead, complete: boolean) {
    this.#service = service
    this.stream = stream
    this.request = request
    this.#complete = complete
  }

  /** Sends an interim response: 103 with links, for example. Throws `TypeError` for a malformed one, as all that sends does. */
  informational(status: number, fields: readonly Field[] = []): void {
    const { machine, now } = this.#service
    machine.send({ kind: 'headers', stream: this.stream, status, fields }, now)
  }

  /** Begins the response. Date is added. `end`: there is no content. */
  headers(status: number, fields: readonly Field[] = [], end = false): void {
    const { machine, now, date, honours } = this.#service
    const { method } = this.request
    const head = method === 'HEAD' && honours(rfc9110.headWithoutContent)
    const none = status === 204 && honours(rfc9110.noContentWithoutContent)
    const unchanged = status === 304 && honours(rfc9110.notModifiedWithoutContent)
    this.#contentless = head || none || unchanged
    const all = honours(rfc9110.dateSent) ? [...fields, { name: 'date', value: date }] : [...fields]
    if (method === 'HEAD' && !honours(rfc9110.headContentLength)) {
      const length = all.findIndex(({ name }) => name === 'content-length')
      all.splice(length, length < 0 ? 0 : 1, { name: 'content-length', value: '1' })
    }
    const last = end || this.#contentless
    machine.send({ kind: 'headers', stream: this.stream, status, fields: all, end: last }, now)
    if (last) this.#answer()
  }

  /** Sends content; what flow control holds back waits. */
  data(octets: Uint8Array): void {
    if (this.#contentless || this.#answered) return
    const { machine, now } = this.#service
    machine.send({ kind: 'data', stream: this.stream, data: octets }, now)
  }

  /** Ends the response, perhaps with some last content. */
  end(octets: Uint8Array = nothing): void {
    if (this.#contentless || this.#answered) return
    const { machine, now } = this.#service
    machine.send({ kind: 'data', stream: this.stream, data: octets, end: true }, now)
    this.#answer()
  }

  /** Ends the response with a trailer section. */
  trailers(fields: readonly Field[]): void {
    if (this.#contentless || this.#answered) return
    const { machine, now } = this.#service
    machine.send({ kind: 'trailers', stream: this.stream, fields }, now)
    this.#answer()
  }

  /** Sends all that a source gives, no faster than the client takes it, then ends the response. */
  content(source: Source): void {
    if (this.#contentless || this.#answered) return
    this.#source = source
    this.#service.pullFrom(this)
  }

  /** A whole response in one. */
  respond(status: number, fields: readonly Field[], octets: Uint8Array): void {
    this.headers(status, fields, octets.length === 0)
    if (octets.length > 0) this.end(octets)
  }

  /** Promises a response to this request, and has the handler make it. Nothing happens when the client wants no push. */
  push(request: RequestHead): void {
    const { machine, now } = this.#service
    if (!machine.mayPush(this.stream)) return
    const stream = machine.nextStream
    machine.send({ kind: 'push', stream: this.stream, head: request }, now)
    this.#service.begin(stream, request, true)
  }

  /** Drops the exchange. */
  reset(code: number): void {
    const { machine, now } = this.#service
    machine.send({ kind: 'reset', stream: this.stream, code }, now)
    this.#complete = true
    this.#answer()
  }

  /** The rest of the request is not wanted: once the response is out, the client is told to stop. RFC 9113 §8.1 */
  stopRequest(): void {
    const { machine, now } = this.#service
    machine.send({ kind: 'stop request', stream: this.stream }, now)
  }

  /** Calls back after so many ms, unless the exchange is over by then. */
  after(ms: number, run: () => void): void {
    this.#service.after(ms, this.stream, run)
  }

  /** The request has come whole. */
  get complete(): boolean {
    return this.#complete
  }

  hear(octets: Uint8Array, end: boolean): void {
    if (octets.length > 0) {
      this.listener?.data?.(octets)
      this.#unconsumed += octets.length
      // What comes in is taken no faster than what it brings forth goes out.
      if (!this.release()) this.#service.hold(this)
    }
    if (end) this.#hearEnd()
  }

  hearTrailers(fields: readonly Field[]): void {
    this.listener?.trailers?.(fields)
    this.#hearEnd()
  }

  /** Consumes what was heard, if nothing that was said waits; whether it did. */
  release(): boolean {
    const { machine, now } = this.#service
    if (machine.queued(this.stream) > 0) return false
    machine.send({ kind: 'consume', stream: this.stream, octets: this.#unconsumed }, now)
    this.#unconsumed = 0
    return true
  }

  /** Lets the source give up to so many octets; false when that was the last. */
  pull(room: number): boolean {
    // Asked once more when there is no room left: the end needs none. RFC 9113 §6.9.1
    for (let left = room; ; ) {
      const octets = this.#source?.(left)
      if (octets === undefined) {
        this.end()
        return false
      }
      if (octets.length === 0) break
      this.data(octets)
      left -= octets.length
    }
    return true
  }

  #hearEnd(): void {
    this.#complete = true
    this.listener?.end?.()
    if (this.#answered) this.#service.forget(this)
  }

  #answer(): void {
    this.#answered = true
    if (this.#complete) this.#service.forget(this)
  }
}

const nothing = new Uint8Array(0)
