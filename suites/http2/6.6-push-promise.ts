import { continuation, ping, pushPromise, rawFrame, settings } from '../../src/http2/build.ts'
import { PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import {
  broke,
  concluded,
  connectionError,
  type Expectation,
  expect,
  goesOn,
  kept,
  that,
} from '../../src/http2/expect.ts'
import { asked, section } from '../../src/http2/expect-message.ts'
import { disablesPush, pushes, takesPush } from '../../src/http2/features.ts'
import { END_HEADERS, PADDED, PUSH_PROMISE } from '../../src/http2/frame.ts'
import { request, response } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { ENABLE_PUSH } from '../../src/http2/settings-parameters.ts'
import { send, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { promise, promisedRequest } from './promises.ts'
import { topic } from './roles.ts'

/** PUSH_PROMISE whose Pad Length says that so many of the octets after it are padding. */
const withPadLength = (length: (octets: number) => number) => (talk: Http2Talk) => {
  const { payload } = promise()(talk)
  return rawFrame({
    type: PUSH_PROMISE,
    flags: END_HEADERS | PADDED,
    stream: asked(talk),
    payload: Uint8Array.of(length(payload.length), ...payload),
  })
}

/** A promise that is a connection error. */
const refused = expect(connectionError(PROTOCOL_ERROR))

/** A client that turns push off later than in its preface does so once it has had a push. */
const untilDisabled = [
  send(talk => (disabled(talk) ? [] : [promise()(talk), ...response(2, { content: 'pushed' })])),
  expect(
    that('SETTINGS_ENABLE_PUSH 0', async talk => {
      const { ended, came } = await until(talk, () => disabled(talk))
      return ended ? broke(came) : kept('it has come and is acknowledged')
    }),
  ),
]

const disabled = (talk: Http2Talk) => talk.settings.get(ENABLE_PUSH) === 0

/** No connection error; a client whose request has failed may leave. */
function bornOrLeft(): Expectation {
  return that('no connection error', async talk => {
    const { judge } = goesOn()
    const { outcome, came } = await judge(talk)
    const left = talk.seen.at(-1)?.kind === 'end' && !talk.seen.some(seen => seen.kind === 'goaway' && seen.code !== 0)
    return outcome === 'fail' && left
      ? { outcome: 'unsupported', came: `${came}: the client has left` }
      : { outcome, came }
  })
}

export default topic('PUSH_PROMISE', {
  server: [
    {
      rule: rfc9113.noPromiseWhenDisabled,
      when: 'a page that pushes is asked for after SETTINGS_ENABLE_PUSH 0',
      needs: [pushes],
      steps: [
        send(settings([[ENABLE_PUSH, 0]])),
        send(talk => request(3, { pseudo: { ':path': talk.options.resources['push'] ?? '/' } })(talk)),
        expect(
          that('a whole response, and no PUSH_PROMISE', async talk => {
            const { ended, came } = await until(talk, () => concluded(talk, 3))
            if (talk.seen.some(seen => seen.kind === 'push')) return broke('PUSH_PROMISE')
            return ended ? broke(came) : kept('a response, and no promise')
          }),
        ),
      ],
    },
  ],
  client: [
    {
      rule: rfc9113.promiseBlockInterrupted,
      when: 'a PING comes after PUSH_PROMISE without END_HEADERS',
      needs: [takesPush],
      steps: [send(promise(2, { endHeaders: false }), ping()), refused],
    },
    {
      rule: rfc9113.promiseBlockInterrupted,
      when: 'CONTINUATION of the promised stream comes after PUSH_PROMISE without END_HEADERS',
      needs: [takesPush],
      steps: [send(promise(2, { endHeaders: false }), continuation(2, new Uint8Array(0))), refused],
    },
    {
      rule: rfc9113.promiseOnStreamZero,
      when: 'PUSH_PROMISE comes on stream 0',
      steps: [send(talk => pushPromise(0, 2, promisedRequest(talk))), refused],
    },
    {
      rule: rfc9113.promiseWhenDisabled,
      when: 'PUSH_PROMISE comes after SETTINGS_ENABLE_PUSH 0 was acknowledged',
      needs: [disablesPush],
      steps: [...untilDisabled, send(promise(4)), refused],
    },
    {
      rule: rfc9113.promiseOnWrongState,
      when: 'PUSH_PROMISE comes on a stream that it has not opened yet',
      needs: [takesPush],
      steps: [send(talk => pushPromise(asked(talk) + 100, 2, promisedRequest(talk))), refused],
    },
    {
      rule: rfc9113.promiseOnWrongState,
      when: 'PUSH_PROMISE comes on a promised stream that has not begun',
      needs: [takesPush],
      steps: [send(promise(), talk => pushPromise(2, 4, promisedRequest(talk))), refused],
    },
    {
      rule: rfc9113.promiseOnResetStream,
      when: 'PUSH_PROMISE comes on the stream of a response that it refuses',
      needs: [takesPush],
      steps: [
        send(
          section([
            [':status', '200'],
            ['Upper', 'case'],
          ]),
          promise(),
        ),
        expect(bornOrLeft()),
      ],
    },
    {
      rule: rfc9113.promisedIdIllegal,
      when: 'PUSH_PROMISE promises a stream of odd number',
      needs: [takesPush],
      steps: [send(talk => promise(asked(talk) + 2)(talk)), refused],
    },
    {
      rule: rfc9113.promisedIdIllegal,
      when: 'PUSH_PROMISE promises stream 0',
      needs: [takesPush],
      steps: [send(promise(0)), refused],
    },
    {
      rule: rfc9113.promisedIdIllegal,
      when: 'PUSH_PROMISE promises a stream that is promised already',
      needs: [takesPush],
      steps: [send(promise(), promise()), refused],
    },
    {
      rule: rfc9113.promisePaddingTooLong,
      when: 'the padding of PUSH_PROMISE is one octet longer than what follows the Pad Length',
      needs: [takesPush],
      steps: [send(withPadLength(octets => octets + 1)), refused],
    },
    {
      rule: rfc9113.promisePaddingTooLong,
      when: 'the padding of PUSH_PROMISE is longer than the frame',
      needs: [takesPush],
      steps: [send(withPadLength(() => 255)), refused],
    },
  ],
})
