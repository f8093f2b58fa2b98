import { rulebook } from '../../conformance/rule.ts'
import { CONNECT, PERMISSION, PROCESSED, PROXY } from './reasons.ts'

/** RFC 9113 §8.5 to §8.7: CONNECT, Upgrade and request reliability. */
export const connect = rulebook('rfc9113', {
  // RFC 9113 §8.5 The CONNECT Method
  connectSentWithoutSchemeAndPath: {
    section: '8.5',
    level: 'MUST',
    role: 'client',
    text: 'CONNECT is sent without :scheme and :path',
    unobservable: CONNECT,
  },
  connectWithSchemeOrPath: {
    section: '8.5',
    level: 'MUST',
    role: 'server',
    text: 'A CONNECT request with :scheme or :path, and without :protocol, is malformed',
  },
  connectWithoutAuthority: {
    section: '8.5',
    level: 'MUST',
    role: 'server',
    text: 'A CONNECT request without :authority is malformed',
  },
  connectSendsDataOnly: {
    section: '8.5',
    level: 'MUST',
    role: 'both',
    text: 'On a connected stream nothing is sent but DATA and the stream management frames',
    unobservable: { client: CONNECT },
  },
  connectOtherFrame: {
    section: '8.5',
    level: 'MUST',
    role: 'both',
    text: 'A frame other than DATA and stream management on a connected stream is a stream error',
    unobservable: { client: CONNECT },
  },
  connectTcpReset: {
    section: '8.5',
    level: 'MUST',
    role: 'proxy',
    text: 'A proxy resets the TCP connection of a tunnel when its stream or HTTP/2 connection fails',
    unobservable: PROXY,
  },
  connectError: {
    section: '8.5',
    level: 'MUST',
    role: 'proxy',
    text: "A proxy turns an error of the tunnel's TCP connection into RST_STREAM with CONNECT_ERROR",
    unobservable: PROXY,
  },
  // RFC 9113 §8.6 The Upgrade Header Field
  switchingProtocolsNotSent: {
    section: '8.6',
    level: 'MUST',
    role: 'server',
    text: 'No response with status 101 is sent',
  },
  // RFC 9113 §8.7 Request Reliability
  unprocessedRetried: {
    section: '8.7',
    level: 'MAY',
    role: 'client',
    text: 'A client may repeat requests that GOAWAY or REFUSED_STREAM declares unprocessed',
    unobservable: PERMISSION,
  },
  unprocessedGuaranteed: {
    section: '8.7',
    level: 'MUST',
    role: 'server',
    text: 'A server declares a stream unprocessed only if it knows so',
    unobservable: PROCESSED,
  },
  refusedOnlyUnprocessed: {
    section: '8.7',
    level: 'MUST',
    role: 'server',
    text: 'REFUSED_STREAM is not used for a stream of which a frame has reached the application',
  },
  goawayCoversProcessed: {
    section: '8.7',
    level: 'MUST',
    role: 'server',
    text: 'GOAWAY names no stream identifier lower than that of a stream of which a frame has reached the application',
  },
})
