import { HpackEncoder } from '../hpack/encoder.ts'
import type { Field } from '../hpack/field.ts'
import { octetsOf } from './build.ts'
import type { Http2Event } from './events.ts'
import { type Frame, FrameReader, GOAWAY, RST_STREAM } from './frame.ts'
import { u32 } from './frame-size.ts'
import type { RequestHead } from './message.ts'
import { PREFACE } from './server.ts'

export type Side = 'client' | 'server'

/** A machine, which says what has happened, or an endpoint with its application inside. */
export interface End {
  receive(octets: Uint8Array | 'eof', now: number): unknown
  tick(now: number): unknown
  transmit(): (Uint8Array | 'close')[]
  readonly deadline?: number | undefined
}

export const GET: RequestHead = { method: 'GET', scheme: 'http', authority: 'localhost', path: '/', fields: [] }
export const POST: RequestHead = { ...GET, method: 'POST', path: '/echo' }

const other = { client: 'server', server: 'client' } as const

/** How often both may speak before they count as never falling silent. */
const TURNS = 10_000

/** A client and a server in memory, what they have said, and what they have said has happened. */
export class Joined {
  now = 1000
  readonly ends: Readonly<Record<Side, End>>
  readonly events: Record<Side, Http2Event[]> = { client: [], server: [] }
  readonly frames: Record<Side, Frame[]> = { client: [], server: [] }
  readonly closed: Record<Side, boolean> = { client: false, server: false }
  readonly #readers = { client: new FrameReader(), server: new FrameReader() }
  #preface = PREFACE.length

  constructor(client: End, server: End) {
    this.ends = { client, server }
  }

  /** Takes what a side has to say, without handing it over. */
  take(side: Side): Uint8Array {
    const flights: Uint8Array[] = []
    for (const output of this.ends[side].transmit()) {
      if (output === 'close') this.closed[side] = true
      else flights.push(output)
    }
    const octets = octetsOf(...flights)
    const reader = this.#readers[side]
    const skipped = side === 'client' ? Math.min(this.#preface, octets.length) : 0
    this.#preface -= skipped
    reader.push(octets.subarray(skipped))
    for (let frame = reader.next(); frame; frame = reader.next()) this.frames[side].push(frame)
    return octets
  }

  /** Hands octets to a side, or their end. */
  give(side: Side, octets: Uint8Array | 'eof'): void {
    if (this.closed[side]) return
    this.#heard(side, this.ends[side].receive(octets, this.now))
  }

  /** Lets octets go to and fro until both are silent. */
  run(): this {
    for (let turn = 0; turn < TURNS; turn++) {
      let silent = true
      for (const side of ['client', 'server'] as const) {
        const was = this.closed[side]
        const octets = this.take(side)
        if (octets.length > 0) this.give(other[side], octets)
        if (this.closed[side] && !was) this.give(other[side], 'eof')
        if (octets.length > 0 || this.closed[side] !== was) silent = false
      }
      if (silent) return this
    }
    throw new Error('they never fall silent')
  }

  /** Lets time pass, with every deadline on the way. */
  pass(ms: number): this {
    const until = this.now + ms
    for (let turn = 0; turn < TURNS; turn++) {
      this.run()
      const due = (['client', 'server'] as const).filter(
        side => !this.closed[side] && (this.ends[side].deadline ?? Number.POSITIVE_INFINITY) <= until,
      )
      if (due.length === 0) {
        this.now = until
        return this
      }
      this.now = Math.max(this.now, Math.min(...due.map(side => this.ends[side].deadline as number)))
      for (const side of due)
        if ((this.ends[side].deadline as number) <= this.now) this.#heard(side, this.ends[side].tick(this.now))
    }
    throw new Error('deadlines without end')
  }

  /** What a side has said happened, of one kind. */
  of<K extends Http2Event['kind']>(side: Side, kind: K): Extract<Http2Event, { kind: K }>[] {
    return this.events[side].filter((event): event is Extract<Http2Event, { kind: K }> => event.kind === kind)
  }

  /** The content that a side got on a stream. */
  content(side: Side, stream: number): Buffer {
    return Buffer.concat(this.of(side, 'data').flatMap(event => (event.stream === stream ? [event.data] : [])))
  }

  #heard(side: Side, told: unknown): void {
    const events: readonly Http2Event[] = Array.isArray(told) ? told : []
    // A view holds until the next octets only.
    for (const event of events) {
      this.events[side].push(event.kind === 'data' ? { ...event, data: event.data.slice() } : event)
    }
  }
}

/** What a side says when it is given octets, as frames. */
export function answers(end: End, octets: Uint8Array | 'eof', now = 1000): Frame[] {
  end.receive(octets, now)
  return framesOf(end)
}

/** What a side has to say, as frames. A client's preface has to be out. */
export function framesOf(end: End): Frame[] {
  const reader = new FrameReader()
  for (const output of end.transmit()) if (output !== 'close') reader.push(output)
  const frames: Frame[] = []
  for (let frame = reader.next(); frame; frame = reader.next()) frames.push(frame)
  return frames
}

/** The errors among frames: `[stream, code]`, the stream 0 for GOAWAY. */
export function errorsIn(frames: readonly Frame[]): (readonly [stream: number, code: number])[] {
  return frames.flatMap(({ type, stream, payload }) => {
    if (type === GOAWAY) return [[0, u32(payload, 4)] as const]
    return type === RST_STREAM ? [[stream, u32(payload, 0)] as const] : []
  })
}

/** A field block that leaves the dynamic table alone. */
export function block(...fields: readonly (readonly [name: string, value: string])[]): Uint8Array {
  const encoder = new HpackEncoder({ indexing: () => 'without' })
  return encoder.encode(fields.map(([name, value]): Field => ({ name, value })))
}

/** The block of a request. */
export function requestBlock(method = 'GET', path = '/'): Uint8Array {
  return block([':method', method], [':scheme', 'http'], [':authority', 'localhost'], [':path', path])
}
