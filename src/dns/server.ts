import type { Connected } from '../conformance/case.ts'
import type { Endpoint } from '../machine.ts'
import { framed, Unframer } from './framing.ts'
import { HEADER_LENGTH } from './message.ts'
import { respond } from './respond.ts'
import { rfc1035, rfc5936, rfc7766, rfc7858 } from './rules.ts'
import type { Site, Via } from './site.ts'

/** How a query came, at one moment. */
export function viaOf(connected: Connected, now: number): Via {
  const { transport = 'tcp', epoch = 0, remote } = connected
  return { transport, address: remote?.address ?? '', seconds: Math.floor((epoch + now) / 1000) }
}

/** Deviants: whoever holds a whole site up, and the connections that are open to it. */
const heldUp = new WeakMap<Site, unknown>()
const open = new WeakMap<Site, Set<unknown>>()

/** A server's side of the datagrams of one client: an answer, or none, to each. RFC 1035 §4.2.1 */
export function datagramEndpoint(site: Site, connected: Connected): Endpoint {
  let output: Uint8Array[] = []
  const client: Connected = { ...connected, transport: 'udp' }

  function say(response: Uint8Array, now: number): void {
    const sent = site.rate ? site.rate.limited(response, connected.remote?.address ?? '', now) : response
    if (sent !== undefined) output.push(sent)
  }

  return {
    receive(octets, now) {
      if (octets === 'eof' || heldUp.has(site)) return
      const known = site.known?.to(octets)
      if (known) {
        say(known, now)
        return
      }
      for (const response of respond(site, octets, viaOf(client, now))) {
        site.known?.keep(octets, response)
        say(response, now)
      }
    },
    tick() {},
    transmit() {
      const all = output
      output = []
      return all
    },
  }
}

/**
 * A server's side of one TCP or TLS connection. Responses are made as there is room for them, and each query has its turn,
 * so that one with a long answer does not keep others waiting. RFC 1035 §4.2.2, RFC 7766, RFC 7858
 */
export class StreamEndpoint implements Endpoint {
  readonly #site: Site
  readonly #connected: Connected
  readonly #tls: boolean
  readonly #unframer = new Unframer()
  /** What is still to be said to each query that has come. */
  readonly #turns: Iterator<Uint8Array, number>[] = []
  #state: 'open' | 'ending' | 'closed' = 'open'
  #arrivals = 0
  /** There is more to send than was given out; asked for by a deadline, once for each `transmit`. */
  #more = false
  /** What the clock showed last. */
  #now = 0
  /** When the connection has been idle for too long: at once, so that the clock is looked at. RFC 7766 §6.2.3 */
  #idle: number | undefined = 0
  #begun = false
  /** A deviant lets time pass before it answers. */
  #late = false

  constructor(site: Site, connected: Connected) {
    this.#site = site
    this.#connected = connected
    this.#tls = connected.transport === 'tls'
    if (!site.honours(rfc7766.concurrentConnections)) this.#crowd()
  }

  get deadline(): number | undefined {
    return this.#more ? this.#now : this.#idle
  }

