import { rulebook } from '../../conformance/rule.ts'
import { PERMISSION } from './reasons.ts'

/** RFC 9113 §6.6: PUSH_PROMISE. */
export const pushPromise = rulebook('rfc9113', {
  // RFC 9113 §6.6 PUSH_PROMISE
  promisedIdValid: {
    section: '6.6',
    level: 'MUST',
    role: 'server',
    text: 'The promised stream is idle and its identifier is a valid choice for the next stream of the server',
  },
  promisePaddingZero: {
    section: '6.6',
    level: 'MUST',
    role: 'server',
    text: 'The padding octets of a PUSH_PROMISE frame are sent as zero',
  },
  promisePaddingNonzero: {
    section: '6.6',
    level: 'MAY',
    role: 'client',
    text: 'PUSH_PROMISE padding that is not all zero may be a connection error of type PROTOCOL_ERROR',
    unobservable: PERMISSION,
  },
  promiseContinued: {
    section: '6.6',
    level: 'MUST',
    role: 'server',
    text: 'PUSH_PROMISE sent without END_HEADERS is followed by CONTINUATION on the same stream',
  },
  promiseBlockInterrupted: {
    section: '6.6',
    level: 'MUST',
    role: 'client',
    text: 'A frame of another type, or of another stream, after PUSH_PROMISE without END_HEADERS is a connection error of type PROTOCOL_ERROR',
  },
  promiseOnPeerStream: {
    section: '6.6',
    level: 'MUST',
    role: 'server',
    text: "PUSH_PROMISE is sent only on a client's stream that is open or half-closed (remote)",
  },
  promiseOnStreamZero: {
    section: '6.6',
    level: 'MUST',
    role: 'client',
    text: 'PUSH_PROMISE on stream 0 is a connection error of type PROTOCOL_ERROR',
  },
  noPromiseWhenDisabled: {
    section: '6.6',
    level: 'MUST',
    role: 'server',
    text: "No PUSH_PROMISE is sent while the client's SETTINGS_ENABLE_PUSH is 0",
  },
  promiseWhenDisabled: {
    section: '6.6',
    level: 'MUST',
    role: 'client',
    text: 'PUSH_PROMISE that arrives although push was disabled, and that acknowledged, is a connection error of type PROTOCOL_ERROR',
  },
  promiseOnWrongState: {
    section: '6.6',
    level: 'MUST',
    role: 'client',
    text: 'PUSH_PROMISE on a stream that is neither open nor half-closed (local) is a connection error of type PROTOCOL_ERROR',
  },
  promiseOnResetStream: {
    section: '6.6',
    level: 'MUST',
    role: 'client',
    text: "PUSH_PROMISE made before the client's RST_STREAM arrived is handled like any other",
  },
  promisedIdIllegal: {
    section: '6.6',
    level: 'MUST',
    role: 'client',
    text: "PUSH_PROMISE of a stream that is not idle, or of a client's number, is a connection error of type PROTOCOL_ERROR",
  },
  promisePaddingTooLong: {
    section: '6.6',
    level: 'MUST',
    role: 'client',
    text: 'PUSH_PROMISE padding as long as the frame payload or longer is a connection error of type PROTOCOL_ERROR',
  },
})
