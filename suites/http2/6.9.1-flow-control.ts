import type { Rule } from '../../src/conformance/rule.ts'
import { data, headers, settings, windowUpdate } from '../../src/http2/build.ts'
import { FLOW_CONTROL_ERROR } from '../../src/http2/error-codes.ts'
import { answered, connectionError, contented, expect, goesOn, streamError } from '../../src/http2/expect.ts'
import { filling, flows, page, replenishes, spent, withhold } from '../../src/http2/expect-flow.ts'
import { asked, offerContent, opening, section, takenAs } from '../../src/http2/expect-message.ts'
import { largeResponse } from '../../src/http2/features.ts'
import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE } from '../../src/http2/settings-parameters.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { type Http2Case, topic } from './roles.ts'

const LARGEST = 0x7fffffff
const BEGINNING = 65535

/** More content than any window that a case fills has room for. */
const MUCH = { fields: [['content-length', '4000000']] } as const

const window = (octets: number) => settings([[INITIAL_WINDOW_SIZE, octets]])

/** A request for the large page. */
const large = (stream: number) => (talk: Http2Talk) => {
  const path = talk.options.resources['large'] ?? talk.options.resources['path'] ?? '/'
  return request(stream, { pseudo: { ':path': path } })(talk)
}

/** Credit enough for any page. */
const release = [send(windowUpdate(3, 65535)), expect(answered(3))]

/** A plain page through a window of so many octets. */
const narrow = (octets: number): Http2Case['steps'] => [
  withhold(3),
  send(window(octets), request(3)),
  expect(flows(3, octets)),
]

/** Credit that takes the window of the connection to 2^31-1, or beyond. */
const toTheLimit = (beyond: number) => (talk: Http2Talk) =>
  windowUpdate(0, LARGEST - BEGINNING + spent(talk, 0) + beyond)

/** The large page, held back by the window of the connection alone. */
const heldByConnection = [withhold(0, 3), send(window(1 << 20), large(3)), expect(flows(0, BEGINNING))]

const openPost = (talk: Http2Talk) => headers(3, fieldBlock(requestFields(talk, { pseudo: { ':method': 'POST' } })))

const small = (rule: Rule, when: string, ...steps: Http2Case['steps']): Http2Case => ({
  rule,
  when,
  needs: [page],
  steps,
})

const wide = (rule: Rule, when: string, ...steps: Http2Case['steps']): Http2Case => ({
  rule,
  when,
  needs: [largeResponse],
  steps,
})

const { streamWindowRespected, connectionWindowRespected, windowUpdateResumes } = rfc9113

