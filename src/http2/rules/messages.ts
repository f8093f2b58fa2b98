import { rulebook } from '../../conformance/rule.ts'
import { PERMISSION, PROXY, TRAILERS } from './reasons.ts'

/** RFC 9113 §8.1 to §8.2: messages and fields. */
export const messages = rulebook('rfc9113', {
  // RFC 9113 §8.1 HTTP Message Framing
  interimResponses: {
    section: '8.1',
    level: 'MAY',
    role: 'both',
    text: 'Any number of interim responses may precede the final one, and a client takes them as such',
    unobservable: { server: 'the handler behind a graded server is not ours' },
  },
  interimEndsStream: {
    section: '8.1',
    level: 'MUST',
    role: 'both',
    text: 'An interim response whose HEADERS carries END_STREAM is malformed, and a server never sends one',
  },
  messageEndsStream: {
    section: '8.1',
    level: 'MUST',
    role: 'both',
    text: 'The last frame of a message carries END_STREAM',
  },
  trailersWithoutPseudo: {
    section: '8.1',
    level: 'MUST',
    role: 'both',
    text: 'No pseudo-header field is sent in trailers',
    unobservable: { client: TRAILERS },
  },
  pseudoInTrailers: {
    section: '8.1',
    level: 'MUST',
    role: 'both',
    text: 'A message with a pseudo-header field in its trailers is malformed',
  },
  trailersEndStream: {
    section: '8.1',
    level: 'MUST',
    role: 'both',
    text: "A second HEADERS without END_STREAM, after the request's or the final response's, makes the message malformed",
  },
  trailersAccepted: {
    section: '8.1',
    level: 'MUST',
    role: 'both',
    text: 'Trailers, sent in a HEADERS frame with END_STREAM after the content, are accepted',
  },
  earlyResponseReset: {
    section: '8.1',
    level: 'MAY',
    role: 'server',
    text: 'After a complete response a server may reset a request still under way with NO_ERROR',
  },
  earlyResponseKept: {
    section: '8.1',
    level: 'MUST',
    role: 'client',
    text: 'A client keeps a complete response although a RST_STREAM with NO_ERROR follows it',
  },
  // RFC 9113 §8.1.1 Malformed Messages
  contentLengthMismatch: {
    section: '8.1.1',
    level: 'MUST',
    role: 'both',
    text: 'A message whose content-length differs from the octets of its DATA frames is malformed',
  },
  contentLengthWithoutContent: {
    section: '8.1.1',
    level: 'MAY',
    role: 'both',
    text: 'A response that has no content by definition may name a nonzero content-length, and a client accepts it',
    unobservable: { server: PERMISSION },
  },
  malformedNotForwarded: {
    section: '8.1.1',
    level: 'MUST',
    role: 'proxy',
    text: 'An intermediary forwards no malformed message',
    unobservable: PROXY,
  },
  malformedStreamError: {
    section: '8.1.1',
    level: 'MUST',
    role: 'both',
    text: 'A malformed message is a stream error of type PROTOCOL_ERROR',
  },
  malformedAnswered: {
    section: '8.1.1',
    level: 'MAY',
    role: 'server',
    text: 'A server may answer a malformed request before it resets the stream',
    unobservable: PERMISSION,
  },
  malformedResponseRejected: {
    section: '8.1.1',
    level: 'MUST',
    role: 'client',
    text: 'A client does not accept a malformed response',
  },
  earlyResponse: {
    section: '8.1.1',
    level: 'MAY',
    role: 'server',
    text: 'A server may answer before the whole request has arrived',
    unobservable: PERMISSION,
  },
  // RFC 9113 §8.2 HTTP Fields
  fieldNamesSentLowercase: { section: '8.2', level: 'MUST', role: 'both', text: 'Field names are sent in lowercase' },
  // RFC 9113 §8.2.1 Field Validity
  fieldsValidated: {
    section: '8.2.1',
    level: 'SHOULD',
    role: 'both',
    text: 'Field names and values are checked against their HTTP grammar, and a message with a prohibited character is malformed',
  },
  fieldsSentValid: {
    section: '8.2.1',
    level: 'MUST',
    role: 'both',
    text: 'No field is sent with a name or value that the minimal validation forbids',
  },
  fieldNameUppercase: {
    section: '8.2.1',
    level: 'MUST',
    role: 'both',
    text: 'A message with an uppercase letter in a field name is malformed',
  },
  fieldNameControl: {
    section: '8.2.1',
    level: 'MUST',
    role: 'both',
    text: 'A message with a control character, a space or DEL in a field name is malformed',
  },
  fieldNameHighOctet: {
    section: '8.2.1',
    level: 'MUST',
    role: 'both',
    text: 'A message with an octet from 0x80 to 0xff in a field name is malformed',
  },
  fieldNameColon: {
    section: '8.2.1',
    level: 'MUST',
    role: 'both',
    text: 'A message with a colon in the name of a field that is no pseudo-header field is malformed',
  },
  fieldValueNul: {
    section: '8.2.1',
    level: 'MUST',
    role: 'both',
    text: 'A message with a NUL in a field value is malformed',
  },
  fieldValueLineFeed: {
    section: '8.2.1',
    level: 'MUST',
    role: 'both',
    text: 'A message with a line feed in a field value is malformed',
  },
  fieldValueCarriageReturn: {
    section: '8.2.1',
    level: 'MUST',
    role: 'both',
    text: 'A message with a carriage return in a field value is malformed',
  },
  fieldValueOuterWhitespace: {
    section: '8.2.1',
    level: 'MUST',
    role: 'both',
    text: 'A message with a field value that starts or ends with a space or tab is malformed',
  },
  invalidFieldNotForwarded: {
    section: '8.2.1',
    level: 'MUST',
    role: 'proxy',
    text: 'An intermediary that does not process fields still forwards none with a prohibited octet',
    unobservable: PROXY,
  },
  invalidFieldBadRequest: {
    section: '8.2.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A request with an invalid field is answered with status 400, unless another status fits better or none can be sent',
  },
  // RFC 9113 §8.2.2 Connection-Specific Header Fields
  connectionFieldsNotSent: {
    section: '8.2.2',
    level: 'MUST',
    role: 'both',
    text: 'No message is sent with a connection-specific header field such as connection, keep-alive or transfer-encoding',
  },
  connectionField: {
    section: '8.2.2',
    level: 'MUST',
    role: 'both',
    text: 'A message with a connection header field is malformed',
  },
  proxyConnectionField: {
    section: '8.2.2',
    level: 'MUST',
    role: 'both',
    text: 'A message with a proxy-connection header field is malformed',
  },
  keepAliveField: {
    section: '8.2.2',
    level: 'MUST',
    role: 'both',
    text: 'A message with a keep-alive header field is malformed',
  },
  transferEncodingField: {
    section: '8.2.2',
    level: 'MUST',
    role: 'both',
    text: 'A message with a transfer-encoding header field is malformed',
  },
  upgradeField: {
    section: '8.2.2',
    level: 'MUST',
    role: 'both',
    text: 'A message with an upgrade header field is malformed',
  },
  teOtherThanTrailers: {
    section: '8.2.2',
    level: 'MUST',
    role: 'server',
    text: 'A request whose te field has a value other than trailers is malformed',
  },
  teTrailersAccepted: {
    section: '8.2.2',
    level: 'MAY',
    role: 'server',
    text: 'A request may carry the te field with the value trailers',
  },
  teSentTrailersOnly: {
    section: '8.2.2',
    level: 'MUST',
    role: 'client',
    text: 'A client sends the te field with the value trailers only',
  },
  connectionFieldsRemoved: {
    section: '8.2.2',
    level: 'MUST',
    role: 'proxy',
    text: 'An intermediary that turns HTTP/1.x into HTTP/2 removes the connection-specific fields',
    unobservable: PROXY,
  },
  // RFC 9113 §8.2.3 Compressing the Cookie Header Field
  cookieSplit: {
    section: '8.2.3',
    level: 'MAY',
    role: 'server',
    text: 'A client may split the cookie field into several, and a server accepts that',
  },
  cookieJoined: {
    section: '8.2.3',
    level: 'MUST',
    role: 'server',
    text: 'Several cookie fields are joined by a semicolon and a space before they reach an application that does not know HTTP/2',
    unobservable: 'the handler behind a graded server is not ours',
  },
})
