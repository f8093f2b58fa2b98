import type { Rule } from '../../src/conformance/rule.ts'
import { data, goaway, headers, rstStream } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { NO_ERROR, PROTOCOL_ERROR, REFUSED_STREAM } from '../../src/http2/error-codes.ts'
import {
  answered,
  barrier,
  broke,
  connectionError,
  contented,
  type Expectation,
  expect,
  kept,
  that,
} from '../../src/http2/expect.ts'
import { asked, respond } from '../../src/http2/expect-message.ts'
import { type Frame, PING } from '../../src/http2/frame.ts'
import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import type { Seen } from '../../src/http2/seen.ts'
import { endOurSide, send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { type Http2Case, topic } from './roles.ts'

/** What a server names to begin with. RFC 9113 §6.8 */
const EVERY_STREAM = 0x7fffffff
/** The highest stream that a server may open: a client names no other, for it has to be the peer's. RFC 9113 §5.1.1, §6.8 */
const EVERY_PUSH = 0x7ffffffe

type Goaway = Extract<Seen, { kind: 'goaway' }>

/** What a subject says about its leave, once nothing more comes. */
function leaves(wants: string, fault: (goaways: readonly Goaway[]) => string | undefined): Expectation {
  return that(wants, async talk => {
    let last: Seen
    do last = await talk.next()
    while (last.kind !== 'end' && last.kind !== 'silence' && last.kind !== 'broken')
    if (last.kind !== 'end') return broke(line(last))
    const goaways = talk.seen.filter(seen => seen.kind === 'goaway')
    const found = fault(goaways)
    return found === undefined ? kept(`${goaways.map(line).join(', ')}, then the end`) : broke(found)
  })
}

const one = (goaways: readonly Goaway[]) =>
  goaways.length === 0 ? 'the end of the connection without GOAWAY' : undefined

/** GOAWAY frames with a connection error behind them, if the subject makes any. */
function afterError(wants: string, fault: (goaways: readonly Goaway[]) => string | undefined): Expectation {
  return that(wants, async talk => {
    const { passed } = barrier(talk)
    let last: Seen
    for (;;) {
      last = await talk.next()
      if (last.kind === 'goaway') talk.channel.end()
      if (last.kind === 'end' || last.kind === 'silence' || last.kind === 'broken' || passed(last)) break
    }
    const goaways = talk.seen.filter(seen => seen.kind === 'goaway')
    if (goaways.length === 0) return { outcome: 'unsupported', came: `${line(last)}, without GOAWAY` }
    const found = fault(goaways)
    return found === undefined ? kept(goaways.map(line).join(', ')) : broke(found)
  })
}

const NEVER_GROWS = 'no GOAWAY with a larger last stream than one before'

function grown(goaways: readonly Goaway[]): string | undefined {
  const at = goaways.findIndex((each, i) => each.lastStream > (goaways[i - 1]?.lastStream ?? EVERY_STREAM))
  return at < 0 ? undefined : goaways.map(line).join(', ')
}

const wrongPing: Frame = { type: PING, flags: 0, stream: 0, reserved: 0, payload: new Uint8Array(3) }

const refused = (when: string, stream: (talk: Http2Talk) => number, code = NO_ERROR): Http2Case => ({
  rule: rfc9113.goawayOffStreamZero,
  when,
  steps: [send(talk => goaway(0, code, '', { stream: stream(talk) })), expect(connectionError(PROTOCOL_ERROR))],
})

/** A server answers what was asked before we took our leave. */
const finishes = (rule: Rule, when: string, ...goaways: readonly Frame[]): Http2Case => ({
  rule,
  when,
  steps: [send(request(3), ...goaways), expect(answered(3))],
})

/** A server minds nothing about these, though it may leave as soon as its peer does. */
const borne = (rule: Rule, when: string, ...goaways: readonly Frame[]): Http2Case => ({
  rule,
  when,
  steps: [send(request(3), ...goaways), expect(unlessLeft(answered(3)))],
})

/** A client takes the response to what it asked before we took our leave. */
const taken = (rule: Rule, when: string, goaways: (stream: number) => readonly Frame[]): Http2Case => ({
  rule,
  when,
  steps: [
    send(talk => goaways(asked(talk)), respond({ content: 'wire' })),
    expect(rule === rfc9113.goawayFinishesStreams ? contented() : unlessLeft(contented())),
  ],
})

/** Whoever leaves as soon as its peer does, and finds no fault with it, shows nothing of what it thinks of the rest. */
function unlessLeft({ wants, judge }: Expectation): Expectation {
  return that(wants, async talk => {
    const finding = await judge(talk)
    const left = talk.seen.at(-1)?.kind === 'end'
    const error = talk.seen.some(seen => seen.kind === 'goaway' && seen.code !== NO_ERROR)
    if (finding.outcome === 'pass' || !left || error) return finding
    return { outcome: 'unsupported', came: 'it leaves with its peer, whatever is under way' }
  })
}

export default topic('GOAWAY', {
  both: [
    refused('a GOAWAY names the stream of the first request', asked),
    refused('a GOAWAY names an idle stream', () => 101),
    refused('a GOAWAY with an error code names a stream', asked, PROTOCOL_ERROR),
    {
      rule: rfc9113.goawaySentOnStreamZero,
      when: 'a connection error makes it send GOAWAY',
      steps: [
        send(wrongPing),
        expect(
          afterError('GOAWAY on stream 0', goaways => {
            const odd = goaways.find(each => each.frame.stream !== 0)
            return odd && `GOAWAY on stream ${odd.frame.stream}`
          }),
        ),
      ],
    },
    {
      rule: rfc9113.goawayLastStreamNeverGrows,
      when: 'a connection error comes',
      steps: [send(wrongPing), expect(afterError(NEVER_GROWS, grown))],
    },
    {
      rule: rfc9113.goawayLastStreamNeverGrows,
      when: 'a connection error follows GOAWAY',
      steps: [send(goaway(0, NO_ERROR), wrongPing), expect(afterError(NEVER_GROWS, grown))],
    },
  ],
  server: [
    {
      rule: rfc9113.goawayOffStreamZero,
      when: 'a GOAWAY names an open stream',
      steps: [
        send(talk => [
          headers(3, fieldBlock(requestFields(talk, { pseudo: { ':method': 'POST' } }))),
          goaway(0, NO_ERROR, '', { stream: 3 }),
        ]),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    finishes(rfc9113.goawayFinishesStreams, 'GOAWAY follows a request', goaway(0, NO_ERROR)),
    finishes(rfc9113.goawayFinishesStreams, 'GOAWAY of 2^31-2 follows a request', goaway(EVERY_PUSH, NO_ERROR)),
    {
      rule: rfc9113.goawayFinishesStreams,
      when: 'GOAWAY comes in the middle of a request',
      steps: [
        send(talk => [
          headers(3, fieldBlock(requestFields(talk)), { endStream: false }),
          goaway(0, NO_ERROR),
          data(3, '', { endStream: true }),
        ]),
        expect(answered(3)),
      ],
    },
    borne(rfc9113.goawayDebugData, 'a GOAWAY carries debug data', goaway(0, NO_ERROR, 'so long')),
    borne(
      rfc9113.goawayDebugData,
      'a GOAWAY carries 4 KiB of octets as debug data',
      goaway(0, NO_ERROR, new Uint8Array(4096).fill(0xff)),
    ),
    borne(
      rfc9113.goawaySeveral,
      'GOAWAY comes again with a smaller last stream',
      goaway(EVERY_PUSH, NO_ERROR),
      goaway(0, NO_ERROR),
    ),
    borne(
      rfc9113.goawaySeveral,
      'the same GOAWAY comes three times',
      goaway(0, NO_ERROR),
      goaway(0, NO_ERROR),
      goaway(0, NO_ERROR),
    ),
    {
      rule: rfc9113.goawayBeforeClose,
      when: 'the client ends its side with no stream open',
      steps: [endOurSide, expect(leaves('GOAWAY, then the end of the connection', one))],
    },
    {
      rule: rfc9113.goawayAnsweredBeforeClose,
      when: 'the client sends GOAWAY and ends its side',
      steps: [send(goaway(0, NO_ERROR)), endOurSide, expect(leaves('GOAWAY, then the end of the connection', one))],
    },
  ],
  client: [
    {
      rule: rfc9113.noStreamAfterGoaway,
      when: 'GOAWAY is followed by a refusal of its request',
      steps: [
        send(talk => [goaway(EVERY_STREAM, NO_ERROR), rstStream(asked(talk), REFUSED_STREAM)]),
        expect(sameStreams()),
      ],
    },
    {
      rule: rfc9113.noStreamAfterGoaway,
      when: 'GOAWAY leaves its request out',
      steps: [send(goaway(0, NO_ERROR)), expect(sameStreams())],
    },
    taken(rfc9113.goawayFinishesStreams, 'GOAWAY names the stream of its request, and the response follows', stream => [
      goaway(stream, NO_ERROR),
    ]),
    taken(rfc9113.goawayFinishesStreams, 'GOAWAY of 2^31-1 comes before the response', () => [
      goaway(EVERY_STREAM, NO_ERROR),
    ]),
    {
      rule: rfc9113.goawayFinishesStreams,
      when: 'GOAWAY comes in the middle of the response',
      steps: [
        send(respond({ content: 'wi', endStream: false }), talk => [
          goaway(asked(talk), NO_ERROR),
          data(asked(talk), 're', { endStream: true }),
        ]),
        expect(contented()),
      ],
    },
    taken(rfc9113.goawayDebugData, 'a GOAWAY carries debug data before the response', stream => [
      goaway(stream, NO_ERROR, 'so long'),
    ]),
    taken(rfc9113.goawayDebugData, 'a GOAWAY carries 4 KiB of octets as debug data before the response', stream => [
      goaway(stream, NO_ERROR, new Uint8Array(4096).fill(0xff)),
    ]),
    taken(rfc9113.goawaySeveral, 'GOAWAY of 2^31-1 is followed by that of its request', stream => [
      goaway(EVERY_STREAM, NO_ERROR),
      goaway(stream, NO_ERROR),
    ]),
    taken(rfc9113.goawaySeveral, 'the same GOAWAY comes three times before the response', stream => [
      goaway(stream, NO_ERROR),
      goaway(stream, NO_ERROR),
      goaway(stream, NO_ERROR),
    ]),
    {
      rule: rfc9113.goawayBeforeClose,
      when: 'it leaves after the response',
      steps: [send(respond({ content: 'wire' })), expect(leaves('GOAWAY, then the end of the connection', one))],
    },
    {
      rule: rfc9113.goawayAnsweredBeforeClose,
      when: 'it has its response from a server that goes away',
      steps: [
        send(talk => goaway(asked(talk), NO_ERROR), respond({ content: 'wire' })),
        expect(leaves('GOAWAY, then the end of the connection', one)),
      ],
    },
  ],
})

/** A client opens no further stream here, whatever it does elsewhere. */
function sameStreams(): Expectation {
  return that('no further stream on this connection', async talk => {
    const { passed } = barrier(talk)
    const from = talk.seen.length
    for (;;) {
      const seen = await talk.next()
      const opened = talk.seen.slice(from).find(each => each.kind === 'headers')
      if (opened) return broke(line(opened))
      if (seen.kind === 'goaway' && seen.code !== NO_ERROR) return broke(line(seen))
      if (seen.kind === 'silence' || seen.kind === 'broken') return broke(line(seen))
      // It may leave at once: that is the best it can do.
      if (seen.kind === 'end') return kept(`no further stream, and ${line(seen)}`)
      if (passed(seen)) return kept('no further stream; PING was answered')
    }
  })
}
