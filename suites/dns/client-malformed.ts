import type { Rule } from '../../src/conformance/rule.ts'
import type { Answer } from '../../src/dns/client-steps.ts'
import { refuses, reply } from '../../src/dns/client-steps.ts'
import { rfc1035 } from '../../src/dns/rules/client.ts'
import { type ClientCase, finds } from './client-features.ts'
import { alias, BAIT, EVIL_ADDRESS, handmade, labels, pointer, QNAME, record } from './client-octets.ts'

/** A case in which a response with an address that looks good is malformed behind that. */
function malformed(rule: Rule, when: string, says: string, answer: Answer): ClientCase {
  return { rule, when, needs: [finds], steps: [reply(says, answer), refuses()] }
}

/** Two answers: the bait, and a record that is not what it should be, given where it begins. */
const behindBait = (octets: (at: number) => readonly number[]): Answer =>
  handmade(2, at => [...BAIT, ...octets(at + BAIT.length)])

const owner = (octets: (at: number) => readonly number[]): Answer => behindBait(at => record(octets(at), EVIL_ADDRESS))

/** Responses that cannot be what they seem. */
export const malformedResponses: readonly ClientCase[] = [
  malformed(rfc1035.pointersEnd, 'a name points to itself', 'a pointer to itself', owner(pointer)),
  malformed(
    rfc1035.pointersEnd,
    'two names point to each other',
    'two pointers in a circle',
    // The second is in the RDATA of the record whose owner is the first.
    behindBait(at => alias(pointer(at + 12), pointer(at))),
  ),
  malformed(
    rfc1035.pointersEnd,
    'labels lead back to a pointer behind them',
    'a label and a pointer to it',
    owner(at => [1, 0x61, ...pointer(at)]),
  ),
  malformed(
    rfc1035.pointersEnd,
    'a name points beyond the message',
    'a pointer beyond the end',
    owner(() => pointer(0x3fff)),
  ),
  malformed(
    rfc1035.pointersEnd,
    'a pointer is cut in half',
    'a message that ends in half a pointer',
    behindBait(() => [0xc0]),
  ),
  malformed(
    rfc1035.recordsWellFormed,
    'a label has the type 01',
    'a label of the type 01',
    owner(() => [0x41, 0x61, 0]),
  ),
  malformed(
    rfc1035.recordsWellFormed,
    'a label has the type 10',
    'a label of the type 10',
    owner(() => [0x81, 0x61, 0]),
  ),
  malformed(
    rfc1035.nameLimitsEnforced,
    'a name of 320 octets is written in labels',
    'a name of 320 octets',
    owner(() => [...labels(5, 63), 0]),
  ),
  malformed(
    rfc1035.nameLimitsEnforced,
    'a name grows to more than 255 octets by pointers',
    'names that add up to 321 octets',
    // Four labels of 63 octets, and behind them a pointer to such four again.
    handmade(3, at => [
      ...BAIT,
      ...record([...labels(3, 63), 0], EVIL_ADDRESS),
      ...record([...labels(2, 63), ...pointer(at + BAIT.length)], EVIL_ADDRESS),
    ]),
  ),
  malformed(
    rfc1035.recordsWellFormed,
    'more answers are counted than there are',
    'two answers counted and one there',
    handmade(2, () => BAIT),
  ),
  malformed(
    rfc1035.recordsWellFormed,
    'a record ends in its fixed part',
    'a record cut behind its type',
    behindBait(() => [...QNAME, 0, 1]),
  ),
  malformed(
    rfc1035.recordsWellFormed,
    'RDATA goes beyond the message',
    'an address of which half is there',
    behindBait(() => record(QNAME, [192, 0], 4)),
  ),
  malformed(
    rfc1035.recordsWellFormed,
    'an address has three octets',
    'an address of three octets',
    behindBait(() => record(QNAME, [192, 0, 2])),
  ),
  malformed(
    rfc1035.recordsWellFormed,
    'an address has five octets',
    'an address of five octets',
    behindBait(() => record(QNAME, [...EVIL_ADDRESS, 1])),
  ),
  malformed(
    rfc1035.recordsWellFormed,
    'an address has no octets',
    'an address of no octets',
    behindBait(() => record(QNAME, [])),
  ),
  malformed(
    rfc1035.recordsWellFormed,
    'an alias does not fill its RDATA',
    'an alias with octets behind its name',
    behindBait(() => alias(QNAME, [1, 0x61, 0, 0, 0])),
  ),
  malformed(
    rfc1035.recordsWellFormed,
    'an alias goes beyond its RDATA',
    'an alias longer than its RDATA',
    behindBait(() => alias(QNAME, [3, 0x61, 0x62, 0x63, 0], 2)),
  ),
]
