import { rulebook } from '../../conformance/rule.ts'

/** RFC 6895: DNS IANA considerations; what binds a server. */
export const rfc6895 = rulebook('rfc6895', {
  classAnyAnswered: {
    section: '3.2',
    level: 'SHOULD',
    role: 'server',
    text: 'A query of class ANY or NONE is answered or refused',
  },
  otherClassRefused: {
    section: '3.2',
    level: 'SHOULD',
    role: 'server',
    text: 'A query of a class in which the server has no zone gets an error, not the data of another class',
  },
})
