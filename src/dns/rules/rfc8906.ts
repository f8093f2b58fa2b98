import { rulebook } from '../../conformance/rule.ts'

/** RFC 8906: A common operational problem in DNS servers: failure to communicate; what binds a server. */
export const rfc8906 = rulebook('rfc8906', {
  zoneServed: {
    section: '8.1.1',
    level: 'MUST',
    role: 'server',
    text: 'A question for the SOA record of the zone is answered by it, with authority',
  },
  unknownTypeAnswered: {
    section: '3.1.2',
    level: 'MUST',
    role: 'server',
    text: 'A question for a type that the server does not know is answered as one that is not there',
  },
  metaTypeAnswered: {
    section: '3.1.2',
    level: 'MUST',
    role: 'server',
    text: 'A question for a meta type is answered, by NOTIMP if by nothing else',
  },
  reservedFlagAnswered: {
    section: '8.1.3.3',
    level: 'SHOULD',
    role: 'server',
    text: 'A query with the reserved bit set is answered',
  },
  authenticDataAnswered: {
    section: '8.1.3.2',
    level: 'SHOULD',
    role: 'server',
    text: 'A query with AD set is answered',
  },
  checkingDisabledAnswered: {
    section: '8.1.3.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A query with CD set is answered',
  },
  responseFlagsIgnored: {
    section: '3.1.3',
    level: 'SHOULD',
    role: 'server',
    text: 'A query with AA, TC or RA set is answered',
  },
  unknownFlagNotCopied: {
    section: '3.1.3',
    level: 'MUST',
    role: 'server',
    text: 'A flag whose meaning is unknown is not copied into the response',
  },
  recursionDesiredAnswered: {
    section: '8.1.3.4',
    level: 'MUST',
    role: 'server',
    text: 'A query with RD set is answered by a server without recursion as one without',
  },
  unknownOpcodeNotImplemented: {
    section: '8.1.4',
    level: 'SHOULD',
    role: 'server',
    text: 'An unassigned opcode gets NOTIMP',
  },
  headerOnlyAnswered: {
    section: '8.1.4',
    level: 'SHOULD',
    role: 'server',
    text: 'A header alone with an unassigned opcode is answered',
  },
  unknownClassAnswered: {
    section: '4',
    level: 'SHOULD',
    role: 'server',
    text: 'A query of an unknown class is answered',
  },
  ednsAnswered: { section: '8.2.1', level: 'SHOULD', role: 'server', text: 'A plain EDNS query is answered with EDNS' },
  ednsVersionAnswered: {
    section: '8.2.2',
    level: 'SHOULD',
    role: 'server',
    text: 'An EDNS query of an unknown version is answered with BADVERS',
  },
  ednsOptionAnswered: {
    section: '8.2.3',
    level: 'SHOULD',
    role: 'server',
    text: 'An EDNS query with an unknown option is answered without it',
  },
  ednsFlagsAnswered: {
    section: '8.2.4',
    level: 'SHOULD',
    role: 'server',
    text: 'An EDNS query with an unknown flag is answered without it',
  },
  ednsVersionWithMore: {
    section: '8.2.5',
    level: 'SHOULD',
    role: 'server',
    text: 'An unknown version gets BADVERS whatever options and flags come with it',
  },
  ednsOverTcp: {
    section: '3.2.7',
    level: 'SHOULD',
    role: 'server',
    text: 'A response over TCP is as long as it needs to be',
  },
  definedOptionsAnswered: {
    section: '8.2.7',
    level: 'SHOULD',
    role: 'server',
    text: 'A query with several options that are defined is answered',
  },
})
