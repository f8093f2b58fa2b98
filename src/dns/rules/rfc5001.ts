import { rulebook } from '../../conformance/rule.ts'

/** RFC 5001: DNS name server identifier option; what binds a server. */
export const rfc5001 = rulebook('rfc5001', {
  nsidOnlyWhenAsked: {
    section: '2.1',
    level: 'MUST',
    role: 'server',
    text: 'NSID is not in a response to a query without it',
  },
  nsidAnswered: {
    section: '2.1',
    level: 'MAY',
    role: 'server',
    text: 'A server that supports NSID puts it into the response to a query that asks for it',
  },
  nsidQueryPayloadIgnored: {
    section: '2.1',
    level: 'MUST',
    role: 'server',
    text: 'What a query says in NSID is ignored',
  },
})
