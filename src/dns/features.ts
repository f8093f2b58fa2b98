import type { Feature } from '../conformance/case.ts'
import { type Ask, put } from './ask.ts'
import { authoritative, parsed, soaAnswer } from './checks.ts'
import type { Check } from './expect.ts'
import { cameText, responseTo } from './expect.ts'
import { RCODE, TYPE } from './mnemonics.ts'
import { TXT } from './rdata/rfc1035.ts'
import { dataOf } from './record.ts'
import type { DnsTalk } from './talk.ts'

function feature(name: string, lack: string, ask: Ask, ...checks: readonly Check[]): Feature<DnsTalk> {
  return {
    name,
    async probe(talk) {
      put(talk, ask)
      const asked = talk.asked.pop()
      const came = asked && (await responseTo(talk, asked))
      // One that says nothing at all lacks nothing: let the case itself say so.
      if (asked === undefined || came === undefined || came.kind === 'silence' || came.kind === 'end') return undefined
      if (came.kind !== 'response') return `${lack}: ${cameText(came)}`
      const [fault] = checks.flatMap(one => one.fault(came.message, asked, talk, came.octets) ?? [])
      return fault === undefined ? undefined : `${lack}: ${fault}`
    },
  }
}

/** It answers for the zone that it was said to have, with authority or from what it has heard. */
export const answersForZone: Feature<DnsTalk> = feature(
  'an answer for the zone',
  'it does not answer for the zone',
  { type: TYPE.SOA },
  soaAnswer,
)

/** It has authority for the zone that it was said to have. */
export const authority: Feature<DnsTalk> = feature(
  'authority for the zone',
  'it has no authority for the zone',
  { type: TYPE.SOA },
  soaAnswer,
  authoritative,
)

/** It has authority for the zone of `suites/dns/zones`. */
export const ourZone: Feature<DnsTalk> = feature(
  'the zone of the suites',
  'it was not given the zone of the suites (zones/example.test.zone), with authority',
  { name: 'marker', type: TYPE.TXT },
  authoritative,
  {
    says: 'the marker',
    fault: response =>
      response.answers.some(record => dataOf(record, TXT)?.strings[0] === 'wiregrade zone 1') ? undefined : 'no marker',
  },
)

/** It has shown some sign of EDNS: some only do so where DO is set, or the version is wrong. RFC 8906 §8 */
export const ednsSupport: Feature<DnsTalk> = {
  name: 'EDNS',
  async probe(talk) {
    for (const edns of [{}, { dnssecOk: true }, { version: 1 }]) {
      put(talk, { type: TYPE.SOA, edns })
      const asked = talk.asked.pop()
      const came = asked && (await responseTo(talk, asked))
      if (came?.kind === 'silence' || came?.kind === 'end') return undefined
      if (came?.kind === 'response' && came.message.additional.some(({ type }) => type === TYPE.OPT)) return undefined
    }
    return 'it never answers with OPT'
  },
}

/** It takes queries for the changes of a zone: some take no record but OPT in a query, whatever its names are like. */
export const incrementalTransfers: Feature<DnsTalk> = {
  name: 'IXFR',
  async probe(talk) {
    // No name of it ends as another does, so that there is no pointer in it.
    put(talk, { type: TYPE.IXFR, authority: [parsed('EXAMPLE.TEST. SOA a. b. 1 3600 600 86400 60', '.')] })
    const asked = talk.asked.pop()
    const came = asked && (await responseTo(talk, asked))
    if (came?.kind === 'silence' || came?.kind === 'end') return undefined
    const taken = came?.kind === 'response' && came.message.rcode !== RCODE.FORMERR
    return taken ? undefined : `a query for changes gets ${came ? cameText(came) : 'nothing'}`
  },
}
