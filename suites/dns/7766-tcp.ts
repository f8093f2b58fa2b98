import { suite } from '../../src/conformance/case.ts'
import { type Ask, ask } from '../../src/dns/ask.ts'
import { answers, nameError, noError, notTruncated, proper } from '../../src/dns/checks.ts'
import { expect, expectEach } from '../../src/dns/expect.ts'
import { ourZone } from '../../src/dns/features.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc1035, rfc7766 } from '../../src/dns/rules.ts'
import { allTexts, another, faultOf, framedQuery, inPieces, tcp, that } from './connections.ts'
import { crossed } from './deviant-connections.ts'

const www: Ask = { name: 'www', type: TYPE.A }
const isWww = [proper, noError, answers('www A 192.0.2.1')]

/** Twenty questions, no two of them alike. */
const twenty: readonly Ask[] = Array.from({ length: 20 }, (_, i) => ({
  name: ['www', 'mail', 'ns1', 'txt'][i % 4] as string,
  type: [TYPE.A, TYPE.AAAA, TYPE.TXT, TYPE.MX, TYPE.SRV][i >> 2] as number,
}))

/** A query of so many octets, most of them an option that means nothing. */
function longAsk(octets: number): Ask {
  const bare = 12 + 18 + 4 + 11 + 4
  return { type: TYPE.SOA, edns: { options: [{ code: 65_001, data: new Uint8Array(octets - bare) }] } }
}

const base = { opening: tcp, needs: [ourZone] }

