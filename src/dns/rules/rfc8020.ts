import { rulebook } from '../../conformance/rule.ts'

/** RFC 8020: NXDOMAIN: there really is nothing underneath; what binds a server. */
export const rfc8020 = rulebook('rfc8020', {
  nameErrorMeansNothingBelow: {
    section: '2',
    level: 'MUST',
    role: 'server',
    text: 'A name that has others below it does not get NXDOMAIN',
  },
})
