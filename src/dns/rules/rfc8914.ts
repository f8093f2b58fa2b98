import { rulebook } from '../../conformance/rule.ts'

/** RFC 8914: Extended DNS errors; what binds a server. */
export const rfc8914 = rulebook('rfc8914', {
  extendedErrorLength: {
    section: '2',
    level: 'MUST',
    role: 'server',
    text: 'An extended error in a response has at least its two octets of code',
  },
  extendedErrorOnlyWithOpt: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'An extended error comes only in response to a query with OPT',
  },
})
