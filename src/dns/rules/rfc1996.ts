import { rulebook } from '../../conformance/rule.ts'

/** RFC 1996: A mechanism for prompt notification of zone changes (DNS NOTIFY); what binds a server. */
export const rfc1996 = rulebook('rfc1996', {
  notifyAnswered: { section: '3', level: 'SHOULD', role: 'server', text: 'NOTIFY is answered, if by an error' },
})
