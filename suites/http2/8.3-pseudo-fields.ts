import type { Rule } from '../../src/conformance/rule.ts'
import { type Expectation, expect } from '../../src/http2/expect.ts'
import { everySection, type Section } from '../../src/http2/expect-message.ts'
import type { FieldLine, RequestShape } from '../../src/http2/requests.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'
import { badRequest, badResponse } from './malformed.ts'
import { topic } from './roles.ts'

const { pseudoUnknown, pseudoAfterRegular, pseudoRepeated, requestWithStatus, responseWithRequestPseudo } = rfc9113

const REQUEST = [':method', ':scheme', ':authority', ':path']
/** Defined by RFC 8441 §4, and negotiated. */
const DEFINED = new Set([...REQUEST, ':protocol', ':status'])

const pseudo = ({ fields }: Section) => fields.map(({ name }) => name).filter(name => name.startsWith(':'))

/** What may be wrong with the pseudo-header fields of a message that is sent. */
const sent: readonly (readonly [rule: Rule, expectation: Expectation])[] = [
  [
    rfc9113.pseudoSentDefined,
    everySection('no pseudo-header field but those defined', section => {
      const bad = pseudo(section).find(name => !DEFINED.has(name))
      return bad && `a ${bad} field`
    }),
  ],
  [
    rfc9113.pseudoSentInContext,
    everySection('only pseudo-header fields for this kind of message', (section, talk: Http2Talk) => {
      const wrong = talk.role === 'server' ? [...REQUEST, ':protocol'] : [':status']
      const bad = pseudo(section).find(name => wrong.includes(name))
      return bad && `a ${bad} field`
    }),
  ],
  [
    rfc9113.pseudoSentFirst,
    everySection('pseudo-header fields before all others', section => {
      const { fields } = section
      const regular = fields.findIndex(({ name }) => !name.startsWith(':'))
      const late = regular < 0 ? undefined : fields.slice(regular).find(({ name }) => name.startsWith(':'))
      return late && `${late.name} after ${fields[regular]?.name}`
    }),
  ],
  [
    rfc9113.pseudoSentOnce,
    everySection('each pseudo-header field once', section => {
      const names = pseudo(section)
      const twice = names.find((name, i) => names.indexOf(name) !== i)
      return twice && `${twice} twice`
    }),
  ],
]

const plain = (talk: Http2Talk): Readonly<Record<string, string>> => ({
  ':method': 'GET',
  ':scheme': talk.options.secure ? 'https' : 'http',
  ':authority': talk.options.authority,
  ':path': talk.options.resources['path'] ?? '/',
})

/** A request whose fields stand in an order of its own. */
const arranged =
  (arrange: (fields: Readonly<Record<string, string>>) => readonly FieldLine[]) =>
  (talk: Http2Talk): RequestShape => ({ only: arrange(plain(talk)) })

const moved = (name: string) =>
  arranged(fields => [
    ...Object.entries(fields).filter(([each]) => each !== name),
    ['accept', '*/*'],
    [name, fields[name] ?? ''],
  ])

const doubled = (name: string, value?: string) =>
  arranged(fields => [...Object.entries(fields), [name, value ?? fields[name] ?? '']])

export default topic('Pseudo-header fields', {
  server: [
    badRequest(pseudoUnknown, 'a request has the pseudo-header field :unknown', { pseudo: { ':unknown': 'x' } }),
    badRequest(pseudoUnknown, 'a request has a field named by a colon alone', { pseudo: { ':': 'x' } }),
    badRequest(pseudoUnknown, 'a request has the pseudo-header field :path in uppercase too', {
      pseudo: { ':PATH': '/' },
    }),
    badRequest(requestWithStatus, 'a request has :status', { pseudo: { ':status': '200' } }),
    ...REQUEST.map(name => badRequest(pseudoAfterRegular, `a request has ${name} after a regular field`, moved(name))),
    ...REQUEST.map(name => badRequest(pseudoRepeated, `a request has ${name} twice with one value`, doubled(name))),
    badRequest(pseudoRepeated, 'a request has two values of :path', doubled(':path', '/another')),
    badRequest(pseudoRepeated, 'a request has two values of :method', doubled(':method', 'HEAD')),
    ...sent.map(([rule, expectation]) => ({
      rule,
      when: 'GET, HEAD, OPTIONS and a path that is not there are asked for',
      steps: [expect(expectation)],
    })),
  ],
  client: [
    badResponse(pseudoUnknown, 'a response has the pseudo-header field :unknown', [
      [':status', '200'],
      [':unknown', 'x'],
    ]),
    ...REQUEST.map(name =>
      badResponse(responseWithRequestPseudo, `a response has ${name}`, [
        [':status', '200'],
        [name, name === ':path' ? '/' : name === ':method' ? 'GET' : 'http'],
      ]),
    ),
    badResponse(pseudoAfterRegular, 'a response has :status after a regular field', [
      ['content-type', 'text/plain'],
      [':status', '200'],
    ]),
    badResponse(pseudoRepeated, 'a response has :status twice with one value', [
      [':status', '200'],
      [':status', '200'],
    ]),
    badResponse(pseudoRepeated, 'a response has two values of :status', [
      [':status', '200'],
      [':status', '204'],
    ]),
    ...sent.map(([rule, expectation]) => ({
      rule,
      when: 'it requests the URL that it is given',
      steps: [expect(expectation)],
    })),
  ],
})
