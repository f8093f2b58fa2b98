import { rulebook } from '../../conformance/rule.ts'
import { ORIGINS, PERMISSION, POST_HANDSHAKE, RENEGOTIATION } from './reasons.ts'

/** RFC 9113 §9.1 to §9.2: connections and TLS. */
export const connections = rulebook('rfc9113', {
  // RFC 9113 §9.1 Connection Management
  oneConnectionPerHost: {
    section: '9.1',
    level: 'SHOULD',
    role: 'client',
    text: 'A client opens no more than one HTTP/2 connection to a host and port',
    unobservable: 'a command that requests one URL has no need of a second connection',
  },
  oneConnectionPerConfiguration: {
    section: '9.1',
    level: 'SHOULD',
    role: 'client',
    text: 'A client opens several connections only with different server names or client certificates',
    unobservable: ORIGINS,
  },
  // RFC 9113 §9.1.1 Connection Reuse
  connectionReused: {
    section: '9.1.1',
    level: 'MAY',
    role: 'client',
    text: 'A connection may serve requests for several authorities',
    unobservable: PERMISSION,
  },
  reusedCertificateFits: {
    section: '9.1.1',
    level: 'MUST',
    role: 'client',
    text: "A connection is reused for another host only if the server's certificate holds for it",
    unobservable: ORIGINS,
  },
  // RFC 9113 §9.2 Use of TLS Features
  tlsVersion: { section: '9.2', level: 'MUST', role: 'both', text: 'HTTP/2 over TLS uses TLS 1.2 or higher' },
  tlsGuidance: {
    section: '9.2',
    level: 'SHOULD',
    role: 'both',
    text: 'The general guidance on the use of TLS is followed',
    unobservable: 'a whole document of advice, which no single exchange can show to be followed',
  },
  sniSupported: {
    section: '9.2',
    level: 'MUST',
    role: 'both',
    text: 'The TLS implementation supports the server name extension',
  },
  sniSent: {
    section: '9.2',
    level: 'MUST',
    role: 'client',
    text: 'A client sends the server name extension to a server it knows by a domain name',
  },
  // RFC 9113 §9.2.1 TLS 1.2 Features
  inadequateSecurity: {
    section: '9.2.1',
    level: 'MAY',
    role: 'both',
    text: 'A TLS 1.2 connection that breaks the restrictions may be ended with INADEQUATE_SECURITY',
    unobservable: PERMISSION,
  },
  tlsCompressionOff: {
    section: '9.2.1',
    level: 'MUST',
    role: 'both',
    text: 'TLS 1.2 is used without compression',
    unobservable: 'our TLS stack offers no compression, so that none can be agreed on',
  },
  renegotiationOff: {
    section: '9.2.1',
    level: 'MUST',
    role: 'both',
    text: 'TLS 1.2 is used with renegotiation disabled',
    unobservable: { client: RENEGOTIATION },
  },
  renegotiation: {
    section: '9.2.1',
    level: 'MUST',
    role: 'both',
    text: 'A TLS renegotiation is a connection error of type PROTOCOL_ERROR',
    unobservable: 'where renegotiation is off, as it has to be, none takes place',
  },
  renegotiationBeforePreface: {
    section: '9.2.1',
    level: 'MUST',
    role: 'both',
    text: 'A renegotiation to protect client credentials takes place before the preface or not at all',
    unobservable: RENEGOTIATION,
  },
  earlyRenegotiationCertificate: {
    section: '9.2.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A server asks for a client certificate when a renegotiation is requested right after the handshake',
    unobservable: RENEGOTIATION,
  },
  ephemeralKeySizes: {
    section: '9.2.1',
    level: 'MUST',
    role: 'both',
    text: 'Ephemeral keys of at least 2048 bits for DHE and 224 bits for ECDHE are supported where those suites are',
    unobservable: 'that a size is supported is not shown by the one that a handshake uses',
  },
  largeDheAccepted: {
    section: '9.2.1',
    level: 'MUST',
    role: 'client',
    text: 'A client accepts DHE of up to 4096 bits',
  },
  smallEphemeralKey: {
    section: '9.2.1',
    level: 'MAY',
    role: 'both',
    text: 'Ephemeral keys below the limits may be a connection error of type INADEQUATE_SECURITY',
    unobservable: PERMISSION,
  },
  // RFC 9113 §9.2.2 TLS 1.2 Cipher Suites
  prohibitedSuiteNotUsed: {
    section: '9.2.2',
    level: 'SHOULD',
    role: 'both',
    text: 'TLS 1.2 is used with none of the prohibited cipher suites',
  },
  prohibitedSuite: {
    section: '9.2.2',
    level: 'MAY',
    role: 'both',
    text: 'A prohibited cipher suite may be a connection error of type INADEQUATE_SECURITY',
    unobservable: PERMISSION,
  },
  allowedSuiteAccepted: {
    section: '9.2.2',
    level: 'MUST',
    role: 'both',
    text: 'A cipher suite that is not prohibited never brings INADEQUATE_SECURITY',
  },
  mandatorySuite: {
    section: '9.2.2',
    level: 'MUST',
    role: 'both',
    text: 'Over TLS 1.2 the suite TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 with P-256 is supported',
  },
  // RFC 9113 §9.2.3 TLS 1.3 Features
  postHandshakeRequestNotSent: {
    section: '9.2.3',
    level: 'MUST',
    role: 'server',
    text: 'A server sends no CertificateRequest after a TLS 1.3 handshake',
    unobservable: POST_HANDSHAKE,
  },
  postHandshakeRequest: {
    section: '9.2.3',
    level: 'MUST',
    role: 'client',
    text: 'A CertificateRequest after a TLS 1.3 handshake is a connection error of type PROTOCOL_ERROR',
    unobservable: POST_HANDSHAKE,
  },
  earlyDataRequests: {
    section: '9.2.3',
    level: 'MAY',
    role: 'both',
    text: 'TLS early data may carry requests',
    unobservable: PERMISSION,
  },
})
