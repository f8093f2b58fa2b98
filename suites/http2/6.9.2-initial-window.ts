import type { Step } from '../../src/conformance/case.ts'
import { data, headers, ping, settings, windowUpdate } from '../../src/http2/build.ts'
import { FLOW_CONTROL_ERROR, NO_ERROR } from '../../src/http2/error-codes.ts'
import { answered, broke, connectionError, expect, goesOn, kept, that } from '../../src/http2/expect.ts'
import { flows, page, withhold } from '../../src/http2/expect-flow.ts'
import { acknowledges } from '../../src/http2/expect-frames.ts'
import { largeResponse } from '../../src/http2/features.ts'
import { PREFACE } from '../../src/http2/interpreter.ts'

import { fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { INITIAL_WINDOW_SIZE } from '../../src/http2/settings-parameters.ts'
import { send, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { type Http2Case, topic } from './roles.ts'

const LARGEST = 0x7fffffff
const BEGINNING = 65535

const window = (octets: number) => settings([[INITIAL_WINDOW_SIZE, octets]])

const large = (stream: number) => (talk: Http2Talk) => {
  const path = talk.options.resources['large'] ?? talk.options.resources['path'] ?? '/'
  return request(stream, { pseudo: { ':path': path } })(talk)
}

const openPost = (talk: Http2Talk) => headers(3, fieldBlock(requestFields(talk, { pseudo: { ':method': 'POST' } })))

const release = [send(windowUpdate(3, 65535)), expect(answered(3))]

/** A plain page of which four octets have come through a window of four, which is then made smaller by three. */
const reducedByThree: Http2Case['steps'] = [
  withhold(3),
  send(window(4), request(3)),
  expect(flows(3, 4)),
  send(window(1)),
  expect(acknowledges()),
]

/** A plain request, and one with content, before anything has come from the server. */
const greetWithContent: Step<Http2Talk> = {
  says: 'send the client preface, SETTINGS, a plain request, and one with 60,000 octets of content',
  run(talk) {
    const content = new Uint8Array(15000)
    talk.add(PREFACE, settings([[2, 0]]), ...request(1)(talk), openPost(talk))
    talk.add(data(3, content), data(3, content), data(3, content), data(3, content, { endStream: true }))
    return plain.judge(talk)
  },
}

const plain = that('a whole response to a plain request', async talk => {
  const { ended, came } = await until(talk, () => talk.message(1).ended)
  talk.control = talk.message(1).status
  return ended ? broke(came) : kept('a response')
})

/** Whoever answers a request before it has ended may be done with its stream when SETTINGS come. RFC 9113 §8.1 */
const overflows = {
  ...connectionError(FLOW_CONTROL_ERROR),
  async judge(talk: Http2Talk) {
    const finding = await connectionError(FLOW_CONTROL_ERROR).judge(talk)
    const { ended, reset = NO_ERROR } = talk.message(3)
    if (finding.outcome === 'pass' || !ended || reset !== NO_ERROR) return finding
    return { ...finding, outcome: 'unsupported' as const, came: 'a whole response before the end of the request' }
  },
}

export default topic('Initial window', {
  server: [
    {
      rule: rfc9113.initialWindowAdjustsStreams,
      when: 'the initial window grows from 3 to 7 while a response waits',
      needs: [page],
      steps: [
        withhold(3),
        send(window(3), request(3)),
        expect(flows(3, 3)),
        send(window(7)),
        expect(flows(3, 7)),
        ...release,
      ],
    },
    {
      rule: rfc9113.initialWindowAdjustsStreams,
      when: 'the initial window grows from 0 while two responses wait',
      needs: [page],
      steps: [
        withhold(3, 5),
        send(window(0), request(3), request(5)),
        expect(flows(3, 0)),
        send(window(2)),
        expect(flows(3, 2)),
        expect(flows(5, 2)),
        ...release,
      ],
    },
    {
      rule: rfc9113.initialWindowAdjustsStreams,
      when: 'the initial window shrinks before a stream has spent it, and credit had come before',
      needs: [page],
      steps: [
        withhold(3),
        send(window(0), request(3)),
        expect(flows(3, 0)),
        send(window(5), window(2)),
        expect(acknowledges()),
        // Between the two it may have sent as much as the larger allowed.
        send(windowUpdate(3, 5)),
        expect(flows(3, 7)),
        ...release,
      ],
    },
    {
      rule: rfc9113.initialWindowLeavesConnection,
      when: 'the initial window is 1 MiB, and a large page is asked for',
      needs: [largeResponse],
      steps: [
        withhold(0, 3),
        send(large(3)),
        expect(flows(0, BEGINNING)),
        send(window(1 << 20)),
        expect(flows(0, BEGINNING)),
      ],
    },
    {
      rule: rfc9113.initialWindowLeavesConnection,
      when: 'the initial window shrinks to 10, and a stream is given credit',
      needs: [largeResponse],
      steps: [
        withhold(0, 3),
        send(large(3)),
        expect(flows(0, BEGINNING)),
        send(window(10)),
        expect(acknowledges()),
        send(windowUpdate(3, 1 << 20), windowUpdate(0, 20000)),
        expect(flows(0, BEGINNING + 20000)),
      ],
    },
    {
      rule: rfc9113.negativeWindowTracked,
      when: 'a window of -3 is given 3 octets, then 2',
      needs: [page],
      steps: [
        ...reducedByThree,
        send(windowUpdate(3, 3)),
        expect(flows(3, 4)),
        send(windowUpdate(3, 2)),
        expect(flows(3, 6)),
        ...release,
      ],
    },
    {
      rule: rfc9113.negativeWindowTracked,
      when: 'a window of -3 is made 2 by SETTINGS',
      needs: [page],
      steps: [...reducedByThree, send(window(6)), expect(flows(3, 6)), ...release],
    },
    {
      rule: rfc9113.negativeWindowStopsSending,
      when: 'the window of a stream becomes -3',
      needs: [page],
      steps: [...reducedByThree, expect(flows(3, 4)), ...release],
    },
    {
      rule: rfc9113.negativeWindowStopsSending,
      when: 'the window of a stream becomes -65535',
      needs: [largeResponse],
      steps: [
        withhold(3),
        send(windowUpdate(0, 1 << 20), large(3)),
        expect(flows(3, BEGINNING)),
        send(window(0)),
        expect(acknowledges()),
        send(windowUpdate(3, BEGINNING)),
        expect(flows(3, BEGINNING)),
        send(windowUpdate(3, 1)),
        expect(flows(3, BEGINNING + 1)),
      ],
    },
    {
      rule: rfc9113.initialWindowOverflow,
      when: 'SETTINGS make the window of an open stream 2^31',
      needs: [largeResponse],
      steps: [
        withhold(0, 3),
        send(large(3)),
        expect(flows(0, BEGINNING)),
        // By now nothing is left of what the stream began with but what the page before it took of the connection's.
        send(windowUpdate(3, BEGINNING + 1), window(LARGEST), windowUpdate(0, 1 << 20)),
        expect(connectionError(FLOW_CONTROL_ERROR)),
      ],
    },
    {
      rule: rfc9113.initialWindowOverflow,
      when: 'SETTINGS of 2^31-1 meet a stream with a window of 65,536',
      steps: [send(openPost, windowUpdate(3, 1), window(LARGEST)), expect(overflows)],
    },
    {
      rule: rfc9113.initialWindowOverflow,
      when: 'SETTINGS make the window of a waiting stream 2^31-1',
      needs: [page],
      steps: [
        withhold(3),
        send(window(0), request(3)),
        expect(flows(3, 0)),
        send(window(LARGEST)),
        expect(answered(3)),
      ],
    },
    {
      rule: rfc9113.onlyDataFlowControlled,
      when: 'a response comes through a window of four octets',
      needs: [page],
      steps: [withhold(3), send(window(4), request(3)), expect(flows(3, 4)), ...release],
    },
    {
      rule: rfc9113.readsPromptly,
      when: 'a response waits for credit, and another request comes',
      needs: [page],
      steps: [
        withhold(3),
        send(window(0), request(3)),
        expect(flows(3, 0)),
        send(request(5), windowUpdate(5, 65535), ping()),
        expect(answered(5)),
        ...release,
      ],
    },
    {
      rule: rfc9113.dataBeforeReductionAccepted,
      when: 'content of 60,000 octets comes before the client can know its SETTINGS',
      begin: [greetWithContent],
      steps: [expect(goesOn())],
    },
  ],
  client: [
    {
      rule: rfc9113.onlyDataFlowControlled,
      when: 'the initial window is 0, and PING comes',
      steps: [send(window(0)), expect(acknowledges()), expect(goesOn())],
    },
  ],
})
