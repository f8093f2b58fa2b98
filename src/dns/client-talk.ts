import type { Dial, Talk, TalkOptions } from '../conformance/case.ts'
import type { Address, Channel, Exit, Flow } from '../conformance/channel.ts'
import { Exhausted } from '../conformance/record.ts'
import { WireError } from '../wire/errors.ts'
import { Reader } from '../wire/reader.ts'
import { replyTo, soaFor } from './client-answers.ts'
import { framed, Unframer } from './framing.ts'
import { encodeMessage, type Message, message, type Question } from './message.ts'
import { TYPE } from './mnemonics.ts'

export { clientSubject } from './client-subject.ts'

/** A query that a client under test has sent. */
export interface Asked {
  readonly flow: Flow
  readonly octets: Uint8Array
  readonly message: Message
  readonly question: Question
  /** Octets behind the message. */
  readonly trailing: number
  /** How many arrivals brought it, over a stream. */
  readonly pieces: number
}

/** What a client under test does. */
export type ClientSeen =
  | { readonly kind: 'query'; readonly asked: Asked }
  /** Octets that are no query with a question. */
  | { readonly kind: 'garbled'; readonly octets: Uint8Array; readonly why: string }
  /** One of its connections is over. */
  | { readonly kind: 'end'; readonly flow: Flow; readonly how: 'eof' | 'reset' }
  /** It is over itself. */
  | { readonly kind: 'over' }
  | { readonly kind: 'silence' }

/** A look-up that takes more is one without an end. */
export const MOST_QUERIES = 64

/**
 * How a case is a server to a client: it waits for queries on all flows, and answers where they came from. A question
 * for another type than A, as many clients ask beside it, is answered on the side: there is no such data. Judges
 * nothing.
 */
export class ClientTalk implements Talk {
  readonly channel: Channel
  readonly options: TalkOptions
  /** Runs the client anew. */
  readonly dial: Dial | undefined
  /** The queries for an address so far, in order. */
  readonly asked: Asked[] = []
  /** And all others, which were answered on the side. */
  readonly aside: Asked[] = []
  readonly #streams = new Map<number, { readonly unframer: Unframer; pieces: number }>()
  readonly #queue: ClientSeen[] = []

  constructor(channel: Channel, options: TalkOptions, dial?: Dial) {
    this.channel = channel
    this.options = options
    this.dial = dial
  }

  /** How many connections have brought something, be it a query or not. */
  get connections(): number {
    return this.#streams.size
  }

  /** Nothing is gathered: each answer goes out by itself, as servers send them. */
  flush(): void {}

  /** The query that is to be answered. */
  get last(): Asked {
    const last = this.asked.at(-1)
    if (!last) throw new Error('a case against a client begins with its query')
    return last
  }

  /** Sends a message where a query came from; from another address of ours where one is given. */
  send(octets: Uint8Array, to: Asked = this.last, from?: Address): void {
    const flow = from ? { ...to.flow, tester: from } : to.flow
    this.channel.send(flow.transport === 'udp' ? octets : framed(octets), flow)
  }

  /** The next thing that the client does. */
  async next(patience = this.options.patience): Promise<ClientSeen> {
    for (;;) {
      const seen = this.#queue.shift()
      if (seen) return seen
      const arrival = await this.channel.receive(patience)
      if (arrival.kind === 'silence') return { kind: 'silence' }
      const { flow } = arrival
      if (arrival.kind !== 'octets') return flow ? { kind: 'end', flow, how: arrival.kind } : { kind: 'over' }
      this.#take(arrival.octets, flow ?? flowOf(this.channel))
    }
  }

  /** How the client ended, if it has, or does within the patience. */
  exit(patience = this.options.patience): Promise<Exit | undefined> {
    return this.channel.exit?.(patience) ?? Promise.resolve(undefined)
  }

  #take(octets: Uint8Array, flow: Flow): void {
    if (flow.transport === 'udp') {
      this.#note(octets, flow, 1)
      return
    }
    const stream = this.#streams.get(flow.id) ?? { unframer: new Unframer(), pieces: 0 }
    this.#streams.set(flow.id, stream)
    stream.pieces++
    const messages = stream.unframer.push(octets)
    for (const whole of messages) this.#note(whole, flow, stream.pieces)
    if (messages.length > 0) stream.pieces = 0
  }

  #note(octets: Uint8Array, flow: Flow, pieces: number): void {
    const asked = understood(octets, flow, pieces)
    if (typeof asked === 'string') {
      this.#queue.push({ kind: 'garbled', octets, why: asked })
      return
    }
    if (asked.question.type === TYPE.A) {
      this.asked.push(asked)
      this.#queue.push({ kind: 'query', asked })
    } else {
      this.aside.push(asked)
      this.send(encodeMessage(replyTo(asked.message, { authority: [soaFor(asked.question.name)] })), asked)
    }
    if (this.asked.length + this.aside.length > MOST_QUERIES) {
      throw new Exhausted(`it asked more than ${MOST_QUERIES} times without an end`)
    }
  }
}

/** A talk with a client. `dial`, which runs it anew, is for cases that compare runs. */
export function clientTalk(channel: Channel, options: TalkOptions, dial?: Dial): ClientTalk {
  return new ClientTalk(channel, options, dial)
}

/** The only flow of a client that opens no more, as one over TLS. */
function flowOf({ transport = 'tcp', local, remote }: Channel): Flow {
  return { id: 0, transport, subject: remote, tester: local }
}

function understood(octets: Uint8Array, flow: Flow, pieces: number): Asked | string {
  const reader = new Reader(octets)
  try {
    const query = message.read(reader)
    const [question] = query.questions
    if (!question) return 'a message without a question'
    return { flow, octets, message: query, question, trailing: reader.remaining, pieces }
  } catch (thrown) {
    if (thrown instanceof WireError) return thrown.message
    throw thrown
  }
}
