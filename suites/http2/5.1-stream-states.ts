import { data, headers, priority, rstStream, settings, windowUpdate } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { CANCEL, NO_ERROR, PROTOCOL_ERROR, STREAM_CLOSED } from '../../src/http2/error-codes.ts'
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
} from '../../src/http2/expect.ts'
import { everyFrame, framesSeen } from '../../src/http2/expect-frames.ts'
import { asked, content, respond, section } from '../../src/http2/expect-message.ts'
import { takesPush } from '../../src/http2/features.ts'
import {
  DATA,
  END_STREAM,
  type Frame,
  frameTypeName,
  HEADERS,
  PRIORITY,
  RST_STREAM,
  WINDOW_UPDATE,
} from '../../src/http2/frame.ts'
import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { hex } from '../../src/wire/hex.ts'
import { promise } from './promises.ts'
import { topic } from './roles.ts'

/** Keeps the response to a request on stream 3 from ending: the stream stays half-closed. RFC 9113 §6.9.2 */
const withheld = send(settings([[INITIAL_WINDOW_SIZE, 0]]), request(3))

/** What holds as long as the response on stream 3 is withheld: one without content cannot be. */
function whileWithheld(expectation: Expectation): Expectation {
  return {
    ...expectation,
    async judge(talk) {
      const finding = await expectation.judge(talk)
      if (finding.outcome === 'pass' || !talk.message(3).ended) return finding
      return { ...finding, outcome: 'unsupported', came: 'the response has no content that could be withheld' }
    },
  }
}

/** A request that is refused before it has ended, so that the server resets its stream. RFC 9113 §8.1.1, §8.2.1 */
const refused = send(talk =>
  headers(3, fieldBlock([...requestFields(talk, { pseudo: { ':method': 'POST' } }), ['Upper', 'case']])),
)

/** Waits for the reset of stream 3. A server may as well answer, or end the connection. RFC 9113 §5.4.1, §8.1.1 */
const isReset = expect(
  that('stream 3 to be reset', async talk => {
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      const { reset } = talk.message(3)
      if (reset !== undefined) return kept(line(seen))
      if (seen.kind === 'goaway' || seen.kind === 'end') {
        return { outcome: 'unsupported', came: `${line(seen)}: it makes a connection error of a malformed request` }
      }
      const problem = hindrance(talk, seen, [])
      if (problem) return problem
      if (passed(seen)) return { outcome: 'unsupported', came: 'a malformed request is not answered by a reset' }
    }
  }),
)

/** What may be answered before its request has ended. */
const early = ({ options: { resources } }: Http2Talk) => resources['early'] ?? resources['large'] ?? '/'

/** Waits for a whole response on stream 3 to a request that has not ended. */
const isAnswered = expect(
  that('a whole response to a request that has not ended', async talk => {
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      const problem = hindrance(talk, seen, [])
      if (problem) return problem
      if (!passed(seen)) continue
      const { ended, reset } = talk.message(3)
      if (ended && reset === undefined) return kept('a whole response')
      const came = ended ? 'it resets the stream after its response' : 'it waits for the end of the request'
      return { outcome: 'unsupported', came }
    }
  }),
)

const AFTER_END: ReadonlySet<number> = new Set([WINDOW_UPDATE, PRIORITY, RST_STREAM])

/** What the subject sent on a stream after it had ended it itself. */
function afterEnd(allowed: ReadonlySet<number>): (frame: Frame) => string | undefined {
  const over = new Set<number>()
  return ({ type, stream, flags }) => {
    if (over.has(stream) && !allowed.has(type)) return `${frameTypeName(type)} after the end of the stream`
    const ends = (type === DATA || type === HEADERS) && (flags & END_STREAM) !== 0
    if (stream !== 0 && (ends || type === RST_STREAM)) over.add(stream)
    return undefined
  }
}

/** Judges anew for each connection. */
function sendsAfterEnd(wants: string, allowed: ReadonlySet<number>): Expectation {
  return { wants, judge: talk => everyFrame(wants, afterEnd(allowed)).judge(talk) }
}

/** On an idle stream, and what it is. RFC 9113 §5.1 */
const onIdle = (stream: number, codes: readonly [number, ...number[]], frame: Frame, what: string) => ({
  rule: rfc9113.idleStreamFrame,
  when: `${what} comes on stream ${stream}, which is idle`,
  steps: [send(frame), expect(connectionError(...codes))],
})

