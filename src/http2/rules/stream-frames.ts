import { rulebook } from '../../conformance/rule.ts'
import { CONTENT, CONTENT_BEFORE_RESET, NO_CONTENT, PERMISSION } from './reasons.ts'

/** RFC 9113 §6.1 to §6.4: the frames of a stream. */
export const streamFrames = rulebook('rfc9113', {
  // RFC 9113 §6.1 DATA
  dataPadded: {
    section: '6.1',
    level: 'MAY',
    role: 'both',
    text: 'A sender may pad DATA frames, and a receiver passes on the data without the padding',
  },
  dataPaddingZero: {
    section: '6.1',
    level: 'MUST',
    role: 'both',
    text: 'The padding octets of a DATA frame are sent as zero',
    unobservable: { client: NO_CONTENT },
  },
  dataPaddingNonzero: {
    section: '6.1',
    level: 'MAY',
    role: 'both',
    text: 'DATA padding that is not all zero may be a connection error of type PROTOCOL_ERROR',
    unobservable: PERMISSION,
  },
  dataOnStreamZero: {
    section: '6.1',
    level: 'MUST',
    role: 'both',
    text: 'DATA belongs to a stream, and on stream 0 it is a connection error of type PROTOCOL_ERROR',
  },
  dataNeverOnStreamZero: {
    section: '6.1',
    level: 'MUST',
    role: 'both',
    text: 'DATA is never sent on stream 0',
    unobservable: { client: NO_CONTENT },
  },
  dataOnStreamNotOpen: {
    section: '6.1',
    level: 'MUST',
    role: 'both',
    text: 'DATA on a stream that is neither open nor half-closed (local) is a stream error of type STREAM_CLOSED',
    unobservable: { client: CONTENT },
  },
  dataPaddingTooLong: {
    section: '6.1',
    level: 'MUST',
    role: 'both',
    text: 'DATA padding as long as the frame payload or longer is a connection error of type PROTOCOL_ERROR',
  },
  dataPaddingFlowControlled: {
    section: '6.1',
    level: 'MUST',
    role: 'both',
    text: 'The whole payload of a DATA frame counts against flow control, the Pad Length field and the padding included',
  },
  // RFC 9113 §6.2 HEADERS
  headersPadded: {
    section: '6.2',
    level: 'MAY',
    role: 'both',
    text: 'HEADERS frames may be padded, and a receiver decodes the field block without the padding',
  },
  headersPaddingZero: {
    section: '6.2',
    level: 'MUST',
    role: 'both',
    text: 'The padding octets of a HEADERS frame are sent as zero',
  },
  headersPaddingNonzero: {
    section: '6.2',
    level: 'MAY',
    role: 'both',
    text: 'HEADERS padding that is not all zero may be a connection error of type PROTOCOL_ERROR',
    unobservable: PERMISSION,
  },
  headersPriorityFields: {
    section: '6.2',
    level: 'MUST',
    role: 'server',
    text: 'The deprecated priority fields of a HEADERS frame with the PRIORITY flag are read past and do not disturb the request',
  },
  headersContinued: {
    section: '6.2',
    level: 'MUST',
    role: 'both',
    text: 'HEADERS sent without END_HEADERS is followed by CONTINUATION on the same stream',
  },
  headersBlockInterrupted: {
    section: '6.2',
    level: 'MUST',
    role: 'both',
    text: 'A frame of another type, or of another stream, after HEADERS without END_HEADERS is a connection error of type PROTOCOL_ERROR',
  },
  headersOnStreamZero: {
    section: '6.2',
    level: 'MUST',
    role: 'both',
    text: 'HEADERS belongs to a stream, and on stream 0 it is a connection error of type PROTOCOL_ERROR',
  },
  headersNeverOnStreamZero: { section: '6.2', level: 'MUST', role: 'both', text: 'HEADERS is never sent on stream 0' },
  headersPaddingTooLong: {
    section: '6.2',
    level: 'MUST',
    role: 'both',
    text: 'HEADERS padding as long as the frame payload or longer is a connection error of type PROTOCOL_ERROR',
  },
  // RFC 9113 §6.3 PRIORITY
  priorityOnStreamZero: {
    section: '6.3',
    level: 'MUST',
    role: 'both',
    text: 'PRIORITY on stream 0 is a connection error of type PROTOCOL_ERROR',
  },
  priorityLeavesState: {
    section: '6.3',
    level: 'MUST',
    role: 'server',
    text: 'PRIORITY on an idle stream leaves it idle, so that it can be opened later',
  },
  priorityLength: {
    section: '6.3',
    level: 'MUST',
    role: 'both',
    text: 'PRIORITY of a length other than 5 is a stream error of type FRAME_SIZE_ERROR',
  },
  // RFC 9113 §6.4 RST_STREAM
  resetEndsSending: {
    section: '6.4',
    level: 'MUST',
    role: 'both',
    text: 'After receiving RST_STREAM an endpoint sends nothing more on the stream but PRIORITY',
    unobservable: { client: CONTENT_BEFORE_RESET },
  },
  resetOnStreamZero: {
    section: '6.4',
    level: 'MUST',
    role: 'both',
    text: 'RST_STREAM belongs to a stream, and on stream 0 it is a connection error of type PROTOCOL_ERROR',
  },
  resetNeverOnStreamZero: { section: '6.4', level: 'MUST', role: 'both', text: 'RST_STREAM is never sent on stream 0' },
  resetNeverOnIdle: {
    section: '6.4',
    level: 'MUST',
    role: 'both',
    text: 'RST_STREAM is never sent for an idle stream',
  },
  resetOnIdle: {
    section: '6.4',
    level: 'MUST',
    role: 'both',
    text: 'RST_STREAM on an idle stream is a connection error of type PROTOCOL_ERROR',
  },
  resetLength: {
    section: '6.4',
    level: 'MUST',
    role: 'both',
    text: 'RST_STREAM of a length other than 4 is a connection error of type FRAME_SIZE_ERROR',
  },
})
