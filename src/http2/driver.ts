import { type Honours, honoursAll } from '../conformance/rule.ts'
import type { Field } from '../hpack/field.ts'
import type { Endpoint } from '../machine.ts'
import { Http2Client } from './client.ts'
import type { ConnectionOptions } from './connection.ts'
import { CANCEL, NO_ERROR, REFUSED_STREAM } from './error-codes.ts'
import type { Http2Event } from './events.ts'
import type { RequestHead, ResponseHead } from './message.ts'
import { rfc9113 } from './rules.ts'
import { ENABLE_PUSH } from './settings-parameters.ts'

/** A request to make. */
export interface ClientRequest {
  readonly head: RequestHead
  readonly content?: Uint8Array
  readonly trailers?: readonly Field[]
}

/** What came of a request, or of a promised one. */
export interface ClientResult {
  readonly request: RequestHead
  /** The first hundred. */
  readonly interim: ResponseHead[]
  head?: ResponseHead
  /** The content, cut after `keep` octets; pushed ones share as many. */
  readonly content: Uint8Array[]
  /** Octets of content that came. */
  octets: number
  trailers?: readonly Field[]
  /** The response has come whole. */
  complete: boolean
  /** The error code of the reset that cut it off. */
  reset?: number
}

export interface DriverOptions extends ConnectionOptions {
  /** Made one beside the other, as far as the server allows. */
  readonly requests: readonly ClientRequest[]
  /** Octets of each response's content that are kept: 1 MiB. */
  readonly keep?: number
}

/** How many results of one kind are kept: a server that never stops is not to fill our memory. */
const KEPT = 100

/** How often a request is repeated that the server refused unseen. RFC 9113 §8.7 */
const REPEATS = 1

interface Attempt {
  readonly request: ClientRequest
  readonly result: ClientResult
  repeats: number
}

/** A client that makes some requests, keeps what comes of them, then takes its leave. */
export class Driver implements Endpoint {
  readonly machine: Http2Client
  /** In the order of the requests. */
  readonly results: readonly ClientResult[]
  /** What was pushed: the first hundred. */
  readonly pushed: ClientResult[] = []
  /** Why the connection ended, if it was not we who wanted it. */
  failure: string | undefined
  readonly #keep: number
  #waiting: Attempt[]
  readonly #attempts = new Map<number, Attempt>()
  readonly #promised = new Map<number, ClientResult>()
  readonly #honours: Honours
  #left = false
  #pushDeclined = false
  #keptOfPushes = 0

  constructor(options: DriverOptions) {
    this.machine = new Http2Client(options)
    this.#honours = options.honours ?? honoursAll
    this.#keep = options.keep ?? 1 << 20
    this.#waiting = options.requests.map(request => ({ request, result: resultOf(request.head), repeats: 0 }))
    this.results = this.#waiting.map(({ result }) => result)
    this.#ask(0)
  }

  /** 0 when every request has had its whole response, of whatever status; else 1. */
  get exitCode(): number {
    return this.results.every(({ complete }) => complete) ? 0 : 1
  }

  receive(octets: Uint8Array | 'eof', now: number): void {
    this.#on(this.machine.receive(octets, now), now)
  }

  tick(now: number): void {
    this.#on(this.machine.tick(now), now)
  }

  transmit(): (Uint8Array | 'close')[] {
    return this.machine.transmit()
  }

  get deadline(): number | undefined {
    return this.machine.deadline
  }

  /** Makes the requests that wait, as far as the server allows. */
  #ask(now: number): void {
    const { machine } = this
    while (this.#waiting.length > 0 && machine.mayRequest) {
      const attempt = this.#waiting.shift() as Attempt
      const { head, content, trailers } = attempt.request
      const stream = machine.nextStream
      const bare = content === undefined && trailers === undefined
      machine.send({ kind: 'request', head, end: bare }, now)
      if (content !== undefined) machine.send({ kind: 'data', stream, data: content, end: trailers === undefined }, now)
      if (trailers !== undefined) machine.send({ kind: 'trailers', stream, fields: trailers }, now)
      this.#attempts.set(stream, attempt)
    }
  }

  #on(events: readonly Http2Event[], now: number): void {
    for (const event of events) this.#take(event, now)
    if (this.#left) return
    this.#ask(now)
    if (this.#attempts.size > 0 || (this.#waiting.length > 0 && this.failure === undefined)) return
    this.#leave(now)
  }

  #take(event: Http2Event, now: number): void {
    if (event.kind === 'closed') {
      if (!this.#left) this.failure = event.why
      return
    }
    if (event.kind === 'goaway') {
      if (event.code !== NO_ERROR || this.#waiting.length > 0) this.failure = 'the server went away'
      return
    }
    if (event.kind === 'promise') {
      const promised = resultOf(event.head)
      this.#promised.set(event.promised, promised)
      if (this.pushed.length < KEPT) this.pushed.push(promised)
      // A deviant does not wait for it. RFC 9113 §8.4.2
      if (!this.#honours(rfc9113.promisedNotRequested)) {
        this.#waiting.push({ request: { head: event.head }, result: resultOf(event.head), repeats: 0 })
      }
      return
    }
    if (!('stream' in event)) return
    const result = this.#attempts.get(event.stream)?.result ?? this.#promised.get(event.stream)
    if (result === undefined) return
    if (event.kind === 'interim') {
      if (result.interim.length < KEPT) result.interim.push(event.head)
    } else if (event.kind === 'response') {
      result.head = event.head
      if (event.end) this.#end(event.stream, result, now)
    } else if (event.kind === 'data') this.#content(event, result, now)
    else if (event.kind === 'trailers') {
      result.trailers = event.fields
      this.#end(event.stream, result, now)
    } else if (event.kind === 'reset') this.#reset(event.stream, event.code, result)
  }

  #content(event: Extract<Http2Event, { kind: 'data' }>, result: ClientResult, now: number): void {
    const { data, stream, end } = event
    const pushed = this.#promised.has(stream)
    const room = this.#keep - (pushed ? this.#keptOfPushes : result.octets)
    if (room > 0) result.content.push(data.slice(0, room))
    if (pushed) this.#keptOfPushes += data.length
    result.octets += data.length
    this.machine.send({ kind: 'consume', stream, octets: data.length }, now)
    if (end) this.#end(stream, result, now)
  }

  #end(stream: number, result: ClientResult, now: number): void {
    result.complete = true
    this.#attempts.delete(stream)
    // One push has shown what the server pushes: more are not wanted. RFC 9113 §6.5.2, §8.4
    if (this.#promised.delete(stream) && !this.#pushDeclined) {
      this.#pushDeclined = true
      this.machine.send({ kind: 'settings', settings: new Map([[ENABLE_PUSH, 0]]) }, now)
    }
  }

  #reset(stream: number, code: number, result: ClientResult): void {
    const attempt = this.#attempts.get(stream)
    this.#attempts.delete(stream)
    this.#promised.delete(stream)
    if (attempt !== undefined && code === REFUSED_STREAM && attempt.repeats < REPEATS) {
      attempt.repeats++
      this.#waiting.push(attempt)
    } else result.reset = code
  }

  /** All is done: what is still promised is not wanted any more. */
  #leave(now: number): void {
    this.#left = true
    for (const stream of this.#promised.keys()) this.machine.send({ kind: 'reset', stream, code: CANCEL }, now)
    this.machine.send({ kind: 'shutdown' }, now)
  }
}

function resultOf(request: RequestHead): ClientResult {
  return { request, interim: [], content: [], octets: 0, complete: false }
}
