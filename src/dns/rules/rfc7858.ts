import { rulebook } from '../../conformance/rule.ts'

/** RFC 7858: DNS over TLS; what binds a server. */
export const rfc7858 = rulebook('rfc7858', {
  tlsServed: {
    section: '3.1',
    level: 'MUST',
    role: 'server',
    text: 'Queries are answered over TLS, framed as over TCP',
  },
  tlsPipelined: {
    section: '3.3',
    level: 'MUST',
    role: 'server',
    text: 'Queries that come one behind the other over TLS are all answered',
  },
  tlsConnectionReused: {
    section: '3.4',
    level: 'SHOULD',
    role: 'server',
    text: 'A connection takes more than one query',
  },
  tlsSplitRead: {
    section: '3.3',
    level: 'MUST',
    role: 'server',
    text: 'A message whose octets come in pieces over TLS is read as one',
  },
})