const server: readonly Http2Case[] = [
  small(streamWindowRespected, 'the window of a stream is empty', ...narrow(0), ...release),
  small(streamWindowRespected, 'the window of a stream has one octet', ...narrow(1), ...release),
  small(streamWindowRespected, 'the window of a stream has seven octets', ...narrow(7), ...release),
  small(
    streamWindowRespected,
    'the connection is given credit, and a stream none',
    ...narrow(3),
    send(windowUpdate(0, 100000)),
    expect(flows(3, 3)),
    ...release,
  ),
  small(
    streamWindowRespected,
    'one of two streams is given credit',
    withhold(3, 5),
    send(window(2), request(3), request(5)),
    expect(flows(3, 2)),
    expect(flows(5, 2)),
    send(windowUpdate(5, 3)),
    expect(flows(5, 5)),
    expect(flows(3, 2)),
    ...release,
  ),
  wide(
    streamWindowRespected,
    'only the window of a stream is at its end, after 65,535 octets',
    withhold(3),
    send(windowUpdate(0, 1 << 20), large(3)),
    expect(flows(3, BEGINNING)),
    send(windowUpdate(3, 1)),
    expect(flows(3, BEGINNING + 1)),
  ),
  wide(
    streamWindowRespected,
    'the window of a stream is one octet larger than a frame',
    withhold(3),
    send(window(16385), large(3)),
    expect(flows(3, 16385)),
  ),
  wide(
    connectionWindowRespected,
    'only the window of the connection is at its end, after 65,535 octets',
    ...heldByConnection,
    send(windowUpdate(0, 1)),
    expect(flows(0, BEGINNING + 1)),
  ),
  wide(
    connectionWindowRespected,
    'a stream is given credit, and the connection none',
    ...heldByConnection,
    send(windowUpdate(3, 100000)),
    expect(flows(0, BEGINNING)),
  ),
  wide(
    connectionWindowRespected,
    'two streams share the window of the connection',
    withhold(0, 3, 5),
    send(large(3), large(5)),
    expect(flows(0, BEGINNING)),
  ),
  small(
    windowUpdateResumes,
    'a stream is given one octet three times over',
    ...narrow(0),
    ...[1, 2, 3].flatMap(total => [send(windowUpdate(3, 1)), expect(flows(3, total))]),
    ...release,
  ),
  small(
    windowUpdateResumes,
    'two WINDOW_UPDATE frames for a stream come at once',
    ...narrow(1),
    send(windowUpdate(3, 2), windowUpdate(3, 3)),
    expect(flows(3, 6)),
    ...release,
  ),
  wide(
    windowUpdateResumes,
    'the connection is given more in two steps',
    ...heldByConnection,
    send(windowUpdate(0, 10)),
    expect(flows(0, BEGINNING + 10)),
    send(windowUpdate(0, 20000)),
    expect(flows(0, BEGINNING + 20010)),
  ),
  {
    rule: rfc9113.emptyDataWithoutWindow,
    when: 'empty DATA with END_STREAM follow content that fills the window',
    steps: [
      offerContent,
      send(talk => {
        const frames = filling(talk, 7) ?? [data(7, 'wire')]
        const length = frames.reduce((sum, { payload }) => sum + payload.length, 0)
        const fields = [['content-length', String(length)]] as const
        return [opening(7, { fields })(talk), ...frames, data(7, '', { endStream: true })]
      }),
      expect(takenAs(7)),
    ],
  },
  {
    rule: rfc9113.receiverReplenishesWindow,
    when: 'content is larger than the window of a stream',
    steps: [offerContent, send(opening(7, MUCH)), expect(replenishes('stream', () => 7))],
  },
  {
    rule: rfc9113.receiverReplenishesWindow,
    when: 'content is larger than the window of the connection',
    steps: [offerContent, send(opening(7, MUCH)), expect(replenishes('connection', () => 7))],
  },
  {
    rule: rfc9113.streamWindowOverflow,
    when: 'WINDOW_UPDATE of 2^31-1 comes on an open stream',
    steps: [send(openPost, windowUpdate(3, LARGEST)), expect(streamError(3, [FLOW_CONTROL_ERROR], { early: true }))],
  },
  wide(
    rfc9113.streamWindowOverflow,
    'WINDOW_UPDATE makes the window of a stream 2^31',
    ...heldByConnection,
    send(talk => windowUpdate(3, LARGEST - (1 << 20) + spent(talk, 3) + 1)),
    expect(streamError(3, [FLOW_CONTROL_ERROR])),
  ),
  wide(
    rfc9113.streamWindowOverflow,
    'WINDOW_UPDATE makes the window of a stream 2^31-1',
    ...heldByConnection,
    send(talk => windowUpdate(3, LARGEST - (1 << 20) + spent(talk, 3))),
    send(windowUpdate(0, 1 << 30)),
    expect(answered(3)),
  ),
]

export default topic('Flow control', {
  both: [
    {
      rule: rfc9113.connectionWindowOverflow,
      when: 'WINDOW_UPDATE of 2^31-1 comes on the connection',
      steps: [send(windowUpdate(0, LARGEST)), expect(connectionError(FLOW_CONTROL_ERROR))],
    },
    {
      rule: rfc9113.connectionWindowOverflow,
      when: 'WINDOW_UPDATE makes the window of the connection 2^31-1',
      steps: [withhold(0), send(toTheLimit(0)), expect(goesOn())],
    },
    {
      rule: rfc9113.connectionWindowOverflow,
      when: 'WINDOW_UPDATE makes the window of the connection 2^31',
      steps: [withhold(0), send(toTheLimit(1)), expect(connectionError(FLOW_CONTROL_ERROR))],
    },
  ],
  server,
  client: [
    {
      rule: rfc9113.emptyDataWithoutWindow,
      when: 'empty DATA with END_STREAM follow content that fills the window',
      steps: [
        send(section([[':status', '200']]), talk => [
          ...(filling(talk, asked(talk)) ?? [data(asked(talk), 'wire')]),
          data(asked(talk), '', { endStream: true }),
        ]),
        expect(contented()),
      ],
    },
    {
      rule: rfc9113.receiverReplenishesWindow,
      when: 'a response is larger than the window of its stream',
      steps: [send(section([[':status', '200']])), expect(replenishes('stream', asked))],
    },
    {
      rule: rfc9113.receiverReplenishesWindow,
      when: 'a response is larger than the window of the connection',
      steps: [send(section([[':status', '200']])), expect(replenishes('connection', asked))],
    },
  ],
})
