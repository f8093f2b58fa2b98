import { honoursAll } from '../conformance/rule.ts'
import type { Field } from '../hpack/field.ts'
import type { Machine } from '../machine.ts'
import { Connection, type ConnectionOptions } from './connection.ts'
import { at, command, deadline, events, isStuck, receive, tick, transmit } from './drive.ts'
import { CANCEL, PROTOCOL_ERROR } from './error-codes.ts'
import { connectionError } from './errors.ts'
import type { Http2Event, ServerCommand } from './events.ts'
import { parseRequest, parseResponse, parseTrailers, type RequestHead } from './message.ts'
import { rfc9113 } from './rules.ts'
import { sendReset, sendSettings } from './send-control.ts'
import { capacity, sendHeaders, sendPushPromise, stopReceiving } from './send-message.ts'
import { serverSettings } from './settings.ts'
import { INITIAL_WINDOW_SIZE } from './settings-parameters.ts'
import { Stream } from './stream.ts'
import { sends } from './stream-state.ts'

/** What a client sends first. RFC 9113 §3.4 */
export const PREFACE: Uint8Array = new TextEncoder().encode('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')

/** The server's side of an HTTP/2 connection. RFC 9113 */
export class Http2Server implements Machine<Http2Event, ServerCommand> {
  readonly #connection: Connection
  /** How many octets of the client's preface have come. */
  #preface = 0
  /** The first frame after it has been seen to be SETTINGS. */
  #begun = false

  constructor(options: ConnectionOptions = {}) {
    const c = new Connection('server', options)
    this.#connection = c
    const settings = serverSettings(c.limits)
    for (const [id, value] of options.settings ?? []) settings.set(id, value)
    if (!c.honours(rfc9113.dataBeforeReductionAccepted)) {
      // A deviant holds the client to what it cannot know yet. RFC 9113 §6.9.3
      settings.set(INITIAL_WINDOW_SIZE, 1000)
      c.own.acknowledged.initialWindowSize = 1000
    }
    sendSettings(c, settings)
  }

