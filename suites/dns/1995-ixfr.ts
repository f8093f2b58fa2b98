import type { Step } from '../../src/conformance/case.ts'
import { suite } from '../../src/conformance/case.ts'
import { type Ask, put } from '../../src/dns/ask.ts'
import { noError, notTruncated, proper, soaAnswer } from '../../src/dns/checks.ts'
import { expect, expectRefusal, responseTo } from '../../src/dns/expect.ts'
import { ourZone } from '../../src/dns/features.ts'
import type { Message } from '../../src/dns/message.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { SOA } from '../../src/dns/rdata/rfc1035.ts'
import { dataOf } from '../../src/dns/record.ts'
import { rfc1995 } from '../../src/dns/rules.ts'
import type { DnsTalk } from '../../src/dns/talk.ts'
import { datagrams, tcp, that } from './connections.ts'
import { incremental, transferred, zoneRecords } from './transfers.ts'

const base = { opening: tcp, needs: [ourZone, incremental] }

/** Asks for what has changed since a version so many later than the server's own; before it when negative. */
function since(later: number): Step<DnsTalk> {
  const version =
    later === 0 ? "the server's version" : `a version ${Math.abs(later)} ${later < 0 ? 'before' : 'after'} it`
  return {
    says: `ask for SOA, then for what has changed since ${version}`,
    async run(talk) {
      put(talk, { type: TYPE.SOA })
      const came = await responseTo(talk, talk.asked.at(-1) as Message)
      const record = came.kind === 'response' ? came.message.answers.find(({ type }) => type === TYPE.SOA) : undefined
      const soa = record && dataOf(record, SOA)
      if (soa === undefined) return { outcome: 'fail', expected: 'an SOA record', came: came.kind }
      const authority = [{ ...record, data: { ...soa, serial: (soa.serial + later) >>> 0 } }] as Ask['authority']
      put(talk, { type: TYPE.IXFR, authority: authority ?? [] })
      return undefined
    },
  }
}

/** The whole zone, or at least something that begins and ends as both ways of a transfer do. */
const zoneOrDifferences = that('a transfer from SOA to SOA', async talk => {
  const asked = talk.asked.at(-1) as Message
  const all = await transferred(talk, asked)
  if (all.how !== 'whole') return `${all.how} after ${all.records.length} records`
  // Two SOA records at the beginning begin differences. RFC 1995 §4
  if (all.records[1]?.type === TYPE.SOA) return undefined
  return zoneRecords('all records of the zone', () => true).fault(all, asked)
})

const soaAlone = [proper, noError, notTruncated, soaAnswer]

export default suite(dns, 'server', 'incremental zone transfer', [
  {
    rule: rfc1995.currentVersionTold,
    when: 'the client has the version of the server',
    ...base,
    steps: [since(0), expect(...soaAlone)],
  },
  {
    rule: rfc1995.currentVersionTold,
    when: 'the client has a version newer than that of the server',
    ...base,
    steps: [since(5), expect(...soaAlone)],
  },
  {
    rule: rfc1995.currentVersionTold,
    when: 'the numbers of versions wrap between the server and the client',
    ...base,
    steps: [since(0x7fff_ff00), expect(...soaAlone)],
  },
  {
    rule: rfc1995.wholeZoneInstead,
    when: 'the client has a version that nobody keeps',
    ...base,
    steps: [since(-1000), zoneOrDifferences],
  },
  {
    rule: rfc1995.tooLongForDatagram,
    when: 'a datagram asks for more than fits into one',
    needs: [ourZone, incremental, datagrams],
    steps: [since(-1000), expectRefusal({}, ...soaAlone)],
  },
])
