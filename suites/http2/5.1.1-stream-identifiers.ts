import { headers, settings } from '../../src/http2/build.ts'
import { PROTOCOL_ERROR, STREAM_CLOSED } from '../../src/http2/error-codes.ts'
import { broke, concluded, connectionError, expect, goesOn, kept, that } from '../../src/http2/expect.ts'
import { framesSeen } from '../../src/http2/expect-frames.ts'
import { pushes, takesPush } from '../../src/http2/features.ts'
import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { ENABLE_PUSH } from '../../src/http2/settings-parameters.ts'
import { send, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { promise } from './promises.ts'
import { topic } from './roles.ts'

/** The streams that a client has opened, in order. */
function opened(talk: Http2Talk): readonly number[] {
  return talk.seen.flatMap(seen => (seen.kind === 'headers' ? [seen.stream] : []))
}

/** A client has made its request; then all its streams are looked at. */
const afterwards = (wants: string, fault: (streams: readonly number[]) => string | undefined) => [
  expect(goesOn()),
  expect(
    that(wants, talk => {
      const streams = opened(talk)
      const found = fault(streams)
      return found === undefined ? kept(`HEADERS on stream ${streams.join(', ')}`) : broke(found)
    }),
  ),
]

export default topic('Stream identifiers', {
  server: [
    {
      rule: rfc9113.clientHeadersOnEvenStream,
      when: 'a request comes on stream 2',
      steps: [
        send(talk => headers(2, fieldBlock(requestFields(talk)), { endStream: true })),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    {
      rule: rfc9113.streamIdNotIncreasing,
      when: 'a request comes on stream 5 after one on stream 7',
      steps: [
        send(request(7), request(5)),
        // Stream 5 was closed by the opening of stream 7: the code for closed streams applies as well. RFC 9113 §5.1, §5.4
        expect(connectionError(PROTOCOL_ERROR, STREAM_CLOSED)),
      ],
    },
    {
      rule: rfc9113.skippedStreamCloses,
      when: 'a request comes on stream 3 after one on stream 101',
      steps: [send(request(101), request(3)), expect(connectionError(PROTOCOL_ERROR, STREAM_CLOSED))],
    },
    {
      rule: rfc9113.serverStreamEven,
      when: 'it pushes',
      needs: [pushes],
      steps: [
        send(settings([[ENABLE_PUSH, 1]])),
        send(talk => request(3, { pseudo: { ':path': talk.options.resources['push'] ?? '/' } })(talk)),
        expect(
          that('streams of even numbers to be promised', async talk => {
            const promised = () => talk.seen.flatMap(seen => (seen.kind === 'push' ? [seen.promised] : []))
            const { ended, came } = await until(talk, () => concluded(talk, 3) && promised().length > 0)
            const odd = promised().find(stream => stream % 2 === 1)
            if (odd !== undefined) return broke(`a promise of stream ${odd}`)
            return ended ? broke(came) : kept(`a promise of stream ${promised().join(', ')}`)
          }),
        ),
      ],
    },
  ],
  client: [
    {
      rule: rfc9113.clientStreamOdd,
      when: 'it requests the URL that it is given',
      steps: [
        expect(
          that('streams of odd numbers', talk => {
            const even = framesSeen(talk).find(({ stream }) => stream !== 0 && stream % 2 === 0)
            return even ? broke(`stream ${even.stream}`) : kept(`HEADERS on stream ${opened(talk).join(', ')}`)
          }),
        ),
      ],
    },
    {
      rule: rfc9113.streamIdIncreases,
      when: 'it requests the URL that it is given',
      steps: afterwards('each new stream to be above the one before it', streams => {
        const at = streams.findIndex((stream, index) => index > 0 && stream < (streams[index - 1] as number))
        return at < 0 ? undefined : `stream ${streams[at]} after stream ${streams[at - 1]}`
      }),
    },
    {
      rule: rfc9113.streamIdNotReused,
      when: 'it requests the URL that it is given',
      steps: afterwards('no stream to be opened twice', streams => {
        const twice = streams.find((stream, index) => streams.indexOf(stream) !== index)
        return twice === undefined ? undefined : `stream ${twice} was opened twice`
      }),
    },
    {
      rule: rfc9113.streamIdNotIncreasing,
      when: 'stream 2 is promised after stream 4',
      needs: [takesPush],
      steps: [send(promise(4), promise(2)), expect(connectionError(PROTOCOL_ERROR))],
    },
  ],
})
