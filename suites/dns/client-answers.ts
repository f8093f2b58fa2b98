import type { Rule } from '../../src/conformance/rule.ts'
import { addressOf, aliasOf, EVIL, GOOD, recordOf, replyTo } from '../../src/dns/client-answers.ts'
import { type Answer, reply, response, takes } from '../../src/dns/client-steps.ts'
import { encodeMessage, HEADER_LENGTH, type Message, type ResourceRecord } from '../../src/dns/message.ts'
import { CLASS, TYPE } from '../../src/dns/mnemonics.ts'
import type { Name } from '../../src/dns/name.ts'
import { rfc1034, rfc1035, rfc1123, rfc2181, rfc3597, rfc4343 } from '../../src/dns/rules/client.ts'
import { type ClientCase, datagrams, picks } from './client-features.ts'
import { alias, handmade, labels, pointer, QNAME, record } from './client-octets.ts'

/** A case in which the answers are made of the name asked for, and are to be taken. */
function taken(
  rule: Rule,
  when: string,
  says: string,
  answers: (name: Name, query: Message) => readonly ResourceRecord[],
  more: Partial<Message> = {},
): ClientCase {
  const answer = response(query => ({ answers: query.questions.flatMap(({ name }) => answers(name, query)), ...more }))
  return { rule, when, steps: [reply(says, answer), takes()] }
}

const GOOD_ADDRESS = GOOD.split('.').map(Number)

/** Four labels that make a name of 255 octets, the most there is. RFC 1035 §2.3.4 */
const LONGEST = [...labels(3, 63), ...labels(1, 61), 0]

const UNKNOWN = recordOf('www.example.test.', 65280, Uint8Array.of(1, 2, 3, 4))

/** Responses that are to be taken, however unusual, and what in them is the answer. */
export const answers: readonly ClientCase[] = [
  {
    rule: rfc1035.compressionUnderstood,
    when: 'the owner of an answer is a pointer',
    steps: [
      reply(
        'an address whose owner points to the question',
        handmade(1, () => record(QNAME, GOOD_ADDRESS)),
      ),
      takes(),
    ],
  },
  {
    rule: rfc1035.compressionUnderstood,
    when: 'a pointer leads to a pointer in RDATA',
    steps: [
      reply(
        'an alias in pointers',
        // The alias is `end` below the name asked for; the owner of the address points into its RDATA.
        handmade(2, at => [
          ...alias(QNAME, [3, 0x65, 0x6e, 0x64, ...QNAME]),
          ...record(pointer(at + HEADER_LENGTH), GOOD_ADDRESS),
        ]),
      ),
      takes(),
    ],
  },
  {
    rule: rfc1035.nameLimits,
    when: 'a name of 255 octets is an alias',
    steps: [
      reply(
        'an alias of 255 octets',
        handmade(2, at => [...alias(QNAME, LONGEST), ...record(pointer(at + HEADER_LENGTH), GOOD_ADDRESS)]),
      ),
      takes(),
    ],
  },
  {
    rule: rfc1035.wholeDatagramTaken,
    when: 'a response has 512 octets',
    needs: [datagrams],
    steps: [
      reply(
        'a response of 512 octets',
        sized(() => 512),
      ),
      takes(),
    ],
  },
  taken(rfc1034.aliasUnderstood, 'the name is an alias', 'an alias, and its address', name => [
    aliasOf(name, 'end.example.test.'),
    addressOf('end.example.test.'),
  ]),
  taken(rfc1034.aliasChainUnderstood, 'the name is the first of four aliases', 'four aliases, and an address', name => {
    const chain = [name, 'b.example.test.', 'c.example.test.', 'd.example.test.', 'end.example.test.']
    return [...chain.slice(1).map((target, at) => aliasOf(chain[at] as Name, target)), addressOf('end.example.test.')]
  }),
  taken(rfc4343.responseCaseIgnored, 'the aliases of an answer are in mixed case', 'an alias in mixed case', name => [
    aliasOf(name, 'End.Example.TEST.'),
    addressOf('eND.eXAMPLE.test.'),
  ]),
  taken(
    rfc3597.unknownRecordsPassed,
    'the answer has a record of an unknown type',
    'a TYPE65280 before the address',
    name => [{ ...UNKNOWN, name }, addressOf(name)],
  ),
  taken(
    rfc3597.unknownRecordsPassed,
    'the additional section has a record of an unknown type',
    'an address, and TYPE65280 in the additional section',
    name => [addressOf(name)],
    { additional: [UNKNOWN] },
  ),
  taken(rfc1123.zeroTtlUsed, 'the TTL of an answer is zero', 'an address whose TTL is 0', name => [
    addressOf(name, GOOD, 0),
  ]),
  taken(rfc2181.highTtlIsZero, 'the TTL of an answer has its highest bit set', 'an address whose TTL is 2^31', name => [
    addressOf(name, GOOD, 0x80000000),
  ]),
  taken(rfc2181.highTtlIsZero, 'the TTL of an answer has all bits set', 'an address whose TTL is 2^32 - 1', name => [
    addressOf(name, GOOD, 0xffffffff),
  ]),
  {
    ...taken(rfc1034.unrelatedRecordsUnused, 'the answer has an address of another name', 'two addresses', name => [
      addressOf(name),
      addressOf('other.example.test.', EVIL),
    ]),
    needs: [picks],
  },
  {
    ...taken(rfc1034.unrelatedRecordsUnused, 'the answer has a record of another class', 'two classes', name => [
      addressOf(name),
      { ...addressOf(name), class: CLASS.HS, data: Uint8Array.from(EVIL.split('.'), Number) },
    ]),
    needs: [picks],
  },
]

/** A response with the address that has so many octets: text in the additional section fills it. */
export function sized(size: (query: Message) => number): Answer {
  return ({ message, question }) => {
    const wanted = size(message)
    const { additional } = replyTo(message)
    // Each string of text has an octet for its length.
    for (let left = wanted; left > 0; left--) {
      const strings = Array.from({ length: Math.ceil(left / 200) }, (_, at) =>
        'x'.repeat(Math.min(200, left - 200 * at)),
      )
      const text = recordOf('text.example.test.', TYPE.TXT, { strings })
      const whole = encodeMessage(
        replyTo(message, { answers: [addressOf(question.name)], additional: [text, ...additional] }),
      )
      if (whole.length === wanted) return whole
    }
    throw new RangeError(`no response of ${wanted} octets`)
  }
}
