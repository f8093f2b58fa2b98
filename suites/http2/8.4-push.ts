import type { Rule } from '../../src/conformance/rule.ts'
import { pushPromise } from '../../src/http2/build.ts'
import { PROTOCOL_ERROR } from '../../src/http2/error-codes.ts'
import { broke, connectionError, contented, expect, kept, streamError, that } from '../../src/http2/expect.ts'
import { asked, respond } from '../../src/http2/expect-message.ts'
import { takesPush } from '../../src/http2/features.ts'
import { type FieldLine, fieldBlock, request, requestFields } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send } from '../../src/http2/steps.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { promisedRequest } from './promises.ts'
import { type Http2Case, topic } from './roles.ts'

const { promisedFieldsIncomplete, promisedMethodUnsafe, promisedRequestUncacheable } = rfc9113

type Pseudo = Readonly<Record<string, string | undefined>>

/** A promise on the client's request, with something wrong about it. */
const promise =
  (pseudo: Pseudo, fields: readonly FieldLine[] = []) =>
  (talk: Http2Talk) =>
    pushPromise(asked(talk), 2, promisedRequest(talk, pseudo, fields))

/** A promise that the client has to reset. */
function badPromise(rule: Rule, when: string, pseudo: Pseudo, fields: readonly FieldLine[] = []): Http2Case {
  return {
    rule,
    when,
    needs: [takesPush],
    steps: [send(promise(pseudo, fields)), expect(streamError(2, [PROTOCOL_ERROR]))],
  }
}

export default topic('Server push', {
  server: [
    {
      rule: rfc9113.promiseToServer,
      when: 'a client promises a stream on its own open stream',
      steps: [
        send(request(3, { endStream: false }), talk => pushPromise(3, 4, fieldBlock(requestFields(talk)))),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
    {
      rule: rfc9113.promiseToServer,
      when: 'a client promises an odd stream on a closed one',
      steps: [
        send(talk => pushPromise(1, 3, fieldBlock(requestFields(talk)))),
        expect(connectionError(PROTOCOL_ERROR)),
      ],
    },
  ],
  client: [
    badPromise(promisedRequestUncacheable, 'an OPTIONS request is promised, which is safe', { ':method': 'OPTIONS' }),
    badPromise(promisedRequestUncacheable, 'a TRACE request is promised, which is safe', { ':method': 'TRACE' }),
    badPromise(rfc9113.promisedRequestWithContent, 'a promised request announces 4 octets of content', {}, [
      ['content-length', '4'],
    ]),
    badPromise(rfc9113.promiseForeignAuthority, 'a promise names another host', { ':authority': 'another.example' }),
    badPromise(rfc9113.promiseForeignAuthority, 'a promise has no :authority', { ':authority': undefined }),
    badPromise(promisedFieldsIncomplete, 'a promise has no :method', { ':method': undefined }),
    badPromise(promisedFieldsIncomplete, 'a promise has no :scheme', { ':scheme': undefined }),
    badPromise(promisedFieldsIncomplete, 'a promise has no :path', { ':path': undefined }),
    badPromise(promisedFieldsIncomplete, 'a promise has an empty :path', { ':path': '' }),
    badPromise(promisedFieldsIncomplete, 'a promise has :status', { ':status': '200' }),
    badPromise(promisedFieldsIncomplete, 'a promise has an uppercase field name', {}, [['X-Upper', 'x']]),
    badPromise(promisedFieldsIncomplete, 'a promise has a connection field', {}, [['connection', 'close']]),
    badPromise(promisedMethodUnsafe, 'a POST request is promised', { ':method': 'POST' }),
    badPromise(promisedMethodUnsafe, 'a DELETE request is promised', { ':method': 'DELETE' }),
    badPromise(promisedMethodUnsafe, 'a request by a method that nobody knows is promised', {
      ':method': 'FROBNICATE',
    }),
    {
      rule: rfc9113.clientNeverPromises,
      when: 'it requests the URL that it is given and takes the response',
      steps: [
        send(respond({ content: 'wire' })),
        expect(contented()),
        expect(
          that('no PUSH_PROMISE', talk => {
            const promised = talk.seen.find(seen => seen.kind === 'push')
            return promised ? broke('PUSH_PROMISE') : kept('none')
          }),
        ),
      ],
    },
  ],
})