  receive(octets: Uint8Array | 'eof', now: number): Http2Event[] {
    const c = this.#connection
    at(c, now)
    const rest = octets === 'eof' ? octets : this.#afterPreface(octets)
    if (rest !== undefined) {
      if (rest !== 'eof' && !this.#begun) this.#begin(rest)
      else receive(c, rest)
    }
    return events(c)
  }

  /** What follows the client's preface in these octets. RFC 9113 §3.4 */
  #afterPreface(octets: Uint8Array): Uint8Array | undefined {
    if (this.#preface === PREFACE.length) return octets
    let taken = 0
    while (taken < octets.length && this.#preface < PREFACE.length) {
      if (octets[taken++] === PREFACE[this.#preface++] || !this.#connection.honours(rfc9113.prefaceInvalid)) continue
      connectionError(this.#connection, PROTOCOL_ERROR, 'the client preface is invalid')
      return undefined
    }
    return taken < octets.length ? octets.subarray(taken) : undefined
  }

  /** SETTINGS has to be the first frame. RFC 9113 §3.4 */
  #begin(octets: Uint8Array): void {
    const c = this.#connection
    if (c.closed) return
    c.reader.push(octets)
    const header = c.reader.pendingHeader
    if (header === undefined) return
    this.#begun = true
    const settings = header.type === 4 && (header.flags & 1) === 0
    if (!settings && c.keeps(rfc9113.prefaceInvalid)) {
      connectionError(c, PROTOCOL_ERROR, 'SETTINGS does not follow the client preface')
      return
    }
    receive(c, octets.subarray(octets.length))
  }

  tick(now: number): Http2Event[] {
    at(this.#connection, now)
    tick(this.#connection)
    return events(this.#connection)
  }

  /** Throws `TypeError` for a message of the application's that would be malformed; nothing is sent then. */
  send(order: ServerCommand, now: number): void {
    const c = this.#connection
    at(c, now)
    if (c.closed || c.wedged) return
    if (order.kind === 'headers') {
      this.#headers(order.stream, order.status, order.fields, order.end === true)
      return
    }
    if (order.kind === 'push') {
      this.#push(order.stream, order.head)
      return
    }
    if (order.kind === 'stop request') {
      this.#stopRequest(order.stream)
      return
    }
    if (order.kind === 'trailers') refuseMalformed(parseTrailers(order.fields, false, honoursAll).malformed)
    command(c, order)
  }

  transmit(): (Uint8Array | 'close')[] {
    return transmit(this.#connection)
  }

  get deadline(): number | undefined {
    return deadline(this.#connection)
  }

  /** The stream that the next push will promise. RFC 9113 §5.1.1 */
  get nextStream(): number {
    return this.#connection.streams.own.next
  }

  /** Whether a push is allowed on this stream now. RFC 9113 §6.6, §8.4 */
  mayPush(stream: number): boolean {
    const c = this.#connection
    const on = c.streams.live.get(stream)
    if (on === undefined || !sends(on.state) || c.streams.isOwn(stream)) return false
    if (c.goawayReceived !== undefined && c.honours(rfc9113.noStreamAfterGoaway)) return false
    if (c.remote.enablePush === 0 && c.honours(rfc9113.noPromiseWhenDisabled)) return false
    if (c.streams.own.next > 0x7fffffff) return false
    if (!c.honours(rfc9113.concurrencyWithinPeerLimit)) return true
    // Those promised before will count once they begin. RFC 9113 §5.1.2
    return c.streams.own.active + c.streams.reserved('reserved (local)') < c.remote.maxConcurrentStreams
  }

  /** How many octets of content would go out at once on this stream. */
  capacity(stream: number): number {
    const live = this.#connection.streams.live.get(stream)
    return live === undefined ? 0 : capacity(this.#connection, live)
  }

  /** Whether content of a stream waits for credit that cannot come any more. */
  isStuck(stream: number): boolean {
    const live = this.#connection.streams.live.get(stream)
    return live !== undefined && isStuck(this.#connection, live)
  }

  /** Octets of content that wait for credit on this stream. */
  queued(stream: number): number {
    return this.#connection.streams.live.get(stream)?.queued ?? 0
  }

  #headers(id: number, status: number, fields: readonly Field[], end: boolean): void {
    const c = this.#connection
    const list = [{ name: ':status', value: String(status) }, ...fields]
    const { head, malformed } = parseResponse(list, honoursAll)
    refuseMalformed(malformed)
    const interim = head.status < 200
    if (interim && end) throw new TypeError('an interim response does not end a stream')
    const stream = c.streams.live.get(id)
    if (stream === undefined || stream.ending) return
    if (!sends(stream.state) && stream.state !== 'reserved (local)') return
    if (stream.headersSent) throw new TypeError(`stream ${id} has had its response`)
    const most = c.honours(rfc9113.concurrencyWithinPeerLimit)
      ? c.remote.maxConcurrentStreams
      : Number.POSITIVE_INFINITY
    if (stream.state === 'reserved (local)' && c.streams.own.active >= most) {
      // The client has lowered its limit since the promise. RFC 9113 §5.1.2
      sendReset(c, id, CANCEL)
      c.events.push({ kind: 'reset', stream: id, code: CANCEL, by: 'us' })
      return
    }
    if (!interim) {
      stream.headersSent = true
      if (stream.method === 'CONNECT' && head.status >= 300) stream.tunnel = false
    }
    if (end) stream.ending = true
    sendHeaders(
      c,
      stream,
      list,
      interim ? 'interim' : 'response',
      end || (interim && !c.honours(rfc9113.interimEndsStream)),
    )
  }

  #push(on: number, head: RequestHead): void {
    const c = this.#connection
    const fields = requestFields(head)
    refuseMalformed(parseRequest(fields, { honours: honoursAll, extendedConnect: false }).malformed)
    if (head.method !== 'GET' && head.method !== 'HEAD') throw new TypeError(`a push of ${head.method}`)
    if (!this.mayPush(on)) return
    const stream = new Stream(c.streams.own.next, c.remote.initialWindowSize, c.own.acknowledged.initialWindowSize)
    stream.method = head.method
    stream.announced = true
    sendPushPromise(c, on, stream, fields)
  }

  #stopRequest(id: number): void {
    const c = this.#connection
    const stream = c.streams.live.get(id)
    if (stream === undefined) return
    if (stream.state === 'half-closed (local)') stopReceiving(c, stream)
    else if (stream.state === 'open') stream.stopWhenDone = true
  }
}

/** The field section of a request: pseudo-header fields first. RFC 9113 §8.3.1 */
export function requestFields(head: RequestHead): Field[] {
  const { method, scheme, authority, path, protocol, fields } = head
  const list: Field[] = [{ name: ':method', value: method }]
  if (protocol !== undefined) list.push({ name: ':protocol', value: protocol })
  if (scheme !== undefined) list.push({ name: ':scheme', value: scheme })
  if (authority !== undefined) list.push({ name: ':authority', value: authority })
  if (path !== undefined) list.push({ name: ':path', value: path })
  list.push(...fields)
  return list
}

/** An application's mistake is told to it and not to the peer. */
export function refuseMalformed(malformed: { readonly why: string } | undefined): void {
  if (malformed !== undefined) throw new TypeError(`a malformed message: ${malformed.why}`)
}
