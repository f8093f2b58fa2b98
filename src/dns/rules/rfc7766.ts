import { rulebook } from '../../conformance/rule.ts'

/** RFC 7766: DNS transport over TCP; what binds a server. */
export const rfc7766 = rulebook('rfc7766', {
  tcpServed: {
    section: '5',
    level: 'MUST',
    role: 'server',
    text: 'Queries are answered over TCP as they are over UDP',
  },
  streamSizeNotLimited: {
    section: '5',
    level: 'MUST',
    role: 'server',
    text: 'Over TCP a response is not bound to the size of a datagram',
  },
  sameConnection: {
    section: '5',
    level: 'MUST',
    role: 'server',
    text: 'A response comes by the transport, and on the connection, that its query came by',
  },
  halfCloseAnswered: {
    section: '6.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A server delays closing its end until the queries that have come are answered',
  },
  connectionReused: {
    section: '6.2.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A connection takes more than one query',
  },
  pipelinedExpected: {
    section: '6.2.1.1',
    level: 'MUST',
    role: 'server',
    text: 'Queries may come one behind the other, before any is answered: that does no harm',
  },
  pipelinedAllAnswered: {
    section: '6.2.1.1',
    level: 'SHOULD',
    role: 'server',
    text: 'Queries that come one behind the other are all answered, however quick they come',
  },
  pipelinedConcurrently: {
    section: '6.2.1.1',
    level: 'SHOULD',
    role: 'server',
    text: 'Queries of one connection are worked on at the same time',
    unobservable: 'an authoritative server has no query that takes long enough to show what it does meanwhile',
  },
  concurrentConnections: {
    section: '6.2.2',
    level: 'SHOULD',
    role: 'server',
    text: 'Where connections of one address are limited, the limit is well above the few that a client should have',
  },
  idlePeriod: {
    section: '6.2.3',
    level: 'SHOULD',
    role: 'server',
    text: 'A connection outlives an answer by some seconds, so that a question for SOA and a transfer can share it',
  },
  idleUntilWholeMessage: {
    section: '6.2.3',
    level: 'SHOULD',
    role: 'server',
    text: 'Only a whole message begins the idle time anew, and no part of one',
    unobservable: 'it would show by waiting only, for as long as the patience of the server lasts',
  },
  closedNotAnswered: {
    section: '6.2.4',
    level: 'MUST',
    role: 'server',
    text: 'Responses are not sent to a client that has closed the connection',
    unobservable: 'who has closed a connection sees nothing of it any more; an end of one side alone is not its end',
  },
  answersOutOfOrder: {
    section: '7',
    level: 'SHOULD',
    role: 'server',
    text: 'Responses may be prepared side by side and sent in another order than their queries came in',
    unobservable: 'that responses come in order does not show that they could not have come in another',
  },
  prefixAndMessageTogether: {
    section: '8',
    level: 'SHOULD',
    role: 'server',
    text: 'Length and message are sent in one write, so that they come together',
    unobservable: 'TCP keeps no borders between writes',
  },
  splitMessageRead: {
    section: '8',
    level: 'MUST',
    role: 'server',
    text: 'A connection is not closed because the first read did not bring a whole message',
  },
})
