import type { Case } from '../../src/conformance/case.ts'
import { suite } from '../../src/conformance/case.ts'
import { type Ask, ask } from '../../src/dns/ask.ts'
import {
  authoritative,
  either,
  noAnswer,
  noError,
  parsed,
  proper,
  rcode,
  soaInAuthority,
  truncated,
} from '../../src/dns/checks.ts'
import { check, expect } from '../../src/dns/expect.ts'
import { authority } from '../../src/dns/features.ts'
import { RCODE, TYPE, types } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc1035, rfc8482, rfc8906 } from '../../src/dns/rules.ts'
import type { DnsTalk } from '../../src/dns/talk.ts'

/** Types that a record can have; those of more than eight bits some servers have not met. RFC 6895 §3.1 */
const DATA_TYPES = types.known.filter(type => (type < 128 || type > 255) && type !== TYPE.OPT && type !== TYPE.SOA)

/** Numbers that nobody has given a meaning, or only for private use. */
const UNKNOWN_TYPES = [666, 1000, 32_770, 65_280, 65_534]

/** What is there or is not, with authority: an answer of the type asked for, or none and the SOA record. */
const servedAs = (type: number) =>
  either(
    [proper, noError, authoritative, check(`records of type ${types.text(type)}`, has(type))],
    [proper, noError, authoritative, noAnswer, soaInAuthority],
  )

function has(type: number) {
  return (response: { readonly answers: readonly { readonly type: number }[] }) =>
    response.answers.some(record => record.type === type) ? undefined : 'no records of the type, and no SOA record'
}

function dataType(type: number): Case<DnsTalk> {
  return {
    rule: type > 255 ? rfc8906.unknownTypeAnswered : rfc1035.everyTypeAnswered,
    when: `type ${types.text(type)} is asked for`,
    needs: [authority],
    steps: [ask({ type }), expect(servedAs(type))],
  }
}

function unknownType(type: number): Case<DnsTalk> {
  return {
    rule: rfc8906.unknownTypeAnswered,
    when: `type ${type} is asked for, which has no meaning`,
    needs: [authority],
    steps: [ask({ type }), expect(proper, noError, authoritative, noAnswer, soaInAuthority)],
  }
}

/** Types between 128 and 255 are no records: they may be refused, and have to be answered. RFC 6895 §3.1, RFC 8906 §3.1.2 */
function metaType(type: number, more: Partial<Ask> = {}): Case<DnsTalk> {
  return {
    rule: rfc8906.metaTypeAnswered,
    when: `type ${types.text(type)} is asked for`,
    needs: [authority],
    steps: [ask({ ...more, type }), expect(check('a response', response => (response.qr ? undefined : 'no response')))],
  }
}

export default suite(dns, 'server', 'Types', [
  ...DATA_TYPES.map(dataType),
  ...UNKNOWN_TYPES.map(unknownType),
  ...[130, TYPE.MAILB, TYPE.MAILA, TYPE.TKEY, TYPE.TSIG, TYPE.OPT].map(type => metaType(type)),
  // RFC 1995 §3: the authority section tells which version of the zone there is to be brought up to date.
  metaType(TYPE.IXFR, { authority: [parsed('example.test. SOA ns1 hostmaster 1 3600 600 86400 60', 'example.test.')] }),
  {
    rule: rfc8906.unknownTypeAnswered,
    when: 'type 1000 of a name that does not exist is asked for',
    needs: [authority],
    steps: [ask({ name: 'no-such-name', type: 1000 }), expect(proper, rcode(RCODE.NXDOMAIN), noAnswer)],
  },
  {
    rule: rfc8482.anyAnswered,
    when: 'the zone is asked for ANY',
    needs: [authority],
    steps: [ask({ type: TYPE.ANY, edns: { size: 4096 } }), expect(proper, noError)],
  },
  {
    rule: rfc8482.anyNotNegative,
    when: 'the zone is asked for ANY',
    needs: [authority],
    steps: [
      ask({ type: TYPE.ANY, edns: { size: 4096 } }),
      expect(
        proper,
        noError,
        check('something in the answer, or TC', response =>
          response.answers.length > 0 || response.tc ? undefined : 'nothing in the answer',
        ),
      ),
    ],
  },
  {
    rule: rfc8482.anyMissingName,
    when: 'a name that does not exist is asked for ANY',
    needs: [authority],
    steps: [
      ask({ name: 'no-such-name', type: TYPE.ANY }),
      // Some servers give no answers to ANY but over TCP.
      expect(proper, either([truncated], [rcode(RCODE.NXDOMAIN), noAnswer])),
    ],
  },
])