export default topic('Stream states', {
  both: [
    {
      rule: rfc9113.closedStreamPriority,
      when: 'PRIORITY comes on an idle stream',
      steps: [send(priority(101, { dependency: 0 })), expect(goesOn())],
    },
  ],
  server: [
    // That DATA has a rule of its own for such streams makes its code good too. RFC 9113 §5.4, §6.1
    onIdle(3, [PROTOCOL_ERROR, STREAM_CLOSED], data(3, 'wire'), 'DATA'),
    onIdle(3, [PROTOCOL_ERROR], rstStream(3, CANCEL), 'RST_STREAM'),
    onIdle(3, [PROTOCOL_ERROR], windowUpdate(3, 100), 'WINDOW_UPDATE'),
    {
      rule: rfc9113.frameNotPermittedInState,
      when: 'WINDOW_UPDATE comes on an idle stream of its own numbering',
      steps: [send(windowUpdate(2, 100)), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.idlePushStreamHeaders,
      when: 'HEADERS come on a stream of its own numbering that it never promised',
      steps: [
        send(headers(4, fieldBlock([['x-wire', 'grade']]), { endStream: true })),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    {
      rule: rfc9113.halfClosedRemoteFrame,
      when: 'DATA comes after END_STREAM, while the response is withheld',
      steps: [withheld, send(data(3, 'wire')), expect(whileWithheld(streamError(3, [STREAM_CLOSED])))],
    },
    {
      rule: rfc9113.halfClosedRemoteFrame,
      when: 'HEADERS come after END_STREAM, while the response is withheld',
      steps: [
        withheld,
        send(headers(3, fieldBlock([['x-wire', 'late']]), { endStream: true })),
        expect(whileWithheld(streamError(3, [STREAM_CLOSED]))),
      ],
    },
    {
      rule: rfc9113.halfClosedLocalReceives,
      when: 'the content of a request comes after its whole response',
      steps: [
        send(talk => headers(3, fieldBlock(requestFields(talk, { pseudo: { ':path': early(talk) } })))),
        isAnswered,
        send(data(3, 'wire', { endStream: true })),
        expect(goesOn()),
      ],
    },
    {
      rule: rfc9113.halfClosedLocalSends,
      when: 'it has answered',
      steps: [expect(sendsAfterEnd('nothing that is not allowed after END_STREAM', AFTER_END))],
    },
    {
      rule: rfc9113.closedStreamSends,
      when: 'it has answered requests that were whole',
      steps: [expect(sendsAfterEnd('nothing but PRIORITY on a closed stream', new Set([PRIORITY])))],
    },
    {
      rule: rfc9113.closedStreamLateFrame,
      when: 'WINDOW_UPDATE comes on a closed stream',
      steps: [send(windowUpdate(1, 100)), expect(goesOn())],
    },
    {
      rule: rfc9113.closedStreamLateFrame,
      when: 'RST_STREAM comes on a closed stream',
      steps: [send(rstStream(1, CANCEL)), expect(goesOn())],
    },
    {
      rule: rfc9113.closedStreamPriority,
      when: 'PRIORITY comes on a closed stream',
      steps: [send(priority(1, { dependency: 0 })), expect(goesOn())],
    },
    {
      rule: rfc9113.closedStreamPriority,
      when: 'PRIORITY comes on a half-closed stream, while the response is withheld',
      steps: [withheld, send(priority(3, { dependency: 0 }), windowUpdate(3, 65535)), expect(answered(3))],
    },
    {
      rule: rfc9113.resetStreamLateFrame,
      when: 'DATA and WINDOW_UPDATE were under way on a stream that it has reset',
      steps: [refused, isReset, send(data(3, 'wire'), windowUpdate(3, 100)), expect(goesOn())],
    },
    {
      rule: rfc9113.resetStreamLateFrame,
      when: 'RST_STREAM was under way on a stream that it has reset',
      steps: [refused, isReset, send(rstStream(3, CANCEL)), expect(goesOn())],
    },
    {
      rule: rfc9113.resetStreamLateFieldBlock,
      when: 'trailers that fill the dynamic table were under way on a stream that it has reset',
      steps: [
        refused,
        isReset,
        // Literal with incremental indexing, a new name, and its index. RFC 7541 §6.1, §6.2.1
        send(headers(3, Buffer.from('\x40\x06x-wire\x04late', 'latin1'), { endStream: true })),
        send(talk => headers(5, Buffer.concat([fieldBlock(requestFields(talk)), hex('be')]), { endStream: true })),
        expect(answered(5)),
      ],
    },
  ],
  client: [
    {
      rule: rfc9113.resetStreamLateFrame,
      when: 'DATA and WINDOW_UPDATE follow a response that it refuses',
      steps: [
        send(
          section([
            [':status', '200'],
            ['Upper', 'case'],
          ]),
        ),
        send(content('wire'), talk => windowUpdate(asked(talk), 100), content('wire', { endStream: true })),
        expect(
          that('RST_STREAM, and no connection error', async talk => {
            const { passed } = barrier(talk)
            let reset = false
            for (;;) {
              const seen = await talk.next()
              if (seen.kind === 'reset' && seen.stream === asked(talk)) reset = true
              if (seen.kind === 'goaway' && seen.code !== NO_ERROR) {
                return reset ? broke(line(seen)) : { outcome: 'unsupported', came: `${line(seen)}, and no reset` }
              }
              if (seen.kind === 'end' || passed(seen)) {
                return reset ? kept('RST_STREAM, and no error') : { outcome: 'unsupported', came: 'no reset' }
              }
              if (seen.kind === 'silence' || seen.kind === 'broken') return broke(line(seen))
            }
          }),
        ),
      ],
    },
    onIdle(2, [PROTOCOL_ERROR, STREAM_CLOSED], data(2, 'wire'), 'DATA'),
    onIdle(2, [PROTOCOL_ERROR], rstStream(2, CANCEL), 'RST_STREAM'),
    onIdle(2, [PROTOCOL_ERROR], windowUpdate(2, 100), 'WINDOW_UPDATE'),
    {
      rule: rfc9113.idlePushStreamHeaders,
      when: 'HEADERS come on a stream of the server that was never promised',
      steps: [
        send(headers(2, fieldBlock([[':status', '200']]), { endStream: true })),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    {
      rule: rfc9113.frameNotPermittedInState,
      when: 'WINDOW_UPDATE comes on a stream that it has not opened yet',
      steps: [send(talk => windowUpdate(asked(talk) + 100, 100)), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.reservedRemoteSends,
      when: 'a stream is promised and has not begun',
      needs: [takesPush],
      steps: [
        send(promise()),
        expect(goesOn()),
        expect(
          that('nothing but RST_STREAM, WINDOW_UPDATE and PRIORITY on the promised stream', talk => {
            const stray = framesOn(talk, 2).find(({ type }) => !AFTER_END.has(type))
            return stray ? broke(frameTypeName(stray.type)) : kept('nothing else')
          }),
        ),
      ],
    },
    {
      rule: rfc9113.reservedRemoteOther,
      when: 'DATA come on a promised stream that has not begun',
      needs: [takesPush],
      steps: [send(promise(), data(2, 'wire')), expect(connectionError(PROTOCOL_ERROR, STREAM_CLOSED))],
    },
    {
      rule: rfc9113.reservedRemoteOther,
      when: 'WINDOW_UPDATE comes on a promised stream that has not begun',
      needs: [takesPush],
      steps: [send(promise(), windowUpdate(2, 100)), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.halfClosedLocalReceives,
      when: 'WINDOW_UPDATE, PRIORITY, HEADERS and DATA come after its request',
      steps: [
        send(
          talk => windowUpdate(asked(talk), 100),
          talk => priority(asked(talk), { dependency: 0 }),
        ),
        send(respond({ content: 'wire' })),
        expect(contented()),
      ],
    },
    {
      rule: rfc9113.halfClosedLocalSends,
      when: 'it has requested and been answered',
      steps: [
        send(respond({ content: 'wire' })),
        expect(contented()),
        expect(sendsAfterEnd('nothing that is not allowed after END_STREAM', AFTER_END)),
      ],
    },
    {
      rule: rfc9113.closedStreamSends,
      when: 'it has been answered',
      steps: [
        send(respond({ content: 'wire' })),
        expect(contented()),
        expect(sendsAfterEnd('nothing that is not allowed on a closed stream', AFTER_END)),
      ],
    },
    {
      rule: rfc9113.closedStreamLateFrame,
      when: 'WINDOW_UPDATE and RST_STREAM come on a stream that has closed',
      steps: [
        send(
          respond({ content: 'wire' }),
          talk => windowUpdate(asked(talk), 100),
          talk => rstStream(asked(talk), CANCEL),
        ),
        expect(contented()),
      ],
    },
    {
      rule: rfc9113.closedStreamPriority,
      when: 'PRIORITY comes on a stream that has closed',
      steps: [
        send(respond({ content: 'wire' }), talk => priority(asked(talk), { dependency: 0 })),
        expect(contented()),
      ],
    },
  ],
})

function framesOn(talk: Http2Talk, stream: number): readonly Frame[] {
  return framesSeen(talk).filter(frame => frame.stream === stream)
}
