import { data, headers, ping, priority, pushPromise, rstStream, settings, windowUpdate } from '../../src/http2/build.ts'
import { connectionCredit, sendWithin } from '../../src/http2/credit.ts'
import { line } from '../../src/http2/describe.ts'
import {
  CANCEL,
  FLOW_CONTROL_ERROR,
  FRAME_SIZE_ERROR,
  INTERNAL_ERROR,
  NO_ERROR,
  PROTOCOL_ERROR,
} from '../../src/http2/error-codes.ts'
import {
  answered,
  barrier,
  broke,
  connectionError,
  contented,
  type Expectation,
  expect,
  goesOn,
  hindrance,
  kept,
  streamError,
  that,
  weakly,
} from '../../src/http2/expect.ts'
import { filling, flows, page, replenishes, withhold } from '../../src/http2/expect-flow.ts'
import { asked, offerContent, onRequest, opening, respond, section, takenAs } from '../../src/http2/expect-message.ts'
import { takesPush } from '../../src/http2/features.ts'
import { type Frame, WINDOW_UPDATE } from '../../src/http2/frame.ts'
import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { promisedRequest } from './promises.ts'
import { type Http2Case, topic } from './roles.ts'

const LARGEST = 0x7fffffff
const OK = section([[':status', '200']])
/** More content than any window that a case fills has room for. */
const MUCH = { fields: [['content-length', '4000000']] } as const

const window = (octets: number) => settings([[INITIAL_WINDOW_SIZE, octets]])
const openPost = (talk: Http2Talk) => headers(3, fieldBlock(requestFields(talk, { pseudo: { ':method': 'POST' } })))

/** WINDOW_UPDATE with the bit before the increment set. */
const withReservedBit = (stream: number, increment: number): Frame => {
  const frame = windowUpdate(stream, increment)
  const payload = Uint8Array.from(frame.payload)
  payload[0] = (payload[0] as number) | 0x80
  return { ...frame, payload }
}

const ofLength = (length: number, stream: (talk: Http2Talk) => number, where: string): Http2Case => ({
  rule: rfc9113.windowUpdateLength,
  when: `a WINDOW_UPDATE of ${length} octets comes on ${where}`,
  steps: [
    send(talk => ({
      type: WINDOW_UPDATE,
      flags: 0,
      stream: stream(talk),
      reserved: 0,
      payload: Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 1).subarray(0, length),
    })),
    expect(connectionError(FRAME_SIZE_ERROR)),
  ],
})

/** What is wrong with the credit that the subject has given. */
const credit = (
  wants: string,
  fault: (talk: Http2Talk, streams: readonly number[]) => string | undefined,
): Expectation =>
  that(wants, talk => {
    const updates = talk.seen.filter(seen => seen.kind === 'window-update')
    if (updates.length === 0) return { outcome: 'unsupported', came: 'it sent no WINDOW_UPDATE' }
    const found = fault(talk, [...new Set(updates.map(update => update.stream))])
    return found === undefined ? kept(`${updates.length} WINDOW_UPDATE frames`) : broke(found)
  })

const positive = credit('WINDOW_UPDATE with increments of 1 or more', talk => {
  const odd = talk.seen.find(seen => seen.kind === 'window-update' && seen.increment === 0)
  return odd && 'WINDOW_UPDATE with increment 0'
})

const bounded = credit('windows of 2^31-1 octets at the most', (talk, streams) => {
  const initial = talk.settings.get(INITIAL_WINDOW_SIZE) ?? 65535
  for (const stream of streams) {
    let size = (stream === 0 ? 65535 : initial) - talk.outgoing.flowControlled(stream)
    for (const seen of talk.seen) if (seen.kind === 'window-update' && seen.stream === stream) size += seen.increment
    if (size > LARGEST) return `a window of ${size} octets on stream ${stream}`
  }
  return undefined
})

/** Much content, and what the subject says meanwhile. */
const uploads = that('content of 60,000 octets to be taken', async talk => {
  const stream = talk.role === 'server' ? 7 : asked(talk)
  const problem = await sendWithin(talk, stream, 60000)
  return problem ?? kept('60,000 octets sent')
})

const uploaded = (judge: Expectation): Http2Case['steps'] => [
  offerContent,
  send(opening(7, { fields: [['content-length', '60000']] })),
  expect(uploads),
  expect(takenAs(7)),
  expect(judge),
]

const downloaded = (judge: Expectation): Http2Case['steps'] => [
  send(OK),
  expect(uploads),
  expect(contented()),
  expect(judge),
]

/** As much content on one stream as the windows allow: few streams, for many that are reset look like an attack. */
function wasted(talk: Http2Talk, stream: number): Frame[] {
  const initial = talk.settings.get(INITIAL_WINDOW_SIZE) ?? 65535
  const frames: Frame[] = []
  for (let left = Math.min(connectionCredit(talk), initial, 60000); left > 0; left -= 15000) {
    frames.push(data(stream, new Uint8Array(Math.min(left, 15000))))
  }
  return frames
}

