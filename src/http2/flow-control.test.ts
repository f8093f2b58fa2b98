import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { data, headers, octetsOf, settings, settingsAck, windowUpdate } from './build.ts'
import { Http2Client } from './client.ts'
import { FLOW_CONTROL_ERROR } from './error-codes.ts'
import { ReceiveWindow, SendWindow } from './flow-control.ts'
import { ACK, DATA, type Frame, FrameReader, SETTINGS, WINDOW_UPDATE } from './frame.ts'
import { u32 } from './frame-size.ts'
import { answers, errorsIn, framesOf, GET, POST, requestBlock, type Side } from './joined.fixture.ts'
import { Http2Server, PREFACE } from './server.ts'
import { INITIAL_WINDOW_SIZE } from './settings-parameters.ts'

const now = 1000

describe('windows', () => {
  it('are no larger than 2^31-1', () => {
    const window = new SendWindow(65535)
    expect(window.widen(2 ** 31 - 1 - 65535)).toBe(true)
    expect(window.widen(1)).toBe(false)
    expect(window.size).toBe(2 ** 31 - 1)
  })

  it('give credit back in large steps, and all of it in the end', () => {
    const window = new ReceiveWindow(1000)
    expect(window.take(1000)).toBe(true)
    expect(window.consume(499)).toBe(0)
    expect(window.consume(1)).toBe(500)
    expect(window.consume(500)).toBe(500)
    expect(window.size).toBe(1000)
    expect(window.take(1001)).toBe(false)
  })

  it('may be negative after a reduction, and then give no credit beyond the new size', () => {
    const window = new ReceiveWindow(1000)
    window.take(1000)
    window.adjust(-900)
    expect(window.size).toBe(-900)
    expect(window.consume(1000)).toBe(1000)
    expect(window.size).toBe(100)
  })
})

describe('a server', () => {
  const opened = (): Http2Server => {
    const server = new Http2Server()
    answers(server, octetsOf(PREFACE, settings(), settingsAck(), headers(1, requestBlock('POST'))))
    return server
  }
  const chunks = (stream: number, octets: number): Frame[] =>
    Array.from({ length: Math.ceil(octets / 16384) }, (_, at) =>
      data(stream, new Uint8Array(Math.min(16384, octets - at * 16384))),
    )

  it('takes 65,535 octets unconsumed, and not one more', () => {
    expect(errorsIn(answers(opened(), octetsOf(...chunks(1, 65535))))).toEqual([])
    expect(errorsIn(answers(opened(), octetsOf(...chunks(1, 65536))))).toEqual([[0, FLOW_CONTROL_ERROR]])
  })

  it('spares the connection where only a stream is overrun', () => {
    const server = opened()
    answers(server, octetsOf(...chunks(1, 60000)))
    // The connection gets its credit back, the stream does not: it is another one that has consumed.
    answers(server, octetsOf(headers(3, requestBlock('POST')), ...chunks(3, 5000)))
    server.send({ kind: 'reset', stream: 3, code: 0 }, now)
    server.send({ kind: 'consume', stream: 1, octets: 30000 }, now)
    const credit = answers(server, octetsOf())
      .filter(({ type }) => type === WINDOW_UPDATE)
      .map(({ stream, payload }) => [stream, u32(payload, 0)])
    expect(credit).toEqual([[0, 35000]])
    expect(errorsIn(answers(server, octetsOf(...chunks(1, 5536))))).toEqual([[1, FLOW_CONTROL_ERROR]])
  })

  it('counts padding and its length against both windows', () => {
    const server = opened()
    const padded = data(1, new Uint8Array(10), { padding: 255 })
    const { length } = padded.payload
    expect(length).toBe(266)
    const many = Math.floor(65535 / length)
    // What is padding is consumed at once, so that credit comes back without anybody asking for the data.
    const came = answers(server, octetsOf(...Array.from({ length: many }, () => padded)))
    const given = came.filter(({ type, stream }) => type === WINDOW_UPDATE && stream === 0)
    expect(errorsIn(came)).toEqual([])
    expect(given.reduce((sum, { payload }) => sum + u32(payload, 0), 0)).toBeGreaterThanOrEqual(32768)
  })

  it('gives back at once what it kept of a window that becomes small', () => {
    const server = new Http2Server({ settings: new Map([[INITIAL_WINDOW_SIZE, 200_000]]) })
    const given = (frames: readonly Frame[]) =>
      frames.flatMap(({ type, stream, payload }) => (type === WINDOW_UPDATE && stream !== 0 ? [u32(payload, 0)] : []))
    answers(server, octetsOf(PREFACE, settings(), settingsAck(), headers(1, requestBlock('POST'))))
    for (let sent = 0; sent < 90_000; sent += 30_000) {
      answers(server, octetsOf(...chunks(1, 30_000)))
      server.send({ kind: 'consume', stream: 1, octets: 30_000 }, now)
      expect(given(framesOf(server))).toEqual([])
    }
    server.send({ kind: 'settings', settings: new Map([[INITIAL_WINDOW_SIZE, 65_535]]) }, now)
    framesOf(server)
    // The client's window is 65,535 - 90,000 now: without this it would wait for ever. RFC 9113 §6.9.2
    expect(given(answers(server, octetsOf(settingsAck())))).toEqual([90_000])
  })

  it('resumes from a negative window only when it is above 0 again', () => {
    const server = opened()
    server.send({ kind: 'headers', stream: 1, status: 200, fields: [] }, now)
    server.send({ kind: 'data', stream: 1, data: new Uint8Array(65535 + 100) }, now)
    const sent = (frames: readonly Frame[]) =>
      frames.reduce((sum, { type, payload }) => sum + (type === DATA ? payload.length : 0), 0)
    expect(sent(answers(server, octetsOf()))).toBe(65535)
    // RFC 9113 §6.9.2: 0 - (65535 - 16384) = -49151.
    expect(sent(answers(server, octetsOf(settings([[INITIAL_WINDOW_SIZE, 16384]]), windowUpdate(0, 1000))))).toBe(0)
    expect(sent(answers(server, octetsOf(windowUpdate(1, 49151))))).toBe(0)
    expect(sent(answers(server, octetsOf(windowUpdate(1, 1))))).toBe(1)
    expect(sent(answers(server, octetsOf(windowUpdate(1, 1000))))).toBe(99)
  })
})

