import type { Dial, Talk, TalkOptions } from '../conformance/case.ts'
import type { Channel } from '../conformance/channel.ts'
import { Exhausted } from '../conformance/record.ts'
import type { Transport } from '../machine.ts'
import { WireError } from '../wire/errors.ts'
import { decode } from '../wire/whole.ts'
import { framed, Unframer } from './framing.ts'
import { type DnsRequest, type DnsResponse, HttpsCarrier, posted } from './https-carrier.ts'
import { DNS_PATH } from './https-server.ts'
import type { Message } from './message.ts'
import { message } from './message.ts'
import type { Name } from './name.ts'

/** What the subject says. */
export type Seen =
  | { readonly kind: 'message'; readonly message: Message; readonly octets: Uint8Array; readonly http?: DnsResponse }
  /** Octets that are no message. */
  | { readonly kind: 'garbled'; readonly octets: Uint8Array; readonly error: WireError; readonly http?: DnsResponse }
  /** An HTTP response that carries no message. */
  | { readonly kind: 'http'; readonly http: DnsResponse }
  | { readonly kind: 'end'; readonly how: 'eof' | 'reset'; readonly why: string }
  | { readonly kind: 'silence' }

/** Messages taken from a subject in one case: small ones cost more than their octets. */
const MOST_MESSAGES = 5000

/**
 * How a case speaks DNS to a server: it gathers messages into flights, and takes messages out of whatever carries them.
 * Judges nothing.
 */
export class DnsTalk implements Talk {
  readonly channel: Channel
  readonly options: TalkOptions
  readonly transport: Transport
  readonly dial: Dial
  /** The zone that the server has authority for. */
  readonly zone: Name
  /** All that the subject has said so far. */
  readonly seen: Seen[] = []
  /** The queries sent, in order, and how each was to be understood. */
  readonly asked: Message[] = []
  readonly #unframer = new Unframer()
  readonly #https: HttpsCarrier | undefined
  readonly #queue: Seen[] = []
  #flight: Uint8Array[] = []
  #ids = 0
  #messages = 0

  constructor(channel: Channel, options: TalkOptions, dial: Dial) {
    this.channel = channel
    this.options = options
    this.dial = dial
    this.transport = channel.transport ?? (channel.security?.alpn === 'h2' ? 'https' : 'tcp')
    this.zone = options.resources['zone'] ?? '.'
    this.#https = this.transport === 'https' ? new HttpsCarrier(options.authority) : undefined
  }

  /** An identifier that no other query of this connection has. */
  freshId(): number {
    return (0x5701 + 0x0101 * this.#ids++) & 0xffff
  }

  /** Puts a message into the flight that goes out next: a datagram, a framed message, or a request. */
  add(octets: Uint8Array): void {
    if (this.#https) this.request(posted(octets, this.options.resources['path'] ?? DNS_PATH))
    else this.#flight.push(this.transport === 'udp' ? octets : framed(octets))
  }

  /** Puts octets into the flight as they are, without a length before them. */
  addRaw(octets: Uint8Array): void {
    this.#flight.push(octets)
  }

  /** Begins a request, where there is HTTP; its stream. */
  request(request: DnsRequest): number {
    if (!this.#https) throw new Error('there is no HTTP to carry a request')
    return this.#https.ask(request, this.channel.now())
  }

  /** Sends the flight: on a stream always one write, or verdicts would depend on how octets are scheduled. */
  flush(): void {
    const output = this.#https?.transmit()
    if (output) this.channel.send(output)
    if (this.#flight.length === 0) return
    const flight = this.#flight
    this.#flight = []
    if (this.transport === 'udp') for (const octets of flight) this.channel.send(octets)
    else this.channel.send(flight.length === 1 ? (flight[0] as Uint8Array) : Buffer.concat(flight))
  }

  /** The next thing that the subject says; sends the flight first. */
  async next(patience = this.options.patience): Promise<Seen> {
    for (;;) {
      this.flush()
      const seen = this.#queue.shift()
      if (seen) return seen
      const arrival = await this.channel.receive(patience)
      if (arrival.kind === 'silence') return { kind: 'silence' }
      if (arrival.kind === 'octets') this.#take(arrival.octets)
      else {
        const unfinished = this.#unframer.pending > 0 ? 'inside a message' : ''
        if (this.#https) for (const http of this.#https.receive('eof', this.channel.now())) this.#http(http)
        const why = arrival.kind === 'reset' ? arrival.reason : unfinished
        this.#push({ kind: 'end', how: arrival.kind, why })
      }
    }
  }

  #take(octets: Uint8Array): void {
    if (this.#https) for (const http of this.#https.receive(octets, this.channel.now())) this.#http(http)
    else if (this.transport === 'udp') this.#push(read(octets))
    else for (const one of this.#unframer.push(octets)) this.#push(read(one))
  }

  #http(http: DnsResponse): void {
    const type = http.fields.find(({ name }) => name === 'content-type')?.value ?? ''
    const carries = http.status >= 200 && http.status < 300 && !http.cut && /dns-message/i.test(type)
    this.#push(carries ? { ...read(http.content), http } : { kind: 'http', http })
  }

  #push(seen: Seen): void {
    if (++this.#messages > MOST_MESSAGES)
      throw new Exhausted(`it sent more than ${MOST_MESSAGES} messages without an end`)
    this.seen.push(seen)
    this.#queue.push(seen)
  }
}

function read(octets: Uint8Array): Extract<Seen, { kind: 'message' | 'garbled' }> {
  try {
    return { kind: 'message', message: decode(message, octets), octets }
  } catch (error) {
    if (error instanceof WireError) return { kind: 'garbled', octets, error }
    throw error
  }
}
