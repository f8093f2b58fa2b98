import { rulebook } from '../../conformance/rule.ts'

/** The requirements of RFC 9110, as far as an exchange on HTTP/2 can show it. */
export const rfc9110 = rulebook('rfc9110', {
  // RFC 9110 §6.6.1 Date
  dateSent: {
    section: '6.6.1',
    level: 'MUST',
    role: 'server',
    text: 'An origin server with a clock sends Date in its 2xx, 3xx and 4xx responses',
  },
  // RFC 9110 §8.6 Content-Length
  headContentLength: {
    section: '8.6',
    level: 'MUST',
    role: 'server',
    text: 'The content-length of a response to HEAD, where there is one, is that of the response to the same GET',
  },
  noContentLengthWithoutContent: {
    section: '8.6',
    level: 'MUST',
    role: 'server',
    text: 'No 1xx or 204 response carries content-length',
  },
  connectContentLength: {
    section: '8.6',
    level: 'MUST',
    role: 'server',
    text: 'No 2xx response to CONNECT carries content-length',
  },
  // RFC 9110 §9 Methods
  getAndHeadSupported: {
    section: '9.1',
    level: 'MUST',
    role: 'server',
    text: 'A general-purpose server supports GET and HEAD',
  },
  headWithoutContent: { section: '9.3.2', level: 'MUST', role: 'server', text: 'A response to HEAD has no content' },
  // RFC 9110 §10.1.1 Expect
  expectContinueAnswered: {
    section: '10.1.1',
    level: 'MUST',
    role: 'server',
    text: 'A request that expects 100-continue is answered by 100 or a final status without waiting for the content',
  },
  expectContinueFinal: {
    section: '10.1.1',
    level: 'MUST',
    role: 'server',
    text: 'A server that has sent 100 sends a final status once it has the content',
  },
  // RFC 9110 §15 Status Codes
  interimParsed: {
    section: '15.2',
    level: 'MUST',
    role: 'client',
    text: 'A client parses one or more 1xx responses before the final one, though it did not expect them',
  },
  noContentWithoutContent: { section: '15.3.5', level: 'MUST', role: 'server', text: 'A 204 response has no content' },
  notModifiedWithoutContent: {
    section: '15.4.5',
    level: 'MUST',
    role: 'server',
    text: 'A 304 response has no content',
  },
  methodNotAllowedNamesAllowed: {
    section: '15.5.6',
    level: 'MUST',
    role: 'server',
    text: 'A 405 response carries Allow',
  },
})
