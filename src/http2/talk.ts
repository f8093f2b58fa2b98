import type { Talk, TalkOptions } from '../conformance/case.ts'
import type { Channel } from '../conformance/channel.ts'
import { Exhausted } from '../conformance/record.ts'
import type { Role } from '../conformance/rule.ts'
import { octetsOf, ping, settingsAck, windowUpdate } from './build.ts'
import type { Frame } from './frame.ts'
import { Interpreter } from './interpreter.ts'
import { Outgoing } from './outgoing.ts'
import type { Seen } from './seen.ts'
import { framesOf, statusOf } from './seen.ts'
import { HEADER_TABLE_SIZE, MAX_FRAME_SIZE } from './settings-parameters.ts'

/** What a stream brought from the subject. */
export interface Message {
  /** Interim responses, each by its status. */
  readonly interim: number[]
  /** The final response's status, or 0 when it has none; undefined until it comes. */
  status?: number
  /** The request's or final response's fields. */
  head?: Extract<Seen, { kind: 'headers' }>
  trailers?: Extract<Seen, { kind: 'headers' }>
  /** Octets of content, without padding. */
  received: number
  /** The content, at most the first 64 KiB. */
  content: Uint8Array
  /** END_STREAM has come. */
  ended: boolean
  /** The code of an RST_STREAM that has come. */
  reset?: number
}

const KEPT_CONTENT = 1 << 16

/** Small frames take more memory than their octets tell. */
const MOST_FRAMES = 10_000

/** And indexed fields more than their one octet. */
const MOST_FIELDS = 50_000

const WINDOW = 65535

/**
 * How a case speaks HTTP/2 to a subject: it gathers what steps send into flights, understands all that comes back, and does
 * what any peer would do on the side: it acknowledges SETTINGS, answers PING and gives flow-control credit, unless a case
 * says that it wants to do so itself. Judges nothing.
 */
export class Http2Talk implements Talk {
  readonly channel: Channel
  /** Whom we speak to. */
  readonly role: Role
  readonly options: TalkOptions
  /** All that the subject has said so far, in order. */
  readonly seen: Seen[] = []
  readonly outgoing: Outgoing
  /** The subject's settings in force, by identifier. */
  readonly settings = new Map<number, number>()
  /** How many of our SETTINGS it has acknowledged. */
  acknowledged = 0
  /** The status that a plain request gets, once a server has shown that it is alive. */
  control: number | undefined
  /** Whether we acknowledge SETTINGS, answer PING and give credit without being told. */
  readonly automatic = { settings: true, pings: true, credit: true }
  /** Streams, and 0 for the connection, that get no credit but what a case gives. */
  readonly withheld = new Set<number>()
  /** Octets of credit that we have given the connection without being told. */
  credited = 0
  readonly #interpreter: Interpreter
  readonly #messages = new Map<number, Message>()
  readonly #queue: Seen[] = []
  #flight: Uint8Array[] = []
  #pings = 0
  #frames = 0
  #fields = 0
  #uncredited = 0

  constructor(channel: Channel, role: Role, options: TalkOptions) {
    this.channel = channel
    this.role = role
    this.options = options
    this.#interpreter = new Interpreter({ fromClient: role === 'client', maxFrameSize: 16384 })
    this.outgoing = new Outgoing(role === 'server')
  }

  /** What has come on a stream. */
  message(stream: number): Message {
    let message = this.#messages.get(stream)
    if (!message) {
      message = { interim: [], received: 0, content: new Uint8Array(0), ended: false }
      this.#messages.set(stream, message)
    }
    return message
  }

  /** The stream of a client's first request. */
  get requestStream(): number | undefined {
    const head = this.seen.find(seen => seen.kind === 'headers')
    return head?.kind === 'headers' ? head.stream : undefined
  }

  /** A stream identifier that we have not used yet, higher than any we have. RFC 9113 §5.1.1 */
  freshStream(): number {
    const highest = this.outgoing.highestStream
    if (this.role === 'server') return highest === 0 ? 1 : highest + (highest % 2 === 0 ? 1 : 2)
    return highest + (highest % 2 === 0 ? 2 : 1)
  }

