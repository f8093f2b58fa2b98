import { suite } from '../../src/conformance/case.ts'
import { ask } from '../../src/dns/ask.ts'
import { authoritative, flag, noError, proper, soaAnswer } from '../../src/dns/checks.ts'
import { check, expect, expectEach, expectNothing } from '../../src/dns/expect.ts'
import { answersForZone, authority } from '../../src/dns/features.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc1034, rfc1035, rfc4035, rfc8906 } from '../../src/dns/rules.ts'

const served = { needs: [authority] }

export default suite(dns, 'server', 'Header', [
  {
    rule: rfc8906.zoneServed,
    when: 'the SOA record of the zone is asked for',
    steps: [ask({}), expect(proper, noError, authoritative, soaAnswer)],
  },
  {
    rule: rfc1035.idCopied,
    when: 'three queries have identifiers of their own',
    steps: [ask({ id: 0 }, { id: 0xffff }, { id: 0x1234 }), expectEach(proper)],
  },
  {
    rule: rfc1035.responseBitSet,
    when: 'a query comes',
    steps: [ask({}), expect(flag('qr', true))],
  },
  {
    rule: rfc1035.opcodeCopied,
    when: 'a standard query comes',
    steps: [ask({}), expect(opcode(0))],
  },
  {
    rule: rfc1035.recursionDesiredCopied,
    when: 'RD is set',
    steps: [ask({ rd: true }), expect(proper, flag('rd', true))],
  },
  {
    rule: rfc1035.recursionDesiredCopied,
    when: 'RD is clear',
    steps: [ask({ rd: false }), expect(proper, flag('rd', false))],
  },
  {
    rule: rfc8906.recursionDesiredAnswered,
    when: 'RD is set',
    ...served,
    steps: [ask({ rd: true }), expect(proper, noError, authoritative, soaAnswer)],
  },
  {
    rule: rfc1035.questionCopied,
    when: 'a query comes',
    steps: [ask({ name: 'www', type: TYPE.A }), expect(proper)],
  },
  {
    rule: rfc1035.questionCopied,
    when: 'the name does not exist',
    steps: [ask({ name: 'no-such-name', type: TYPE.MX }), expect(proper)],
  },
  {
    rule: rfc1035.reservedZero,
    when: 'the reserved bit is set in a query',
    steps: [ask({ z: true }), expect(flag('z', false))],
  },
  {
    rule: rfc8906.reservedFlagAnswered,
    when: 'the reserved bit is set in a query',
    ...served,
    steps: [ask({ z: true }), expect(proper, noError, soaAnswer)],
  },
  {
    rule: rfc8906.authenticDataAnswered,
    when: 'AD is set in a query',
    ...served,
    steps: [ask({ ad: true }), expect(proper, noError, soaAnswer)],
  },
  {
    rule: rfc8906.checkingDisabledAnswered,
    when: 'CD is set in a query',
    ...served,
    steps: [ask({ cd: true }), expect(proper, noError, soaAnswer)],
  },
  {
    rule: rfc4035.authenticDataClear,
    when: 'a zone that is not signed is asked for',
    ...served,
    steps: [ask({ edns: { dnssecOk: true } }), expect(proper, flag('ad', false))],
  },
  {
    rule: rfc4035.authenticDataClear,
    when: 'AD is set in a query for a zone that is not signed',
    ...served,
    steps: [ask({ ad: true }), expect(proper, flag('ad', false))],
  },
  {
    rule: rfc8906.responseFlagsIgnored,
    when: 'AA is set in a query',
    ...served,
    steps: [ask({ aa: true }), expect(proper, noError, soaAnswer)],
  },
  {
    rule: rfc8906.responseFlagsIgnored,
    when: 'TC is set in a query',
    ...served,
    steps: [ask({ tc: true }), expect(proper, noError, soaAnswer)],
  },
  {
    rule: rfc8906.responseFlagsIgnored,
    when: 'RA is set in a query',
    ...served,
    steps: [ask({ ra: true }), expect(proper, noError, soaAnswer)],
  },
  {
    rule: rfc8906.unknownFlagNotCopied,
    when: 'every flag is set that a query has no use for',
    steps: [ask({ aa: true, ra: true, z: true, ad: true }), expect(flag('z', false))],
  },
  {
    rule: rfc1034.authoritativeAnswerSet,
    when: 'the zone is asked for',
    needs: [answersForZone],
    steps: [ask({}), expect(proper, authoritative)],
  },
  {
    rule: rfc1034.authoritativeAnswerSet,
    when: 'a name of the zone does not exist',
    needs: [answersForZone],
    steps: [ask({ name: 'no-such-name' }), expect(proper, authoritative)],
  },
  {
    rule: rfc1034.recursionNotOffered,
    when: 'RD is set in a query for a name of no zone of its own',
    ...served,
    steps: [ask({ name: 'www.example.net.', type: TYPE.A, rd: true }), expect(proper, flag('ra', false))],
  },
  {
    rule: rfc1035.truncationClearWhenWhole,
    when: 'an answer is short',
    ...served,
    steps: [ask({}), expect(proper, flag('tc', false))],
  },
  {
    rule: rfc1035.responsesNotAnswered,
    when: 'a response comes that nobody asked for',
    steps: [ask({ qr: true }), expectNothing()],
  },
  {
    rule: rfc1035.responsesNotAnswered,
    when: 'a response with an error comes',
    steps: [ask({ qr: true, rcode: 1 }), expectNothing()],
  },
])

function opcode(wanted: number) {
  return check('the opcode of the query', response =>
    response.opcode === wanted ? undefined : `opcode ${response.opcode}`,
  )
}
