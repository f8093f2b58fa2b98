import { goaway, settings } from '../../src/http2/build.ts'
import { NO_ERROR } from '../../src/http2/error-codes.ts'
import { broke, concluded, type Expectation, expect, type Judgement, kept, that } from '../../src/http2/expect.ts'
import { acknowledges, framesSeen } from '../../src/http2/expect-frames.ts'
import { pushes } from '../../src/http2/features.ts'
import { frameTypeName, HEADERS, PRIORITY, PUSH_PROMISE, RST_STREAM } from '../../src/http2/frame.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import type { Seen } from '../../src/http2/seen.ts'
import { ENABLE_PUSH, MAX_CONCURRENT_STREAMS } from '../../src/http2/settings-parameters.ts'
import { send, until } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { nonzeroPadding } from './frames.ts'
import { type Http2Case, topic } from './roles.ts'

type Promise = Extract<Seen, { kind: 'push' }>

/** The page that pushes is asked for, and what came with it looked at. */
const asked = send(talk => request(3, { pseudo: { ':path': talk.options.resources['push'] ?? '/' } })(talk))

function whenAnswered(wants: string, judge: (promises: readonly Promise[], talk: Http2Talk) => Judgement): Expectation {
  return that(wants, async talk => {
    const promised = () => talk.seen.flatMap(seen => (seen.kind === 'push' ? [seen] : []))
    const all = () => concluded(talk, 3) && promised().every(each => concluded(talk, each.promised))
    const { ended, came } = await until(talk, all)
    const judgement = judge(promised(), talk)
    if (judgement.outcome !== 'pass') return judgement
    const broken = talk.seen.find(seen => seen.kind === 'broken')
    if (broken?.kind === 'broken') return broke(broken.why)
    return ended ? broke(came) : judgement
  })
}

/** A rule about what is promised. */
const pushed = (
  rule: Http2Case['rule'],
  wants: string,
  fault: (promise: Promise, talk: Http2Talk) => string | undefined,
): Http2Case => ({
  rule,
  when: 'it pushes',
  needs: [pushes],
  steps: [
    send(settings([[ENABLE_PUSH, 1]])),
    asked,
    expect(
      whenAnswered(wants, (promises, talk) => {
        if (promises.length === 0) return broke('nothing was promised')
        for (const promise of promises) {
          const found = fault(promise, talk)
          if (found !== undefined) return broke(found)
        }
        return kept(`a promise of stream ${promises.map(each => each.promised).join(', ')}`)
      }),
    ),
  ],
})

const field = ({ fields }: Promise, name: string) => fields.find(each => each.name === name)?.value

/** Nothing may be pushed after this. */
const without = (rule: Http2Case['rule'], when: string, first: Http2Case['steps'], wants: string): Http2Case => ({
  rule,
  when,
  needs: [pushes],
  steps: [
    send(settings([[ENABLE_PUSH, 1]])),
    ...first,
    asked,
    expect(
      whenAnswered(wants, (promises, talk) => {
        const begun = promises.find(({ promised }) => talk.message(promised).head)
        if (begun) return broke(`a response on stream ${begun.promised}`)
        return promises.length === 0 ? kept('no promise') : kept('a promise that did not begin')
      }),
    ),
  ],
})

export default topic('Server push', {
  server: [
    pushed(rfc9113.promisedIdValid, 'promises of idle streams of even numbers', ({ promised }) =>
      promised > 0 && promised % 2 === 0 ? undefined : `a promise of stream ${promised}`,
    ),
    pushed(rfc9113.streamIdIncreases, 'each promised stream to be above the one before it', (promise, talk) => {
      const all = talk.seen.flatMap(seen => (seen.kind === 'push' ? [seen] : []))
      const before = all[all.indexOf(promise) - 1]
      return before && before.promised >= promise.promised
        ? `stream ${promise.promised} after stream ${before.promised}`
        : undefined
    }),
    pushed(rfc9113.promisePaddingZero, 'padding of zeros', ({ frames }) =>
      frames
        .filter(({ type }) => type === PUSH_PROMISE)
        .map(nonzeroPadding)
        .find(found => found !== undefined),
    ),
    pushed(rfc9113.promiseContinued, 'the field block of each promise to come to its end', () => undefined),
    pushed(rfc9113.promiseOnPeerStream, 'a promise on the stream of the request, before its end', (promise, talk) => {
      if (promise.stream !== 3) return `a promise on stream ${promise.stream}`
      const end = talk.seen.findIndex(
        seen => (seen.kind === 'data' || seen.kind === 'headers') && seen.stream === 3 && seen.endStream,
      )
      return end >= 0 && end < talk.seen.indexOf(promise) ? 'a promise after the end of the response' : undefined
    }),
    pushed(rfc9113.reservedLocalSends, 'a promised stream to begin with HEADERS', ({ promised }, talk) => {
      for (const { type, stream } of framesSeen(talk)) {
        if (stream !== promised || type === PRIORITY) continue
        return type === HEADERS || type === RST_STREAM ? undefined : `${frameTypeName(type)} before HEADERS`
      }
      return undefined
    }),
    pushed(rfc9113.promisedFieldsComplete, 'promises with all the pseudo-header fields of a request', promise => {
      const missing = [':method', ':scheme', ':authority', ':path'].find(name => !field(promise, name))
      return missing === undefined ? undefined : `no ${missing}`
    }),
    pushed(rfc9113.promisedRequestCacheable, 'promises of GET or HEAD, without content', promise => {
      const method = field(promise, ':method')
      if (method !== 'GET' && method !== 'HEAD') return `a promise of ${method}`
      return (field(promise, 'content-length') ?? '0') === '0' ? undefined : 'a promise with content'
    }),
    pushed(rfc9113.promiseOwnAuthority, 'promises for the authority that was asked', (promise, talk) => {
      const authority = field(promise, ':authority')
      return authority === talk.options.authority ? undefined : `a promise for ${authority}`
    }),
    without(
      rfc9113.concurrencyWithinPeerLimit,
      'a page that pushes is asked for after SETTINGS_MAX_CONCURRENT_STREAMS 0',
      [send(settings([[MAX_CONCURRENT_STREAMS, 0]])), expect(acknowledges())],
      'no pushed stream to begin',
    ),
    without(
      rfc9113.noStreamAfterGoaway,
      'a page that pushes is asked for after GOAWAY',
      [send(goaway(0, NO_ERROR))],
      'a response, and no pushed stream',
    ),
  ],
})
