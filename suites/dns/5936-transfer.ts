import { suite } from '../../src/conformance/case.ts'
import { type Ask, ask } from '../../src/dns/ask.ts'
import { answers, noAnswer, noError, proper, rcode } from '../../src/dns/checks.ts'
import { edns } from '../../src/dns/edns.ts'
import { exampleZone } from '../../src/dns/example-zone.ts'
import { type Check, check, expect, expectEach, expectRefusal } from '../../src/dns/expect.ts'
import { ourZone } from '../../src/dns/features.ts'
import type { Message, ResourceRecord } from '../../src/dns/message.ts'
import { RCODE, TYPE } from '../../src/dns/mnemonics.ts'
import { canonical } from '../../src/dns/name.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc5936 } from '../../src/dns/rules.ts'
import { datagrams, tcp } from './connections.ts'
import {
  eachMessage,
  expectTransfer,
  isAtApex,
  lineOf,
  noOthers,
  transferCheck,
  transfers,
  zoneRecords,
} from './transfers.ts'

const axfr: Ask = { type: TYPE.AXFR }
const www: Ask = { name: 'www', type: TYPE.A }
const isWww = [proper, noError, answers('www A 192.0.2.1')]
const base = { opening: tcp, needs: [ourZone, transfers] }
const all = () => true

const withoutSoa = (records: readonly ResourceRecord[]) => records.filter(({ type }) => type !== TYPE.SOA)

const flagClear = (...flags: readonly ('tc' | 'ra' | 'z' | 'ad' | 'cd')[]) =>
  eachMessage(`${flags.join(', ')} clear`, message => flags.find(flag => message[flag]))

const notRecords: Check = check('no records of a zone', ({ answers: given }) =>
  given.some(({ type }) => type !== TYPE.SOA) ? `${given.length} records in the answer` : undefined,
)

const isQuestion = (given: Message, asked: Message) => {
  const [one] = given.questions
  const [wanted] = asked.questions
  return given.questions.length === 1 && one?.type === wanted?.type && canonical(one?.name ?? '') === wanted?.name
}

/** What a server that has no such zone to transfer says. */
const refused = [proper, rcode(RCODE.NOTAUTH), noAnswer]

const others: readonly (readonly [when: string, name: string])[] = [
  ['a transfer of another zone is asked for', 'example.net.'],
  ['a transfer of a name in the zone is asked for', 'www'],
  ['a transfer of a delegated zone is asked for', 'sub'],
  ['a transfer of the zone above is asked for', 'test.'],
]

