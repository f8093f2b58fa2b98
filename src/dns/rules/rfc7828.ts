import { rulebook } from '../../conformance/rule.ts'

/** RFC 7828: The edns-tcp-keepalive EDNS0 option; what binds a server. */
export const rfc7828 = rulebook('rfc7828', {
  keepaliveOverUdpIgnored: {
    section: '3.3.1',
    level: 'MUST',
    role: 'server',
    text: 'The option in a query over UDP is ignored: the response is as without it',
  },
  keepaliveProlongs: {
    section: '3.3.1',
    level: 'MAY',
    role: 'server',
    text: 'A server may keep a connection longer for a client that asks so',
    unobservable: 'it would show by waiting only, and nothing has to come of it',
  },
  keepaliveAnswered: {
    section: '3.3.2',
    level: 'MAY',
    role: 'server',
    text: 'A server may tell how long it keeps a connection, in response to a query with OPT over TCP',
  },
  keepaliveTimeTold: {
    section: '3.3.2',
    level: 'MUST',
    role: 'server',
    text: 'The option in a response names a time, in two octets',
  },
  keepaliveTimeTrue: {
    section: '3.3.2',
    level: 'MUST',
    role: 'server',
    text: 'The time named is the one after which the server closes the connection',
    unobservable: 'it would show by waiting only',
  },
  keepaliveShortOfResources: {
    section: '3.3.2',
    level: 'SHOULD',
    role: 'server',
    text: 'A server short of resources names a time of 0',
    unobservable: 'a client does not know how a server is off',
  },
  keepaliveOnlyWithOpt: {
    section: '3.4',
    level: 'MUST',
    role: 'server',
    text: 'A query without OPT gets a response without OPT, on a connection for which a time was named too',
  },
  keepaliveAbuseEnded: {
    section: '5',
    level: 'SHOULD',
    role: 'server',
    text: 'A server that finds itself abused closes the connection',
    unobservable: 'what abuse is, each server decides for itself',
  },
})
