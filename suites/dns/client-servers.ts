import type { Rule } from '../../src/conformance/rule.ts'
import { addressOf, aliasOf, EVIL, serverOf, soaFor } from '../../src/dns/client-answers.ts'
import type { Answer } from '../../src/dns/client-steps.ts'
import {
  asks,
  asksAgain,
  asksOverTcp,
  endsWithin,
  findsNothing,
  reply,
  replyWell,
  response,
  takes,
} from '../../src/dns/client-steps.ts'
import { optRecord } from '../../src/dns/edns.ts'
import { RCODE } from '../../src/dns/mnemonics.ts'
import { rfc1034, rfc1035, rfc1123, rfc2308, rfc6604 } from '../../src/dns/rules/client.ts'
import { type ClientCase, datagrams, ednsQueries, finds, picks, secondServer, streams } from './client-features.ts'

const asksAnother = asks(
  'another server to be asked',
  (next, before) => next.flow.tester.address !== before.flow.tester.address,
)

/** A server that is of no use, before one that is. */
function useless(when: string, says: string, answer: Answer, rule: Rule = rfc1034.failingServerLeft): ClientCase {
  return { rule, when, needs: [secondServer], steps: [reply(says, answer), asksAnother, replyWell, takes()] }
}

/** More than any client asks that knows an end. */
const BOUND = 32

/** Servers that fail, say nothing, or lead nowhere. */
export const servers: readonly ClientCase[] = [
  useless('a server fails', 'SERVFAIL', response({ rcode: RCODE.SERVFAIL })),
  useless('a server refuses', 'REFUSED', response({ rcode: RCODE.REFUSED })),
  useless('a server does not know the kind of query', 'NOTIMP, with OPT', response({ rcode: RCODE.NOTIMP })),
  useless('a server has a code that nobody knows', 'the response code 15', response({ rcode: 15 })),
  {
    ...useless(
      'a server knows no version of EDNS',
      'BADVERS',
      response({ additional: [optRecord({ extendedRcode: RCODE.BADVERS >> 4 })] }),
    ),
    needs: [secondServer, ednsQueries],
  },
  useless(
    'a server refers upwards',
    'a referral to the root, without recursion',
    response({ ra: false, authority: [serverOf('.', 'a.root-servers.net.')] }),
  ),
  useless(
    'a server refers downwards',
    'a referral to servers of the domain, without recursion',
    response({ ra: false, authority: [serverOf('example.test.', 'ns.example.test.')] }),
  ),
  {
    rule: rfc1035.lostQueryRepeated,
    when: 'no server answers at first',
    needs: [datagrams],
    steps: [asksAgain, replyWell, takes()],
  },
  {
    rule: rfc1035.otherServersFirst,
    when: 'the first server is silent',
    needs: [secondServer],
    steps: [asksAnother, replyWell, takes()],
  },
  {
    rule: rfc1123.retransmissionControlled,
    when: 'no server ever answers',
    needs: [datagrams, finds],
    steps: [endsWithin(BOUND, 'nothing')],
  },
  {
    rule: rfc1123.retransmissionControlled,
    when: 'each server fails each time',
    needs: [datagrams, finds],
    steps: [reply('SERVFAIL', failure), endsWithin(BOUND, failure)],
  },
  {
    rule: rfc1034.workBounded,
    when: 'responses are cut over TCP too',
    needs: [datagrams, finds, streams],
    steps: [
      reply('a response with TC set', cut),
      asksOverTcp,
      reply('a response with TC set', cut),
      endsWithin(BOUND, cut),
    ],
  },
  {
    rule: rfc1034.aliasLoopIsError,
    when: 'a name is an alias of itself',
    needs: [finds],
    steps: [reply('an alias of itself', itself), endsWithin(BOUND, itself)],
  },
  {
    rule: rfc1034.aliasLoopIsError,
    when: 'two aliases lead to each other',
    needs: [finds],
    steps: [reply('two aliases that lead to each other', circle), endsWithin(BOUND, circle)],
  },
  {
    rule: rfc1034.aliasLoopIsError,
    when: 'each answer is an alias of a new name',
    needs: [finds],
    steps: [reply('an alias of a new name', onward), endsWithin(BOUND, onward)],
  },
  {
    rule: rfc1034.negativeAnswerReturned,
    when: 'there is no such name',
    needs: [finds],
    steps: [
      reply('NXDOMAIN with SOA', response({ rcode: RCODE.NXDOMAIN, authority: [soaFor('example.test.')] })),
      findsNothing(),
    ],
  },
  {
    rule: rfc1034.negativeAnswerReturned,
    when: 'there is no such name, and no SOA says for how long',
    needs: [finds],
    steps: [reply('NXDOMAIN without SOA', response({ rcode: RCODE.NXDOMAIN })), findsNothing()],
  },
  {
    rule: rfc2308.noDataIsNoReferral,
    when: 'the name has no address, as SOA shows',
    needs: [finds],
    steps: [
      reply('an empty answer with SOA', response({ ra: false, authority: [soaFor('example.test.')] })),
      findsNothing(),
    ],
  },
  {
    rule: rfc2308.noDataIsNoReferral,
    when: 'SOA comes with the servers of the zone',
    needs: [finds],
    steps: [
      reply(
        'an empty answer with SOA and NS',
        response({ ra: false, authority: [soaFor('example.test.'), serverOf('example.test.', 'ns.example.test.')] }),
      ),
      findsNothing(),
    ],
  },
  {
    rule: rfc6604.nameErrorIsOfTheLastAlias,
    when: 'an alias leads to a name that is not there',
    needs: [finds],
    steps: [
      reply(
        'an alias, and NXDOMAIN',
        response(({ questions }) => ({
          rcode: RCODE.NXDOMAIN,
          answers: questions.map(({ name }) => aliasOf(name, 'missing.example.test.')),
          authority: [soaFor('example.test.')],
        })),
      ),
      findsNothing(),
    ],
  },
  {
    rule: rfc1034.unrelatedRecordsUnused,
    when: 'the additional section has an address of the name, and the answer none',
    needs: [finds, picks],
    steps: [
      reply(
        'an address in the additional section alone',
        response(({ questions, additional }) => ({
          authority: [soaFor('example.test.')],
          additional: [...questions.map(({ name }) => addressOf(name, EVIL)), ...additional],
        })),
      ),
      findsNothing(),
    ],
  },
]

function failure(asked: Parameters<Answer>[0]): Uint8Array {
  return response({ rcode: RCODE.SERVFAIL })(asked)
}

function cut(asked: Parameters<Answer>[0]): Uint8Array {
  return response({ tc: true })(asked)
}

function itself(asked: Parameters<Answer>[0]): Uint8Array {
  return response(({ questions }) => ({ answers: questions.map(({ name }) => aliasOf(name, name)) }))(asked)
}

function circle(asked: Parameters<Answer>[0]): Uint8Array {
  const { name } = asked.question
  const other = name === 'b.example.test.' ? 'a.example.test.' : 'b.example.test.'
  return response({ answers: [aliasOf(name, other), aliasOf(other, name)] })(asked)
}

/** `1.example.test.`, then `2.example.test.`, and so on. */
function onward(asked: Parameters<Answer>[0]): Uint8Array {
  const { name } = asked.question
  const count = /^(\d+)\./.exec(name)?.[1] ?? '0'
  return response({ answers: [aliasOf(name, `${Number(count) + 1}.example.test.`)] })(asked)
}