export default suite(dns, 'server', 'zone transfer', [
  {
    rule: rfc5936.transferBeginsWithSoa,
    when: 'the zone is transferred',
    ...base,
    steps: [ask(axfr), expectTransfer(transferCheck('SOA first', ({ records: [first] }) => first && soaFault(first)))],
  },
  {
    rule: rfc5936.transferEndsWithSoa,
    when: 'the zone is transferred',
    ...base,
    steps: [
      ask(axfr),
      expectTransfer(
        transferCheck('the same SOA last', ({ records }) => {
          const [first, last] = [records[0], records.at(-1)]
          return first && last && lineOf(first) === lineOf(last) ? undefined : `${last && lineOf(last)}`
        }),
      ),
    ],
  },
  {
    rule: rfc5936.transferSoaNotBetween,
    when: 'the zone is transferred',
    ...base,
    steps: [
      ask(axfr),
      expectTransfer(
        transferCheck('no SOA between', ({ records }) => {
          const count = records.length - withoutSoa(records).length
          return count > 2 ? `${count} SOA records` : undefined
        }),
      ),
    ],
  },
  {
    rule: rfc5936.transferOnce,
    when: 'the zone is transferred',
    ...base,
    steps: [
      ask(axfr),
      expectTransfer(
        transferCheck('each record once', ({ records }) => {
          const lines = withoutSoa(records).map(lineOf)
          const twice = lines.find((line, i) => lines.indexOf(line) !== i)
          return twice && `twice ${twice}`
        }),
      ),
    ],
  },
  {
    rule: rfc5936.transferMessagesFilled,
    when: 'the zone is transferred',
    ...base,
    steps: [
      ask(axfr),
      expectTransfer(
        transferCheck('many records in a message', ({ records, messages }) =>
          records.length / messages.length < 4 ? `${records.length} records in ${messages.length} messages` : undefined,
        ),
      ),
    ],
  },
  {
    rule: rfc5936.transferIdCopied,
    when: 'the zone is transferred',
    ...base,
    // Without its identifier nothing of a transfer is known for such.
    steps: [ask({ ...axfr, id: 0xbeef }), expectTransfer()],
  },
  {
    rule: rfc5936.transferAuthoritative,
    when: 'the zone is transferred',
    ...base,
    steps: [ask(axfr), expectTransfer(eachMessage('AA set', ({ aa }) => (aa ? undefined : 'AA is clear')))],
  },
  {
    rule: rfc5936.transferNotTruncated,
    when: 'the zone is transferred',
    ...base,
    steps: [ask(axfr), expectTransfer(flagClear('tc'))],
  },
  {
    rule: rfc5936.transferRecursionNotOffered,
    when: 'the zone is transferred',
    ...base,
    steps: [ask(axfr), expectTransfer(flagClear('ra'))],
  },
  {
    rule: rfc5936.transferReservedZero,
    when: 'the zone is transferred',
    ...base,
    steps: [ask(axfr), expectTransfer(flagClear('ad', 'cd', 'z'))],
  },
  {
    rule: rfc5936.transferQuestionFirst,
    when: 'the zone is transferred',
    ...base,
    steps: [
      ask(axfr),
      expectTransfer(
        transferCheck('the question in the first message', ({ messages: [first] }, asked) =>
          first && isQuestion(first, asked) ? undefined : 'another question, or none',
        ),
      ),
    ],
  },
  {
    rule: rfc5936.transferQuestionLater,
    when: 'the zone is transferred in several messages',
    ...base,
    steps: [
      ask(axfr),
      expectTransfer(
        eachMessage('the question or none in each message', (message, _, asked) =>
          message.questions.length === 0 || isQuestion(message, asked) ? undefined : 'another question',
        ),
      ),
    ],
  },
  {
    rule: rfc5936.transferAuthorityEmpty,
    when: 'the zone is transferred',
    ...base,
    steps: [
      ask(axfr),
      expectTransfer(
        eachMessage('nothing in the authority section', ({ authority }) =>
          authority.length === 0 ? undefined : `${authority.length} records in the authority section`,
        ),
      ),
    ],
  },
  {
    rule: rfc5936.transferOpt,
    when: 'a query for a transfer has OPT',
    ...base,
    steps: [
      ask({ ...axfr, edns: {} }),
      expectTransfer(
        transferCheck('OPT in the first message', ({ messages: [first] }) =>
          first && edns(first) ? undefined : 'no OPT in the first message',
        ),
      ),
    ],
  },
  {
    rule: rfc5936.transferWhole,
    when: 'the zone is transferred',
    ...base,
    steps: [ask(axfr), expectTransfer(zoneRecords('all records of the zone', all), noOthers)],
  },
  {
    rule: rfc5936.transferWhole,
    when: 'the client takes datagrams of 512 octets',
    ...base,
    steps: [ask({ ...axfr, edns: { size: 512 } }), expectTransfer(zoneRecords('all records of the zone', all))],
  },
  {
    rule: rfc5936.transferCuts,
    when: 'the zone has delegations',
    ...base,
    steps: [
      ask(axfr),
      expectTransfer(zoneRecords('NS of each cut', record => record.type === TYPE.NS && !isAtApex(record))),
    ],
  },
  {
    rule: rfc5936.transferGlue,
    when: 'the zone has addresses below a delegation',
    ...base,
    steps: [ask(axfr), expectTransfer(zoneRecords('the glue', ({ name }) => /^ns\.(sub|signed)\./.test(name)))],
  },
  {
    rule: rfc5936.transferNamesExact,
    when: 'a name in the zone has letters of both cases',
    ...base,
    steps: [
      ask(axfr),
      expectTransfer(
        transferCheck('the name CaSe', ({ records }) => {
          const wanted = exampleZone().records.filter(({ name }) => name !== canonical(name))
          const missing = wanted.find(one => !records.some(({ name }) => name === one.name))
          return missing && `no ${missing.name} in these letters`
        }),
      ),
    ],
  },
  ...(['aa', 'tc', 'rd', 'ra', 'ad', 'cd', 'z'] as const).map(flag => ({
    rule: rfc5936.transferFlagsIgnored,
    when: `${flag === 'z' ? 'the reserved bit' : flag.toUpperCase()} is set in the query`,
    ...base,
    steps: [ask({ ...axfr, [flag]: true }), expectTransfer()],
  })),
  {
    rule: rfc5936.transferSeveral,
    when: 'two transfers are asked for in one write',
    ...base,
    steps: [ask(axfr, axfr), expectTransfer(zoneRecords('all records of the zone', all))],
  },
  {
    rule: rfc5936.transferWithQueries,
    when: 'a query comes after a transfer',
    ...base,
    steps: [ask(axfr), expectTransfer(), ask(www), expect(...isWww)],
  },
  {
    rule: rfc5936.transferWithQueries,
    when: 'one transfer comes after the other',
    ...base,
    steps: [ask(axfr), expectTransfer(), ask(axfr), expectTransfer(zoneRecords('all records of the zone', all))],
  },
  {
    rule: rfc5936.transferWithQueries,
    when: 'queries come in one write with that for a transfer',
    ...base,
    steps: [ask(www, axfr, www, www), expectTransfer(zoneRecords('all records', all)), ask(www), expect(...isWww)],
  },
  {
    rule: rfc5936.transferWithQueries,
    when: 'a question for SOA comes before, and another after',
    ...base,
    steps: [ask(), expect(proper, noError), ask(axfr), expectTransfer(), ask(), expect(proper, noError)],
  },
  ...others.map(([when, name]) => ({
    rule: rfc5936.transferOtherZoneRefused,
    when,
    ...base,
    steps: [ask({ ...axfr, name }), expectRefusal({ otherError: 'pass' }, ...refused)],
  })),
  {
    rule: rfc5936.transferNotAuthoritative,
    when: 'a transfer of another zone is asked for',
    ...base,
    steps: [ask({ ...axfr, name: 'example.net.' }), expectRefusal({}, ...refused)],
  },
  {
    rule: rfc5936.transferErrorQuestion,
    when: 'a transfer of another zone is asked for',
    ...base,
    steps: [ask({ ...axfr, name: 'example.net.' }), expect(proper)],
  },
  {
    rule: rfc5936.transferErrorAnswered,
    when: 'a transfer of another zone comes before another query',
    ...base,
    steps: [ask({ ...axfr, name: 'example.net.' }, www), expectEach(proper)],
  },
  {
    rule: rfc5936.transferNotOverUdp,
    when: 'a transfer is asked for by a datagram',
    needs: [ourZone, datagrams],
    steps: [ask(axfr), expectRefusal({ nothing: 'pass', otherError: 'pass' }, notRecords)],
  },
])

function soaFault(record: ResourceRecord): string | undefined {
  return record.type === TYPE.SOA && isAtApex(record) ? undefined : `the first is ${lineOf(record)}`
}
