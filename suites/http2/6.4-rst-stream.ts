import { headers, rawFrame, rstStream, settings, windowUpdate } from '../../src/http2/build.ts'
import { line } from '../../src/http2/describe.ts'
import { CANCEL, FRAME_SIZE_ERROR, PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import {
  barrier,
  broke,
  connectionError,
  type Expectation,
  expect,
  hindrance,
  kept,
  that,
} from '../../src/http2/expect.ts'
import { framesSeen } from '../../src/http2/expect-frames.ts'
import { asked, section } from '../../src/http2/expect-message.ts'
import { largeResponse } from '../../src/http2/features.ts'
import { type Frame, frameTypeName, PRIORITY, RST_STREAM } from '../../src/http2/frame.ts'
import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE } from '../../src/http2/settings-parameters.ts'
import { act, send, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { topic } from './roles.ts'

const ofLength = (stream: number, length: number) =>
  rawFrame({ type: RST_STREAM, stream, payload: new Uint8Array(length) })

/** Once PING behind the reset is answered, nothing more comes on the stream but PRIORITY. RFC 9113 §6.4 */
function silentOn(stream: number): Expectation {
  return that('nothing more on the stream than PRIORITY', async talk => {
    const payload = Buffer.from(talk.addBarrier())
    const answers = () => talk.seen.some(seen => seen.kind === 'ping-ack' && payload.equals(seen.payload))
    const { ended, came } = await until(talk, answers)
    if (ended) return broke(came)
    const before = framesSeen(talk).length
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      const more = framesSeen(talk)
        .slice(before)
        .find(frame => frame.stream === stream && frame.type !== PRIORITY)
      if (more) return broke(`${frameTypeName(more.type)} after RST_STREAM`)
      const problem = hindrance(talk, seen, [])
      if (problem) return problem
      if (passed(seen)) return kept('nothing, though PING was answered twice')
    }
  })
}

export default topic('RST_STREAM', {
  both: [
    {
      rule: rfc9113.resetOnStreamZero,
      when: 'RST_STREAM comes on stream 0',
      steps: [send(rstStream(0, CANCEL)), expect(connectionError(PROTOCOL_ERROR))],
    },
  ],
  server: [
    {
      rule: rfc9113.resetEndsSending,
      when: 'a large page is cancelled halfway, and credit given for the rest',
      needs: [largeResponse],
      steps: [
        act('keep back our credit', talk => {
          talk.automatic.credit = false
        }),
        send(talk => request(3, { pseudo: { ':path': talk.options.resources['large'] ?? '/' } })(talk)),
        expect(
          that('the response to begin', async talk => {
            const { ended, came } = await until(talk, () => talk.message(3).received > 0)
            return ended ? broke(came) : kept(`${talk.message(3).received} octets of content`)
          }),
        ),
        send(rstStream(3, CANCEL), talk => creditFor(talk)),
        expect(silentOn(3)),
      ],
    },
    {
      rule: rfc9113.resetOnIdle,
      when: 'RST_STREAM comes on an idle stream',
      steps: [send(rstStream(7, CANCEL)), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.resetLength,
      when: 'RST_STREAM has three octets',
      steps: [opened(), send(ofLength(3, 3)), expect(connectionError(FRAME_SIZE_ERROR))],
    },
    {
      rule: rfc9113.resetLength,
      when: 'RST_STREAM has five octets',
      steps: [opened(), send(ofLength(3, 5)), expect(connectionError(FRAME_SIZE_ERROR))],
    },
    {
      rule: rfc9113.resetNeverOnStreamZero,
      when: 'it resets the stream of a malformed request',
      steps: [
        send(talk => headers(3, fieldBlock([...requestFields(talk), ['Upper', 'case']]), { endStream: true })),
        expect(noResetOf(() => 0)),
      ],
    },
    {
      rule: rfc9113.resetNeverOnIdle,
      when: 'PRIORITY of a wrong length comes on an idle stream',
      steps: [send(rawFrame({ type: PRIORITY, stream: 5, payload: new Uint8Array(4) })), expect(noResetOf(() => 5))],
    },
  ],
  client: [
    {
      rule: rfc9113.resetOnIdle,
      when: 'RST_STREAM comes on a stream that it has not opened yet',
      steps: [send(talk => rstStream(asked(talk) + 100, CANCEL)), expect(connectionError(PROTOCOL_ERROR))],
    },
    {
      rule: rfc9113.resetLength,
      when: 'RST_STREAM has three octets',
      steps: [send(talk => ofLength(asked(talk), 3)), expect(connectionError(FRAME_SIZE_ERROR))],
    },
    {
      rule: rfc9113.resetLength,
      when: 'RST_STREAM has five octets',
      steps: [send(talk => ofLength(asked(talk), 5)), expect(connectionError(FRAME_SIZE_ERROR))],
    },
    {
      rule: rfc9113.resetNeverOnStreamZero,
      when: 'a response is malformed',
      steps: [
        send(
          section([
            [':status', '200'],
            ['Upper', 'case'],
          ]),
        ),
        expect(noResetOf(() => 0)),
      ],
    },
    {
      rule: rfc9113.resetNeverOnIdle,
      when: 'PRIORITY of a wrong length comes on a stream that it has not opened yet',
      steps: [
        send(talk => rawFrame({ type: PRIORITY, stream: asked(talk) + 100, payload: new Uint8Array(4) })),
        expect(noResetOf(talk => asked(talk) + 100)),
      ],
    },
  ],
})

/** A request that is open and cannot be answered yet. */
function opened() {
  return send(settings([[INITIAL_WINDOW_SIZE, 0]]), talk => headers(3, fieldBlock(requestFields(talk))))
}

function creditFor(talk: Http2Talk): Frame[] {
  const { received } = talk.message(3)
  return received === 0 ? [] : [windowUpdate(0, received), windowUpdate(3, received)]
}

/** Whatever it makes of what came, it resets no such stream. RFC 9113 §6.4 */
function noResetOf(of: (talk: Http2Talk) => number): Expectation {
  return that('no RST_STREAM on that stream', async talk => {
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'reset' && seen.stream === of(talk)) return broke(line(seen))
      // A connection error is the other way to answer. RFC 9113 §5.4.1
      if (seen.kind === 'goaway' || seen.kind === 'end') return kept(line(seen))
      if (seen.kind === 'silence' || seen.kind === 'broken') return broke(line(seen))
      if (passed(seen)) return kept('none, though PING was answered twice')
    }
  })
}
