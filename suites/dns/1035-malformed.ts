import { suite } from '../../src/conformance/case.ts'
import { ask } from '../../src/dns/ask.ts'
import { formatError, noAnswer, parsed } from '../../src/dns/checks.ts'
import { check, expect, expectRefusal } from '../../src/dns/expect.ts'
import { authority, incrementalTransfers } from '../../src/dns/features.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc1035, rfc9619 } from '../../src/dns/rules.ts'
import { A_IN, asking, claims, cutAt } from './mangle.ts'

const refused = expectRefusal({}, formatError)
/** What is no name at all: nobody has to find words for it, but an answer it must not get. */
const noName = expectRefusal({ nothing: 'pass', end: 'pass' }, formatError)

export default suite(dns, 'server', 'Malformed messages', [
  {
    rule: rfc1035.formatErrorForMalformed,
    when: 'the question ends inside its name',
    steps: [ask({ mangle: cutAt(16), what: 'ask by a message that ends inside the name' }), refused],
  },
  {
    rule: rfc1035.formatErrorForMalformed,
    when: 'the question ends before its type',
    steps: [ask({ mangle: cutAt(-4), what: 'ask by a message that ends before the type' }), refused],
  },
  {
    rule: rfc1035.formatErrorForMalformed,
    when: 'the question ends before its class',
    steps: [ask({ mangle: cutAt(-2), what: 'ask by a message that ends before the class' }), refused],
  },
  {
    rule: rfc1035.formatErrorForMalformed,
    when: 'the question ends one octet early',
    steps: [ask({ mangle: cutAt(-1), what: 'ask by a message that ends one octet early' }), refused],
  },
  {
    rule: rfc1035.formatErrorForMalformed,
    when: 'a header alone says that it has a question',
    steps: [ask({ mangle: cutAt(12), what: 'ask by a header that says it has a question' }), refused],
  },
  {
    rule: rfc1035.formatErrorForMalformed,
    when: 'it says that it has more additional records than it has',
    steps: [
      ask({ edns: {}, mangle: claims({ additional: 2 }), what: 'ask with one additional record of two announced' }),
      refused,
    ],
  },
  {
    rule: rfc1035.formatErrorForMalformed,
    when: 'it says that it has 65535 answers and has none',
    steps: [ask({ mangle: claims({ answers: 65_535 }), what: 'ask with 65535 answers announced' }), refused],
  },
  {
    rule: rfc1035.formatErrorForMalformed,
    when: 'a record ends inside its data',
    steps: [
      ask({
        additional: [parsed('x.example.test. A 192.0.2.1', '.')],
        mangle: cutAt(-2),
        what: 'ask with an address of two octets where four are announced',
      }),
      refused,
    ],
  },
  {
    rule: rfc1035.formatErrorWithoutQuestion,
    when: 'a standard query has no question',
    steps: [ask({ questions: [] }), refused],
  },
  {
    rule: rfc1035.formatErrorWithoutQuestion,
    when: 'a standard query has no question, and EDNS',
    steps: [ask({ questions: [], edns: {} }), refused],
  },
  {
    rule: rfc9619.oneQuestion,
    when: 'a query asks two questions',
    steps: [ask({ questions: [{ type: TYPE.SOA }, { type: TYPE.NS }] }), refused],
  },
  {
    rule: rfc9619.oneQuestion,
    when: 'a query asks the same question twice',
    steps: [ask({ questions: [{ type: TYPE.SOA }, { type: TYPE.SOA }] }), refused],
  },
  {
    rule: rfc1035.formatErrorForMalformed,
    when: 'it says that it has two questions and has one',
    steps: [ask({ mangle: claims({ questions: 2 }), what: 'ask one question with two announced' }), refused],
  },
  {
    rule: rfc1035.pointersUnderstood,
    when: 'the changes of the zone are asked for, and the SOA record of ours names it by a pointer',
    needs: [authority, incrementalTransfers],
    steps: [
      ask({
        type: TYPE.IXFR,
        authority: [parsed('example.test. SOA ns1 hostmaster 1 3600 600 86400 60', 'example.test.')],
        what: 'ask for the changes of the zone since serial 1 (IXFR)',
      }),
      expect(check('another code than FORMERR', response => (response.rcode === 1 ? 'FORMERR' : undefined))),
    ],
  },
  {
    rule: rfc1035.pointerForwardRefused,
    when: 'the name points behind itself',
    steps: [
      ask({ mangle: asking(0xc0, 0x12, ...A_IN, 0x01, 0x61, 0x00), what: 'ask for a pointer to what follows' }),
      noName,
    ],
  },
  {
    rule: rfc1035.pointerForwardRefused,
    when: 'the name points outside the message',
    steps: [ask({ mangle: asking(0xff, 0xff, ...A_IN), what: 'ask for a pointer to octet 16383' }), noName],
  },
  {
    rule: rfc1035.pointerLoopRefused,
    when: 'the name points to itself',
    steps: [ask({ mangle: asking(0xc0, 0x0c, ...A_IN), what: 'ask for a pointer to itself' }), noName],
  },
  {
    rule: rfc1035.pointerLoopRefused,
    when: 'the name points to its own first label',
    steps: [
      ask({ mangle: asking(0x01, 0x61, 0xc0, 0x0c, ...A_IN), what: 'ask for a label and a pointer to it' }),
      noName,
    ],
  },
  {
    rule: rfc1035.pointerLoopRefused,
    when: 'two names point to each other',
    steps: [
      ask({
        mangle: octets => {
          const looping = asking(0xc0, 0x12, ...A_IN, 0xc0, 0x0c, ...A_IN)(octets)
          return claims({ questions: 2 })(looping)
        },
        what: 'ask for two pointers to each other',
      }),
      noName,
    ],
  },
  ...[0x40, 0x41, 0x80, 0xbf].map(octet => ({
    rule: rfc1035.labelTypeRefused,
    when: `a label begins with ${octet.toString(16)} in hexadecimal`,
    steps: [
      ask({
        mangle: asking(octet, ...Buffer.from('a'.repeat(64)), 0, ...A_IN),
        what: `ask for a label of type ${octet >> 6}`,
      }),
      noName,
    ],
  })),
  {
    rule: rfc1035.nameLimitEnforced,
    when: 'the name has 256 octets',
    steps: [
      ask({ mangle: asking(...labels(63, 63, 63, 62), 0, ...A_IN), what: 'ask for a name of 256 octets' }),
      noName,
    ],
  },
  {
    rule: rfc1035.nameLimitEnforced,
    when: 'the name has 130 labels of one octet each',
    steps: [
      ask({
        mangle: asking(...labels(...Array<number>(130).fill(1)), 0, ...A_IN),
        what: 'ask for a name of 130 labels',
      }),
      noName,
    ],
  },
  {
    rule: rfc1035.formatErrorForMalformed,
    when: 'all octets behind the header are ones',
    steps: [
      ask({ mangle: asking(...Array<number>(300).fill(0xff)), what: 'ask by 300 octets of ones' }),
      expectRefusal({ nothing: 'pass', otherError: 'pass', end: 'pass' }, formatError, noAnswer),
    ],
  },
])

/** Labels of these lengths. */
function labels(...lengths: readonly number[]): number[] {
  return lengths.flatMap(length => [length, ...Array<number>(length).fill(0x61)])
}