/** DATA that nobody wants any more gives its credit back to the connection. */
const returned = (wants: string, waste: (talk: Http2Talk) => Frame[]): Expectation =>
  that(wants, async talk => {
    const begun = connectionCredit(talk)
    if (begun > 1 << 20) return { outcome: 'unsupported', came: `a window of ${begun} octets` }
    const until = talk.outgoing.flowControlled(0) + begun
    while (talk.outgoing.flowControlled(0) <= until) {
      if (connectionCredit(talk) > 1000) talk.add(...waste(talk))
      else {
        const seen = await talk.next()
        if (seen.kind === 'silence') return broke(`no credit after ${talk.outgoing.flowControlled(0)} octets of DATA`)
        // A stream error may be made a connection error, and many resets be too many. RFC 9113 §5.4.1, §10.5
        if (seen.kind === 'goaway')
          return { outcome: seen.code === NO_ERROR ? 'limit' : 'unsupported', came: line(seen) }
        const problem = hindrance(talk, seen, [])
        if (problem) return problem
      }
    }
    return kept(`credit beyond the first ${begun} octets`)
  })

const server: readonly Http2Case[] = [
  {
    rule: rfc9113.windowIncrementZero,
    when: 'WINDOW_UPDATE with increment 0 comes on an open stream',
    steps: [send(openPost, windowUpdate(3, 0)), expect(streamError(3, [PROTOCOL_ERROR], { early: true }))],
  },
  {
    rule: rfc9113.windowIncrementZero,
    when: 'WINDOW_UPDATE with increment 0 comes on a stream whose response waits',
    needs: [page],
    steps: [
      withhold(3),
      send(window(1), request(3)),
      expect(flows(3, 1)),
      send(windowUpdate(3, 0)),
      expect(streamError(3, [PROTOCOL_ERROR])),
    ],
  },
  {
    rule: rfc9113.windowReservedBitIgnored,
    when: 'credit for a waiting response has the reserved bit set',
    needs: [page],
    steps: [
      withhold(3),
      send(window(1), request(3)),
      expect(flows(3, 1)),
      send(withReservedBit(3, 4)),
      expect(flows(3, 5)),
      send(windowUpdate(3, 65535)),
      expect(answered(3)),
    ],
  },
  {
    rule: rfc9113.windowUpdateOnHalfClosed,
    when: 'credit comes after END_STREAM for a response that waits',
    needs: [page],
    steps: [
      withhold(3),
      send(window(0), request(3)),
      expect(flows(3, 0)),
      send(windowUpdate(3, 65535)),
      expect(answered(3)),
    ],
  },
  {
    rule: rfc9113.windowUpdateOnHalfClosed,
    when: 'credit comes right behind a request',
    steps: [send(request(3), windowUpdate(3, 1)), expect(answered(3))],
  },
  {
    rule: rfc9113.windowUpdateOnClosed,
    when: 'WINDOW_UPDATE comes on the stream of an answered request',
    steps: [send(windowUpdate(1, 100)), expect(goesOn())],
  },
  {
    rule: rfc9113.windowUpdateOnClosed,
    when: 'ten WINDOW_UPDATE frames come on the stream of an answered request',
    steps: [send(...Array.from({ length: 10 }, () => windowUpdate(1, 1))), expect(goesOn())],
  },
  {
    rule: rfc9113.windowIncrementSentPositive,
    when: 'it takes content of 60,000 octets',
    steps: uploaded(positive),
  },
  { rule: rfc9113.windowNeverMadeToOverflow, when: 'it takes content of 60,000 octets', steps: uploaded(bounded) },
  {
    rule: rfc9113.receiverReplenishesWindow,
    when: 'streams with content are reset by the client until the window of the connection is spent',
    steps: [
      expect(
        returned('credit for the content of reset streams', talk => {
          const stream = talk.freshStream()
          const open = headers(stream, fieldBlock(requestFields(talk, { pseudo: { ':method': 'POST' } })))
          return [open, ...wasted(talk, stream), rstStream(stream, CANCEL)]
        }),
      ),
      expect(goesOn()),
    ],
  },
  {
    rule: rfc9113.connectionWindowAlwaysCounted,
    when: 'content follows what makes the server reset its stream, until the window of the connection is spent',
    steps: [
      expect(
        returned('credit for the content of streams in error', talk => {
          const stream = talk.freshStream()
          const open = headers(stream, fieldBlock(requestFields(talk, { pseudo: { ':method': 'POST' } })))
          return [open, windowUpdate(stream, 0), ...wasted(talk, stream)]
        }),
      ),
      expect(goesOn()),
    ],
  },
  {
    rule: rfc9113.dataPaddingFlowControlled,
    when: 'content is mostly padding, and larger than the window of the connection',
    steps: [
      offerContent,
      send(opening(7, MUCH)),
      expect(replenishes('connection', () => 7, { data: 1, padding: 255 })),
    ],
  },
  {
    rule: rfc9113.exemptFramesAccepted,
    when: 'PING, PRIORITY, SETTINGS and a request follow content that fills the window',
    steps: [
      offerContent,
      send(opening(7, MUCH), talk => filling(talk, 7) ?? [data(7, 'wire')]),
      send(priority(7, {}), settings(), windowUpdate(0, 1), ping(), request(9)),
      expect(answered(9)),
    ],
  },
  {
    rule: rfc9113.unacceptableFrameRefused,
    when: 'content goes beyond the window of its stream',
    steps: [offerContent, send(opening(7, MUCH)), expect(refusesExcess(() => 7))],
  },
]

