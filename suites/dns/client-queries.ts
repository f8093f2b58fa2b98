import type { Rule } from '../../src/conformance/rule.ts'
import { everyQuery } from '../../src/dns/client-steps.ts'
import type { Asked } from '../../src/dns/client-talk.ts'
import { edns } from '../../src/dns/edns.ts'
import { OPCODE, opcodes } from '../../src/dns/mnemonics.ts'
import { splitOpt } from '../../src/dns/query.ts'
import { rfc1034, rfc1035, rfc6891, rfc7766, rfc9619 } from '../../src/dns/rules/client.ts'
import { type ClientCase, ednsQueries, streams } from './client-features.ts'

/** A case in which the client asks, over UDP first, and over TCP too where it was told to. */
function asking(rule: Rule, when: string, wants: string, fault: (asked: Asked) => string | undefined): ClientCase {
  return { rule, when, steps: everyQuery(wants, fault) }
}

const unless = (good: boolean, fault: string): string | undefined => (good ? undefined : fault)

/** What queries look like. */
export const queries: readonly ClientCase[] = [
  asking(rfc1035.queryBitClear, 'it asks', 'QR clear in each query', ({ message }) => unless(!message.qr, 'QR is set')),
  asking(rfc1035.standardQuery, 'it asks', 'the opcode QUERY in each query', ({ message }) =>
    unless(message.opcode === OPCODE.QUERY, `the opcode is ${opcodes.text(message.opcode)}`),
  ),
  asking(rfc1035.queryReservedZero, 'it asks', 'the reserved bit zero in each query', ({ message }) =>
    unless(!message.z, 'it is set'),
  ),
  asking(
    rfc1035.responseFlagsClear,
    'it asks',
    'AA, TC, RA and the response code zero in each query',
    ({ message: { aa, tc, ra, rcode } }) =>
      unless(!aa && !tc && !ra && rcode === 0, `AA ${aa}, TC ${tc}, RA ${ra}, response code ${rcode}`),
  ),
  asking(rfc1034.recursionDesired, 'it asks', 'RD set in each query', ({ message }) =>
    unless(message.rd, 'RD is clear'),
  ),
  asking(rfc1035.queryCountsTrue, 'it asks', 'nothing behind the message of each query', ({ trailing }) =>
    unless(trailing === 0, `${trailing} octets are left over`),
  ),
  asking(
    rfc1035.queryWithoutRecords,
    'it asks',
    'no answer and no authority in each query',
    ({ message: { answers, authority } }) =>
      unless(answers.length + authority.length === 0, `${answers.length} and ${authority.length} records`),
  ),
  asking(rfc9619.queryOneQuestion, 'it asks', 'one question in each query', ({ message: { questions } }) =>
    unless(questions.length === 1, `${questions.length} questions`),
  ),
  {
    rule: rfc1035.streamLengthPrefixed,
    when: 'it asks over TCP',
    needs: [streams],
    steps: everyQuery(
      'the length before a query over TCP',
      ({ trailing }) => unless(trailing === 0, 'octets left over'),
      {
        overTcp: true,
      },
    ),
  },
  {
    rule: rfc7766.queryInOneWrite,
    when: 'it asks over TCP',
    needs: [streams],
    steps: everyQuery(
      'a query and its length in one segment over TCP',
      ({ pieces }) => unless(pieces === 1, `they came in ${pieces} pieces`),
      { overTcp: true },
    ),
  },
  {
    rule: rfc6891.oneOptInQuery,
    when: 'it asks',
    needs: [ednsQueries],
    steps: everyQuery('one OPT record in each query', ({ message }) => {
      const { length } = splitOpt(message).opts
      return unless(length <= 1, `${length} of them`)
    }),
  },
  {
    rule: rfc6891.queryOptOwnerRoot,
    when: 'it asks',
    needs: [ednsQueries],
    steps: everyQuery('the root as the owner of OPT', ({ message }) => {
      const owner = splitOpt(message).opts[0]?.name ?? '.'
      return unless(owner === '.', `it is ${owner}`)
    }),
  },
  {
    rule: rfc6891.optFlagsZero,
    when: 'it asks',
    needs: [ednsQueries],
    steps: everyQuery('no unknown flag in OPT', ({ message }) => {
      const flags = edns(message)?.flags ?? 0
      return unless(flags === 0, `flags ${flags.toString(16)}`)
    }),
  },
  {
    rule: rfc6891.ednsVersionZero,
    when: 'it asks',
    needs: [ednsQueries],
    steps: everyQuery('version 0 and no extended response code in OPT', ({ message }) => {
      const said = edns(message)
      return said && unless(said.version === 0 && said.extendedRcode === 0, `version ${said.version}`)
    }),
  },
]
