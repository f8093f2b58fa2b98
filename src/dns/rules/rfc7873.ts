import { rulebook } from '../../conformance/rule.ts'

/** RFC 7873: DNS cookies; what binds a server. */
export const rfc7873 = rulebook('rfc7873', {
  cookieAnswered: {
    section: '5.2.3',
    level: 'MUST',
    role: 'server',
    text: "A server that knows cookies answers a client's cookie with that and one of its own",
  },
  clientCookieCopied: {
    section: '4.2',
    level: 'MUST',
    role: 'server',
    text: "The client's cookie is given back as it was",
  },
  serverCookieLength: { section: '4.2', level: 'MUST', role: 'server', text: "A server's cookie has 8 to 32 octets" },
  cookieMalformedRefused: {
    section: '5.2.2',
    level: 'MUST',
    role: 'server',
    text: 'A cookie option of a length that no cookies have gets FORMERR',
  },
  noCookieUnasked: {
    section: '5.2.1',
    level: 'MUST',
    role: 'server',
    text: 'A query without a cookie gets a response without one',
  },
  validCookieAccepted: {
    section: '5.2.5',
    level: 'MUST',
    role: 'server',
    text: 'A query with the cookie that the server gave is answered',
  },
  badCookieAnswered: {
    section: '5.2.4',
    level: 'MUST',
    role: 'server',
    text: 'A query with a server cookie that is not ours gets a new one, with BADCOOKIE or with its answer',
  },
  cookieWithoutQuestion: {
    section: '5.4',
    level: 'MUST',
    role: 'server',
    text: 'A query with a cookie and no question gets a cookie, and NOERROR',
  },
})
