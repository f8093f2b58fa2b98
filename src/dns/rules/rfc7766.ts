import { rulebook } from '../../conformance/rule.ts'

/** RFC 7766: DNS transport over TCP; what binds a server. */
export const rfc7766 = rulebook('rfc7766', {
  tcpServed: {
    section: '5',
    level: 'MUST',
    role: 'server',
    text: 'Queries are answered over TCP as they are over UDP',
  },
  pipelinedAllAnswered: {
    section: '6.2.1.1',
    level: 'MUST',
    role: 'server',
    text: 'Queries that come one behind the other are all answered, before the client waits for any',
  },
  severalMessagesInOneSegment: {
    section: '8',
    level: 'MUST',
    role: 'server',
    text: 'Messages are told apart by their lengths, however TCP delivers them',
  },
  splitMessageRead: {
    section: '8',
    level: 'MUST',
    role: 'server',
    text: 'A message whose octets come in pieces is read as one',
  },
  connectionReused: { section: '6.2.1', level: 'MUST', role: 'server', text: 'A connection takes more than one query' },
  prefixAndMessageTogether: {
    section: '8',
    level: 'SHOULD',
    role: 'server',
    text: 'Length and message are sent in one write, so that they come together',
  },
  halfCloseAnswered: {
    section: '6.2.4',
    level: 'SHOULD',
    role: 'server',
    text: 'Queries that came before the client ended its side are answered',
  },
  concurrentConnections: {
    section: '6.2.2',
    level: 'MUST',
    role: 'server',
    text: 'A connection that stands still does not keep others from being served',
  },
  answersMatchedById: {
    section: '7',
    level: 'MUST',
    role: 'server',
    text: 'Each answer on a connection has the identifier of its query',
  },
  idlePeriod: {
    section: '6.2.3',
    level: 'SHOULD',
    role: 'server',
    text: 'A connection stays open for some seconds without a query',
  },
  udpMeanwhile: {
    section: '5',
    level: 'MUST',
    role: 'server',
    text: 'Connections do not keep datagrams from being answered',
  },
})
