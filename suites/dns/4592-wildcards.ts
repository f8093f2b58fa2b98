import { suite } from '../../src/conformance/case.ts'
import { ask } from '../../src/dns/ask.ts'
import {
  answers,
  authoritative,
  nameError,
  noAnswer,
  noError,
  proper,
  records,
  soaInAuthority,
} from '../../src/dns/checks.ts'
import { expect } from '../../src/dns/expect.ts'
import { ourZone } from '../../src/dns/features.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc1034, rfc4592 } from '../../src/dns/rules.ts'

const needs = [ourZone]

/** The questions of RFC 4592 §2.2.1, of its zone below `wild`. */
export default suite(dns, 'server', 'Wildcards', [
  {
    rule: rfc1034.wildcardSynthesized,
    when: 'host3 is asked for MX',
    needs,
    steps: [
      ask({ name: 'host3.wild', type: TYPE.MX }),
      expect(proper, noError, authoritative, answers('host3.wild MX 10 host1.wild')),
    ],
  },
  {
    rule: rfc4592.wildcardMissingType,
    when: 'host3 is asked for A',
    needs,
    steps: [ask({ name: 'host3.wild', type: TYPE.A }), expect(proper, noError, noAnswer, soaInAuthority)],
  },
  {
    rule: rfc1034.wildcardSynthesized,
    when: 'foo.bar is asked for TXT',
    needs,
    steps: [
      ask({ name: 'foo.bar.wild', type: TYPE.TXT }),
      expect(proper, noError, answers('foo.bar.wild TXT "this is a wildcard"')),
    ],
  },
  {
    rule: rfc4592.wildcardNotForExisting,
    when: 'host1 is asked for MX',
    needs,
    steps: [ask({ name: 'host1.wild', type: TYPE.MX }), expect(proper, noError, noAnswer, soaInAuthority)],
  },
  {
    rule: rfc4592.asteriskInside,
    when: 'sub.* is asked for MX',
    needs,
    steps: [ask({ name: 'sub.*.wild', type: TYPE.MX }), expect(proper, noError, noAnswer, soaInAuthority)],
  },
  {
    rule: rfc4592.wildcardFromClosestEncloser,
    when: '_telnet._tcp.host1 is asked for SRV',
    needs,
    steps: [ask({ name: '_telnet._tcp.host1.wild', type: TYPE.SRV }), expect(proper, nameError, noAnswer)],
  },
  {
    rule: rfc4592.wildcardFromClosestEncloser,
    when: '_telnet._tcp.host1 is asked for TXT',
    needs,
    steps: [ask({ name: '_telnet._tcp.host1.wild', type: TYPE.TXT }), expect(proper, nameError, noAnswer)],
  },
  {
    rule: rfc4592.wildcardNotForExisting,
    when: 'host.subdel is asked for A',
    needs,
    steps: [
      ask({ name: 'host.subdel.wild', type: TYPE.A }),
      expect(proper, noError, noAnswer, records('authority', 'subdel.wild NS ns.example.net.')),
    ],
  },
  {
    rule: rfc4592.wildcardFromClosestEncloser,
    when: 'ghost.* is asked for MX',
    needs,
    steps: [ask({ name: 'ghost.*.wild', type: TYPE.MX }), expect(proper, nameError, noAnswer)],
  },
  {
    rule: rfc4592.wildcardNotForExisting,
    when: '_tcp.host2, which has only others below it, is asked for TXT',
    needs,
    steps: [ask({ name: '_tcp.host2.wild', type: TYPE.TXT }), expect(proper, noError, noAnswer, soaInAuthority)],
  },
  {
    rule: rfc4592.wildcardFromClosestEncloser,
    when: 'a name below one that has only others below it is asked for TXT',
    needs,
    steps: [ask({ name: 'x._tcp.host2.wild', type: TYPE.TXT }), expect(proper, nameError, noAnswer)],
  },
  {
    rule: rfc4592.asteriskAsked,
    when: 'the wildcard itself is asked for',
    needs,
    steps: [
      ask({ name: '*.wild', type: TYPE.TXT }),
      expect(proper, noError, answers('*.wild TXT "this is a wildcard"')),
    ],
  },
  {
    rule: rfc4592.asteriskInside,
    when: 'sub.* is asked for TXT',
    needs,
    steps: [
      ask({ name: 'sub.*.wild', type: TYPE.TXT }),
      expect(proper, noError, answers('sub.*.wild TXT "this is not a wildcard"')),
    ],
  },
  {
    rule: rfc4592.wildcardAlias,
    when: 'a name is covered by an alias that is a wildcard',
    needs,
    steps: [
      ask({ name: 'x.cwild', type: TYPE.A }),
      expect(proper, noError, answers('x.cwild CNAME www', 'www A 192.0.2.1')),
    ],
  },
  {
    rule: rfc1034.wildcardSynthesized,
    when: 'a covered name is asked for in mixed case',
    needs,
    steps: [
      ask({ name: 'HoSt9.WILD', type: TYPE.TXT }),
      expect(proper, noError, answers('host9.wild TXT "this is a wildcard"')),
    ],
  },
])
