import { describe, expect, it } from 'vitest'
import { HpackDecoder } from '../hpack/decoder.ts'
import { blockOf, indexed, literal } from '../hpack/representation.ts'
import {
  continuation,
  data,
  headers,
  octetsOf,
  ping,
  priority,
  priorityUpdate,
  pushPromise,
  rawFrame,
  rstStream,
  settings,
  settingsAck,
  windowUpdate,
} from './build.ts'
import { Http2Client } from './client.ts'
import { Driver } from './driver.ts'
import { CANCEL, ENHANCE_YOUR_CALM, REFUSED_STREAM } from './error-codes.ts'
import { ACK, DATA, type Frame, HEADERS, PING } from './frame.ts'
import { answers, block, errorsIn, framesOf, GET, requestBlock } from './joined.fixture.ts'
import { Allowance, LIMITS, type Limits } from './limits.ts'
import { Http2Server, PREFACE } from './server.ts'
import { serve } from './service.ts'
import { HEADER_TABLE_SIZE } from './settings-parameters.ts'
import { site } from './site.ts'

const now = 1000
const NOTHING = new Uint8Array(0)
const times = <T>(count: number, make: (at: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at))

/** A server with a POST open on stream 1. */
function opened(limits: Partial<Limits> = {}): Http2Server {
  const end = new Http2Server({ limits })
  expect(
    errorsIn(answers(end, octetsOf(PREFACE, settings(), settingsAck(), headers(1, requestBlock('POST'))))),
  ).toEqual([])
  return end
}

const isAlive = (frames: readonly Frame[]) => frames.some(({ type, flags }) => type === PING && (flags & ACK) !== 0)

describe('an allowance', () => {
  it('is a burst, then a rate', () => {
    const allowance = new Allowance({ burst: 2, perSecond: 10 })
    expect([0, 0, 0].map(at => allowance.spend(at))).toEqual([true, true, false])
    expect([99, 100, 199, 200].map(at => allowance.spend(at))).toEqual([false, true, false, true])
    // It never holds more than the burst.
    expect([10_000, 10_000, 10_000].map(at => allowance.spend(at))).toEqual([true, true, false])
  })
})

type Rated = { [K in keyof Limits]: Limits[K] extends number ? never : K }[keyof Limits]

interface Flood {
  readonly limit: Rated
  /** What the limit counts once, the first of them being number 0. */
  readonly one: (at: number) => readonly (Frame | Uint8Array)[]
  readonly before?: readonly Frame[]
  /** How many have been counted before the flood. */
  readonly used?: number
}

const FLOODS: Readonly<Record<string, Flood>> = {
  // The preface has one.
  SETTINGS: { limit: 'settings', one: () => [settings([[HEADER_TABLE_SIZE, 4096]])], used: 1 },
  PING: { limit: 'pings', one: () => [ping()] },
  'empty DATA': { limit: 'emptyData', one: () => [data(1, NOTHING)] },
  'DATA of nothing but padding': { limit: 'emptyData', one: () => [data(1, NOTHING, { padding: 10 })] },
  'empty CONTINUATION': {
    limit: 'emptyFragments',
    one: () => [continuation(3, NOTHING, { endHeaders: false })],
    before: [headers(3, requestBlock(), { endHeaders: false })],
  },
  PRIORITY: { limit: 'priorities', one: at => [priority(3 + 2 * (at % 50), { dependency: 1 })] },
  PRIORITY_UPDATE: { limit: 'priorities', one: at => [priorityUpdate(3 + 2 * (at % 50), `u=${at % 8}`)] },
  'requests that are cancelled at once (CVE-2023-44487)': {
    limit: 'resets',
    one: at => [headers(3 + 2 * at, requestBlock(), { endStream: true }), rstStream(3 + 2 * at, CANCEL)],
  },
  'requests made to be reset (CVE-2025-8671)': {
    limit: 'streamErrors',
    one: at => [headers(3 + 2 * at, requestBlock()), windowUpdate(3 + 2 * at, 0)],
  },
  'malformed requests': {
    limit: 'streamErrors',
    one: at => [headers(3 + 2 * at, block([':method', 'GET']), { endStream: true })],
  },
  WINDOW_UPDATE: { limit: 'windowUpdates', one: () => [windowUpdate(0, 1)] },
  'frames of unknown types': { limit: 'unknownFrames', one: () => [rawFrame({ type: 0xfb })] },
}

