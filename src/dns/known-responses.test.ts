import { describe, expect, it } from 'vitest'
import type { Connected } from '../conformance/case.ts'
import { ignoring } from '../conformance/rule.ts'
import { decode } from '../wire/whole.ts'
import { KnownResponses } from './known-responses.ts'
import { encodeMessage, type Message, message } from './message.ts'
import { OPCODE, OPTION, TYPE } from './mnemonics.ts'
import { EMPTY, queryFor } from './query.ts'
import { rfc4343 } from './rules.ts'
import { smallServer } from './stream.fixture.ts'

const here: Connected = { transport: 'udp', remote: { address: '192.0.2.1', port: 1 } }
const there: Connected = { transport: 'udp', remote: { address: '192.0.2.2', port: 1 } }

const www = { name: 'www.zone.test.', type: TYPE.A as number }
const ask = (question = www, more: Parameters<typeof queryFor>[1] = {}) => encodeMessage(queryFor(question, more))

/** All that a server says to a datagram. */
function say(server: ReturnType<typeof smallServer>, octets: Uint8Array, client = here): Uint8Array[] {
  const endpoint = server.connect(client)
  endpoint.receive(octets, 0)
  return endpoint.transmit().filter(one => one !== 'close')
}

const QUERIES: Readonly<Record<string, Uint8Array>> = {
  plain: ask(),
  'another identifier': ask(www, { id: 0xbeef }),
  'another case': ask({ name: 'wWw.zOnE.tEsT.', type: TYPE.A }),
  'another type': ask({ ...www, type: TYPE.AAAA }),
  'recursion desired': ask(www, { rd: true }),
  'a flag more': ask(www, { cd: true, z: true }),
  'another opcode': ask(www, { opcode: OPCODE.NOTIFY }),
  EDNS: ask(www, { edns: {} }),
  'EDNS with DO': ask(www, { edns: { dnssecOk: true } }),
  'EDNS of another version': ask(www, { edns: { version: 1 } }),
  'EDNS with NSID': ask(www, { edns: { options: [{ code: OPTION.NSID, data: new Uint8Array(0) }] } }),
  'a cookie': ask(www, { edns: { options: [{ code: OPTION.COOKIE, data: Buffer.from('a client') }] } }),
  'a long answer': ask({ name: 'long.zone.test.', type: TYPE.TXT }),
  'a long answer with room for it': ask({ name: 'long.zone.test.', type: TYPE.TXT }, { edns: { size: 4096 } }),
  'a name that is not there': ask({ name: 'nobody.zone.test.', type: TYPE.A }),
  'a zone that is not ours': ask({ name: 'elsewhere.test.', type: TYPE.A }),
  'a referral': ask({ name: 'below.sub.zone.test.', type: TYPE.A }),
  'a transfer': ask({ name: 'zone.test.', type: TYPE.AXFR }),
  'no question': encodeMessage({ ...EMPTY, id: 7 }),
  'two questions': encodeMessage({ ...EMPTY, questions: [www, www].map(one => ({ ...one, class: 1 })) }),
  'a name cut off': ask().subarray(0, 20),
  'an octet behind': Buffer.concat([ask(), Buffer.of(0)]),
  'a header cut off': ask().subarray(0, 11),
  nothing: new Uint8Array(0),
}

describe('known responses', () => {
  it('are what they were when they were made', () => {
    const forgetful = smallServer()
    const remembering = smallServer({ remembers: true })
    for (let times = 0; times < 4; times++) {
      for (const [name, octets] of Object.entries(QUERIES)) {
        expect(say(remembering, octets), name).toEqual(say(forgetful, octets))
      }
    }
  })

  it('are said to whoever asks the same, with his own identifier', () => {
    const known = new KnownResponses()
    const response = encodeMessage({ ...queryFor(www), qr: true })
    twice(known, ask(), response)
    const said = known.to(ask(www, { id: 0x1234 })) as Uint8Array
    expect(decode(message, said)).toMatchObject({ id: 0x1234, qr: true })
    // They are octets of the asker's own.
    said.fill(0xff)
    expect(known.to(ask())).toEqual(response)
    expect(known.to(ask({ ...www, type: TYPE.AAAA }))).toBeUndefined()
    expect(known.to(ask().subarray(0, 20))).toBeUndefined()
  })

  it.each([
    ['cookies', QUERIES['a cookie']],
    ['options', QUERIES['EDNS with NSID']],
    ['two questions', QUERIES['two questions']],
    ['pointers', Buffer.concat([ask().subarray(0, 12), Buffer.of(0xc0, 0x0c, 0, 1, 0, 1)])],
    ['names that are too long', Buffer.concat([ask().subarray(0, 12), ...tooLong(), Buffer.of(0, 0, 1, 0, 1)])],
    ['octets behind', QUERIES['an octet behind']],
    ['a name cut off', QUERIES['a name cut off']],
  ])('are not kept of queries with %s', (_, query = ask()) => {
    const known = new KnownResponses()
    twice(known, query, ask())
    expect(known.to(query)).toBeUndefined()
  })

  it('are not one client’s cookie', () => {
    const server = smallServer({ remembers: true })
    const cookie = (octets: Uint8Array[]) => octets.map(one => decode(message, one).additional)
    const query = QUERIES['a cookie'] as Uint8Array
    for (let times = 0; times < 3; times++) say(server, query, here)
    expect(cookie(say(server, query, here))).not.toEqual(cookie(say(server, query, there)))
  })

  it('count for the limit of their rate', () => {
    const server = smallServer({ remembers: true, rate: { perSecond: 2, slip: 0 } })
    expect([1, 2, 3, 4].map(() => say(server, ask()).length)).toEqual([1, 1, 0, 0])
  })

  it('are nothing that a deviant has', () => {
    const deviant = smallServer({ remembers: true, honours: ignoring(rfc4343.questionCasePreserved) })
    const question = { name: 'WWW.zone.test.', type: TYPE.A }
    const names = (octets: Uint8Array[]) => octets.map(one => (decode(message, one) as Message).questions[0]?.name)
    for (let times = 0; times < 4; times++) expect(names(say(deviant, ask(question)))).toEqual(['www.zone.test.'])
  })

  it('give way to others', () => {
    const known = new KnownResponses()
    const all = Array.from({ length: 10_000 }, (_, n) => ask({ name: `n${n}.test.`, type: TYPE.A }))
    for (const query of all) twice(known, query, query)
    const kept = all.filter(query => known.to(query) !== undefined)
    // Of 4096 places about one in twelve is left free by chance.
    expect(kept.length).toBeGreaterThan(3000)
    expect(kept.length).toBeLessThanOrEqual(4096)
    expect(kept.every(query => Buffer.compare(known.to(query) as Uint8Array, query) === 0)).toBe(true)
  })
})

/** Nothing is kept that came only once. */
function twice(known: KnownResponses, query: Uint8Array, response: Uint8Array): void {
  known.keep(query, response)
  expect(known.to(query)).toBeUndefined()
  known.keep(query, response)
}

/** Five labels of 60 octets. */
function tooLong(): Uint8Array[] {
  return Array.from({ length: 5 }, () => Buffer.concat([Buffer.of(60), Buffer.alloc(60, 'x')]))
}