/** The code for it, and those that are for anything. RFC 9113 §5.4, §7 */
const APPLICABLE: readonly number[] = [FLOW_CONTROL_ERROR, PROTOCOL_ERROR, INTERNAL_ERROR]

/** Whoever enforces its windows says so. One that takes more than it granted may. RFC 9113 §6.9 */
function refusesExcess(streamOf: (talk: Http2Talk) => number): Expectation {
  const wants = 'a stream or connection error of type FLOW_CONTROL_ERROR, if any'
  return that(wants, async talk => {
    const stream = streamOf(talk)
    const frames = filling(talk, stream)
    if (frames === undefined) return { outcome: 'unsupported', came: 'a window too large to exceed' }
    talk.add(...frames, data(stream, new Uint8Array(1)))
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      const error = seen.kind === 'goaway' || (seen.kind === 'reset' && seen.stream === stream)
      if (error && seen.code !== NO_ERROR) return APPLICABLE.includes(seen.code) ? kept(line(seen)) : weakly(line(seen))
      if (seen.kind === 'end' || seen.kind === 'broken' || seen.kind === 'silence') return broke(line(seen))
      if (error || passed(seen) || (talk.role === 'server' && talk.message(stream).ended)) {
        // Which of the two depends on how the octets come in.
        return kept('none: it takes more than it has granted, or gives more in time')
      }
    }
  })
}

export default topic('WINDOW_UPDATE', {
  both: [
    {
      rule: rfc9113.windowIncrementZeroOnConnection,
      when: 'WINDOW_UPDATE with increment 0 comes on the connection',
      steps: [send(windowUpdate(0, 0)), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.windowIncrementZeroOnConnection,
      when: 'WINDOW_UPDATE with increment 0 and the reserved bit comes on the connection',
      steps: [send(withReservedBit(0, 0)), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.windowReservedBitIgnored,
      when: 'WINDOW_UPDATE with the reserved bit comes on the connection',
      steps: [send(withReservedBit(0, 1)), expect(goesOn())],
    },
    ofLength(3, () => 0, 'the connection'),
    ofLength(5, () => 0, 'the connection'),
    ofLength(0, () => 0, 'the connection'),
    ofLength(8, asked, 'the stream of the first request'),
  ],
  server,
  client: [
    {
      rule: rfc9113.windowIncrementZero,
      when: 'WINDOW_UPDATE with increment 0 comes on the stream of its request',
      steps: [
        send(talk => windowUpdate(asked(talk), 0)),
        expect(onRequest(stream => streamError(stream, [PROTOCOL_ERROR]))),
      ],
    },
    {
      rule: rfc9113.windowReservedBitIgnored,
      when: 'WINDOW_UPDATE with the reserved bit comes on the stream of its request',
      steps: [send(talk => withReservedBit(asked(talk), 1), respond({ content: 'wire' })), expect(contented())],
    },
    {
      rule: rfc9113.windowUpdateOnClosed,
      when: 'WINDOW_UPDATE follows the whole response on its stream',
      steps: [send(respond({ content: 'wire' }), talk => windowUpdate(asked(talk), 100)), expect(contented())],
    },
    {
      rule: rfc9113.windowIncrementSentPositive,
      when: 'it takes content of 60,000 octets',
      steps: downloaded(positive),
    },
    { rule: rfc9113.windowNeverMadeToOverflow, when: 'it takes content of 60,000 octets', steps: downloaded(bounded) },
    {
      rule: rfc9113.connectionWindowAlwaysCounted,
      when: 'content comes on promised streams that it resets, until the window of the connection is spent',
      needs: [takesPush],
      steps: [
        expect(
          returned('credit for the content of reset streams', talk => {
            const stream = talk.freshStream()
            const bad = pushPromise(asked(talk), stream, promisedRequest(talk, { ':method': 'POST' }))
            return [bad, headers(stream, fieldBlock([[':status', '200']])), ...wasted(talk, stream)]
          }),
        ),
        expect(goesOn()),
      ],
    },
    {
      rule: rfc9113.dataPaddingFlowControlled,
      when: 'a response is mostly padding, and larger than the window of the connection',
      steps: [send(OK), expect(replenishes('connection', asked, { data: 1, padding: 255 }))],
    },
    {
      rule: rfc9113.exemptFramesAccepted,
      when: 'PING, SETTINGS and trailers follow content that fills the window',
      steps: [
        send(OK, talk => filling(talk, asked(talk)) ?? [data(asked(talk), 'wire')]),
        send(settings(), windowUpdate(0, 1), ping(), section([['x-trailer', 'wire']], { endStream: true })),
        expect(contented()),
      ],
    },
    {
      rule: rfc9113.unacceptableFrameRefused,
      when: 'content goes beyond the window of its stream',
      steps: [send(OK), expect(refusesExcess(asked))],
    },
  ],
})
