import { rulebook } from '../../conformance/rule.ts'

/** RFC 7830: The EDNS(0) padding option; what binds a server. */
export const rfc7830 = rulebook('rfc7830', {
  paddingOnce: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'There is at most one padding option in a response',
  },
  paddingOfZeros: {
    section: '3',
    level: 'SHOULD',
    role: 'server',
    text: 'The octets of padding in a response are 0',
  },
  paddingAccepted: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'Padding of any octets in a query is accepted',
  },
  paddingAnswered: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'A server that pads answers each query that is padded, and came encrypted, by a padded response',
  },
  paddingWithinSize: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'Padding makes no response longer than the size that OPT of the query names',
  },
  paddingOnlyWithOpt: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'A response is not padded where the query had no OPT',
  },
  paddingNotWithoutEncryption: {
    section: '6',
    level: 'MUST',
    role: 'server',
    text: 'A response that is not encrypted is not padded',
  },
  paddingNotCompressed: {
    section: '6',
    level: 'SHOULD',
    role: 'server',
    text: 'TLS does not compress what is padded',
    unobservable: 'our TLS offers no compression, and TLS 1.3 has none',
  },
})
