import type { Field } from '../hpack/field.ts'
import { Http2Client } from '../http2/client.ts'
import { DNS_MESSAGE } from './https-server.ts'

/** A request that carries a query. RFC 8484 §4.1 */
export interface DnsRequest {
  readonly method: 'POST' | 'GET' | 'HEAD' | 'PUT' | 'DELETE'
  /** With its search part. */
  readonly path: string
  readonly fields?: readonly Field[]
  readonly content?: Uint8Array
}

/** What came of a request. */
export interface DnsResponse {
  readonly stream: number
  readonly status: number
  readonly fields: readonly Field[]
  readonly content: Uint8Array
  /** It was reset, or the connection ended, before it was whole. */
  readonly cut: boolean
}

/** Octets of content kept of one response. */
const KEPT = 1 << 17

/** A client's side of one HTTP/2 connection whose requests hold queries. Gives octets to send, takes those that come. */
export class HttpsCarrier {
  readonly #machine = new Http2Client()
  readonly #authority: string
  readonly #open = new Map<
    number,
    { status: number; fields: readonly Field[]; content: Uint8Array[]; length: number }
  >()

  constructor(authority: string) {
    this.#authority = authority
  }

  /** Begins a request; its stream. */
  ask({ method, path, fields = [], content }: DnsRequest, now: number): number {
    const stream = this.#machine.nextStream
    const head = { method, scheme: 'https', authority: this.#authority, path, fields }
    this.#machine.send({ kind: 'request', head, end: content === undefined }, now)
    if (content !== undefined) this.#machine.send({ kind: 'data', stream, data: content, end: true }, now)
    this.#open.set(stream, { status: 0, fields: [], content: [], length: 0 })
    return stream
  }

  /** What is to go out, in one write; undefined where there is nothing. */
  transmit(): Uint8Array | undefined {
    const octets = this.#machine.transmit().filter(output => output !== 'close')
    return octets.length === 0 ? undefined : Buffer.concat(octets)
  }

  /** Takes what came; the responses that are whole with it. */
  receive(octets: Uint8Array | 'eof', now: number): DnsResponse[] {
    const done: DnsResponse[] = []
    const finish = (stream: number, cut: boolean): void => {
      const one = this.#open.get(stream)
      if (one === undefined) return
      this.#open.delete(stream)
      done.push({ stream, status: one.status, fields: one.fields, content: Buffer.concat(one.content), cut })
    }
    for (const event of this.#machine.receive(octets, now)) {
      if (event.kind === 'closed') for (const stream of [...this.#open.keys()]) finish(stream, true)
      if (!('stream' in event)) continue
      const one = this.#open.get(event.stream)
      if (one === undefined) continue
      if (event.kind === 'response') {
        one.status = event.head.status
        one.fields = event.head.fields
        if (event.end) finish(event.stream, false)
      } else if (event.kind === 'data') {
        if (one.length < KEPT) one.content.push(event.data.slice())
        one.length += event.data.length
        this.#machine.send({ kind: 'consume', stream: event.stream, octets: event.data.length }, now)
        if (event.end) finish(event.stream, false)
      } else if (event.kind === 'trailers') finish(event.stream, false)
      else if (event.kind === 'reset') finish(event.stream, true)
    }
    return done
  }
}

/** A query as the content of a POST request. RFC 8484 §4.1 */
export function posted(query: Uint8Array, path: string): DnsRequest {
  const fields = [
    { name: 'content-type', value: DNS_MESSAGE },
    { name: 'accept', value: DNS_MESSAGE },
    { name: 'content-length', value: String(query.length) },
  ]
  return { method: 'POST', path, fields, content: query }
}

/** A query as a parameter of a GET request, without the padding of base64url. RFC 8484 §4.1 */
export function fetched(query: Uint8Array, path: string): DnsRequest {
  const dns = Buffer.from(query).toString('base64url')
  return { method: 'GET', path: `${path}?dns=${dns}`, fields: [{ name: 'accept', value: DNS_MESSAGE }] }
}
