import type { Step } from '../../src/conformance/case.ts'
import { addressOf, GOOD, recordOf } from '../../src/dns/client-answers.ts'
import {
  act,
  asksOnStream,
  broke,
  ending,
  endingText,
  evil,
  expect,
  good,
  ignores,
  kept,
  response,
  takes,
  wrote,
} from '../../src/dns/client-steps.ts'
import type { ClientTalk } from '../../src/dns/client-talk.ts'
import { framed } from '../../src/dns/framing.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { rfc7766 } from '../../src/dns/rules/client.ts'
import { type ClientCase, datagrams, streams } from './client-features.ts'

/** What leads a client to TCP. */
const toTcp: readonly Step<ClientTalk>[] = [asksOnStream]

/** The good answer in so many octets, and then the rest: each a write of its own. */
function inPieces(says: string, cuts: (length: number) => readonly number[]): Step<ClientTalk> {
  return act(`answer ${says}`, ({ channel, last }) => {
    const whole = framed(good(last))
    let from = 0
    for (const to of [...cuts(whole.length), whole.length]) {
      channel.send(whole.subarray(from, to), last.flow)
      from = to
    }
  })
}

/** An answer that fits no datagram. */
const large = response(({ questions }) => ({
  answers: questions.flatMap(({ name }) => [
    addressOf(name),
    ...Array.from({ length: 240 }, (_, at) => recordOf(name, TYPE.TXT, { strings: [`${at} `.padEnd(250, 'x')] })),
  ]),
}))

const retried = expect('the question to be asked again, and the answer used', async talk => {
  const end = await ending(talk)
  return wrote(end.exit, GOOD) && end.again.length > 0 ? kept(endingText(end)) : broke(endingText(end))
})

/** Queries and responses over TCP. */
export const connections: readonly ClientCase[] = [
  {
    rule: rfc7766.responseInPiecesRead,
    when: 'a response comes octet by octet',
    needs: [streams],
    steps: [
      ...toTcp,
      inPieces('octet by octet', length => Array.from({ length: length - 1 }, (_, at) => at + 1)),
      takes(),
    ],
  },
  {
    rule: rfc7766.responseInPiecesRead,
    when: 'the length of a response comes before it',
    needs: [streams],
    steps: [...toTcp, inPieces('with its length in a write of its own', () => [2]), takes()],
  },
  {
    rule: rfc7766.responseInPiecesRead,
    when: 'the length of a response comes in two pieces',
    needs: [streams],
    steps: [...toTcp, inPieces('cut within its length', () => [1]), takes()],
  },
  {
    rule: rfc7766.responseInPiecesRead,
    when: 'a response of 64 KiB comes',
    needs: [streams],
    steps: [
      ...toTcp,
      act('answer by a response of 64 KiB, in two writes', ({ channel, last }) => {
        const whole = framed(large(last))
        channel.send(whole.subarray(0, 1000), last.flow)
        channel.send(whole.subarray(1000), last.flow)
      }),
      takes(),
    ],
  },
  {
    rule: rfc7766.streamIdMatched,
    when: 'the response comes in one segment behind that to another query',
    needs: [streams],
    steps: [
      ...toTcp,
      act('answer behind a response with another identifier, in one write', ({ channel, last }) => {
        const other = evil(({ id }) => ({ id: id ^ 0x0f0f }))(last)
        channel.send(Buffer.concat([framed(other), framed(good(last))]), last.flow)
      }),
      ignores(),
    ],
  },
  {
    rule: rfc7766.unansweredRetried,
    when: 'a connection is closed before the response',
    needs: [datagrams, streams],
    steps: [...toTcp, act('close the connection', ({ channel, last }) => channel.end(last.flow)), retried],
  },
  {
    rule: rfc7766.unansweredRetried,
    when: 'a connection is closed within the response',
    needs: [datagrams, streams],
    steps: [
      ...toTcp,
      act('answer by half a response, and close the connection', ({ channel, last }) => {
        const whole = framed(good(last))
        channel.send(whole.subarray(0, whole.length - 8), last.flow)
        channel.end(last.flow)
      }),
      retried,
    ],
  },
  {
    rule: rfc7766.unansweredRetried,
    when: 'a connection is reset before the response',
    needs: [datagrams, streams],
    steps: [...toTcp, act('reset the connection', ({ channel, last }) => channel.destroy(last.flow)), retried],
  },
]
