import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HpackDecoder } from '../hpack/decoder.ts'
import {
  continuation,
  data,
  headers,
  octetsOf,
  ping,
  priority,
  pushPromise,
  rawFrame,
  settings,
  settingsAck,
  windowUpdate,
} from './build.ts'
import { Driver } from './driver.ts'
import { CONTINUATION, DATA, type Frame, HEADERS, PUSH_PROMISE } from './frame.ts'
import { block, type End, framesOf, GET, POST, requestBlock } from './joined.fixture.ts'
import { PREFACE } from './server.ts'
import { serve } from './service.ts'
import { site } from './site.ts'

const now = 1000

/** What a server is told in the splitting tests: something of everything. */
const TO_SERVER = octetsOf(
  PREFACE,
  settings([[4, 100_000]]),
  settingsAck(),
  headers(1, requestBlock('POST', '/echo').subarray(0, 5), { endHeaders: false, padding: 3 }),
  continuation(1, requestBlock('POST', '/echo').subarray(5)),
  ping(Buffer.from('ABCDEFGH')),
  data(1, 'some content', { padding: 7 }),
  windowUpdate(0, 1000),
  priority(5, { dependency: 1 }),
  headers(3, requestBlock(), { endStream: true }),
  data(1, 'and more'),
  rawFrame({ type: 0xfb, payload: Buffer.from('unknown') }),
  headers(1, block(['x-trailer', 'value']), { endStream: true }),
  headers(5, requestBlock('GET', '/trailers'), { endStream: true }),
  headers(7, requestBlock('GET', '/nowhere'), { endStream: true }),
)

const response = (status: string) => block([':status', status], ['content-type', 'text/plain'])

const TO_CLIENT = octetsOf(
  settings([[4, 100_000]]),
  headers(1, response('103')),
  settingsAck(),
  pushPromise(1, 2, requestBlock('GET', '/pushed'), { padding: 2 }),
  headers(1, response('200').subarray(0, 3), { endHeaders: false }),
  continuation(1, response('200').subarray(3)),
  headers(2, response('200')),
  // Before the push ends, to which the application answers by SETTINGS.
  ping(Buffer.from('ABCDEFGH')),
  data(1, 'some'),
  data(2, 'pushed', { endStream: true, padding: 1 }),
  data(1, ' content'),
  headers(1, block(['x-trailer', 'value']), { endStream: true }),
)

const server = (): End => serve(site())
const fresh = (): End => new Driver({ requests: [{ head: GET }, { head: POST, content: Buffer.from('x') }] })
/** One that has made its requests. */
const client = (): End => {
  const end = fresh()
  end.transmit()
  return end
}

/**
 * What a side says on each stream when it gets these pieces, and may speak after each of them or only at the end. How
 * streams are interleaved is its own affair.
 */
function said(end: End, pieces: readonly Uint8Array[], when: 'after each' | 'at the end'): Record<number, string[]> {
  const frames: Frame[] = []
  for (const piece of pieces) {
    // A copy, as if it came from a socket that uses its memory again.
    end.receive(piece.slice(), now)
    if (when === 'after each') frames.push(...framesOf(end))
  }
  frames.push(...framesOf(end))
  const decoder = new HpackDecoder()
  const words: Record<number, string[]> = {}
  for (const { type, flags, stream, payload } of frames) {
    expect(type).not.toBe(CONTINUATION)
    words[stream] ??= []
    const own = words[stream]
    if (type === HEADERS) own.push(JSON.stringify(decoder.decode(payload).fields))
    else if (type === DATA) {
      const last = own.at(-1)
      if (last?.startsWith('content ')) own[own.length - 1] = last + Buffer.from(payload).toString()
      else own.push(`content ${Buffer.from(payload).toString()}`)
    } else own.push(`${type} ${Buffer.from(payload).toString('hex')}`)
    if (flags & 1) own.push('END_STREAM or ACK')
  }
  return words
}

describe.each([
  ['server', server, TO_SERVER],
  ['client', client, TO_CLIENT],
] as const)('the same octets for a %s', (role, make, octets) => {
  const whole = said(make(), [octets], 'at the end')

  function same(pieces: readonly Uint8Array[], why?: string): void {
    for (const when of ['after each', 'at the end'] as const) expect(said(make(), pieces, when), why).toEqual(whole)
  }

  it('mean something', () => {
    // The answers to SETTINGS and to PING, and on every stream of the peer's or of its own what belongs there.
    expect(whole[0]).toEqual(expect.arrayContaining(['4 ', `6 ${Buffer.from('ABCDEFGH').toString('hex')}`]))
    const streams = Object.keys(whole).map(Number)
    expect(streams).toEqual(role === 'server' ? [0, 1, 3, 5, 7] : [0])
  })

  it('mean the same cut in two anywhere', () => {
    for (let at = 1; at < octets.length; at++) {
      const pieces = [octets.subarray(0, at), octets.subarray(at)]
      same(pieces, `cut at ${at}`)
    }
  })

  it('mean the same one by one', () => {
    const pieces = [...octets].map(octet => Uint8Array.of(octet))
    same(pieces)
  })

  it('mean the same in any pieces', () => {
    const cuts = fc.array(fc.integer({ min: 0, max: octets.length }), { maxLength: 20 })
    fc.assert(
      fc.property(cuts, where => {
        const bounds = [0, ...where.sort((a, b) => a - b), octets.length]
        const pieces = bounds.slice(1).map((end, at) => octets.subarray(bounds[at], end))
        same(pieces)
      }),
      { numRuns: 50 },
    )
  })
})