  receive(octets: Uint8Array | 'eof', now: number): void {
    this.#now = now
    if (this.#state !== 'open') return
    const { honours, limits } = this.#site
    if (octets === 'eof') {
      // The client may have ended only its side: what came before is answered. RFC 7766 §6.1
      if (!honours(rfc7766.halfCloseAnswered)) this.#turns.length = 0
      if (this.#tls && !honours(rfc7858.tlsEndSurvived)) heldUp.set(this.#site, undefined)
      this.#end()
      return
    }
    this.#begin(now)
    if (heldUp.has(this.#site) && heldUp.get(this.#site) !== this) return
    const messages = this.#taken(octets)
    if (messages.length === 0) return
    // Only a whole message shows that the client goes on. RFC 7766 §6.2.3
    this.#idle = now + limits.idle
    this.#arrivals++
    for (const message of messages) this.#take(message)
    this.#deviate(messages.length)
  }

  tick(now: number): void {
    this.#now = now
    this.#more = false
    this.#begin(now)
    if (this.#idle === undefined || this.#idle > now) return
    // Idle is only who has read all answers. RFC 7766 §3
    if (this.#turns.length > 0) this.#idle = now + this.#site.limits.idle
    else this.#end()
  }

  transmit(): (Uint8Array | 'close')[] {
    const all: (Uint8Array | 'close')[] = []
    if (this.#late) {
      this.#late = false
      this.#more = true
      return all
    }
    let octets = 0
    while (octets < this.#site.limits.unsent) {
      const turn = this.#turns.shift()
      if (turn === undefined) break
      const next = turn.next()
      if (next.done) {
        if (next.value > 1 && !this.#site.honours(rfc5936.transferWithQueries)) this.#drop()
        continue
      }
      this.#turns.push(turn)
      const output = this.#framed(next.value)
      octets += output.length
      all.push(output)
    }
    this.#more = this.#turns.length > 0
    if (!this.#more && this.#state === 'ending') {
      this.#state = 'closed'
      all.push('close')
    }
    return all
  }

  /** Leaves, when what has come is answered. */
  shutdown(): void {
    this.#end()
  }

  /** A deviant has one connection at a time. */
  #crowd(): void {
    const others = open.get(this.#site) ?? new Set()
    if (others.size > 0) this.#state = 'ending'
    open.set(this.#site, others.add(this))
  }

  #begin(now: number): void {
    if (this.#begun) return
    this.#begun = true
    this.#idle = now + this.#site.limits.idle
  }

  #end(): void {
    if (this.#state === 'open') this.#state = 'ending'
    this.#idle = undefined
    open.get(this.#site)?.delete(this)
  }

  /** The messages that are whole now. */
  #taken(octets: Uint8Array): Uint8Array[] {
    const { honours } = this.#site
    const messages = this.#unframer.push(octets)
    if (this.#unframer.pending > 0) {
      if (!honours(rfc1035.streamNotBlocking)) heldUp.set(this.#site, this)
      if (!honours(this.#tls ? rfc7858.tlsSplitRead : rfc7766.splitMessageRead)) this.#end()
    }
    return messages
  }

  #take(message: Uint8Array): void {
    const { honours } = this.#site
    if (message.length < HEADER_LENGTH) {
      // Whoever sends that has lost the thread: there is no telling where the next message begins.
      if (!honours(rfc1035.streamNotBlocking)) heldUp.set(this.#site, this)
      this.#end()
      return
    }
    if (!honours(this.#tls ? rfc7858.tlsServed : rfc7766.tcpServed)) return
    if (this.#arrivals > 1 && !honours(this.#tls ? rfc7858.tlsConnectionReused : rfc7766.connectionReused)) return
    if (this.#turns.length > 0 && !honours(this.#tls ? rfc7858.tlsPipelined : rfc7766.pipelinedAllAnswered)) return
    this.#turns.push(answersTo(this.#site, message, viaOf(this.#connected, this.#now)))
  }

  /** What deviants do when messages have come. */
  #deviate(count: number): void {
    const { honours } = this.#site
    this.#late = !honours(rfc7766.halfCloseAnswered)
    const kept = [rfc1035.streamConnectionKept, this.#tls ? rfc7858.tlsConnectionKept : rfc7766.idlePeriod]
    if (kept.some(rule => !honours(rule))) this.#end()
    if (count > 2 && !this.#tls && !honours(rfc7766.pipelinedExpected)) this.#drop()
  }

  #drop(): void {
    this.#turns.length = 0
    this.#end()
  }

  #framed(response: Uint8Array): Uint8Array {
    const { honours } = this.#site
    const prefixed = honours(rfc1035.streamPrefix) && (!this.#tls || honours(rfc7858.tlsMessagesFramed))
    return prefixed ? framed(response) : response
  }
}

/** What a query gets, made only when it is its turn; how many responses that were. */
function* answersTo(site: Site, message: Uint8Array, via: Via): Generator<Uint8Array, number> {
  let count = 0
  for (const response of respond(site, message, via)) {
    count++
    yield response
  }
  return count
}
