import { rulebook } from '../../conformance/rule.ts'
import { PERMISSION } from './reasons.ts'

/** RFC 9113 §3.2 to §3.4: starting HTTP/2. */
export const start = rulebook('rfc9113', {
  // RFC 9113 §3.2 Starting HTTP/2 for "https" URIs
  alpnNeverH2c: {
    section: '3.2',
    level: 'MUST',
    role: 'both',
    text: 'Over TLS a client never offers the ALPN identifier h2c and a server never selects it',
  },
  prefaceAfterTls: {
    section: '3.2',
    level: 'MUST',
    role: 'both',
    text: 'Each side sends its connection preface as soon as TLS negotiation has selected h2',
  },
  // RFC 9113 §3.3 Starting HTTP/2 with Prior Knowledge
  tlsNeedsAlpn: {
    section: '3.3',
    level: 'MUST',
    role: 'both',
    text: 'Over TLS, HTTP/2 is spoken only after ALPN has selected it',
  },
  serverPrefaceOnPriorKnowledge: {
    section: '3.3',
    level: 'MUST',
    role: 'server',
    text: 'A server reached over cleartext TCP with prior knowledge sends its connection preface too',
  },
  // RFC 9113 §3.4 HTTP/2 Connection Preface
  clientPrefaceMagic: {
    section: '3.4',
    level: 'MUST',
    role: 'client',
    text: 'The first octets a client sends are the 24-octet sequence that begins the client preface',
  },
  clientPrefaceSettings: {
    section: '3.4',
    level: 'MUST',
    role: 'client',
    text: 'The 24 octets of the client preface are followed at once by a SETTINGS frame',
  },
  emptyPrefaceSettings: {
    section: '3.4',
    level: 'MAY',
    role: 'both',
    text: 'The SETTINGS frame of a preface may hold no setting at all, and the peer accepts it',
  },
  serverPrefaceSettingsFirst: {
    section: '3.4',
    level: 'MUST',
    role: 'server',
    text: 'The first frame a server sends is a SETTINGS frame',
  },
  prefaceSettingsAcknowledged: {
    section: '3.4',
    level: 'MUST',
    role: 'both',
    text: "The SETTINGS frame of the peer's preface is acknowledged after one's own preface",
  },
  clientFramesBeforeServerPreface: {
    section: '3.4',
    level: 'MUST',
    role: 'server',
    text: "A server accepts frames that a client sends after its preface without waiting for the server's",
  },
  prefaceInvalid: {
    section: '3.4',
    level: 'MUST',
    role: 'both',
    text: 'An invalid connection preface is a connection error of type PROTOCOL_ERROR',
  },
  prefaceInvalidWithoutGoaway: {
    section: '3.4',
    level: 'MAY',
    role: 'both',
    text: 'The GOAWAY frame may be left out when the connection ends over an invalid preface',
    unobservable: PERMISSION,
  },
})