describe.each(Object.entries(FLOODS))('a flood of %s', (_name, { limit, one, before = [], used = 0 }) => {
  it('is stopped by ENHANCE_YOUR_CALM right after the limit, and not before', () => {
    const end = opened({ [limit]: { burst: 20, perSecond: 1 } })
    const allowed = times(20 - used, at => one(at)).flat()
    const resets = errorsIn(answers(end, octetsOf(...before, ...allowed)))
    expect(resets.filter(([stream]) => stream === 0)).toEqual([])
    const came = answers(end, octetsOf(...one(20 - used), ping()))
    expect(errorsIn(came).at(-1)).toEqual([0, ENHANCE_YOUR_CALM])
    expect(isAlive(came)).toBe(false)
    expect(end.transmit()).toEqual([])
  })

  it('may go on as time goes by', () => {
    const end = opened({ [limit]: { burst: 20, perSecond: 1 } })
    answers(end, octetsOf(...before, ...times(20 - used, at => one(at)).flat()))
    for (let at = 0; at < 5; at++) {
      const came = answers(end, octetsOf(...one(20 - used + at)), now + (at + 1) * 1000)
      expect(errorsIn(came).filter(([stream]) => stream === 0)).toEqual([])
    }
    const came = answers(end, octetsOf(...one(25 - used)), now + 5999)
    expect(errorsIn(came).at(-1)).toEqual([0, ENHANCE_YOUR_CALM])
  })

  it('is stopped by the default limit', () => {
    const end = opened()
    const came = answers(end, octetsOf(...before, ...times(10_000, at => one(at)).flat()))
    expect(errorsIn(came).at(-1)).toEqual([0, ENHANCE_YOUR_CALM])
    expect(came.length).toBeLessThan(2 * LIMITS[limit].burst)
  })
})

describe('a field block', () => {
  const fragment = (octets: number) => new Uint8Array(octets).fill(0x0f)

  it('of too many CONTINUATION frames ends the connection (CVE-2024-27316)', () => {
    const end = opened()
    const one = continuation(3, fragment(1), { endHeaders: false })
    const most = times(LIMITS.continuationFrames, () => one)
    expect(errorsIn(answers(end, octetsOf(headers(3, fragment(1), { endHeaders: false }), ...most)))).toEqual([])
    expect(errorsIn(answers(end, octetsOf(one)))).toEqual([[0, ENHANCE_YOUR_CALM]])
  })

  it('of too many octets ends the connection', () => {
    const end = opened()
    const full = continuation(3, fragment(16384), { endHeaders: false })
    const most = times(LIMITS.fieldBlockOctets / 16384 - 1, () => full)
    expect(errorsIn(answers(end, octetsOf(headers(3, fragment(16384), { endHeaders: false }), ...most)))).toEqual([])
    expect(errorsIn(answers(end, octetsOf(continuation(3, fragment(1), { endHeaders: false }))))).toEqual([
      [0, ENHANCE_YOUR_CALM],
    ])
  })

  /** A request of so many octets, as RFC 9113 §6.5.2 counts: 32 for each field, and its name and value. */
  function request(octets: number): Frame[] {
    const fields = [
      [':method', 'GET'],
      [':scheme', 'http'],
      [':authority', 'a'],
      [':path', '/'],
      ['x-fill', ''],
    ] as const
    const bare = fields.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0)
    const whole = block(...fields.slice(0, 4), ['x-fill', '\u00ff'.repeat(octets - bare)])
    const parts = times(Math.ceil(whole.length / 16384), at => whole.subarray(at * 16384, (at + 1) * 16384))
    return parts.map((part, at) => {
      const endHeaders = at === parts.length - 1
      return at === 0 ? headers(3, part, { endHeaders, endStream: true }) : continuation(3, part, { endHeaders })
    })
  }

  it('of a list within the limit is a request, beyond it the answer is 431', () => {
    const within = opened({ headerListSize: 20_000 })
    expect(within.receive(octetsOf(...request(20_000)), now)).toMatchObject([{ kind: 'request', stream: 3 }])
    const beyond = opened({ headerListSize: 20_000 })
    expect(beyond.receive(octetsOf(...request(20_001)), now)).toEqual([])
    expect(statuses(framesOf(beyond))).toEqual(['431'])
  })

  it('that swells when it is decompressed is answered with 431, and what it put into the table is known', () => {
    const end = opened()
    const plain = [
      literal(':method', 'GET'),
      literal(':scheme', 'http'),
      literal(':authority', 'a'),
      literal(':path', '/'),
    ]
    const bomb = blockOf(
      ...plain,
      literal('x-bomb', 'w'.repeat(3000), { indexing: 'incremental' }),
      ...times(3500, () => indexed(62)),
    )
    expect(end.receive(octetsOf(headers(3, bomb, { endStream: true })), now)).toEqual([])
    const after = end.receive(octetsOf(headers(5, blockOf(...plain, indexed(62)), { endStream: true })), now)
    expect(after).toMatchObject([{ kind: 'request', head: { fields: [{ name: 'x-bomb' }] } }])
    expect(statuses(framesOf(end))).toEqual(['431'])
  })
})

