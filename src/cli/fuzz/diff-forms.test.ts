import { describe, expect, it } from 'vitest'
import { protocols } from '../../catalog.ts'
import { framed } from '../../dns/framing.ts'
import { recordFromText } from '../../dns/master-file.ts'
import { encodeMessage, type Message } from '../../dns/message.ts'
import { RCODE, TYPE } from '../../dns/mnemonics.ts'
import { queryFor } from '../../dns/query.ts'
import { disagreements } from '../../fuzz/targets/diff-compare.ts'
import { comparable } from '../../fuzz/targets/diff-value.ts'
import type { Heard } from '../../fuzz/targets/server-session.ts'
import { HpackEncoder } from '../../hpack/encoder.ts'
import { indexAll } from '../../hpack/indexing.ts'
import { END_HEADERS, frame, GOAWAY, HEADERS, PADDED, PUSH_PROMISE, RST_STREAM } from '../../http2/frame.ts'
import { encode } from '../../wire/whole.ts'
import { comparisonOf } from './diff-forms.ts'
import { formOf } from './server-forms.ts'

function differ(name: 'dns' | 'http2', one: Heard, other: Heard): string[] {
  const protocol = protocols[name]
  if (!protocol) throw new Error(name)
  const compared = comparisonOf(protocol, formOf(protocol))
  const answered = [one, other].map((heard, i) => ({
    subject: 'ab'[i] ?? '',
    answer: { kind: 'accepts' as const, value: comparable([compared(heard)]) },
  }))
  return disagreements(answered, 'value').map(({ id }) => id)
}

describe('what DNS servers should agree on', () => {
  const query = { ...queryFor({ name: 'a.test.', type: TYPE.A }), id: 7 }
  const records = (...texts: readonly string[]) => texts.map(text => recordFromText(text))
  const response = (more: Partial<Message>): Message => ({ ...query, qr: true, aa: true, additional: [], ...more })
  const udp = (...messages: readonly Message[]): Heard => ({
    transport: 'udp',
    octets: messages.map(each => encodeMessage(each)),
    ending: 'barrier',
  })
  const [first, second] = records('a.test. 60 IN A 192.0.2.1', 'a.test. 60 IN A 192.0.2.2')
  const both = response({ answers: [first, second].flatMap(record => record ?? []) })

  it('is no order, of records or responses, and no NS beside an answer', () => {
    const turned = response({
      answers: both.answers.toReversed(),
      authority: records('test. 60 IN NS ns.test.'),
      additional: records('ns.test. 60 IN A 192.0.2.3'),
    })
    expect(differ('dns', udp(both), udp(turned))).toEqual([])
    const other = { ...both, id: 8 }
    const tcp: Heard = {
      transport: 'tcp',
      octets: [framed(encodeMessage(other)), framed(encodeMessage(both))],
      ending: 'eof',
    }
    expect(differ('dns', udp(both, other), tcp)).toEqual([])
  })

  it('is what an answer says, its RCODE before all', () => {
    const fewer = response({ answers: both.answers.slice(1) })
    expect(differ('dns', udp(both), udp(fewer))).toEqual(['a != b at *.answers'])
    const refused = response({ rcode: RCODE.REFUSED, aa: false, questions: [] })
    expect(differ('dns', udp(both), udp(refused))).toEqual(['a != b at *.rcode (NOERROR, REFUSED)'])
    expect(differ('dns', udp(both), udp())).toEqual(['a != b at * (some, nothing)'])
    expect(differ('dns', udp(both), udp({ ...both, aa: false }))).toEqual(['a != b at *.aa (true, false)'])
    const longer = response({ answers: records('a.test. 61 IN A 192.0.2.1', 'a.test. 61 IN A 192.0.2.2') })
    expect(differ('dns', udp(both), udp(longer))).toEqual(['a != b at *.ttl.*'])
  })

  it('is what a transfer tells, however it is cut', () => {
    const { questions } = { ...queryFor({ name: 'a.test.', type: TYPE.AXFR }) }
    const soa = records('a.test. 60 IN SOA ns.test. me.test. 1 2 3 4 5')
    const tcp = (...messages: readonly Message[]): Heard => ({
      ...udp(),
      transport: 'tcp',
      octets: messages.map(each => framed(encodeMessage(each))),
    })
    const whole = response({ questions, answers: [...soa, ...both.answers, ...soa] })
    const part = response({ questions, answers: [...soa, ...both.answers] })
    expect(differ('dns', tcp(whole), tcp(part, response({ questions: [], answers: soa })))).toEqual([])
    expect(differ('dns', tcp(both), tcp(both, both))).toEqual(['a != b at *.length'])
  })

  it('is nothing of what was cut', () => {
    const cut = response({ tc: true })
    expect(differ('dns', udp(cut), udp({ ...cut, answers: both.answers }))).toEqual([])
    expect(differ('dns', udp(both), udp(cut))).toEqual(['a != b at *.tc (false, true)'])
  })
})

