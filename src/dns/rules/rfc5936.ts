import { rulebook } from '../../conformance/rule.ts'

/** RFC 5936: DNS zone transfer protocol; what binds a server. */
export const rfc5936 = rulebook('rfc5936', {
  transferBeginsWithSoa: {
    section: '2.2',
    level: 'MUST',
    role: 'server',
    text: 'A zone transfer begins with the SOA record of the zone',
  },
  transferEndsWithSoa: {
    section: '2.2',
    level: 'MUST',
    role: 'server',
    text: 'A zone transfer ends with the SOA record that it began with',
  },
  transferWhole: {
    section: '2.2',
    level: 'MUST',
    role: 'server',
    text: 'A zone transfer holds all records of the zone, glue with them',
  },
  transferIdCopied: {
    section: '2.2.1',
    level: 'MUST',
    role: 'server',
    text: 'Each message of a transfer has the identifier of the query',
  },
  transferQuestionFirst: {
    section: '2.2.1',
    level: 'MUST',
    role: 'server',
    text: 'The first message of a transfer repeats the question',
  },
  transferNotOverUdp: { section: '4.2', level: 'MUST', role: 'server', text: 'A zone is not transferred by datagrams' },
  transferOtherZoneRefused: {
    section: '2.2.1',
    level: 'MUST',
    role: 'server',
    text: 'A transfer of a zone that the server does not have gets an error and no records',
  },
  transferConnectionKept: {
    section: '4.1.1',
    level: 'SHOULD',
    role: 'server',
    text: 'After a transfer the connection may be used for more queries',
  },
  transferNamesExact: {
    section: '3.4',
    level: 'MUST',
    role: 'server',
    text: 'Owner names in a transfer are in the case of the zone',
  },
  transferAuthoritative: {
    section: '2.2.1',
    level: 'MUST',
    role: 'server',
    text: 'AA is set in the messages of a successful transfer',
  },
})
