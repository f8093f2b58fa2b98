import { rulebook } from '../../conformance/rule.ts'

/** RFC 8482: Minimal answers to queries for ANY; what binds a server. */
export const rfc8482 = rulebook('rfc8482', {
  anyAnswered: {
    section: '4',
    level: 'SHOULD',
    role: 'server',
    text: 'A question for ANY is answered with some or all that the name has, or with HINFO',
  },
  anyNotNegative: {
    section: '4.2',
    level: 'SHOULD',
    role: 'server',
    text: 'A name that has data gets no negative answer to ANY',
  },
  anyMissingName: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'A question for ANY of a name that is not there gets NXDOMAIN',
  },
})
