import { suite } from '../../src/conformance/case.ts'
import type { Finding } from '../../src/conformance/verdict.ts'
import { type Ask, act, ask } from '../../src/dns/ask.ts'
import { answers, noError, proper } from '../../src/dns/checks.ts'
import { expect } from '../../src/dns/expect.ts'
import { ourZone } from '../../src/dns/features.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc1035, rfc7766 } from '../../src/dns/rules.ts'
import type { DnsTalk } from '../../src/dns/talk.ts'
import { hex } from '../../src/wire/hex.ts'
import { another, datagrams, faultOf, framedQuery, tcp, that } from './connections.ts'

const www: Ask = { name: 'www', type: TYPE.A }
const isWww = [proper, noError, answers('www A 192.0.2.1')]
const base = { opening: tcp, needs: [ourZone] }

const HALF = hex('0021 1234 0000 0001')

/** What leaves a server in the middle of a message, or without one. */
const INTERRUPTED: readonly (readonly [when: string, octets: Uint8Array])[] = [
  ['one octet of a length has come', hex('00')],
  ['a length has come and no message', hex('0021')],
  ['half a header has come', HALF],
  ['a message of no octets has come', hex('0000')],
  ['a message shorter than a header has come', hex('0005 1234000000')],
  ['a length of 65,535 and some octets have come', hex('ffff 1234 0000 0001 0000 0000 0000')],
]

/** Leaves other connections behind in the middle of something. */
const leave = (count: number, octets: Uint8Array, says: string) =>
  act(`open ${count} more, and send on each until ${says}`, async talk => {
    for (let i = 0; i < count; i++) {
      const one = await another(talk, 'tcp')
      one.addRaw(octets)
      one.flush()
    }
  })

const nextServed = that('another connection to be served', async talk => faultOf(await another(talk), www, ...isWww))

const endAfter = (count: number, more = 0) =>
  act(`ask ${count} times${more > 0 ? ' and a half' : ''} in one write, then end our side`, talk => {
    const all = Array.from({ length: count + more }, () => framedQuery(talk, www))
    if (more > 0) talk.asked.pop()
    const octets = Buffer.concat(all)
    talk.addRaw(more > 0 ? octets.subarray(0, octets.length - 12) : octets)
    talk.flush()
    talk.channel.end()
  })

/** Nothing can be asked behind an end of our side: it is known by the server's own end that no more will come. */
async function answeredToTheEnd(talk: DnsTalk): Promise<Finding> {
  const expected = `${talk.asked.length} responses, then the end`
  const left = new Set(talk.asked.map(({ id }) => id))
  for (;;) {
    const seen = await talk.next()
    if (seen.kind === 'message') left.delete(seen.message.id)
    if (left.size === 0) return { outcome: 'pass', expected, came: 'all responses' }
    const came = `${seen.kind === 'end' ? 'the end' : seen.kind} with ${left.size} not answered`
    if (seen.kind === 'end') return { outcome: 'weak', expected, came }
    if (seen.kind !== 'message') return { outcome: 'fail', expected, came }
  }
}

export default suite(dns, 'server', 'TCP, interrupted', [
  ...INTERRUPTED.map(([when, octets]) => ({
    rule: rfc1035.streamNotBlocking,
    when,
    ...base,
    steps: [leave(1, octets, when), nextServed],
  })),
  {
    rule: rfc1035.streamNotBlocking,
    when: 'six connections stand still in the middle of a message',
    ...base,
    steps: [leave(6, HALF, 'half a header has come'), nextServed],
  },
  {
    rule: rfc1035.streamNotBlocking,
    when: 'half a query has come and a datagram asks',
    opening: { transport: 'udp' },
    needs: [ourZone],
    steps: [leave(1, HALF, 'half a header has come'), ask(www), expect(...isWww)],
  },
  {
    rule: rfc7766.splitMessageRead,
    when: 'a datagram is answered between the two halves of a query',
    opening: tcp,
    needs: [ourZone, datagrams],
    steps: [
      that('it to be answered all the same', async talk => {
        const octets = framedQuery(talk, www)
        talk.addRaw(octets.subarray(0, 12))
        talk.flush()
        const fault = await faultOf(await another(talk, 'udp'), www, ...isWww)
        talk.addRaw(octets.subarray(12))
        return fault && `by the datagram: ${fault}`
      }),
      expect(...isWww),
    ],
  },
  {
    rule: rfc7766.halfCloseAnswered,
    when: 'the client ends its side behind a query',
    ...base,
    steps: [endAfter(1), { says: 'expect it to be answered', run: answeredToTheEnd }],
  },
  {
    rule: rfc7766.halfCloseAnswered,
    when: 'the client ends its side behind five queries',
    ...base,
    steps: [endAfter(5), { says: 'expect all to be answered', run: answeredToTheEnd }],
  },
  {
    rule: rfc7766.halfCloseAnswered,
    when: 'the client ends its side in the middle of a second query',
    ...base,
    steps: [endAfter(1, 1), { says: 'expect the first to be answered', run: answeredToTheEnd }],
  },
])
