import { rulebook } from '../../conformance/rule.ts'

/** RFC 2308: Negative caching of DNS queries; what binds a server. */
export const rfc2308 = rulebook('rfc2308', {
  soaWithNameError: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'NXDOMAIN comes with the SOA record of the zone in the authority section',
  },
  soaWithNoData: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'An empty answer comes with the SOA record of the zone in the authority section',
  },
  negativeTtl: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'The SOA record of a negative answer has the lower of its own TTL and its minimum',
  },
  aliasToNothing: {
    section: '2.1',
    level: 'MUST',
    role: 'server',
    text: 'Where a chain of aliases ends at a name that is not there, the answer holds the chain and NXDOMAIN',
  },
})
