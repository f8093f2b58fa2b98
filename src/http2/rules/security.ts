import { rulebook } from '../../conformance/rule.ts'
import { INTERNAL, LAST_BLOCK, PERMISSION, PROXY } from './reasons.ts'

/** RFC 9113 §10.3 to §10.7: security considerations. */
export const security = rulebook('rfc9113', {
  // RFC 9113 §10.3 Intermediary Encapsulation Attacks
  fieldsValidatedBeforeTranslation: {
    section: '10.3',
    level: 'MUST',
    role: 'proxy',
    text: 'An intermediary validates the fields of a message before it translates it to another version of HTTP',
    unobservable: PROXY,
  },
  hopByHopRemoved: {
    section: '10.3',
    level: 'MUST',
    role: 'proxy',
    text: 'An intermediary removes or replaces the fields that must not be forwarded',
    unobservable: PROXY,
  },
  // RFC 9113 §10.4 Cacheability of Pushed Responses
  tenantsPushOwn: {
    section: '10.4',
    level: 'MUST',
    role: 'server',
    text: 'A server that tenants share lets none push what belongs to another',
    unobservable: 'who shares a server is not for a tester to know',
  },
  unauthoritativePushUnused: {
    section: '10.4',
    level: 'MUST',
    role: 'client',
    text: 'A pushed response for which the server is not authoritative is neither used nor cached',
    unobservable: INTERNAL,
  },
  // RFC 9113 §10.5 Denial-of-Service Considerations
  reservedStreamsLimited: {
    section: '10.5',
    level: 'SHOULD',
    role: 'client',
    text: 'A client that accepts push limits the number of promised streams that have not begun',
  },
  usageLimited: {
    section: '10.5',
    level: 'SHOULD',
    role: 'both',
    text: 'The use of features that can burden an endpoint is tracked and limited',
    unobservable: 'where a limit lies is its own affair: whether floods are survived is asked by rules of their own',
  },
  enhanceYourCalm: {
    section: '10.5',
    level: 'MAY',
    role: 'both',
    text: 'Suspicious activity may be a connection error of type ENHANCE_YOUR_CALM',
    unobservable: PERMISSION,
  },
  // RFC 9113 §10.5.1 Limits on Field Block Size
  headerListLimitExceeded: {
    section: '10.5.1',
    level: 'MAY',
    role: 'both',
    text: 'A sender may exceed the advisory limit on the field section, at the risk of refusal',
    unobservable: PERMISSION,
  },
  headerListTooLarge: {
    section: '10.5.1',
    level: 'MAY',
    role: 'server',
    text: 'A request whose field section is larger than a server handles may be answered with status 431',
    unobservable: PERMISSION,
  },
  oversizedBlockProcessed: {
    section: '10.5.1',
    level: 'MUST',
    role: 'both',
    text: 'A field block beyond the limit is still processed for the compression state, or the connection is closed',
    unobservable: { client: LAST_BLOCK },
  },
  // RFC 9113 §10.6 Use of Compression
  secretsCompressedApart: {
    section: '10.6',
    level: 'MUST',
    role: 'both',
    text: "Secrets and data under an attacker's control are not compressed with one dictionary on a secure channel",
    unobservable: INTERNAL,
  },
  unknownSourceUncompressed: {
    section: '10.6',
    level: 'MUST',
    role: 'both',
    text: 'Data whose source cannot be told reliably is not compressed',
    unobservable: INTERNAL,
  },
  // RFC 9113 §10.7 Use of Padding
  dataPaddingForwarded: {
    section: '10.7',
    level: 'SHOULD',
    role: 'proxy',
    text: 'An intermediary keeps the padding of DATA frames',
    unobservable: PROXY,
  },
  otherPaddingDropped: {
    section: '10.7',
    level: 'MAY',
    role: 'proxy',
    text: 'An intermediary may drop the padding of HEADERS and PUSH_PROMISE frames',
    unobservable: PROXY,
  },
})
