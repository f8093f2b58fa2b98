import { ignoring, type Rule } from '../../src/conformance/rule.ts'
import type { Answer, Source } from '../../src/dns/client-steps.ts'
import {
  act,
  asksAgain,
  asksOnStream,
  evil,
  expect,
  ignores,
  kept,
  reply,
  replyWell,
  response,
  takes,
} from '../../src/dns/client-steps.ts'
import type { Message, Question } from '../../src/dns/message.ts'
import { CLASS, OPCODE, TYPE } from '../../src/dns/mnemonics.ts'
import { rfc1035, rfc2181, rfc4343, rfc5452, rfc7766 } from '../../src/dns/rules/client.ts'
import { type ClientCase, datagrams, streams } from './client-features.ts'

/** A case in which something comes that is no response, and then the response. */
function forged(rule: Rule, when: string, says: string, answer: Answer, from?: Source): ClientCase {
  return { rule, when, needs: [datagrams], steps: [reply(says, answer, from ? { from } : {}), replyWell, ignores()] }
}

/** The same over TCP. */
function forgedOverTcp(rule: Rule, when: string, says: string, answer: Answer): ClientCase {
  return { rule, when, needs: [streams], steps: [asksOnStream, reply(says, answer), replyWell, ignores()] }
}

const asking = (about: Partial<Question>) =>
  evil(({ questions }) => ({ questions: questions.map(question => ({ ...question, ...about })) }))

const withId = (id: (id: number) => number) => evil(query => ({ id: id(query.id) & 0xffff }))

const upper = ({ questions }: Message): Pick<Message, 'questions'> => ({
  questions: questions.map(question => ({ ...question, name: question.name.toUpperCase() })),
})

const HEADER_RULES = [
  rfc5452.idMatched,
  rfc5452.questionNameMatched,
  rfc1035.responseBitRequired,
  rfc1035.responseOpcodeMatched,
]

/** What is a response to a query, and what is not. */
export const matching: readonly ClientCase[] = [
  forged(
    rfc5452.idMatched,
    'an answer has another identifier',
    'another identifier',
    withId(id => id ^ 0x5555),
  ),
  forged(
    rfc5452.idMatched,
    'an answer has the next identifier',
    'the next identifier',
    withId(id => id + 1),
  ),
  forged(
    rfc5452.idMatched,
    'an answer has the octets of the identifier swapped',
    'the identifier in the other byte order',
    // An identifier whose octets are alike is the same in either order.
    withId(id => ((id & 0xff) === id >> 8 ? id ^ 1 : (id << 8) | (id >> 8))),
  ),
  {
    rule: rfc5452.idMatched,
    when: 'ten answers guess at the identifier',
    needs: [datagrams],
    steps: [
      ...Array.from({ length: 10 }, (_, at) =>
        reply(
          'a guess at the identifier',
          withId(id => id + 0x0101 * (at + 1)),
        ),
      ),
      replyWell,
      ignores(),
    ],
  },
  {
    rule: rfc5452.idMatched,
    when: 'an answer to the query before comes to the port of the query that repeats it',
    needs: [datagrams],
    steps: [
      asksAgain,
      expect('another identifier than before', ({ asked }) => {
        const [first, second] = asked.map(({ message }) => message.id)
        const came = `${first}, then ${second}`
        return first === second
          ? { outcome: 'unsupported', came: `${came}: it repeats its query as it was` }
          : kept(came)
      }),
      act('answer the query before, where the last one came from', talk => {
        const [first] = talk.asked
        if (first) talk.send(evil()(first), talk.last)
      }),
      replyWell,
      ignores(),
    ],
  },
  forged(rfc5452.idMatched, 'an empty datagram comes', 'an empty datagram', () => new Uint8Array(0)),
  forged(rfc5452.idMatched, 'six octets come', 'half a header', ({ octets }) => octets.slice(0, 6)),
  {
    ...forged(rfc5452.idMatched, 'text comes', 'text', () => Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n', 'latin1')),
    // Text is no response in more than one way.
    deviant: (protocol, role) => protocol.subject(role, ignoring(...HEADER_RULES)),
  },
  forged(rfc5452.sourceAddressMatched, 'an answer comes from another address', 'an answer', evil(), 'another address'),
  forged(rfc2181.sourcePortMatched, 'an answer comes from another port', 'an answer', evil(), 'another port'),
  forged(
    rfc5452.questionNameMatched,
    'an answer is about another name',
    'an answer about another name',
    asking({ name: 'other.example.test.' }),
  ),
  forged(
    rfc5452.questionNameMatched,
    'an answer is about the parent of the name',
    'an answer about the parent',
    asking({ name: 'test.' }),
  ),
  forged(
    rfc5452.questionTypeMatched,
    'an answer is about another type',
    'an answer about the type TXT',
    asking({ type: TYPE.TXT }),
  ),
  forged(
    rfc5452.questionClassMatched,
    'an answer is about another class',
    'an answer of class CH',
    asking({ class: CLASS.CH }),
  ),
  forged(rfc1035.responseBitRequired, 'an answer has QR clear', 'a message with QR clear', evil({ qr: false })),
  forged(
    rfc1035.responseOpcodeMatched,
    'an answer has the opcode NOTIFY',
    'a response with the opcode NOTIFY',
    evil({ opcode: OPCODE.NOTIFY }),
  ),
  forged(
    rfc1035.responseOpcodeMatched,
    'an answer has an opcode that nobody knows',
    'a response with the opcode 15',
    evil({ opcode: 15 }),
  ),
  forgedOverTcp(
    rfc7766.streamIdMatched,
    'a response over TCP has another identifier',
    'another identifier',
    withId(id => id ^ 0x5555),
  ),
  forgedOverTcp(
    rfc7766.streamQuestionMatched,
    'a response over TCP is about another name',
    'an answer about another name',
    asking({ name: 'other.example.test.' }),
  ),
  forgedOverTcp(
    rfc7766.streamQuestionMatched,
    'a response over TCP is about another type',
    'an answer about the type TXT',
    asking({ type: TYPE.TXT }),
  ),
  {
    rule: rfc4343.responseCaseIgnored,
    when: 'the question comes back in upper case',
    steps: [
      expect('a name in lower case', ({ last }) => {
        const { name } = last.question
        const mixed = name !== name.toLowerCase()
        return mixed ? { outcome: 'unsupported', came: `${name}: it mixes case, and may want that back` } : kept(name)
      }),
      reply(
        'the question in upper case',
        response(query => ({ ...upper(query), answers: upperAnswers(query) })),
      ),
      takes(),
    ],
  },
]

function upperAnswers({ questions }: Message): Message['answers'] {
  return questions.map(({ name }) => ({
    name,
    type: TYPE.A,
    class: CLASS.IN,
    ttl: 300,
    data: { address: '192.0.2.1' },
  }))
}
