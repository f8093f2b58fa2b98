import { rulebook } from '../../conformance/rule.ts'

/** RFC 4035: Protocol modifications for the DNS security extensions; what binds a server. */
export const rfc4035 = rulebook('rfc4035', {
  dsFromParent: {
    section: '3.1.4.1',
    level: 'MUST',
    role: 'server',
    text: 'A question for DS at a cut is answered by the parent zone, with authority',
  },
  authenticDataClear: {
    section: '3.1.6',
    level: 'MUST',
    role: 'server',
    text: 'AD is clear in what a server has not validated',
  },
  checkingDisabledCopied: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'CD is copied into the response of a server that knows DNSSEC',
    unobservable: 'section 3.1.6 has an authority clear CD where section 3 has it copied, so that neither is wrong',
  },
})
