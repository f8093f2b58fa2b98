import type { Honours } from '../conformance/rule.ts'
import { honoursAll } from '../conformance/rule.ts'
import type { Field } from '../hpack/field.ts'
import type { Endpoint } from '../machine.ts'
import type { ConnectionOptions } from './connection.ts'
import { CANCEL } from './error-codes.ts'
import type { Http2Event } from './events.ts'
import { Exchange } from './exchange.ts'
import type { RequestHead } from './message.ts'
import { Http2Server } from './server.ts'

/** What a handler wants to hear of a request's content. */
export interface RequestListener {
  /** Content, a view that holds for this call only. */
  data?(octets: Uint8Array): void
  /** The trailer section; `end` follows. */
  trailers?(fields: readonly Field[]): void
  /** The request has come whole. */
  end?(): void
  /** The exchange was cut off; nothing can be sent any more. */
  reset?(code: number): void
}

/** The application: called for each request as soon as its header section is there. */
export type Handler = (exchange: Exchange) => RequestListener | undefined

export interface ServeOptions extends ConnectionOptions {
  /** The time of day, in ms since 1970, at which `now` is 0: for the Date field. 0 when absent. */
  readonly epoch?: number
}

/** A server endpoint that can be asked to leave. */
export interface ServerEndpoint extends Endpoint {
  /** By two GOAWAY frames. RFC 9113 §6.8 */
  shutdown(now: number): void
  /** How many exchanges are under way. */
  readonly size: number
}

/** A source of content: at most so many octets of it, or nothing when there is no more. */
export type Source = (most: number) => Uint8Array | undefined

/** Puts an application on a server machine. */
export function serve(handler: Handler, options: ServeOptions = {}): ServerEndpoint {
  return new Service(handler, options)
}

interface Timer {
  readonly at: number
  readonly stream: number
  readonly run: () => void
}

/** All the exchanges of one connection, and what they wait for. */
export class Service implements ServerEndpoint {
  readonly machine: Http2Server
  readonly honours: Honours
  readonly #handler: Handler
  readonly #epoch: number
  readonly #exchanges = new Map<number, Exchange>()
  /** Exchanges whose content is made as the client takes it. */
  readonly #pulled = new Set<Exchange>()
  /** Exchanges that read no further before what they wrote has gone out. */
  readonly #held = new Set<Exchange>()
  #timers: Timer[] = []
  #now = 0
  /** There is more to send than was given out; asked for by a deadline, once for each `transmit`. */
  #more = false

  constructor(handler: Handler, options: ServeOptions) {
    this.machine = new Http2Server(options)
    this.honours = options.honours ?? honoursAll
    this.#handler = handler
    this.#epoch = options.epoch ?? 0
  }

  get now(): number {
    return this.#now
  }

  /** The value of Date. RFC 9110 §6.6.1 */
  get date(): string {
    const second = Math.floor((this.#epoch + this.#now) / 1000)
    if (second !== dated.second) dated = { second, text: new Date(second * 1000).toUTCString() }
    return dated.text
  }

  receive(octets: Uint8Array | 'eof', now: number): void {
    this.#now = now
    for (const event of this.machine.receive(octets, now)) this.#on(event)
  }

  tick(now: number): void {
    this.#now = now
    this.#more = false
    for (const event of this.machine.tick(now)) this.#on(event)
    const due = this.#timers.filter(timer => timer.at <= now)
    if (due.length === 0) return
    this.#timers = this.#timers.filter(timer => timer.at > now)
    for (const { run } of due) run()
  }

  transmit(): (Uint8Array | 'close')[] {
    this.#pull()
    const out = this.machine.transmit()
    if (this.#dropStuck()) out.push(...this.machine.transmit())
    if (this.#held.size > 0 && this.#release()) out.push(...this.machine.transmit())
    this.#more = false
    for (const exchange of this.#pulled) if (this.machine.capacity(exchange.stream) > 0) this.#more = true
    return out
  }

  get deadline(): number | undefined {
    let earliest = this.#more ? this.#now : this.machine.deadline
    for (const { at } of this.#timers) if (earliest === undefined || at < earliest) earliest = at
    return earliest
  }

  get size(): number {
    return this.#exchanges.size
  }

  shutdown(now: number): void {
    this.#now = now
    this.machine.send({ kind: 'shutdown' }, now)
  }

  /** Calls back after so many ms, unless the stream is over by then. */
  after(ms: number, stream: number, run: () => void): void {
    this.#timers.push({ at: this.#now + ms, stream, run })
  }

  pullFrom(exchange: Exchange): void {
    this.#pulled.add(exchange)
  }

  hold(exchange: Exchange): void {
    this.#held.add(exchange)
  }

  /** Begins an exchange: for a request that came, or one that is promised. */
  begin(stream: number, request: RequestHead, complete: boolean): Exchange {
    const exchange = new Exchange(this, stream, request, complete)
    this.#exchanges.set(stream, exchange)
    exchange.listener = this.#handler(exchange)
    if (complete) exchange.listener?.end?.()
    return exchange
  }

  /** An exchange has nothing more to say, and nothing more to hear. */
  forget(exchange: Exchange): void {
    this.#exchanges.delete(exchange.stream)
  }

  #on(event: Http2Event): void {
    if (event.kind === 'request') {
      this.begin(event.stream, event.head, event.end)
      return
    }
    if (event.kind === 'closed') {
      for (const exchange of [...this.#exchanges.values()]) this.#cut(exchange, event.code)
      return
    }
    const exchange = 'stream' in event ? this.#exchanges.get(event.stream) : undefined
    if (exchange === undefined) return
    if (event.kind === 'data') exchange.hear(event.data, event.end)
    else if (event.kind === 'trailers') exchange.hearTrailers(event.fields)
    else if (event.kind === 'reset') this.#cut(exchange, event.code)
  }

  #cut(exchange: Exchange, code: number): void {
    this.#exchanges.delete(exchange.stream)
    this.#pulled.delete(exchange)
    this.#held.delete(exchange)
    this.#timers = this.#timers.filter(timer => timer.stream !== exchange.stream)
    exchange.listener?.reset?.(code)
  }

  /** Lets those read on whose words have gone out; whether there were any. */
  #release(): boolean {
    const before = this.#held.size
    for (const exchange of this.#held) if (exchange.release()) this.#held.delete(exchange)
    return this.#held.size < before
  }

  /** Gives up what has a source but can never go out; whether there was any. */
  #dropStuck(): boolean {
    const stuck = [...this.#pulled].filter(({ stream }) => this.machine.isStuck(stream))
    for (const exchange of stuck) {
      this.#pulled.delete(exchange)
      exchange.reset(CANCEL)
    }
    return stuck.length > 0
  }

  /** Lets the sources fill what flow control has room for. */
  #pull(): void {
    for (const exchange of this.#pulled) {
      const room = this.machine.capacity(exchange.stream)
      if (room > 0 && !exchange.pull(room)) this.#pulled.delete(exchange)
    }
  }
}

let dated = { second: -1, text: '' }
