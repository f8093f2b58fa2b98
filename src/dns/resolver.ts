import type { FlowOutput } from '../machine.ts'
import type { Question } from './message.ts'
import { CLASS } from './mnemonics.ts'
import { canonical, type Name } from './name.ts'
import { rfc5452 } from './rules/client.ts'
import type { Shared } from './stub/attempt.ts'
import { Cache } from './stub/cache.ts'
import { Connections } from './stub/connections.ts'
import { Exchange } from './stub/exchange.ts'
import type { StubOptions } from './stub/options.ts'
import { stubOptions } from './stub/options.ts'
import type { Resolution } from './stub/resolution.ts'
import { candidates } from './stub/search.ts'
import { serverStates } from './stub/servers.ts'

/** Asks for records. */
export interface ResolverCommand {
  /** By which the event will speak of it; chosen by who asks. */
  readonly request: number
  /** Absolute with a dot at its end; else searched for. */
  readonly name: Name
  readonly type: number
  /** IN when absent. */
  readonly class?: number
}

/** A question has come to its end. */
export interface ResolverEvent {
  readonly request: number
  readonly resolution: Resolution
}

/** A question as it is worked on: the names it may mean, one after the other. */
interface Request {
  readonly request: number
  readonly names: readonly Name[]
  readonly question: Omit<Question, 'name'>
  at: number
  /** What the first name that has a meaning of its own came to. */
  kept?: Resolution | undefined
}

/** How often another identifier is drawn for one that is in use: entropy may be worse than it should. */
const DRAWS = 16

/** A question on its way, and who waits for it. */
interface Pending {
  readonly exchange: Exchange
  readonly question: Question
  readonly waiting: Request[]
}

/**
 * A stub resolver: questions in, resolutions out, by way of flows that it opens to its servers. Keeps answers for as
 * long as they hold, and asks once for what many want at a time (RFC 5452 §5). No socket, no clock, no chance of its
 * own.
 */
export class Resolver {
  readonly options: StubOptions
  readonly cache: Cache
  readonly #shared: Shared
  readonly #connections: Connections
  readonly #pending = new Map<string, Pending>()
  #events: ResolverEvent[] = []
  #output: FlowOutput[] = []
  #flows = 0
  #ids = 0x1000
  #now = 0

  constructor(given: Pick<StubOptions, 'entropy'> & Partial<StubOptions>) {
    const options = stubOptions(given)
    this.options = options
    this.cache = new Cache(options)
    const flow = (): number => ++this.#flows
    const output = (one: FlowOutput): void => void this.#output.push(one)
    const connections = new Connections(options.idle, flow, output)
    this.#connections = connections
    this.#shared = {
      options,
      servers: serverStates(options),
      flow,
      output,
      id: () => this.#id(),
      borrow: (server, transport) => connections.borrow(server, transport),
      release: (of, sound) => connections.release(of, sound, this.#now),
    }
  }

  /** 16 bits of chance, that no other query has which is under way. RFC 5452 §9.2, RFC 7766 §6.2.1 */
  #id(): number {
    if (!this.options.honours(rfc5452.idUnpredictable)) return this.#ids++ & 0xffff
    const used = new Set<number | undefined>()
    for (const { exchange } of this.#pending.values()) used.add(exchange.id)
    let id = 0
    for (let draws = 0; draws < DRAWS; draws++) {
      const [high = 0, low = 0] = this.options.entropy(2)
      id = (high << 8) | low
      if (!used.has(id)) break
    }
    return id
  }

  send({ request, name, type, class: klass = CLASS.IN }: ResolverCommand, now: number): ResolverEvent[] {
    this.#now = now
    const { search, ndots } = this.options
    this.#begin({ request, names: candidates(name, search, ndots), question: { type, class: klass }, at: 0 }, now)
    return this.#take()
  }

  receive(flow: number, octets: Uint8Array | 'eof' | 'refused', now: number): ResolverEvent[] {
    this.#now = now
    if (typeof octets === 'string') {
      this.#connections.close(flow)
      this.#each(flow, now, exchange => exchange.ended(now))
      return this.#take()
    }
    const came = this.#connections.push(flow, octets)
    for (const message of came?.messages ?? [octets]) this.#message(flow, message, now)
    if (came?.more) this.#each(flow, now, exchange => exchange.unfinished(now))
    return this.#take()
  }

  /** A message is for one of those who wait on its flow, or for nobody. Responses may come in any order. RFC 7766 §7 */
  #message(flow: number, octets: Uint8Array, now: number): void {
    let taken = false
    this.#each(flow, now, exchange => {
      taken ||= exchange.receive(octets, now)
    })
    if (!taken) this.#each(flow, now, exchange => exchange.strange(now))
  }

  /** Does something with each exchange that listens to a flow. */
  #each(flow: number, now: number, does: (exchange: Exchange) => void): void {
    for (const [key, pending] of [...this.#pending]) {
      if (pending.exchange.flow !== flow) continue
      does(pending.exchange)
      this.#conclude(key, pending, now)
    }
  }

  tick(now: number): ResolverEvent[] {
    this.#now = now
    this.#connections.tick(now)
    for (const [key, pending] of [...this.#pending]) {
      pending.exchange.tick(now)
      this.#conclude(key, pending, now)
    }
    return this.#take()
  }

  transmit(): FlowOutput[] {
    const output = this.#output
    this.#output = []
    return output
  }

  get deadline(): number | undefined {
    let earliest = this.#connections.deadline
    for (const { exchange } of this.#pending.values()) {
      const { deadline } = exchange
      if (deadline !== undefined && (earliest === undefined || deadline < earliest)) earliest = deadline
    }
    return earliest
  }

  #take(): ResolverEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  #begin(request: Request, now: number): void {
    const name = request.names[request.at] as Name
    const question: Question = { name, ...request.question }
    const known = this.cache.find(question, now)
    if (known) {
      this.#settle(request, known, now)
      return
    }
    const key = `${canonical(name)} ${question.type} ${question.class}`
    const pending = this.#pending.get(key)
    if (pending) {
      pending.waiting.push(request)
      return
    }
    this.#pending.set(key, { exchange: new Exchange(question, this.#shared, now), question, waiting: [request] })
  }

  #conclude(key: string, { exchange, question, waiting }: Pending, now: number): void {
    const { resolution } = exchange
    if (!resolution) return
    this.#pending.delete(key)
    this.cache.keep(question, resolution, now)
    for (const request of waiting) this.#settle(request, resolution, now)
  }

  /** Of several names that a relative one may mean, the first that has an answer is meant. */
  #settle(request: Request, resolution: Resolution, now: number): void {
    const more = request.at + 1 < request.names.length
    if (resolution.kind === 'negative') {
      // Data of another type is a better answer than that there is no such name.
      if (!request.kept || resolution.why === 'NODATA') request.kept = resolution
      if (more) {
        request.at++
        this.#begin(request, now)
        return
      }
    }
    const told = resolution.kind === 'negative' ? (request.kept ?? resolution) : resolution
    this.#events.push({ request: request.request, resolution: told })
  }
}
