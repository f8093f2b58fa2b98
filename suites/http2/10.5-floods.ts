import { indexed, literal } from '../../src/hpack/representation.ts'
import {
  continuation,
  data,
  headers,
  ping,
  priority,
  rawFrame,
  rstStream,
  settings,
  windowUpdate,
} from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { CANCEL, COMPRESSION_ERROR, NO_ERROR } from '../../src/http2/error-codes.ts'
import { barrier, broke, type Expectation, expect, kept, that } from '../../src/http2/expect.ts'
import { answersPing } from '../../src/http2/expect-frames.ts'
import { asked } from '../../src/http2/expect-message.ts'
import { headerListLimit, takesPush } from '../../src/http2/features.ts'
import type { Frame } from '../../src/http2/frame.ts'
import { type FieldLine, fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { limits, rfc9113 } from '../../src/http2/rules.ts'
import { HEADER_TABLE_SIZE, INITIAL_WINDOW_SIZE, MAX_HEADER_LIST_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { hex } from '../../src/wire/hex.ts'
import { messages } from './compressed.ts'
import { promise } from './promises.ts'
import { type Http2Case, topic } from './roles.ts'

const NOTHING = new Uint8Array(0)
const POST = { pseudo: { ':method': 'POST' } }

const times = <T>(count: number, make: (index: number) => T) => Array.from({ length: count }, (_, index) => make(index))

const streamOf = (talk: Http2Talk) => (talk.role === 'server' ? 3 : asked(talk))

/** The beginning of a message to the subject, which more can follow on. */
const opened = (talk: Http2Talk): Frame =>
  talk.role === 'server'
    ? headers(3, fieldBlock(requestFields(talk, POST)))
    : headers(asked(talk), fieldBlock([[':status', '200']]))

/** The flood is cut off, or everything goes on behind it. RFC 9113 §10.5 */
function survived(): Expectation {
  return that('the flood to be cut off, or borne', async talk => {
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'goaway' && seen.code !== NO_ERROR) return kept(`cut off: ${line(seen)}`)
      if (seen.kind === 'end') return kept(`cut off: ${line(seen)}`)
      if (seen.kind === 'silence' || seen.kind === 'broken') return broke(line(seen))
      if (passed(seen)) return kept('borne: PING and what followed were answered')
    }
  })
}

/** Much of something, on a connection that may not survive it; the subject has to. */
const flood = (
  rule: Http2Case['rule'],
  when: string,
  much: (talk: Http2Talk) => readonly (Frame | Uint8Array)[],
  more: Partial<Http2Case> = {},
): Http2Case => ({ rule, when, flood: true, steps: [send(much), expect(survived())], ...more })

/** A block whose list is so many times as large as one entry of the table. RFC 7541 §2.3.2 */
const bomb = (count: number) => [
  literal('x-bomb', 'w'.repeat(3000), { indexing: 'incremental' }),
  ...times(count, () => indexed(62)),
]

/** What was compressed by a block beyond the limit is known afterwards, unless the connection has ended. RFC 9113 §10.5.1 */
function stillInStep(): Expectation {
  return that('the next field block to be understood, unless the connection has ended before it', async talk => {
    const payload = talk.addBarrier()
    let sent = false
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'goaway' && seen.code === COMPRESSION_ERROR && sent) return broke(line(seen))
      if (seen.kind === 'end') return kept(`${line(seen)}${sent ? ' after the next block' : ''}`)
      if (seen.kind === 'silence' || seen.kind === 'broken') return broke(line(seen))
      if (seen.kind !== 'ping-ack') continue
      if (sent) return kept('the next block was understood: PING was answered')
      if (Buffer.compare(seen.payload, payload) !== 0) continue
      sent = true
      talk.add(...next(talk))
      talk.addBarrier()
    }
  })
}

/** A request that refers to what the bomb put into the table. */
const next = (talk: Http2Talk) => messages([], [indexed(62)])(talk).slice(1)

