import { addressOf, EVIL, GOOD } from '../../src/dns/client-answers.ts'
import { answering, asks, refuses, reply, replyWell, response, takes } from '../../src/dns/client-steps.ts'
import { edns, optRecord } from '../../src/dns/edns.ts'
import type { Message } from '../../src/dns/message.ts'
import { RCODE } from '../../src/dns/mnemonics.ts'
import { rfc6891 } from '../../src/dns/rules/client.ts'
import { sized } from './client-answers.ts'
import { type ClientCase, datagrams, ednsQueries, finds, picks } from './client-features.ts'

const withoutOpt = asks('the question again without OPT', ({ message }) => edns(message) === undefined)

/** The most octets of a datagram that a query allows; no more than go over the loopback interface in one piece. */
function allowed(query: Message): number {
  return Math.min(Math.max(512, edns(query)?.size ?? 512), 16_000)
}

/** An answer with an OPT record of this kind. */
const withOpt = (about: Parameters<typeof optRecord>[0]) => answering(GOOD, { additional: [optRecord(about)] })

/** Extension mechanisms. */
export const extensions: readonly ClientCase[] = [
  {
    rule: rfc6891.plainDnsFallback,
    when: 'a server answers FORMERR without OPT',
    needs: [datagrams, ednsQueries],
    steps: [
      reply('FORMERR without OPT', response({ rcode: RCODE.FORMERR, additional: [] })),
      withoutOpt,
      replyWell,
      takes(),
    ],
  },
  {
    rule: rfc6891.plainDnsFallback,
    when: 'a server answers FORMERR by a header alone',
    needs: [datagrams, ednsQueries],
    steps: [
      reply('FORMERR without anything else', response({ rcode: RCODE.FORMERR, questions: [], additional: [] })),
      withoutOpt,
      replyWell,
      takes(),
    ],
  },
  {
    rule: rfc6891.advertisedSizeTaken,
    when: 'a response has as many octets as the query allows',
    needs: [datagrams, ednsQueries],
    steps: [reply('a response of the size that the query allows', sized(allowed)), takes()],
  },
  {
    rule: rfc6891.unknownResponseOptionsPassed,
    when: 'a response has an option that nobody knows',
    needs: [ednsQueries],
    steps: [
      reply('an answer with the option 65001', withOpt({ options: [{ code: 65001, data: Uint8Array.of(1, 2, 3) }] })),
      takes(),
    ],
  },
  {
    rule: rfc6891.unknownResponseOptionsPassed,
    when: 'a response has an unknown option without data',
    needs: [ednsQueries],
    steps: [
      reply('an answer with an empty option 65001', withOpt({ options: [{ code: 65001, data: new Uint8Array(0) }] })),
      takes(),
    ],
  },
  {
    rule: rfc6891.responseOptAnywhere,
    when: 'OPT stands before other records',
    needs: [ednsQueries],
    steps: [
      reply(
        'an answer with OPT before another record',
        answering(GOOD, { additional: [optRecord(), addressOf('ns.example.test.', '192.0.2.53')] }),
      ),
      takes(),
    ],
  },
  {
    rule: rfc6891.extendedRcodeHeeded,
    when: 'the lower four bits of an error are zero',
    needs: [ednsQueries, finds, picks],
    steps: [
      reply('an address, and BADVERS', answering(EVIL, { additional: [optRecord({ extendedRcode: 1 })] })),
      refuses(),
    ],
  },
]