const u32 = fc.oneof(fc.integer({ min: 0, max: 10 }), fc.constantFrom(65_535, 2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1))
const word = u32.map(value => Buffer.from([value >>> 24, value >>> 16, value >>> 8, value]))
const setting = fc
  .tuple(fc.integer({ min: 0, max: 10 }), word)
  .map(([id, value]) => Buffer.concat([Buffer.from([0, id]), value]))
const path = fc.constantFrom(
  '/',
  '/echo',
  '/bytes/100000',
  '/slow/50',
  '/push',
  '/trailers',
  '/early',
  '/early-hints',
  '/broken',
  '*',
)
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'OPTIONS', 'CONNECT', 'PUT')
const fieldBlocks = fc.oneof(
  fc.tuple(method, path).map(([verb, where]) => requestBlock(verb, where)),
  fc.constant(block([':method', 'CONNECT'], [':authority', 'a:1'])),
  fc.constantFrom('100', '103', '200', '204', '304', '404').map(response),
  fc.constant(block(['x-trailer', '1'])),
  fc.constant(block(['content-length', '3'], [':path', '/'])),
  fc.uint8Array({ maxLength: 20 }),
)
const payload = fc.oneof(
  fieldBlocks,
  word,
  fc.array(setting, { maxLength: 4 }).map(list => Buffer.concat(list)),
  fc.tuple(word, fieldBlocks).map(parts => Buffer.concat(parts)),
  fc.uint8Array({ minLength: 8, maxLength: 8 }),
  fc.uint8Array({ maxLength: 40 }),
  fc.nat(17_000).map(length => new Uint8Array(length)),
)
/** Frames as no good peer would send them, among some that one would. */
const anyFrame: fc.Arbitrary<Frame | Uint8Array> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc
      .record({
        type: fc.integer({ min: 0, max: 0x11 }),
        flags: fc.oneof(fc.constantFrom(0, 1, 4, 5, 8, 0x20), fc.integer({ min: 0, max: 255 })),
        stream: fc.integer({ min: 0, max: 9 }),
        payload,
      })
      .map(rawFrame),
  },
  {
    weight: 5,
    arbitrary: fc
      .tuple(fc.constantFrom(1, 2, 3, 4, 5, 7, 9, 11), fieldBlocks, fc.boolean())
      .map(([stream, fields, endStream]) => headers(stream, fields, { endStream })),
  },
  {
    weight: 2,
    arbitrary: fc
      .tuple(fc.constantFrom(1, 2, 3, 5), fc.boolean())
      .map(([stream, endStream]) => data(stream, 'xyz', { endStream })),
  },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 30 }) },
)

/** Gives a side all of this, time to go by, and the end; says what it said. Throws when it never comes to rest. */
function survives(end: End, flights: readonly (Frame | Uint8Array)[]): (Uint8Array | 'close')[] {
  const said: (Uint8Array | 'close')[] = []
  let clock = now
  function rest(): void {
    for (let turns = 0; turns < 2000; turns++) {
      const output = end.transmit()
      said.push(...output)
      const { deadline } = end
      if (deadline === undefined || deadline > clock + 100) return
      if (output.length === 0 && deadline < clock) throw new Error('a deadline that lies in the past')
      clock = Math.max(clock, deadline)
      end.tick(clock)
    }
    throw new Error('it never comes to rest')
  }
  for (const flight of flights) {
    end.receive(octetsOf(flight), clock)
    rest()
    clock += 200
  }
  end.receive('eof', clock)
  rest()
  return said
}

describe.each([
  ['server', server, [PREFACE, settings(), settingsAck()]],
  ['client', fresh, [settings(), settingsAck()]],
] as const)('any frames for a %s', (role, make, before) => {
  it('never make it throw, or run without end, or go on after it has closed', () => {
    fc.assert(
      fc.property(fc.array(anyFrame, { maxLength: 30 }), frames => {
        const output = survives(make(), [octetsOf(...before), ...frames])
        const close = output.indexOf('close')
        expect(close === -1 || close === output.length - 1).toBe(true)
        const whole = octetsOf(...output.filter(one => one !== 'close'))
        const said = whole.subarray(role === 'client' ? PREFACE.length : 0)
        // All of it is frames that a peer of defaults has to accept.
        const sent = framesOf({ receive() {}, tick() {}, transmit: () => [said] })
        expect(sent.every(frame => frame.payload.length <= 16384)).toBe(true)
        const octets = sent.reduce((sum, frame) => sum + 9 + frame.payload.length, 0)
        expect(octets).toBe(said.length)
        // Every field block of it can be decompressed.
        const decoder = new HpackDecoder()
        for (const { type, payload: block } of sent) {
          if (type === HEADERS) decoder.decode(block)
          else if (type === PUSH_PROMISE) decoder.decode(block.subarray(4))
        }
      }),
      { numRuns: 600 },
    )
  })

  it('nor do any octets', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 100 }), { maxLength: 5 }), flights => {
        survives(make(), flights)
        survives(make(), [octetsOf(...before), ...flights])
      }),
      { numRuns: 200 },
    )
  })
})
