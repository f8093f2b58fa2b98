import { describe, expect, test } from 'vitest'
import { recordLine } from './describe.ts'
import { edns } from './edns.ts'
import type { Message, ResourceRecord } from './message.ts'
import { RCODE, TYPE } from './mnemonics.ts'
import { SOA } from './rdata/rfc1035.ts'
import { dataOf } from './record.ts'
import { asked, SMALL_ZONE, said, smallServer } from './stream.fixture.ts'

const [soa] = SMALL_ZONE.soa.records as [ResourceRecord]

/** The zone's SOA record with another serial number. */
function version(serial: number): ResourceRecord {
  const data = dataOf(soa, SOA)
  return { ...soa, data: { ...(data as object), serial } as ResourceRecord['data'] }
}

function answersTo(query: Uint8Array, transport: 'tcp' | 'udp' | 'tls' = 'tcp'): readonly Message[] {
  const endpoint = smallServer().connect({ transport })
  endpoint.receive(query, 0)
  return said(endpoint).messages
}

// RFC 5936 §2.2
describe('a transfer', () => {
  test('holds the zone, from SOA to SOA, with glue and in the case of the zone', () => {
    const [only, ...more] = answersTo(asked('', TYPE.AXFR))
    expect(more).toEqual([])
    expect(only).toMatchObject({ qr: true, aa: true, tc: false, ra: false, rcode: RCODE.NOERROR, authority: [] })
    const lines = only?.answers.map(recordLine) ?? []
    expect(lines).toEqual([...SMALL_ZONE.records, soa].map(recordLine))
    expect(lines.some(line => line.startsWith('Long.zone.test.'))).toBe(true)
    expect(lines).toContain('ns.sub.zone.test. 300 IN A 192.0.2.3')
  })

  test('has OPT where the query has', () => {
    expect(edns(answersTo(asked('', TYPE.AXFR, { edns: {} }))[0] as Message)).toBeDefined()
    expect(edns(answersTo(asked('', TYPE.AXFR))[0] as Message)).toBeUndefined()
  })

  test('is refused for what is no zone here', () => {
    const [only, ...more] = answersTo(asked('www.', TYPE.AXFR))
    expect(more).toEqual([])
    expect(only).toMatchObject({ rcode: RCODE.NOTAUTH, answers: [], questions: [{ type: TYPE.AXFR }] })
  })
})

// RFC 1995 §2, §4
describe('an incremental transfer', () => {
  const ixfr = (serial: number) => asked('', TYPE.IXFR, { authority: [version(serial)] })
  const types = (query: Uint8Array) => answersTo(query).flatMap(one => one.answers.map(({ type }) => type))

  test('is the SOA record alone for who is up to date, or ahead', () => {
    expect(types(ixfr(7))).toEqual([TYPE.SOA])
    expect(types(ixfr(8))).toEqual([TYPE.SOA])
    // RFC 1982: 2^32 - 1 comes before 7.
    expect(types(ixfr(0xffff_ffff)).length).toBeGreaterThan(2)
  })

  test('is the whole zone for who has an older version', () => {
    const all = types(ixfr(6))
    expect([all[0], all.at(-1), all.length]).toEqual([TYPE.SOA, TYPE.SOA, SMALL_ZONE.records.length + 1])
  })

  test('without a version is refused', () => {
    expect(answersTo(asked('', TYPE.IXFR))[0]).toMatchObject({ rcode: RCODE.FORMERR, answers: [] })
  })
})
