import type { Case } from '../../src/conformance/case.ts'
import { suite } from '../../src/conformance/case.ts'
import type { Ask } from '../../src/dns/ask.ts'
import { answers, nameError, noError, notTruncated, proper } from '../../src/dns/checks.ts'
import { check } from '../../src/dns/expect.ts'
import { ourZone } from '../../src/dns/features.ts'
import { DNS_MESSAGE } from '../../src/dns/https-server.ts'
import {
  ask,
  type Build,
  byGet,
  byPost,
  dnsResponse,
  expectEachHttp,
  expectHttp,
  fieldOf,
  httpCheck,
  status,
} from '../../src/dns/https-steps.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dns } from '../../src/dns/protocol.ts'
import { rfc8484 } from '../../src/dns/rules.ts'
import type { DnsTalk } from '../../src/dns/talk.ts'
import { allTexts, https } from './connections.ts'

const www: Ask = { name: 'www', type: TYPE.A }
const isWww = dnsResponse(proper, noError, answers('www A 192.0.2.1'))
const success = status(200, 299)
const base = { opening: https, needs: [ourZone] }
const methods = [
  ['GET', byGet],
  ['POST', byPost],
] as const

const ofDnsMessage = httpCheck(`content of type ${DNS_MESSAGE}`, ({ http }) => {
  const type = fieldOf(http, 'content-type')
  return type.toLowerCase().split(';')[0]?.trim() === DNS_MESSAGE ? undefined : `it is of type ${type || 'none'}`
})

const lettered = new Uint8Array(9).map((_, i) => (i % 3 === 0 ? 0xfb : 0xff))

const isId = (id: number) => check(`the identifier ${id}`, given => (given.id === id ? undefined : `it is ${given.id}`))

/** A request that brings no query that could be answered; a response that says so is as good as a status. */
function withoutQuery(when: string, build: Build, one: Ask = www): Case<DnsTalk> {
  const refused = httpCheck('another status than 2xx, or a DNS response', ({ http, seen }) =>
    http.status >= 200 && http.status < 300 && seen.kind !== 'message'
      ? `status ${http.status} and no DNS response`
      : undefined,
  )
  return {
    rule: rfc8484.successIsResponse,
    when,
    ...base,
    steps: [ask(`send a request: ${when}`, build, one), expectHttp('weak', refused)],
  }
}

/** A GET request with something else in place of its query. */
const searching =
  (search: (encoded: string) => string): Build =>
  (query, path) => ({
    method: 'GET',
    path: `${path}${search(Buffer.from(query).toString('base64url'))}`,
    fields: [{ name: 'accept', value: DNS_MESSAGE }],
  })

const cut: Ask = { ...www, mangle: octets => octets.subarray(0, 20) }
const none: Ask = { ...www, mangle: () => new Uint8Array(0) }
const short: Ask = { ...www, mangle: octets => octets.subarray(0, 5) }
/** A query with more octets behind it than any message can have. */
const tooLong: Ask = { ...www, mangle: octets => Buffer.concat([octets, new Uint8Array(65_536 - octets.length)]) }

