import { honoursAll } from '../conformance/rule.ts'
import type { Machine } from '../machine.ts'
import { Connection, type ConnectionOptions } from './connection.ts'
import { at, command, deadline, events, receive, tick, transmit } from './drive.ts'
import { PROTOCOL_ERROR } from './error-codes.ts'
import { connectionError } from './errors.ts'
import type { ClientCommand, Http2Event } from './events.ts'
import { parseRequest, parseTrailers, type RequestHead } from './message.ts'
import { rfc9113 } from './rules.ts'
import { sendSettings } from './send-control.ts'
import { capacity, sendHeaders } from './send-message.ts'
import { PREFACE, refuseMalformed, requestFields } from './server.ts'
import { clientSettings } from './settings.ts'
import { Stream } from './stream.ts'

/** The client's side of an HTTP/2 connection. RFC 9113 */
export class Http2Client implements Machine<Http2Event, ClientCommand> {
  readonly #connection: Connection
  #begun = false

  constructor(options: ConnectionOptions = {}) {
    const c = new Connection('client', options)
    this.#connection = c
    if (c.honours(rfc9113.clientPrefaceMagic)) c.out.octets(PREFACE)
    const settings = clientSettings(c.limits)
    for (const [id, value] of options.settings ?? []) settings.set(id, value)
    if (c.honours(rfc9113.clientPrefaceSettings)) sendSettings(c, settings)
  }

  receive(octets: Uint8Array | 'eof', now: number): Http2Event[] {
    const c = this.#connection
    at(c, now)
    if (octets !== 'eof' && !this.#begun && !c.closed) this.#begin(octets)
    else receive(c, octets)
    return events(c)
  }

  /** SETTINGS has to be the server's first frame. RFC 9113 §3.4 */
  #begin(octets: Uint8Array): void {
    const c = this.#connection
    c.reader.push(octets)
    const header = c.reader.pendingHeader
    if (header === undefined) return
    this.#begun = true
    const settings = header.type === 4 && (header.flags & 1) === 0
    if (!settings && c.keeps(rfc9113.prefaceInvalid)) {
      connectionError(c, PROTOCOL_ERROR, 'the server does not begin with SETTINGS')
      return
    }
    receive(c, octets.subarray(octets.length))
  }

  tick(now: number): Http2Event[] {
    at(this.#connection, now)
    tick(this.#connection)
    return events(this.#connection)
  }

  /** Throws `TypeError` for a message of the application's that would be malformed, and for a request that `mayRequest` denies. */
  send(order: ClientCommand, now: number): void {
    const c = this.#connection
    at(c, now)
    if (c.closed || c.wedged) return
    if (order.kind === 'request') {
      this.#request(order.head, order.end === true)
      return
    }
    if (order.kind === 'trailers') refuseMalformed(parseTrailers(order.fields, true, honoursAll).malformed)
    command(c, order)
  }

  transmit(): (Uint8Array | 'close')[] {
    return transmit(this.#connection)
  }

  get deadline(): number | undefined {
    return deadline(this.#connection)
  }

  /** The stream that the next request will open. RFC 9113 §5.1.1 */
  get nextStream(): number {
    return this.#connection.streams.own.next
  }

  /** Whether a stream may be opened now. RFC 9113 §5.1.2, §6.8 */
  get mayRequest(): boolean {
    const c = this.#connection
    if (c.closed || c.peerEnded || c.streams.own.next > 0x7fffffff || c.shutdown !== 'no') return false
    if (c.goawayReceived !== undefined && c.honours(rfc9113.noStreamAfterGoaway)) return false
    return c.streams.own.active < c.remote.maxConcurrentStreams || !c.honours(rfc9113.concurrencyWithinPeerLimit)
  }

  /** Whether the server takes requests with a `protocol`. RFC 8441 §3 */
  get extendedConnect(): boolean {
    return this.#connection.remote.enableConnectProtocol === 1
  }

  /** How many octets of content would go out at once on this stream. */
  capacity(stream: number): number {
    const live = this.#connection.streams.live.get(stream)
    return live === undefined ? 0 : capacity(this.#connection, live)
  }

  /** Octets of content that wait for credit on this stream. */
  queued(stream: number): number {
    return this.#connection.streams.live.get(stream)?.queued ?? 0
  }

  #request(head: RequestHead, end: boolean): void {
    const c = this.#connection
    const fields = requestFields(head)
    refuseMalformed(parseRequest(fields, { honours: honoursAll, extendedConnect: this.extendedConnect }).malformed)
    if (!this.mayRequest) throw new TypeError('no stream may be opened now')
    const stream = new Stream(c.streams.own.next, c.remote.initialWindowSize, c.own.acknowledged.initialWindowSize)
    stream.method = head.method
    stream.authority = head.authority
    stream.announced = true
    if (end) stream.ending = true
    sendHeaders(c, stream, fields, 'request', end)
  }
}
