import { rulebook } from '../../conformance/rule.ts'

/** RFC 2181: Clarifications to the DNS specification; what binds a server. */
export const rfc2181 = rulebook('rfc2181', {
  wholeSets: {
    section: '5',
    level: 'MUST',
    role: 'server',
    text: 'An answer has all records of a name, type and class, or TC says that it has not',
  },
  oneTtlPerSet: {
    section: '5.2',
    level: 'MUST',
    role: 'server',
    text: 'Records of one name, type and class have one TTL',
  },
  noDuplicates: { section: '5', level: 'MUST', role: 'server', text: 'No record comes twice in one section' },
  anyOctetsInNames: {
    section: '11',
    level: 'MUST',
    role: 'server',
    text: 'A label may hold any octets, and such a name is answered like any other',
  },
  truncationOnlyForNeeded: {
    section: '9',
    level: 'SHOULD',
    role: 'server',
    text: 'TC is not set because of additional records that did not fit',
  },
  soaInNegativeAnswers: {
    section: '7.1',
    level: 'MUST',
    role: 'server',
    text: "A negative answer has the zone's SOA record in the authority section",
  },
  ttlPositive: { section: '8', level: 'MUST', role: 'server', text: 'The highest bit of a TTL is zero' },
})
