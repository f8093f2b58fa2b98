import { rulebook } from '../../conformance/rule.ts'

/** RFC 2136: Dynamic updates in the DNS (DNS UPDATE); what binds a server. */
export const rfc2136 = rulebook('rfc2136', {
  updateAnswered: {
    section: '2.2',
    level: 'SHOULD',
    role: 'server',
    text: 'UPDATE is answered by a server that takes none, by an error',
  },
  updateNotDone: {
    section: '3.3',
    level: 'MUST',
    role: 'server',
    text: 'An update that was refused leaves the zone as it was',
  },
})