function statuses(frames: readonly Frame[]): (string | undefined)[] {
  const decoder = new HpackDecoder()
  return frames.flatMap(({ type, payload }) => (type === HEADERS ? [decoder.decode(payload).fields[0]?.value] : []))
}

describe('SETTINGS', () => {
  it('may hold a thousand parameters, and not one more', () => {
    const many = (count: number) => settings(times(count, () => [HEADER_TABLE_SIZE, 4096] as const))
    expect(errorsIn(answers(opened(), octetsOf(many(1000))))).toEqual([])
    expect(errorsIn(answers(opened(), octetsOf(many(1001))))).toEqual([[0, ENHANCE_YOUR_CALM]])
  })
})

describe('streams at a time', () => {
  const open = (stream: number) => headers(stream, requestBlock('POST'))

  it('beyond the limit are refused, so that the peer may repeat them, until there is room', () => {
    const end = opened({ concurrentStreams: 3 })
    const first = end.receive(octetsOf(open(3), open(5)), now)
    expect(first.map(({ kind }) => kind)).toEqual(['request', 'request'])
    const second = end.receive(octetsOf(open(7)), now)
    expect(second).toEqual([])
    expect(errorsIn(framesOf(end))).toEqual([[7, REFUSED_STREAM]])
    expect(end.receive(octetsOf(rstStream(5, CANCEL), open(9)), now)).toMatchObject([
      { kind: 'reset' },
      { kind: 'request' },
    ])
  })

  it('are at most what we told the peer, if that is less', () => {
    const end = new Http2Server({ settings: new Map([[3, 1]]) })
    const came = answers(end, octetsOf(PREFACE, settings(), settingsAck(), open(1), open(3)))
    expect(errorsIn(came)).toEqual([[3, REFUSED_STREAM]])
  })

  it('promised by a server and not begun are refused beyond the limit', () => {
    const end = new Http2Client({ limits: { reservedStreams: 3 } })
    end.send({ kind: 'request', head: GET, end: true }, now)
    end.transmit()
    const promises = times(5, at => pushPromise(1, 2 + 2 * at, requestBlock()))
    const came = answers(end, octetsOf(settings(), settingsAck(), ...promises, ping()))
    expect(errorsIn(came)).toEqual([
      [8, ENHANCE_YOUR_CALM],
      [10, ENHANCE_YOUR_CALM],
    ])
    expect(isAlive(came)).toBe(true)
  })
})

describe('a peer that does not read', () => {
  it('is given up once a megabyte of answers waits', () => {
    const end = opened({ pings: { burst: 1e9, perSecond: 1 } })
    const flight = octetsOf(...times(1000, () => ping()))
    let flights = 0
    while (flights < 1000 && !end.receive(flight, now).some(({ kind }) => kind === 'closed')) flights++
    // Each of the answers is as long as the PING: 17 octets.
    expect(flights).toBe(Math.floor(LIMITS.outgoingOctets / (17 * 1000)))
    expect(errorsIn(framesOf(end))).toEqual([[0, ENHANCE_YOUR_CALM]])
  })

  it('has no more DATA made for it than is ahead of the transport', () => {
    const end = serve(site())
    const windows = [settings([[4, 2 ** 31 - 1]]), windowUpdate(0, 2 ** 31 - 1 - 65535)]
    const get = headers(1, requestBlock('GET', '/bytes/100000000'), { endStream: true })
    const came = answers(end, octetsOf(PREFACE, ...windows, settingsAck(), get))
    const octets = came.reduce((sum, { type, payload }) => sum + (type === DATA ? payload.length : 0), 0)
    expect(octets).toBeGreaterThan(100_000)
    expect(octets).toBeLessThanOrEqual(LIMITS.dataAhead + 16384)
  })
})

describe('a client that makes some requests', () => {
  it('keeps a hundred interim responses, though it takes any number', () => {
    const driver = new Driver({ requests: [{ head: GET }] })
    driver.transmit()
    const interim = times(1000, () => headers(1, block([':status', '103'])))
    answers(
      driver,
      octetsOf(settings(), settingsAck(), ...interim, headers(1, block([':status', '200']), { endStream: true })),
    )
    expect(driver.results[0]?.interim).toHaveLength(100)
    expect(driver.results[0]?.complete).toBe(true)
  })
})

describe('a request that is refused before its end', () => {
  it('leaves nothing behind, however often', () => {
    const end = serve(site())
    let at = 1000
    answers(end, octetsOf(PREFACE, settings(), settingsAck()), at)
    for (let stream = 1; stream < 4000; stream += 2) {
      at += 100
      const came = answers(end, octetsOf(headers(stream, requestBlock('POST', '/nowhere'))), at)
      expect(errorsIn(came)).toEqual([[stream, 0]])
    }
    answers(end, octetsOf(), at)
    expect(end.size).toBe(0)
  })
})
