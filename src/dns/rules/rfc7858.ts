import { rulebook } from '../../conformance/rule.ts'

/** RFC 7858: DNS over TLS; what binds a server. */
export const rfc7858 = rulebook('rfc7858', {
  tlsServed: {
    section: '3.1',
    level: 'MUST',
    role: 'server',
    text: 'A connection begins with a TLS handshake; after that queries are answered',
  },
  clearTextNotAnswered: {
    section: '3.1',
    level: 'MUST',
    role: 'server',
    text: 'Messages without TLS get no answer on a port for DNS over TLS',
    unobservable: 'a case cannot leave out TLS where the peer has it: the channel is there only after the handshake',
  },
  tlsMessagesFramed: {
    section: '3.3',
    level: 'MUST',
    role: 'server',
    text: 'Each message has its length in two octets before it',
  },
  tlsSplitRead: {
    section: '3.3',
    level: 'MUST',
    role: 'server',
    text: 'A message is read by its length, in however many records its octets come',
  },
  tlsPrefixTogether: {
    section: '3.3',
    level: 'SHOULD',
    role: 'server',
    text: 'Length and message are sent in one write',
    unobservable: 'TLS and TCP keep no borders between writes',
  },
  tlsConnectionKept: {
    section: '3.4',
    level: 'SHOULD',
    role: 'server',
    text: 'A connection is not closed at once after a response',
  },
  tlsConnectionReused: {
    section: '3.4',
    level: 'SHOULD',
    role: 'server',
    text: 'A connection takes more than one query',
  },
  tlsPipelined: {
    section: '3.4',
    level: 'SHOULD',
    role: 'server',
    text: 'What is good practice over TCP is so over TLS: queries that come one behind the other are all answered',
  },
  tlsEndSurvived: {
    section: '3.4',
    level: 'MUST',
    role: 'server',
    text: 'A client may end or drop an idle connection: that does no harm to others',
  },
  tlsCloseNotify: {
    section: '3.4',
    level: 'SHOULD',
    role: 'server',
    text: 'A server that closes a connection says so by close_notify',
    unobservable: 'a channel shows that the subject has ended, not by which of TLS and TCP',
  },
  tlsSessionResumed: {
    section: '3.4',
    level: 'SHOULD',
    role: 'server',
    text: 'TLS sessions can be resumed',
    unobservable: 'a case opens connections without a session of an earlier one',
  },
})
