import { rulebook } from '../../conformance/rule.ts'

/** RFC 8914: Extended DNS errors; what binds a server that tells them. */
export const rfc8914 = rulebook('rfc8914', {
  extendedErrorLength: {
    section: '2',
    level: 'MUST',
    role: 'server',
    text: 'An extended error begins with a code of two octets',
  },
  extendedErrorText: {
    section: '2',
    level: 'MUST',
    role: 'server',
    text: 'What an extended error has behind its code is text in UTF-8',
  },
  extendedErrorOnlyWithOpt: {
    section: '2',
    level: 'MUST',
    role: 'server',
    text: 'An extended error comes only in response to a query with OPT',
  },
  extendedErrorDroppedFirst: {
    section: '3',
    level: 'SHOULD',
    role: 'server',
    text: 'Extended errors are left out first from a response that is too long, and TC is set',
    unobservable: 'no response that is too long has to have an extended error',
  },
  extendedErrorShort: {
    section: '3',
    level: 'SHOULD',
    role: 'server',
    text: 'The text of an extended error is short',
    unobservable: 'no length is named',
  },
})
