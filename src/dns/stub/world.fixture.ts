import { Reader } from '../../wire/reader.ts'
import { framed, Unframer } from '../framing.ts'
import { encodeMessage, type Message, message, type ResourceRecord } from '../message.ts'
import { CLASS, TYPE } from '../mnemonics.ts'
import { EMPTY } from '../query.ts'
import { Resolver, type ResolverEvent } from '../resolver.ts'
import type { StubOptions } from './options.ts'

/** Octets that look like chance, the same in every run: the high bits of a linear congruential generator. */
export function chance(seed = 1): (octets: number) => Uint8Array {
  let state = seed >>> 0
  return count =>
    Uint8Array.from({ length: count }, () => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0
      return state >>> 24
    })
}

export interface Asked {
  readonly flow: number
  readonly transport: string
  readonly server: number
  readonly query: Message
}

/** A resolver and all its servers in memory: what it asks is kept, and answered by hand. */
export class World {
  readonly resolver: Resolver
  readonly asked: Asked[] = []
  readonly closed: number[] = []
  readonly events: ResolverEvent[] = []
  now = 0
  readonly #flows = new Map<number, { transport: string; server: number; stream: Unframer }>()
  #requests = 0

  constructor(options: Partial<StubOptions> = {}) {
    this.resolver = new Resolver({ entropy: chance(), ...options })
  }

  ask(name: string, type: number = TYPE.A): number {
    const request = ++this.#requests
    this.#take(this.resolver.send({ request, name, type }, this.now))
    return request
  }

  /** Answers a query, the last one unless said. */
  answer(more: Partial<Message>, to: Asked = this.last): void {
    this.give(encodeMessage(answerTo(to.query, more)), to)
  }

  give(octets: Uint8Array | 'eof' | 'refused', to: Asked = this.last): void {
    const stream = typeof octets !== 'string' && to.transport !== 'udp'
    this.#take(this.resolver.receive(to.flow, stream ? framed(octets) : octets, this.now))
  }

  /** Gives octets of a stream as they are. */
  raw(octets: Uint8Array, to: Asked = this.last): void {
    this.#take(this.resolver.receive(to.flow, octets, this.now))
  }

  /** Lets time pass, to the next deadline at most. */
  pass(): void {
    this.now = this.resolver.deadline ?? this.now
    this.#take(this.resolver.tick(this.now))
  }

  get last(): Asked {
    const last = this.asked.at(-1)
    if (!last) throw new Error('nothing was asked')
    return last
  }

  /** What the last event said. */
  get said(): ResolverEvent['resolution'] | undefined {
    return this.events.at(-1)?.resolution
  }

  #take(events: readonly ResolverEvent[]): void {
    this.events.push(...events)
    for (const output of this.resolver.transmit()) {
      if ('open' in output) {
        const { transport, server } = output
        this.#flows.set(output.open, { transport, server, stream: new Unframer() })
      } else if ('close' in output) this.closed.push(output.flow)
      else this.#hear(output.flow, output.octets)
    }
  }

  #hear(flow: number, octets: Uint8Array): void {
    const known = this.#flows.get(flow)
    if (!known) throw new Error(`no flow ${flow}`)
    const { transport, server, stream } = known
    for (const one of transport === 'udp' ? [octets] : stream.push(octets)) {
      this.asked.push({ flow, transport, server, query: message.read(new Reader(one)) })
    }
  }
}

export function answerTo({ id, questions }: Message, more: Partial<Message>): Message {
  return { ...EMPTY, id, qr: true, rd: true, ra: true, questions, ...more }
}

export function record(name: string, type: number, data: ResourceRecord['data'], ttl = 300): ResourceRecord {
  return { name, type, class: CLASS.IN, ttl, data }
}

export const a = (name: string, address: string, ttl = 300): ResourceRecord => record(name, TYPE.A, { address }, ttl)
export const cname = (name: string, to: string, ttl = 300): ResourceRecord =>
  record(name, TYPE.CNAME, { name: to }, ttl)
export const soa = (name: string, minimum = 60, ttl = 3600): ResourceRecord =>
  record(name, TYPE.SOA, { mname: 'ns.', rname: 'admin.', serial: 1, refresh: 1, retry: 1, expire: 1, minimum }, ttl)