/** What anybody can work out who sees what a side sends and what reaches it: the windows of RFC 9113 §6.9 by the text. */
class Observer {
  #connection = 65535
  #initial = 65535
  readonly #streams = new Map<number, number>()
  readonly #sent = new FrameReader()
  readonly #reached = new FrameReader()
  #skip: number
  #unskipped: number
  data = 0

  constructor(side: Side) {
    this.#skip = side === 'client' ? PREFACE.length : 0
    this.#unskipped = side === 'server' ? PREFACE.length : 0
  }

  /** The side has sent octets. */
  sends(octets: Uint8Array): void {
    const skipped = Math.min(this.#skip, octets.length)
    this.#skip -= skipped
    this.#sent.push(octets.subarray(skipped))
    for (let frame = this.#sent.next(); frame; frame = this.#sent.next()) {
      const { type, stream, payload } = frame
      if (type !== DATA || payload.length === 0) continue
      this.data += payload.length
      this.#connection -= payload.length
      this.#streams.set(stream, this.of(stream) - payload.length)
      expect(this.#connection, 'the window of the connection').toBeGreaterThanOrEqual(0)
      expect(this.of(stream), `the window of stream ${stream}`).toBeGreaterThanOrEqual(0)
    }
  }

  /** Octets have reached the side. */
  hears(octets: Uint8Array): void {
    const skipped = Math.min(this.#unskipped, octets.length)
    this.#unskipped -= skipped
    this.#reached.push(octets.subarray(skipped))
    for (let frame = this.#reached.next(); frame; frame = this.#reached.next()) {
      const { type, flags, stream, payload } = frame
      if (type === WINDOW_UPDATE && stream === 0) this.#connection += u32(payload, 0)
      else if (type === WINDOW_UPDATE) this.#streams.set(stream, this.of(stream) + u32(payload, 0))
      else if (type === SETTINGS && (flags & ACK) === 0) this.#settings(payload)
    }
  }

  of(stream: number): number {
    return this.#streams.get(stream) ?? this.#initial
  }

  get connection(): number {
    return this.#connection
  }

  #settings(payload: Uint8Array): void {
    for (let at = 0; at < payload.length; at += 6) {
      if (((payload[at] as number) << 8) + (payload[at + 1] as number) !== INITIAL_WINDOW_SIZE) continue
      const value = u32(payload, at + 2)
      for (const [stream, size] of this.#streams) this.#streams.set(stream, size + value - this.#initial)
      this.#initial = value
    }
  }
}

const STREAMS = [1, 3, 5] as const
const SIZES = [0, 100, 1000, 20_000, 65_535, 200_000]

const side = fc.constantFrom<Side>('client', 'server')
const stream = fc.constantFrom(...STREAMS)
const action = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('data' as const),
      side,
      stream,
      octets: fc.integer({ min: 0, max: 40_000 }),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('deliver' as const), side, most: fc.integer({ min: 1, max: 60_000 }) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('consume' as const),
      side,
      stream,
      octets: fc.integer({ min: 1, max: 60_000 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('settings' as const), side, size: fc.constantFrom(...SIZES) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('ping' as const), side }) },
)

/** Two machines with a transport between them that takes its time. */
class Slow {
  readonly ends = { client: new Http2Client(), server: new Http2Server() }
  readonly observers = { client: new Observer('client'), server: new Observer('server') }
  /** Octets on their way to a side. */
  readonly way: Record<Side, Uint8Array> = { client: new Uint8Array(0), server: new Uint8Array(0) }
  readonly queued = { client: new Map<number, number>(), server: new Map<number, number>() }
  readonly got = { client: new Map<number, number>(), server: new Map<number, number>() }
  readonly unconsumed = { client: new Map<number, number>(), server: new Map<number, number>() }