describe('what HTTP/2 servers should agree on', () => {
  const framesOf = (ending: Heard['ending'], ...frames: readonly Uint8Array[]): Heard => ({
    transport: 'tcp',
    octets: [Buffer.concat(frames)],
    ending,
  })
  const piece = (type: number, stream: number, payload: Uint8Array, flags = 0) =>
    encode(frame, { type, flags, reserved: 0, stream, payload })
  const status = (stream: number, value: string) =>
    piece(HEADERS, stream, new HpackEncoder().encode([{ name: ':status', value }]), END_HEADERS)

  it('is statuses, errors and the end, by stream', () => {
    const good = framesOf('open', status(1, '200'), status(3, '404'))
    expect(differ('http2', good, framesOf('open', status(3, '404'), status(1, '200')))).toEqual([])
    expect(differ('http2', good, framesOf('open', status(1, '200'), status(3, '400')))).toEqual([
      'a != b at *.streams.*.outcome (ANSWERED, REFUSED)',
    ])
    expect(differ('http2', good, framesOf('open', status(1, '204'), status(3, '404')))).toEqual([
      'a != b at *.streams.*.status (200, 204)',
    ])
    const reset = framesOf('open', status(1, '200'), piece(RST_STREAM, 3, Uint8Array.of(0, 0, 0, 1)))
    expect(differ('http2', good, reset)).toEqual(['a != b at *.streams.*.outcome (ANSWERED, REFUSED)'])
    const refused = framesOf('open', status(1, '200'), status(3, '400'))
    expect(differ('http2', reset, refused)).toEqual(['a != b at *.streams.*.by (PROTOCOL_ERROR, 400)'])
    expect(differ('http2', good, framesOf('open', status(1, '200')))).toEqual(['a != b at *.streams.* (some, nothing)'])
  })

  it('is no promise, whose fields others may refer to all the same', () => {
    const encoder = new HpackEncoder({ indexing: indexAll })
    const fields = (name: string, value: string) => encoder.encode([{ name, value }])
    const promised = Buffer.concat([Buffer.of(3, 0, 0, 0, 2), fields(':status', '299'), Buffer.alloc(3)])
    const padded = piece(PUSH_PROMISE, 1, promised, END_HEADERS | PADDED)
    const pushing = framesOf('eof', padded, piece(HEADERS, 1, fields(':status', '299'), END_HEADERS))
    expect(differ('http2', pushing, framesOf('eof', status(1, '299')))).toEqual([])
  })

  it('is an error of the connection, and nothing beside one', () => {
    const goaway = (code: number) => piece(GOAWAY, 0, Uint8Array.of(0, 0, 0, 3, 0, 0, 0, code))
    const good = framesOf('eof', status(1, '200'))
    expect(differ('http2', good, framesOf('eof', status(1, '200'), goaway(0)))).toEqual([])
    expect(differ('http2', good, framesOf('eof', goaway(9)))).toEqual(['a != b at *.connection (FINE, ERROR)'])
    expect(differ('http2', framesOf('eof', status(1, '200'), goaway(1)), framesOf('reset', goaway(9)))).toEqual([
      'a != b at *.error (PROTOCOL_ERROR, COMPRESSION_ERROR)',
    ])
  })
})