  /** Puts frames or plain octets into the flight that goes out next. */
  add(...things: readonly (Frame | Uint8Array)[]): void {
    const octets = octetsOf(...things)
    this.#flight.push(octets)
    this.outgoing.push(octets)
    this.#interpreter.allowFrames(this.outgoing.largest(MAX_FRAME_SIZE))
  }

  /** Puts a PING into the flight whose answer proves that all before it was taken in; gives its payload. */
  addBarrier(): Uint8Array {
    const payload = Buffer.from(`wire${String(++this.#pings).padStart(4, '0')}`, 'latin1')
    this.add(ping(payload))
    return payload
  }

  /** Sends the flight: always one write, or verdicts would depend on how the octets are scheduled. */
  flush(): void {
    if (this.#flight.length === 0) return
    const flight = this.#flight
    this.#flight = []
    this.channel.send(flight.length === 1 ? (flight[0] as Uint8Array) : Buffer.concat(flight))
  }

  /** The next thing that the subject says; sends the flight first. */
  async next(patience = this.options.patience): Promise<Seen> {
    this.flush()
    for (;;) {
      const seen = this.#queue.shift()
      if (seen) return seen
      const arrival = await this.channel.receive(patience)
      if (arrival.kind === 'silence') return { kind: 'silence' }
      if (arrival.kind === 'octets') this.#take(this.#interpreter.push(arrival.octets))
      else if (arrival.kind === 'reset') this.#take([{ kind: 'end', how: 'reset', why: arrival.reason }])
      else this.#take([{ kind: 'end', how: 'eof', why: this.#interpreter.unfinished ? 'inside a frame' : '' }])
    }
  }

  #take(seen: readonly Seen[]): void {
    for (const item of seen) {
      this.#frames += framesOf(item).length
      if ('fields' in item) this.#fields += item.fields.length
    }
    if (this.#frames > MOST_FRAMES) throw new Exhausted(`it sent more than ${MOST_FRAMES} frames without an end`)
    if (this.#fields > MOST_FIELDS) throw new Exhausted(`it sent more than ${MOST_FIELDS} fields without an end`)
    for (const item of seen) {
      this.seen.push(item)
      this.#queue.push(item)
      this.#note(item)
    }
  }

  #note(seen: Seen): void {
    switch (seen.kind) {
      case 'settings':
        for (const [id, value] of seen.parameters) this.settings.set(id, value)
        if (this.automatic.settings) this.add(settingsAck())
        break
      case 'settings-ack': {
        const applied = this.outgoing.acknowledged(this.acknowledged++)
        const tableLimit = applied?.get(HEADER_TABLE_SIZE)
        if (tableLimit !== undefined) this.#interpreter.setTableLimit(tableLimit)
        break
      }
      case 'ping':
        if (this.automatic.pings) this.add(ping(seen.payload, { ack: true }))
        break
      case 'headers':
        this.#noteHeaders(seen)
        break
      case 'data':
        this.#noteData(seen)
        break
      case 'reset':
        this.message(seen.stream).reset ??= seen.code
        break
      default:
    }
  }

  #noteHeaders(seen: Extract<Seen, { kind: 'headers' }>): void {
    const message = this.message(seen.stream)
    const status = statusOf(seen.fields)
    if (message.head) message.trailers = seen
    else if (status !== undefined && status < 200) message.interim.push(status)
    else {
      message.head = seen
      message.status = status ?? 0
    }
    if (seen.endStream) message.ended = true
  }

  #noteData(seen: Extract<Seen, { kind: 'data' }>): void {
    const message = this.message(seen.stream)
    message.received += seen.octets.length
    if (message.content.length < KEPT_CONTENT) {
      message.content = Buffer.concat([message.content, seen.octets]).subarray(0, KEPT_CONTENT)
    }
    if (seen.endStream) message.ended = true
    const size = seen.frame.payload.length
    if (!this.automatic.credit || size === 0) return
    // The stream gets its credit at once, for a case may have made its window small; the connection when half is used.
    if (!seen.endStream && !this.withheld.has(seen.stream)) this.add(windowUpdate(seen.stream, size))
    if (this.withheld.has(0)) return
    this.#uncredited += size
    if (this.#uncredited < WINDOW / 2) return
    this.credited += this.#uncredited
    this.add(windowUpdate(0, this.#uncredited))
    this.#uncredited = 0
  }
}
