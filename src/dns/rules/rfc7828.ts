import { rulebook } from '../../conformance/rule.ts'

/** RFC 7828: The edns-tcp-keepalive EDNS0 option; what binds a server. */
export const rfc7828 = rulebook('rfc7828', {
  keepaliveNotOverUdp: {
    section: '3.2.1',
    level: 'MUST',
    role: 'server',
    text: 'The option is not in a response over UDP',
  },
  keepaliveOverUdpIgnored: {
    section: '3.2.1',
    level: 'MUST',
    role: 'server',
    text: 'The option in a query over UDP is ignored',
  },
  keepaliveOnlyWithOpt: {
    section: '3.3.2',
    level: 'MUST',
    role: 'server',
    text: 'The option is not in a response to a query without OPT',
  },
  keepaliveAnswered: {
    section: '3.3.2',
    level: 'MAY',
    role: 'server',
    text: 'A server may tell how long it keeps a connection, when it is asked over TCP',
  },
  keepaliveLength: {
    section: '3.1',
    level: 'MUST',
    role: 'server',
    text: 'The option in a response has two octets of time, or is not there',
  },
  keepaliveWithTimeRefused: {
    section: '3.2.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A query that names a time itself gets FORMERR or has that ignored',
  },
})