export default suite(dns, 'server', 'TCP', [
  { rule: rfc7766.tcpServed, when: 'a query comes over TCP', ...base, steps: [ask(www), expect(...isWww)] },
  {
    rule: rfc7766.tcpServed,
    when: 'a query over TCP asks for a name that does not exist',
    ...base,
    steps: [ask({ name: 'nothing-here', type: TYPE.A }), expect(proper, nameError)],
  },
  {
    rule: rfc1035.streamPrefix,
    when: 'answers of two lengths come over TCP',
    ...base,
    steps: [ask(www, { name: 'size600', type: TYPE.TXT }), expectEach(proper, noError)],
  },
  ...(['size600', 'size1400', 'size5000', 'size20000'] as const).map(name => ({
    rule: rfc7766.streamSizeNotLimited,
    when: `an answer over TCP has more than ${name.slice(4)} octets`,
    ...base,
    steps: [ask({ name, type: TYPE.TXT }), expect(proper, noError, notTruncated, allTexts(name))],
  })),
  {
    rule: rfc7766.streamSizeNotLimited,
    when: 'the largest answer is asked for three times in one write',
    ...base,
    steps: [
      ask(...Array.from({ length: 3 }, (): Ask => ({ name: 'size20000', type: TYPE.TXT }))),
      expectEach(proper, noError, notTruncated, allTexts('size20000')),
    ],
  },
  {
    rule: rfc7766.sameConnection,
    when: 'two connections ask with the same identifier',
    ...base,
    deviant: crossed,
    steps: [
      that('each connection to get the answer to its own question', async talk => {
        const other = await another(talk)
        talk.addRaw(framedQuery(talk, { ...www, id: 0x1234 }))
        talk.flush()
        const second = await faultOf(other, { name: 'mail', type: TYPE.A, id: 0x1234 }, answers('mail A 192.0.2.25'))
        if (second !== undefined) return `on the second connection: ${second}`
        const first = await faultOf(talk, { ...www, id: 0x1234 }, ...isWww)
        return first && `on the first connection: ${first}`
      }),
    ],
  },
  {
    rule: rfc7766.connectionReused,
    when: 'a query comes after another was answered',
    ...base,
    steps: [ask(), expect(proper, noError), ask(www), expect(...isWww)],
  },
  {
    rule: rfc7766.connectionReused,
    when: 'ten queries come, each after the one before was answered',
    ...base,
    steps: Array.from({ length: 10 }, () => [ask(www), expect(...isWww)]).flat(),
  },
  {
    rule: rfc1035.streamConnectionKept,
    when: 'a query that is refused came before',
    ...base,
    steps: [ask({ name: 'example.net.', type: TYPE.A }), expect(proper), ask(www), expect(...isWww)],
  },
  {
    rule: rfc1035.streamConnectionKept,
    when: 'a query of an unknown opcode came before',
    ...base,
    steps: [ask({ ...www, opcode: 15 }), expect(), ask(www), expect(...isWww)],
  },
  {
    rule: rfc7766.idlePeriod,
    when: 'another connection is served meanwhile',
    ...base,
    steps: [
      ask(),
      expect(proper, noError),
      that('another connection to be served', async talk => {
        const other = await another(talk)
        const fault = await faultOf(other, www, ...isWww)
        other.channel.destroy()
        return fault
      }),
      ask(www),
      expect(...isWww),
    ],
  },
  {
    rule: rfc7766.concurrentConnections,
    when: 'six connections are open at once',
    ...base,
    steps: [
      that('each of them to be served, the last one first', async talk => {
        const all = [talk]
        for (let i = 0; i < 5; i++) all.unshift(await another(talk))
        for (const [i, one] of all.entries()) {
          const fault = await faultOf(one, www, ...isWww)
          if (fault !== undefined) return `on connection ${6 - i}: ${fault}`
        }
        return undefined
      }),
    ],
  },
  {
    rule: rfc7766.pipelinedExpected,
    when: 'three queries come in one write',
    ...base,
    steps: [ask(www, { name: 'mail', type: TYPE.A }, www), expect(...isWww), ask(www), expect(...isWww)],
  },
  {
    rule: rfc7766.pipelinedAllAnswered,
    when: 'twenty queries come in one write',
    ...base,
    steps: [ask(...twenty), expectEach(proper, noError)],
  },
  {
    rule: rfc7766.pipelinedAllAnswered,
    when: 'the same question comes ten times in one write',
    ...base,
    steps: [ask(...Array.from({ length: 10 }, () => www)), expectEach(...isWww)],
  },
  {
    rule: rfc7766.pipelinedAllAnswered,
    when: 'a long answer is asked for before short ones',
    ...base,
    steps: [ask({ name: 'size20000', type: TYPE.TXT }, www, www, www), expectEach(proper, noError, notTruncated)],
  },
  {
    rule: rfc7766.pipelinedAllAnswered,
    when: 'queries that are refused come between others',
    ...base,
    steps: [
      ask(www, { name: 'example.net.', type: TYPE.A }, www, { name: 'example.org.', type: TYPE.A }, www),
      expectEach(proper),
    ],
  },
  {
    rule: rfc7766.pipelinedAllAnswered,
    when: 'two queries and a half come in one write, and then the rest',
    ...base,
    steps: [
      {
        says: 'send two queries and half of a third in one write, then its other half',
        async run(talk) {
          const octets = Buffer.concat([framedQuery(talk, www), framedQuery(talk, www), framedQuery(talk, www)])
          const end = octets.length - 12
          talk.addRaw(octets.subarray(0, end))
          await talk.next(1)
          talk.addRaw(octets.subarray(end))
          return undefined
        },
      },
      expectEach(...isWww),
    ],
  },
  ...(
    [
      ['each octet of a query comes alone', 'everywhere'],
      ['the length of a query comes in two pieces', [1]],
      ['the length of a query comes alone', [2]],
      ['a query comes in two pieces, cut within its header', [9]],
      ['a query comes in two pieces, cut within its name', [20]],
      ['a query comes in two pieces, the last octet alone', [-1]],
    ] as const
  ).map(([when, cuts]) => ({
    rule: rfc7766.splitMessageRead,
    when,
    ...base,
    steps: [inPieces(www, when, cuts), expect(...isWww)],
  })),
  {
    rule: rfc7766.splitMessageRead,
    when: 'a query of 65,535 octets comes in three pieces',
    ...base,
    steps: [inPieces(longAsk(65_535), 'three pieces', [2, 30_000]), expect(proper)],
  },
])
