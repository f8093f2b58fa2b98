import { rulebook } from '../../conformance/rule.ts'

/** RFC 6672: DNAME redirection in the DNS; what binds a server. */
export const rfc6672 = rulebook('rfc6672', {
  dnameRedirects: {
    section: '3.2',
    level: 'MUST',
    role: 'server',
    text: 'A name below a DNAME is answered by the DNAME record',
  },
  dnameSynthesizesAlias: {
    section: '3.1',
    level: 'MUST',
    role: 'server',
    text: 'A DNAME in the answer is followed by an alias made of it, from the name asked for',
  },
  dnameAliasTtl: {
    section: '3.1',
    level: 'MUST',
    role: 'server',
    text: 'The alias made of a DNAME has its TTL, or zero',
  },
  dnameOwnerNotRedirected: {
    section: '2.3',
    level: 'MUST',
    role: 'server',
    text: 'The name that has the DNAME is not redirected itself',
  },
  dnameTooLong: {
    section: '2.2',
    level: 'MUST',
    role: 'server',
    text: 'A name that a DNAME would make too long gets YXDOMAIN',
  },
  dnameTargetFollowed: {
    section: '3.2',
    level: 'MUST',
    role: 'server',
    text: 'The name that a DNAME leads to is looked up too, where the zone has it',
  },
})
