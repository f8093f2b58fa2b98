import { rulebook } from '../../conformance/rule.ts'

/** RFC 3225: Indicating resolver support of DNSSEC; what binds a server. */
export const rfc3225 = rulebook('rfc3225', {
  dnssecOkCopied: { section: '3', level: 'MUST', role: 'server', text: 'DO is copied into the response' },
  dnssecOkAnswered: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'A query with DO is answered, whether the zone is signed or not',
  },
})
