import { suite } from '../../src/conformance/case.ts'
import { ask } from '../../src/dns/ask.ts'
import { noAnswer, rcode, soaAnswer } from '../../src/dns/checks.ts'
import { check, expect } from '../../src/dns/expect.ts'
import { authority } from '../../src/dns/features.ts'
import { CLASS, RCODE, TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc6895, rfc8906 } from '../../src/dns/rules.ts'

const answered = check('a response', response => (response.qr ? undefined : 'no response'))
const served = { needs: [authority] }

/** What a server may say of a class in which it has no zone: nothing there, or nothing for you. */
const elsewhere = rcode(RCODE.REFUSED, RCODE.NOTAUTH, RCODE.NXDOMAIN, RCODE.NOTIMP, RCODE.SERVFAIL, RCODE.FORMERR)

export default suite(dns, 'server', 'Classes', [
  ...[
    { class: 4096, name: 'class 4096, which has no meaning,' },
    { class: 0xff00, name: 'a class for private use' },
    { class: CLASS.HS, name: 'class HS' },
  ].flatMap(({ class: klass, name }) => [
    {
      rule: rfc8906.unknownClassAnswered,
      when: `${name} is asked for`,
      ...served,
      steps: [ask({ class: klass }), expect(answered)],
    },
    {
      rule: rfc6895.otherClassRefused,
      when: `${name} is asked for`,
      ...served,
      steps: [ask({ class: klass, type: TYPE.TXT }), expect(elsewhere, noAnswer)],
    },
  ]),
  {
    rule: rfc6895.otherClassRefused,
    when: 'class CH is asked for the data of the zone',
    ...served,
    steps: [ask({ class: CLASS.CH }), expect(elsewhere, noAnswer)],
  },
  {
    rule: rfc8906.unknownClassAnswered,
    when: "the server's version is asked for in class CH",
    steps: [ask({ name: 'version.bind.', type: TYPE.TXT, class: CLASS.CH }), expect(answered)],
  },
  {
    rule: rfc6895.classAnyAnswered,
    when: 'class ANY is asked for',
    ...served,
    steps: [ask({ class: CLASS.ANY }), expect(answered)],
  },
  {
    rule: rfc6895.classAnyAnswered,
    when: 'class NONE is asked for',
    ...served,
    steps: [ask({ class: CLASS.NONE }), expect(answered)],
  },
  {
    rule: rfc8906.zoneServed,
    when: 'an unknown class was asked for before',
    steps: [ask({ class: 4096 }, {}), expect(soaAnswer)],
  },
])
