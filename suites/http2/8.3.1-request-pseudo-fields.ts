import type { Rule } from '../../src/conformance/rule.ts'
import { broke, expect, kept, that } from '../../src/http2/expect.ts'
import { asked } from '../../src/http2/expect-message.ts'
import { rfc9113 } from '../../src/http2/rules.ts'
import { badRequest } from './malformed.ts'
import { type Http2Case, topic } from './roles.ts'

const { methodMissing, schemeMissing, pathMissing, pathEmpty, pathInvalid, hostDiffersFromAuthority } = rfc9113

/** The values of a client's request by name, of those that came twice all. */
type Values = (name: string) => readonly string[]

/** What a client's request has to look like: says what is wrong with it. */
function requests(rule: Rule, wants: string, fault: (values: Values) => string | undefined): Http2Case {
  const judge = that(wants, talk => {
    const { head } = talk.message(asked(talk))
    if (!head) return broke('no request')
    const values: Values = name => head.fields.filter(field => field.name === name).map(({ value }) => value)
    const found = fault(values)
    const shown = [':method', ':scheme', ':authority', ':path'].map(
      name => `${name} ${values(name).join(' and ') || '-'}`,
    )
    return found === undefined ? kept(shown.join(', ')) : broke(found)
  })
  return { rule, when: 'it requests the URL that it is given', steps: [expect(judge)] }
}

export default topic('Request pseudo-header fields', {
  server: [
    badRequest(methodMissing, 'a request has no :method', { pseudo: { ':method': undefined } }),
    badRequest(methodMissing, 'a request has an empty :method', { pseudo: { ':method': '' } }),
    badRequest(methodMissing, 'a request has a :method with a space in it', { pseudo: { ':method': 'GE T' } }),
    badRequest(schemeMissing, 'a request has no :scheme', { pseudo: { ':scheme': undefined } }),
    badRequest(schemeMissing, 'a request has an empty :scheme', { pseudo: { ':scheme': '' } }),
    badRequest(pathMissing, 'a request has no :path', { pseudo: { ':path': undefined } }),
    badRequest(pathMissing, 'an OPTIONS request has no :path', {
      pseudo: { ':method': 'OPTIONS', ':path': undefined },
    }),
    badRequest(pathEmpty, 'a request has an empty :path', { pseudo: { ':path': '' } }),
    badRequest(pathEmpty, 'an OPTIONS request has an empty :path', { pseudo: { ':method': 'OPTIONS', ':path': '' } }),
    badRequest(pathInvalid, 'a request has a :path without a slash at its start', {
      pseudo: { ':path': 'index.html' },
    }),
    badRequest(pathInvalid, 'a request has a :path that is a whole URL', {
      pseudo: { ':path': 'http://localhost/' },
    }),
    badRequest(pathInvalid, 'a GET has a :path of an asterisk', { pseudo: { ':path': '*' } }),
    badRequest(pathInvalid, 'a request has a :path that is a query only', { pseudo: { ':path': '?q' } }),
    badRequest(hostDiffersFromAuthority, 'a request has a Host other than its :authority', {
      fields: [['host', 'another.example']],
    }),
    badRequest(hostDiffersFromAuthority, 'a request has a Host of another port than its :authority', {
      pseudo: { ':authority': 'localhost:8080' },
      fields: [['host', 'localhost:8081']],
    }),
  ],
  client: [
    requests(rfc9113.requestPseudoSent, 'exactly one valid :method, :scheme and :path', values => {
      const names = [':method', ':scheme', ':path']
      const odd = names.find(name => values(name).length !== 1)
      if (odd !== undefined) return `${values(odd).length} times ${odd}`
      const [method = '', scheme = '', path = ''] = names.map(name => values(name)[0])
      if (!/^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(method)) return `:method ${method}`
      if (!/^https?$/.test(scheme)) return `:scheme ${scheme}`
      return /^\/[\x21-\x7e]*$/.test(path) ? undefined : `:path ${path}`
    }),
    requests(rfc9113.pathSentNonempty, 'a :path of at least a slash', values => {
      const [path] = values(':path')
      return path ? undefined : path === undefined ? 'no :path' : 'an empty :path'
    }),
    requests(rfc9113.authoritySent, 'an :authority', values =>
      values(':authority').length === 1 ? undefined : `${values(':authority').length} times :authority`,
    ),
    requests(rfc9113.authorityWithoutUserinfo, 'an :authority without userinfo', values => {
      const bad = values(':authority').find(value => value.includes('@'))
      return bad && `:authority ${bad}`
    }),
    requests(rfc9113.hostSentEqualsAuthority, 'no Host that differs from :authority', values => {
      const [authority] = values(':authority')
      const bad = values('host').find(value => value !== authority)
      return bad && `host ${bad}, but :authority ${authority}`
    }),
  ],
})