  constructor() {
    for (const _ of STREAMS)
      this.ends.client.send({ kind: 'request', head: _ === 1 ? POST : { ...GET, method: 'PUT' } }, now)
    while (this.moves()) {}
    for (const each of STREAMS) this.ends.server.send({ kind: 'headers', stream: each, status: 200, fields: [] }, now)
  }

  transmit(from: Side): void {
    const to = from === 'client' ? 'server' : 'client'
    for (const output of this.ends[from].transmit()) {
      if (output === 'close') throw new Error(`the ${from} closes`)
      this.observers[from].sends(output)
      this.way[to] = Buffer.concat([this.way[to], output])
    }
  }

  deliver(to: Side, most: number): void {
    const octets = this.way[to].subarray(0, most)
    this.way[to] = this.way[to].subarray(most)
    if (octets.length === 0) return
    this.observers[to].hears(octets)
    for (const event of this.ends[to].receive(octets, now)) {
      if (event.kind === 'closed' || event.kind === 'reset') throw new Error(`${to}: ${JSON.stringify(event)}`)
      if (event.kind !== 'data') continue
      add(this.got[to], event.stream, event.data.length)
      add(this.unconsumed[to], event.stream, event.data.length)
    }
    this.transmit(to)
  }

  data(from: Side, on: number, octets: number): void {
    this.ends[from].send({ kind: 'data', stream: on, data: new Uint8Array(octets) }, now)
    add(this.queued[from], on, octets)
    this.transmit(from)
  }

  consume(by: Side, on: number, octets: number): void {
    const some = Math.min(octets, this.unconsumed[by].get(on) ?? 0)
    this.ends[by].send({ kind: 'consume', stream: on, octets: some }, now)
    add(this.unconsumed[by], on, -some)
    this.transmit(by)
  }

  settings(by: Side, size: number): void {
    this.ends[by].send({ kind: 'settings', settings: new Map([[INITIAL_WINDOW_SIZE, size]]) }, now)
    this.transmit(by)
  }

  /** Whether anything moved when all that is on its way is delivered and consumed. */
  moves(): boolean {
    let moved = false
    for (const each of ['client', 'server'] as const) {
      this.transmit(each)
      if (this.way[each].length > 0) moved = true
      this.deliver(each, Number.POSITIVE_INFINITY)
      for (const on of STREAMS) this.consume(each, on, Number.POSITIVE_INFINITY)
    }
    return moved
  }
}

function add(counts: Map<number, number>, key: number, more: number): void {
  counts.set(key, (counts.get(key) ?? 0) + more)
}

describe('between two machines, whatever comes when', () => {
  it('no window is exceeded, and no octet and no credit is lost', () => {
    fc.assert(
      fc.property(fc.array(action, { maxLength: 60 }), actions => {
        const slow = new Slow()
        for (const act of actions) {
          if (act.kind === 'data') slow.data(act.side, act.stream, act.octets)
          else if (act.kind === 'deliver') slow.deliver(act.side, act.most)
          else if (act.kind === 'consume') slow.consume(act.side, act.stream, act.octets)
          else if (act.kind === 'settings') slow.settings(act.side, act.size)
          else slow.ends[act.side].send({ kind: 'ping', payload: new Uint8Array(8) }, now)
        }
        for (const each of ['client', 'server'] as const) slow.settings(each, 65_535)
        for (let turns = 0; slow.moves(); turns++) expect(turns).toBeLessThan(5000)
        for (const [from, to] of [
          ['client', 'server'],
          ['server', 'client'],
        ] as const) {
          for (const on of STREAMS) expect(slow.got[to].get(on) ?? 0).toBe(slow.queued[from].get(on) ?? 0)
          // A receiver may keep back credit for less than half of a window, so as not to send it in tiny steps.
          const { connection } = slow.observers[from]
          expect(connection).toBeGreaterThan(65_535 / 2)
          expect(connection).toBeLessThanOrEqual(65_535)
          for (const on of STREAMS) {
            expect(slow.observers[from].of(on)).toBeGreaterThan(65_535 / 2)
            expect(slow.observers[from].of(on)).toBeLessThanOrEqual(65_535)
          }
        }
      }),
      { numRuns: 200 },
    )
  })
})
