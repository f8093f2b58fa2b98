import { rulebook } from '../../conformance/rule.ts'

/** RFC 7873: DNS cookies; what binds a server that knows them. */
export const rfc7873 = rulebook('rfc7873', {
  serverCookieLength: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'The cookie option of a response has 16 to 40 octets: that of the client and 8 to 32 of the server',
  },
  serverCookieDiffers: {
    section: '4.2',
    level: 'MUST',
    role: 'server',
    text: "Another cookie of a client, or another address, usually gets another server's cookie",
  },
  serverCookieRandom: {
    section: '4.2',
    level: 'SHOULD',
    role: 'server',
    text: "A server's cookie is made by a pseudorandom function from a secret of 64 bits or more, and the secret changes",
    unobservable: 'a good function looks like a bad one to those who do not know the secret',
  },
  firstCookieOnly: {
    section: '5.2',
    level: 'MUST',
    role: 'server',
    text: 'Of several cookie options in a query only the first counts',
  },
  noCookieUnasked: {
    section: '5.2.1',
    level: 'MUST',
    role: 'server',
    text: 'A query without a cookie is answered as if the server knew none',
  },
  cookieMalformedRefused: {
    section: '5.2.2',
    level: 'MUST',
    role: 'server',
    text: 'A cookie option of a length that no cookies have gets FORMERR',
  },
  cookieAnswered: {
    section: '5.2.3',
    level: 'MUST',
    role: 'server',
    text: "A response to a client's cookie alone, whatever its code, has a cookie option with one of the server's",
  },
  clientCookieCopied: {
    section: '5.2.3',
    level: 'MUST',
    role: 'server',
    text: "The client's cookie is given back as it was",
  },
  cookieOverTcpServed: {
    section: '5.2.3',
    level: 'SHOULD',
    role: 'server',
    text: "Over TCP a query with a client's cookie alone is answered as any other",
  },
  badCookieAsNone: {
    section: '5.2.4',
    level: 'MUST',
    role: 'server',
    text: 'A server cookie that the server did not give is as none: it gives one of its own',
  },
  goodCookieServed: {
    section: '5.2.5',
    level: 'MUST',
    role: 'server',
    text: 'A query with the cookie that the server gave is answered, with a cookie that is good',
  },
  cookieWithoutQuestion: {
    section: '5.4',
    level: 'MUST',
    role: 'server',
    text: "A client's cookie and no question get a cookie, NOERROR and no answer",
  },
  badCookieWithoutQuestion: {
    section: '5.4',
    level: 'MUST',
    role: 'server',
    text: 'A server cookie that is bad and no question get BADCOOKIE, and a cookie',
  },
  goodCookieWithoutQuestion: {
    section: '5.4',
    level: 'MUST',
    role: 'server',
    text: 'A server cookie that is good and no question get NOERROR, and a cookie',
  },
})
