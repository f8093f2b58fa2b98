import { rulebook } from '../../conformance/rule.ts'

/** RFC 7830: The EDNS(0) padding option; what binds a server. */
export const rfc7830 = rulebook('rfc7830', {
  paddingIgnored: { section: '4', level: 'MUST', role: 'server', text: 'What padding a query has does not matter' },
  paddingOnlyWhenPadded: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'A response is padded only where the query was',
  },
  paddingAnswered: {
    section: '4',
    level: 'SHOULD',
    role: 'server',
    text: 'A padded query gets a padded response, where it came encrypted',
  },
  paddingNotWithoutEncryption: {
    section: '6',
    level: 'MUST',
    role: 'server',
    text: 'A response that is not encrypted is not padded',
  },
})
