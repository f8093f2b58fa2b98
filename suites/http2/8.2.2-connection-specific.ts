import { answered, expect } from '../../src/http2/expect.ts'
import { everySection } from '../../src/http2/expect-message.ts'
import { request } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { send } from '../../src/http2/steps.ts'
import { type BadField, requestsWith, responsesWith } from './malformed.ts'
import { topic } from './roles.ts'

const inBoth: readonly BadField[] = [
  [rfc9113.connectionField, 'a connection field', 'connection', 'close'],
  [rfc9113.proxyConnectionField, 'a proxy-connection field', 'proxy-connection', 'keep-alive'],
  [rfc9113.keepAliveField, 'a keep-alive field', 'keep-alive', 'timeout=5'],
  [rfc9113.transferEncodingField, 'a transfer-encoding field', 'transfer-encoding', 'chunked'],
  [rfc9113.upgradeField, 'an upgrade field', 'upgrade', 'h2c'],
]

const inRequests: readonly BadField[] = [
  [rfc9113.connectionField, 'a connection field that names another field', 'connection', 'x-hop'],
  [rfc9113.transferEncodingField, 'a transfer-encoding field of identity', 'transfer-encoding', 'identity'],
  [rfc9113.teOtherThanTrailers, 'a te field of gzip', 'te', 'gzip'],
  [rfc9113.teOtherThanTrailers, 'a te field of trailers and deflate', 'te', 'trailers, deflate;q=0.5'],
]

/** RFC 9110 §7.6.1 names all but the first, RFC 9113 §8.2.2 all. */
const CONNECTION_SPECIFIC = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade'])

const none = everySection('no connection-specific field', ({ fields }) => {
  const bad = fields.find(({ name }) => CONNECTION_SPECIFIC.has(name))
  return bad && `${bad.name}: ${bad.value}`
})

export default topic('Connection-specific fields', {
  server: [
    ...requestsWith(inBoth),
    ...requestsWith(inRequests),
    {
      rule: rfc9113.teTrailersAccepted,
      when: 'a request has a te field of trailers',
      steps: [send(request(3, { fields: [['te', 'trailers']] })), expect(answered(3))],
    },
    {
      rule: rfc9113.connectionFieldsNotSent,
      when: 'GET, HEAD, OPTIONS and a path that is not there are asked for',
      steps: [expect(none)],
    },
  ],
  client: [
    ...responsesWith(inBoth),
    {
      rule: rfc9113.connectionFieldsNotSent,
      when: 'it requests the URL that it is given',
      steps: [expect(none)],
    },
    {
      rule: rfc9113.teSentTrailersOnly,
      when: 'it requests the URL that it is given',
      steps: [
        expect(
          everySection('no te field but trailers', ({ fields }) => {
            const bad = fields.find(({ name, value }) => name === 'te' && value.toLowerCase() !== 'trailers')
            return bad && `te: ${bad.value}`
          }),
        ),
      ],
    },
  ],
})