export default suite(dns, 'server', 'HTTPS', [
  {
    rule: rfc8484.postAnswered,
    when: 'a query is posted',
    ...base,
    steps: [ask('post a query for the address of www', byPost(), www), expectHttp('fail', success, isWww)],
  },
  {
    rule: rfc8484.postAnswered,
    when: 'the largest answer is asked for by POST',
    ...base,
    steps: [
      ask('post a query for size20000', byPost(), { name: 'size20000', type: TYPE.TXT }),
      expectHttp('fail', success, dnsResponse(proper, noError, notTruncated, allTexts('size20000'))),
    ],
  },
  {
    rule: rfc8484.getAnswered,
    when: 'a query is in the path',
    ...base,
    steps: [ask('fetch the address of www', byGet(), www), expectHttp('fail', success, isWww)],
  },
  {
    rule: rfc8484.getAnswered,
    when: 'the encoding of a query has the letters that only base64url has',
    ...base,
    steps: [
      // Octets fb ff make `-` and `_`. RFC 4648 §5
      ask('fetch something with - and _ in it', byGet(), {
        ...www,
        edns: { options: [{ code: 65_001, data: lettered }] },
      }),
      expectHttp('fail', success, isWww),
    ],
  },
  {
    rule: rfc8484.getAnswered,
    when: 'the largest answer is asked for by GET',
    ...base,
    steps: [
      ask('fetch size20000', byGet(), { name: 'size20000', type: TYPE.TXT }),
      expectHttp('fail', success, dnsResponse(proper, noError, notTruncated, allTexts('size20000'))),
    ],
  },
  {
    rule: rfc8484.http2Served,
    when: 'HTTP/2 carries a query',
    ...base,
    steps: [ask('fetch the address of www', byGet(), www), expectHttp('fail', success, isWww)],
  },
  ...methods.flatMap(([named, by]): Case<DnsTalk>[] => [
    {
      rule: rfc8484.acceptNotNeeded,
      when: `a request by ${named} has no field Accept`,
      ...base,
      steps: [
        ask('ask for the address of www', by({ name: 'accept', value: '' }), www),
        expectHttp('fail', success, isWww),
      ],
    },
    {
      rule: rfc8484.acceptNotNeeded,
      when: `a request by ${named} accepts any type`,
      ...base,
      steps: [
        ask('ask for the address of www', by({ name: 'accept', value: '*/*' }), www),
        expectHttp('fail', success, isWww),
      ],
    },
    {
      rule: rfc8484.idZeroAnswered,
      when: `a query by ${named} has the identifier 0`,
      ...base,
      steps: [
        ask('ask for the address of www with identifier 0', by(), { ...www, id: 0 }),
        expectHttp('fail', success, isWww, dnsResponse(isId(0))),
      ],
    },
    {
      rule: rfc8484.responseMediaType,
      when: `a query by ${named} is answered`,
      ...base,
      steps: [ask('ask for the address of www', by(), www), expectHttp('fail', success, ofDnsMessage)],
    },
    {
      rule: rfc8484.contentWithoutLength,
      when: `a query by ${named} is answered`,
      ...base,
      steps: [ask('ask for the address of www', by(), www), expectHttp('fail', success, isWww)],
    },
    {
      rule: rfc8484.exchangeEach,
      when: `twenty queries by ${named} come in one write, all with the identifier 0`,
      ...base,
      steps: [
        ask(
          'ask twenty times',
          by(),
          ...Array.from({ length: 20 }, (_, i) => ({ name: i % 2 ? 'www' : 'mail', type: TYPE.A })),
        ),
        expectEachHttp(success, dnsResponse(proper, noError)),
      ],
    },
    {
      rule: rfc8484.dnsErrorsAreSuccess,
      when: `a query by ${named} asks for a name that does not exist`,
      ...base,
      steps: [
        ask('ask for a name that there is not', by(), { name: 'nothing-here', type: TYPE.A }),
        expectHttp('fail', success, dnsResponse(proper, nameError)),
      ],
    },
    {
      rule: rfc8484.dnsErrorsAreSuccess,
      when: `a query by ${named} asks for a name of another zone`,
      ...base,
      steps: [
        ask('ask for a name of another zone', by(), { name: 'example.net.', type: TYPE.A }),
        expectHttp('fail', success, dnsResponse(proper)),
      ],
    },
    {
      rule: rfc8484.ednsSizeIgnored,
      when: `a query by ${named} takes datagrams of 512 octets`,
      ...base,
      steps: [
        ask('ask for size5000', by(), { name: 'size5000', type: TYPE.TXT, edns: { size: 512 } }),
        expectHttp('fail', success, dnsResponse(proper, noError, notTruncated, allTexts('size5000'))),
      ],
    },
  ]),
  {
    rule: rfc8484.mediaTypeOfAnyCase,
    when: 'the media type of content is in letters of both cases',
    ...base,
    steps: [
      ask('post a query', byPost({ name: 'content-type', value: 'Application/DNS-Message' }), www),
      expectHttp('fail', success, isWww),
    ],
  },
  {
    rule: rfc8484.mediaTypeRefused,
    when: 'the content is said to be plain text',
    ...base,
    steps: [
      ask('post a query as text', byPost({ name: 'content-type', value: 'text/plain' }), www),
      expectHttp('weak', status(415)),
    ],
  },
  {
    rule: rfc8484.mediaTypeRefused,
    when: 'the content is said to be JSON',
    ...base,
    steps: [
      ask('post a query as JSON', byPost({ name: 'content-type', value: 'application/dns+json' }), www),
      expectHttp('weak', status(415)),
    ],
  },
  {
    rule: rfc8484.errorsHoldNoResponse,
    when: 'the content is said to be plain text',
    ...base,
    steps: [
      ask('post a query as text', byPost({ name: 'content-type', value: 'text/plain' }), www),
      expectHttp(
        'fail',
        httpCheck('no DNS message with a status that is not 2xx', ({ http }) =>
          http.status >= 300 && fieldOf(http, 'content-type').startsWith(DNS_MESSAGE)
            ? `status ${http.status} with a DNS message`
            : undefined,
        ),
      ),
    ],
  },
  withoutQuery(
    'the parameter dns is missing',
    searching(() => ''),
  ),
  withoutQuery(
    'the parameter dns is empty',
    searching(() => '?dns='),
  ),
  withoutQuery(
    'the query stands in another parameter',
    searching(encoded => `?query=${encoded}`),
  ),
  withoutQuery(
    'the parameter dns has characters that base64url has not',
    searching(() => '?dns=!!!!$$$$'),
  ),
  withoutQuery(
    'the parameter dns has one character more than base64url can',
    searching(encoded => `?dns=${encoded.slice(0, 29)}`),
  ),
  withoutQuery('a query in the path is cut off', byGet(), cut),
  withoutQuery('a query in the path is shorter than a header', byGet(), short),
  withoutQuery('a POST request has no content', byPost(), none),
  withoutQuery('the content is cut off', byPost(), cut),
  withoutQuery('the content is shorter than a header', byPost(), short),
  withoutQuery('a query comes by PUT', (query, path) => ({ ...byPost()(query, path), method: 'PUT' })),
  withoutQuery('a query comes by DELETE', (query, path) => ({ ...byGet()(query, path), method: 'DELETE' })),
  {
    rule: rfc8484.messageLimit,
    when: 'a query is posted with more octets behind it than a message can have',
    ...base,
    steps: [
      ask('post 65,536 octets', byPost(), tooLong),
      expectHttp(
        'weak',
        httpCheck('another status than 2xx', ({ http }) => (http.status < 300 ? `status ${http.status}` : undefined)),
      ),
    ],
  },
])
