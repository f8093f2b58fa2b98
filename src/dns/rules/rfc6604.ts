import { rulebook } from '../../conformance/rule.ts'

/** RFC 6604: xNAME RCODE and status bits clarification; what binds a server. */
export const rfc6604 = rulebook('rfc6604', {
  rcodeOfLastName: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'The response code tells of the last name of a chain of aliases',
  },
})
