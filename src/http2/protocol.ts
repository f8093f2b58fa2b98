import type { Protocol } from '../conformance/case.ts'
import { rfc7541 } from '../hpack/rules.ts'
import { octetsOf, settings } from './build.ts'
import { describe } from './describe.ts'
import { subjectEndpoint } from './endpoint.ts'
import { SETTINGS } from './frame-types.ts'
import { PREFACE } from './interpreter.ts'
import { limits, rfc8441, rfc9110, rfc9113, rfc9218 } from './rules.ts'
import { greetClient, greetServer } from './steps.ts'
import { Http2Talk } from './talk.ts'
import { agree, insteadOf, renegotiates } from './tls.ts'

const FRAME_HEADER = 9

const rfc = (number: number) => `https://www.rfc-editor.org/rfc/rfc${number}#section-`

/** HTTP/2 with HPACK, as the kernel sees it. */
export const http2: Protocol<Http2Talk> = {
  name: 'http2',
  title: 'HTTP/2',
  rules: [rfc9113, rfc7541, rfc8441, rfc9218, rfc9110, limits].flatMap(book => Object.values(book)),
  specifications: {
    rfc9113: { title: 'RFC 9113, HTTP/2', sections: rfc(9113) },
    rfc7541: { title: 'RFC 7541, HPACK', sections: rfc(7541) },
    rfc8441: { title: 'RFC 8441, Bootstrapping WebSockets with HTTP/2', sections: rfc(8441) },
    rfc9218: { title: 'RFC 9218, Extensible Prioritization Scheme for HTTP', sections: rfc(9218) },
    rfc9110: { title: 'RFC 9110, HTTP Semantics', sections: rfc(9110) },
    wiregrade: { title: 'RFC 9113 §10.5, Denial-of-Service Considerations', sections: rfc(9113) },
  },
  resources: {
    path: '/',
    large: '/bytes/200000',
    echo: '/echo',
    slow: '/slow/100',
    push: '/push',
    trailers: '/trailers',
    early: '/early',
  },
  talk: (channel, role, options) => new Http2Talk(channel, role, options),
  describe,
  hello: () => ({
    octets: octetsOf(PREFACE, settings()),
    // The server's preface is SETTINGS too. RFC 9113 §3.4
    answeredBy: octets => octets.length >= FRAME_HEADER && octets[3] === SETTINGS,
  }),
  begin: role => (role === 'client' ? [greetClient()] : [greetServer()]),
  subject: (role, honours) => ({
    connect: ({ security, epoch = 0 } = {}) =>
      (security && insteadOf(role, honours, security)) ??
      subjectEndpoint(role === 'client' ? 'client' : 'server', honours, { epoch }),
    secure: opening => agree(role, honours, opening),
    renegotiate: () => (renegotiates(honours) ? 'agreed' : 'refused'),
  }),
}
