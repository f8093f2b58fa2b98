import { rulebook } from '../../conformance/rule.ts'

/** RFC 3597: Handling of unknown DNS resource record types; what binds a server. */
export const rfc3597 = rulebook('rfc3597', {
  unknownTypeServed: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'Records of a type that the server does not know are served as they are in the zone',
  },
  rdataNotCompressed: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'Names in RDATA of types newer than RFC 1035 are not compressed',
  },
  noNamesCompressedInUnknown: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'RDATA of an unknown type is sent octet for octet',
  },
})
