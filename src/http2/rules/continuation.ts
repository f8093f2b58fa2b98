import { rulebook } from '../../conformance/rule.ts'
import { PERMISSION } from './reasons.ts'

/** RFC 9113 §6.10 to §7: CONTINUATION and error codes. */
export const continuation = rulebook('rfc9113', {
  // RFC 9113 §6.10 CONTINUATION
  continuationContinued: {
    section: '6.10',
    level: 'MUST',
    role: 'both',
    text: 'CONTINUATION sent without END_HEADERS is followed by another on the same stream',
  },
  continuationInterrupted: {
    section: '6.10',
    level: 'MUST',
    role: 'both',
    text: 'A frame of another type, or of another stream, after CONTINUATION without END_HEADERS is a connection error of type PROTOCOL_ERROR',
  },
  continuationOnStreamZero: {
    section: '6.10',
    level: 'MUST',
    role: 'both',
    text: 'CONTINUATION belongs to a stream, and on stream 0 it is a connection error of type PROTOCOL_ERROR',
  },
  continuationWithoutBlock: {
    section: '6.10',
    level: 'MUST',
    role: 'both',
    text: 'CONTINUATION that no HEADERS, PUSH_PROMISE or CONTINUATION without END_HEADERS precedes is a connection error of type PROTOCOL_ERROR',
  },
  continuationSentInBlock: {
    section: '6.10',
    level: 'MUST',
    role: 'both',
    text: 'CONTINUATION is sent only right after a frame of the same field block that lacks END_HEADERS',
  },
  // RFC 9113 §7 Error Codes
  unknownErrorCode: {
    section: '7',
    level: 'MUST',
    role: 'both',
    text: 'An unknown error code in RST_STREAM or GOAWAY triggers no special behaviour',
  },
  unknownErrorCodeAsInternal: {
    section: '7',
    level: 'MAY',
    role: 'both',
    text: 'An unknown error code may be taken for INTERNAL_ERROR',
    unobservable: PERMISSION,
  },
})
