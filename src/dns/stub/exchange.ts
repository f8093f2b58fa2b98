import type { Message, Question, ResourceRecord } from '../message.ts'
import { rfc1034, rfc1035, rfc1123, rfc2181, rfc5452, rfc6891, rfc7766, rfc7873 } from '../rules/client.ts'
import { type Attempt, hasPointer, opening, type Shared, type Way, wire, withoutTc } from './attempt.ts'
import { judge, ttlOf } from './judge.ts'
import { matched } from './match.ts'
import type { StubOptions } from './options.ts'
import { makeQuery } from './query.ts'
import type { FailureReason, Resolution } from './resolution.ts'
import { PLAIN_FOR, type ServerState } from './servers.ts'

/**
 * One question, put to servers until one answers it: each in its turn, with more patience in each round, over TCP what
 * was cut, without EDNS whoever has none. RFC 1035 §4.2.1, §7.2
 */
export class Exchange {
  /** What came of it, once it is over. */
  resolution: Resolution | undefined
  readonly #shared: Shared
  readonly #aliases: ResourceRecord[] = []
  #question: Question
  #attempt: Attempt | undefined
  #turn = 0
  #queries = 0
  #cookies = 0
  #failure: FailureReason = 'TIMEOUT'

  constructor(question: Question, shared: Shared, now: number) {
    this.#question = question
    this.#shared = shared
    this.#ask(now)
  }

  get deadline(): number | undefined {
    return this.#attempt?.deadline
  }

  /** The flow that it listens to now. */
  get flow(): number | undefined {
    return this.#attempt?.flow
  }

  /** The identifier of the query under way. */
  get id(): number | undefined {
    return this.#attempt?.query.id
  }

