import { rulebook } from '../../conformance/rule.ts'

/** RFC 9619: In the DNS, QDCOUNT is (usually) one; what binds a server. */
export const rfc9619 = rulebook('rfc9619', {
  oneQuestion: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'A standard query with more than one question gets FORMERR',
  },
})
