import { suite } from '../../src/conformance/case.ts'
import { ask } from '../../src/dns/ask.ts'
import {
  answers,
  authoritative,
  either,
  flag,
  holds,
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
import { rfc1034, rfc4035 } from '../../src/dns/rules.ts'

const needs = [ourZone]
const referred = records('authority', 'sub NS ns.sub')
const notAuthoritative = flag('aa', false)

export default suite(dns, 'server', 'Delegation', [
  {
    rule: rfc1034.referralBelowCut,
    when: 'a name below a cut is asked for',
    needs,
    steps: [ask({ name: 'host.sub', type: TYPE.A }), expect(proper, noError, noAnswer, referred)],
  },
  {
    rule: rfc1034.referralBelowCut,
    when: 'the address of a name server below a cut is asked for, which is known as glue',
    needs,
    // Servers differ on whether glue is an answer; RFC 1034 §4.3.2 step 3b has it a referral.
    steps: [ask({ name: 'ns.sub', type: TYPE.A }), expect(proper, noError, noAnswer, referred)],
  },
  {
    rule: rfc1034.referralBelowCut,
    when: 'a name four labels below a cut is asked for',
    needs,
    steps: [ask({ name: 'a.b.c.d.sub', type: TYPE.MX }), expect(proper, noError, noAnswer, referred)],
  },
  {
    rule: rfc1034.referralAtCut,
    when: 'the name of the cut is asked for an address',
    needs,
    steps: [ask({ name: 'sub', type: TYPE.A }), expect(proper, noError, noAnswer, referred)],
  },
  {
    rule: rfc1034.referralAtCut,
    when: 'the name of the cut is asked for SOA',
    needs,
    steps: [ask({ name: 'sub', type: TYPE.SOA }), expect(proper, noError, noAnswer, referred)],
  },
  {
    rule: rfc1034.referralNotAuthoritative,
    when: 'a name below a cut is asked for',
    needs,
    steps: [ask({ name: 'host.sub', type: TYPE.A }), expect(proper, noError, notAuthoritative, referred)],
  },
  {
    rule: rfc1034.referralAnswerEmpty,
    when: 'the name servers of a cut are asked for',
    needs,
    steps: [ask({ name: 'sub', type: TYPE.NS }), expect(proper, noError, noAnswer, referred)],
  },
  {
    rule: rfc1034.glueInReferral,
    when: 'the name server is below the cut',
    needs,
    steps: [
      ask({ name: 'host.sub', type: TYPE.A }),
      expect(proper, noError, holds('additional', 'ns.sub A 192.0.2.53', 'ns.sub AAAA 2001:db8::53')),
    ],
  },
  {
    rule: rfc1034.referralAtCut,
    when: 'the name server of the cut is in another zone',
    needs,
    steps: [
      ask({ name: 'lame', type: TYPE.A }),
      expect(proper, noError, noAnswer, records('authority', 'lame NS ns.example.net.')),
    ],
  },
  {
    rule: rfc4035.dsFromParent,
    when: 'DS of a cut without one is asked for',
    needs,
    steps: [ask({ name: 'sub', type: TYPE.DS }), expect(proper, noError, authoritative, noAnswer, soaInAuthority)],
  },
  {
    rule: rfc4035.dsFromParent,
    when: 'DS of a cut that has one is asked for',
    needs,
    steps: [
      ask({ name: 'signed', type: TYPE.DS }),
      expect(proper, noError, authoritative, answers('signed DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118')),
    ],
  },
  {
    rule: rfc1034.referralBelowCut,
    when: 'a name below a cut with DS is asked for with DO',
    needs,
    steps: [
      ask({ name: 'host.signed', type: TYPE.A, edns: { dnssecOk: true } }),
      expect(
        proper,
        noError,
        noAnswer,
        // DS belongs into the referral where DO asks for it (RFC 4035 §3.1.4.1), in a zone that is signed.
        either(
          [records('authority', 'signed NS ns.signed')],
          [records('authority', 'signed NS ns.signed', 'signed DS 60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118')],
        ),
      ),
    ],
  },
])