export default topic('Floods', {
  both: [
    flood(limits.survivesSettingsFlood, 'a thousand SETTINGS come at once', () =>
      times(1000, () => settings([[HEADER_TABLE_SIZE, 4096]])),
    ),
    flood(limits.survivesSettingsChurn, 'SETTINGS hold one setting 2700 times', () => [
      settings(times(2700, () => [HEADER_TABLE_SIZE, 4096] as const)),
    ]),
    flood(limits.survivesPingFlood, 'four thousand PINGs come at once', () => times(4000, () => ping())),
    flood(limits.survivesEmptyDataFlood, 'a thousand empty DATA frames come on a stream', talk => [
      opened(talk),
      ...times(1000, () => data(streamOf(talk), NOTHING)),
    ]),
    flood(limits.survivesEmptyHeadersFlood, 'a field block goes on for a thousand empty CONTINUATION frames', talk => [
      { ...opened(talk), flags: 0 },
      ...times(1000, () => continuation(streamOf(talk), NOTHING, { endHeaders: false })),
      continuation(streamOf(talk), NOTHING),
    ]),
    flood(limits.survivesWindowUpdateFlood, 'five thousand WINDOW_UPDATE of one octet come at once', () =>
      times(5000, () => windowUpdate(0, 1)),
    ),
    flood(limits.survivesUnknownFrameFlood, 'five thousand frames of an unknown type come at once', () =>
      times(5000, () => rawFrame({ type: 0xfb, payload: new Uint8Array(8) })),
    ),
    flood(limits.survivesContinuationFlood, 'a field block goes on for a megabyte of CONTINUATION', talk => {
      const field = fieldBlock([['x-wire', 'w'.repeat(4000)]])
      return [
        { ...opened(talk), flags: 0 },
        ...times(250, () => continuation(streamOf(talk), field, { endHeaders: false })),
        continuation(streamOf(talk), field),
      ]
    }),
    flood(limits.survivesHpackBomb, 'a small field block decodes to ten megabytes', talk => messages(bomb(3500))(talk)),
  ],
  server: [
    {
      rule: rfc9113.oversizedBlockProcessed,
      when: 'a field section of 150 kB goes into the dynamic table',
      flood: true,
      steps: [send(talk => messages(bomb(50), [])(talk).slice(0, 1)), expect(stillInStep())],
    },
    flood(limits.survivesRapidReset, 'a thousand requests are cancelled as soon as they are made', talk =>
      times(1000, index => 3 + 2 * index).flatMap(stream => [...request(stream)(talk), rstStream(stream, CANCEL)]),
    ),
    flood(limits.survivesMadeReset, 'a thousand requests are each followed by a WINDOW_UPDATE of 0', talk =>
      times(1000, index => 3 + 2 * index).flatMap(stream => [
        headers(stream, fieldBlock(requestFields(talk))),
        windowUpdate(stream, 0),
      ]),
    ),
    flood(limits.survivesConcurrentStreams, 'a thousand requests are open at once', talk =>
      times(1000, index => headers(3 + 2 * index, fieldBlock(requestFields(talk, POST)))),
    ),
    flood(limits.survivesPriorityChurn, 'four thousand PRIORITY frames reorder a hundred streams', () =>
      times(4000, index =>
        priority(101 + 2 * (index % 100), { dependency: 101 + 2 * ((index + 1) % 100), exclusive: 1 }),
      ),
    ),
    {
      rule: limits.survivesZeroWindow,
      when: 'fifty responses are held back by windows of 0',
      flood: true,
      steps: [
        send(settings([[INITIAL_WINDOW_SIZE, 0]])),
        send(talk => times(50, index => request(3 + 2 * index)(talk)).flat()),
        send(ping()),
        // That others are served meanwhile the kernel finds out by a second connection.
        expect(answersPing(new Uint8Array(8))),
        send(ping(hex('0000000000000001'))),
        expect(answersPing(hex('0000000000000001'))),
      ],
    },
    {
      rule: limits.stillServing,
      when: 'a connection has sent a thousand SETTINGS, a thousand PINGs and a thousand cancelled requests',
      flood: true,
      steps: [
        send(
          () => times(1000, () => settings()),
          () => times(1000, () => ping()),
        ),
        send(talk =>
          times(1000, index => 3 + 2 * index).flatMap(stream => [...request(stream)(talk), rstStream(stream, CANCEL)]),
        ),
        expect(survived()),
      ],
    },
    {
      rule: limits.survivesHeaderList,
      when: 'a request is larger than its SETTINGS_MAX_HEADER_LIST_SIZE',
      flood: true,
      needs: [headerListLimit],
      steps: [
        send(oversized),
        expect(
          that('the request to be refused', async talk => {
            const { passed } = barrier(talk)
            for (;;) {
              const seen = await talk.next()
              const { status, reset, ended } = talk.message(3)
              if (reset !== undefined && !ended) return kept(line(seen))
              if (status !== undefined) return status >= 400 ? kept(`status ${status}`) : broke(`status ${status}`)
              if (seen.kind === 'goaway' && seen.code !== NO_ERROR) return kept(line(seen))
              if (seen.kind === 'end') return kept(line(seen))
              if (seen.kind === 'silence' || seen.kind === 'broken' || passed(seen)) return broke(line(seen))
            }
          }),
        ),
      ],
    },
  ],
  client: [
    flood(
      limits.survivesPushFlood,
      'a thousand streams are promised and never begin',
      talk => times(1000, index => promise(2 + 2 * index)(talk)),
      { needs: [takesPush] },
    ),
    {
      rule: rfc9113.reservedStreamsLimited,
      when: 'a thousand streams are promised and never begin',
      flood: true,
      needs: [takesPush],
      steps: [
        send(talk => times(1000, index => promise(2 + 2 * index)(talk))),
        expect(
          that('some of them to be refused', async talk => {
            const { passed } = barrier(talk)
            for (;;) {
              const seen = await talk.next()
              if (seen.kind === 'reset' && seen.stream % 2 === 0) return kept(line(seen))
              if (seen.kind === 'goaway' && seen.code !== NO_ERROR) return kept(line(seen))
              if (seen.kind === 'silence' || seen.kind === 'broken' || seen.kind === 'end') return broke(line(seen))
              if (passed(seen)) return broke('all of them were kept')
            }
          }),
        ),
      ],
    },
  ],
})

/** A request with fields of a thousand octets, somewhat more than the subject says that it takes. RFC 9113 §6.5.2 */
function oversized(talk: Http2Talk): Frame[] {
  const limit = talk.settings.get(MAX_HEADER_LIST_SIZE) ?? 0
  const count = Math.ceil(limit / 1000) + 4
  const more = times(count, index => [`x-wire-${index}`, 'w'.repeat(1000)] satisfies FieldLine)
  const block = fieldBlock([...requestFields(talk), ...more])
  const cuts = times(Math.ceil(block.length / 16000), index => block.subarray(index * 16000, (index + 1) * 16000))
  return cuts.map((cut, index) => {
    const endHeaders = index === cuts.length - 1
    return index === 0 ? headers(3, cut, { endStream: true, endHeaders }) : continuation(3, cut, { endHeaders })
  })
}
