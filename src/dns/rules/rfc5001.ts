import { rulebook } from '../../conformance/rule.ts'

/** RFC 5001: DNS name server identifier option; what binds a server. */
export const rfc5001 = rulebook('rfc5001', {
  nsidAnswered: {
    section: '2.2',
    level: 'MAY',
    role: 'server',
    text: 'A server may identify itself, by NSID in the response to a query that asks for it',
  },
  nsidQueryPayloadIgnored: {
    section: '2.2',
    level: 'MUST',
    role: 'server',
    text: 'What a query says in NSID is ignored',
  },
  nsidOnlyWhenAsked: {
    section: '2.2',
    level: 'MUST',
    role: 'server',
    text: 'NSID is not in a response to a query without it',
  },
})