  /** A message has come on its flow; says whether it was one for this question. */
  receive(octets: Uint8Array, now: number): boolean {
    const attempt = this.#attempt
    if (!attempt) return false
    if (attempt.transport === 'udp') {
      if (octets.length >= 512 && !this.#honours(rfc1035.wholeDatagramTaken)) return true
      if (octets.length >= 1232 && !this.#honours(rfc6891.advertisedSizeTaken)) return true
    }
    return this.#take(attempt, octets, now)
  }

  /**
   * What came on its flow was for nobody. Somebody guesses: after some guesses over UDP, TCP leaves nothing to be
   * guessed. RFC 5452 §9.3
   */
  strange(now: number): void {
    const attempt = this.#attempt
    if (!attempt || ++attempt.strangers < this.#shared.options.limits.strangers) return
    attempt.sound = false
    if (attempt.transport === 'udp') this.#ask(now, { stream: true })
    else this.#failed('BADRESP', now)
  }

  /** Its flow is over. */
  ended(now: number): void {
    const attempt = this.#attempt
    if (!attempt) return
    attempt.sound = false
    if (!this.#honours(rfc7766.unansweredRetried) && attempt.transport !== 'udp') this.#end('CONNREFUSED')
    // A connection may have been about to end when it was used again, which says nothing of the server.
    else if (attempt.reused) this.#ask(now, attempt.query.edns ? { stream: true } : { stream: true, edns: false })
    else this.#failed('CONNREFUSED', now)
  }

  /** What came over its connection is unfinished, which a deviant does not understand. */
  unfinished(now: number): void {
    if (this.#attempt && !this.#honours(rfc7766.responseInPiecesRead)) this.#failed('BADRESP', now)
  }

  tick(now: number): void {
    const attempt = this.#attempt
    if (!attempt || attempt.deadline > now) return
    attempt.sound = false
    if (this.#honours(rfc1035.lostQueryRepeated)) this.#failed('TIMEOUT', now)
    else this.#end('TIMEOUT')
  }

  #honours(rule: Parameters<StubOptions['honours']>[0]): boolean {
    return this.#shared.options.honours(rule)
  }

  /** Sends the question to the server whose turn it is. */
  #ask(now: number, way: Way = {}): void {
    const { options, servers } = this.#shared
    this.#letGo()
    const turns = options.rounds * options.servers
    const bounded = [rfc1034.workBounded, rfc1034.aliasLoopIsError, rfc1123.retransmissionControlled].every(rule =>
      this.#honours(rule),
    )
    if (bounded && ++this.#queries > options.limits.queries) {
      this.#end('LIMIT')
      return
    }
    if (this.#turn >= turns && this.#honours(rfc1123.retransmissionControlled)) {
      this.#end(this.#failure)
      return
    }
    const alternate = this.#honours(rfc1035.otherServersFirst)
    const server = alternate ? this.#turn % options.servers : Math.floor(this.#turn / options.rounds) % options.servers
    const round = Math.floor(this.#turn / options.servers)
    const state = servers[server] as ServerState
    const transport = way.stream && options.transport === 'udp' ? 'tcp' : options.transport
    const edns = way.edns !== false && options.payload > 0 && now >= state.plainUntil
    const query = makeQuery(this.#question, options, state, { id: this.#shared.id(), edns })
    const deadline = now + options.timeout * 2 ** Math.min(round, 4)
    const { flow, reused } = transport === 'udp' ? this.#port(server) : this.#shared.borrow(server, transport)
    this.#attempt = { server, transport, flow, reused, query, deadline, sound: true, strangers: 0 }
    for (const octets of wire(query.octets, transport, options)) this.#shared.output({ flow, octets })
  }

  /** A port for this query alone: that is half of what a forger has to guess. RFC 5452 §9.2 */
  #port(server: number): { readonly flow: number; readonly reused: false } {
    const flow = this.#shared.flow()
    this.#shared.output(opening(flow, server, this.#shared.options))
    return { flow, reused: false }
  }

  #letGo(): void {
    const attempt = this.#attempt
    this.#attempt = undefined
    if (!attempt) return
    if (attempt.transport === 'udp') this.#shared.output({ flow: attempt.flow, close: true })
    else this.#shared.release(attempt.flow, attempt.sound)
  }

  #end(why: FailureReason): void {
    this.#finish({ kind: 'failure', why })
  }

  #finish(resolution: Resolution): void {
    this.#letGo()
    this.resolution = resolution
    if (resolution.kind === 'failure' || this.#aliases.length === 0) return
    const ttl = Math.min(resolution.ttl, ...this.#aliases.map(ttlOf))
    this.resolution = { ...resolution, ttl, aliases: [...this.#aliases, ...resolution.aliases] }
  }

  /** The server is of no use for now: the next one, or the first again. */
  #failed(why: FailureReason, now: number): void {
    this.#failure = why
    if (why !== 'TIMEOUT' && !this.#honours(rfc1034.failingServerLeft)) {
      this.#end(why)
      return
    }
    this.#turn++
    this.#ask(now)
  }

  #take(attempt: Attempt, octets: Uint8Array, now: number): boolean {
    const { options } = this.#shared
    if (!this.#honours(rfc1035.compressionUnderstood) && hasPointer(octets)) {
      this.#failed('BADRESP', now)
      return true
    }
    const match = matched(octets, attempt.query, options.honours, attempt.transport !== 'udp')
    if (match === 'stranger') return false
    if (match === 'malformed') this.#malformed(attempt, now)
    // Over TCP there is nothing to be guessed, and so no case to be minded.
    else if (match === 'recased') this.#ask(now, { stream: true })
    else if (match === 'truncated') this.#truncated(octets, attempt, now)
    else return this.#judge(match, attempt, now)
    return true
  }

  #malformed(attempt: Attempt, now: number): void {
    attempt.sound = false
    // A deviant takes whatever comes for its response, and has had it.
    const patient = this.#honours(rfc5452.idMatched) && this.#honours(rfc7766.streamIdMatched)
    if (patient) this.#failed('BADRESP', now)
    else this.#end('BADRESP')
  }

  #judge(response: Message, attempt: Attempt, now: number): boolean {
    const { options, servers } = this.#shared
    const server = servers[attempt.server] as ServerState
    const judgement = judge(response, attempt.query, this.#question, server, options)
    if (judgement.kind === 'stranger') return false
    if (judgement.kind === 'done') this.#finish(judgement.resolution)
    else if (judgement.kind === 'failed') this.#failed(judgement.why, now)
    else if (judgement.kind === 'plain') {
      server.plainUntil = now + PLAIN_FOR
      this.#ask(now, { edns: false, ...(attempt.transport === 'udp' ? {} : { stream: true }) })
    } else if (judgement.kind === 'cookie') this.#withCookie(attempt, now)
    else this.#onward(judgement.question, judgement.aliases, now)
    return true
  }

  #truncated(octets: Uint8Array, attempt: Attempt, now: number): void {
    if (!this.#honours(rfc2181.truncatedIgnored)) {
      const whole = matched(withoutTc(octets), attempt.query, this.#shared.options.honours, false)
      if (typeof whole !== 'string') {
        this.#judge(whole, attempt, now)
        return
      }
    }
    if (!this.#honours(rfc7766.tcpUsed)) this.#end('TRUNCATED')
    // Cut over TCP: there is no wider way.
    else if (attempt.transport !== 'udp' && this.#honours(rfc1034.workBounded)) this.#failed('TRUNCATED', now)
    else this.#ask(now, { stream: true })
  }

  #withCookie(attempt: Attempt, now: number): void {
    this.#cookies++
    const again = this.#cookies > 1 && this.#honours(rfc7873.badCookieTwiceOverTcp)
    if (attempt.transport !== 'udp' && again) this.#failed('ERROR', now)
    else this.#ask(now, again ? { stream: true } : {})
  }

  /** The answer ends in an alias: the name that it stands for is asked for. */
  #onward(question: Question, aliases: readonly ResourceRecord[], now: number): void {
    this.#aliases.push(...aliases)
    const known = this.#aliases.length > this.#shared.options.limits.aliases
    if (known && this.#honours(rfc1034.aliasLoopIsError)) {
      this.#end('LOOP')
      return
    }
    this.#question = question
    this.#ask(now)
  }
}
