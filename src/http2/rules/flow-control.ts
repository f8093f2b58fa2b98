import { rulebook } from '../../conformance/rule.ts'
import { CONTENT, NO_CONTENT, NO_WINDOW, PERMISSION, REDUCTION } from './reasons.ts'

/** RFC 9113 §6.9: WINDOW_UPDATE and flow control. */
export const flowControl = rulebook('rfc9113', {
  // RFC 9113 §6.9 WINDOW_UPDATE
  exemptFramesAccepted: {
    section: '6.9',
    level: 'MUST',
    role: 'both',
    text: 'Frames that flow control does not cover are accepted and processed, unless resources for them are lacking',
  },
  unacceptableFrameRefused: {
    section: '6.9',
    level: 'MAY',
    role: 'both',
    text: 'An endpoint that cannot accept a frame, as when DATA exceed a window, may answer with a stream or connection error of type FLOW_CONTROL_ERROR',
  },
  windowIncrementSentPositive: {
    section: '6.9',
    level: 'MUST',
    role: 'both',
    text: 'WINDOW_UPDATE is sent with an increment from 1 to 2^31-1 only',
  },
  windowIncrementZero: {
    section: '6.9',
    level: 'MUST',
    role: 'both',
    text: 'WINDOW_UPDATE with increment 0 on a stream is a stream error of type PROTOCOL_ERROR',
  },
  windowIncrementZeroOnConnection: {
    section: '6.9',
    level: 'MUST',
    role: 'both',
    text: 'WINDOW_UPDATE with increment 0 on stream 0 is a connection error of type PROTOCOL_ERROR',
  },
  windowReservedBitIgnored: {
    section: '6.9',
    level: 'MUST',
    role: 'both',
    text: 'The reserved bit before the window increment is ignored on receipt',
  },
  windowUpdateOnHalfClosed: {
    section: '6.9',
    level: 'MUST',
    role: 'both',
    text: 'WINDOW_UPDATE on a stream that is half-closed (remote) is no error',
    unobservable: { client: CONTENT },
  },
  windowUpdateOnClosed: {
    section: '6.9',
    level: 'MUST',
    role: 'both',
    text: 'WINDOW_UPDATE on a closed stream is no error',
  },
  connectionWindowAlwaysCounted: {
    section: '6.9',
    level: 'MUST',
    role: 'both',
    text: 'A flow-controlled frame counts against the connection window even if it is in error, unless the connection ends',
  },
  windowUpdateLength: {
    section: '6.9',
    level: 'MUST',
    role: 'both',
    text: 'WINDOW_UPDATE of a length other than 4 is a connection error of type FRAME_SIZE_ERROR',
  },
  // RFC 9113 §6.9.1 The Flow-Control Window
  streamWindowRespected: {
    section: '6.9.1',
    level: 'MUST',
    role: 'both',
    text: "No DATA frame is sent that is longer than what is left of the stream's window",
    unobservable: { client: NO_CONTENT },
  },
  connectionWindowRespected: {
    section: '6.9.1',
    level: 'MUST',
    role: 'both',
    text: "No DATA frame is sent that is longer than what is left of the connection's window",
    unobservable: { client: NO_CONTENT },
  },
  emptyDataWithoutWindow: {
    section: '6.9.1',
    level: 'MAY',
    role: 'both',
    text: 'An empty DATA frame with END_STREAM may be sent, and is taken, with no window left',
  },
  windowUpdateResumes: {
    section: '6.9.1',
    level: 'MUST',
    role: 'both',
    text: 'A sender that WINDOW_UPDATE gives credit goes on by no more than that much',
    unobservable: { client: NO_CONTENT },
  },
  receiverReplenishesWindow: {
    section: '6.9.1',
    level: 'MUST',
    role: 'both',
    text: 'A receiver sends WINDOW_UPDATE for the stream and for the connection as it consumes data',
  },
  windowNeverMadeToOverflow: {
    section: '6.9.1',
    level: 'MUST',
    role: 'both',
    text: "A receiver never sends WINDOW_UPDATE that takes its peer's window beyond 2^31-1",
  },
  streamWindowOverflow: {
    section: '6.9.1',
    level: 'MUST',
    role: 'both',
    text: "WINDOW_UPDATE that takes a stream's window beyond 2^31-1 makes RST_STREAM with FLOW_CONTROL_ERROR",
    unobservable: { client: NO_WINDOW },
  },
  connectionWindowOverflow: {
    section: '6.9.1',
    level: 'MUST',
    role: 'both',
    text: "WINDOW_UPDATE that takes the connection's window beyond 2^31-1 makes GOAWAY with FLOW_CONTROL_ERROR",
  },
  // RFC 9113 §6.9.2 Initial Flow-Control Window Size
  initialWindowAdjustsStreams: {
    section: '6.9.2',
    level: 'MUST',
    role: 'both',
    text: 'A change of SETTINGS_INITIAL_WINDOW_SIZE adjusts the windows of all active streams by the difference',
    unobservable: { client: NO_CONTENT },
  },
  initialWindowLeavesConnection: {
    section: '6.9.2',
    level: 'MUST',
    role: 'both',
    text: "SETTINGS_INITIAL_WINDOW_SIZE leaves the connection's window as it is",
    unobservable: { client: NO_CONTENT },
  },
  negativeWindowTracked: {
    section: '6.9.2',
    level: 'MUST',
    role: 'both',
    text: 'A window that a settings change has made negative is kept as a negative number',
    unobservable: { client: NO_CONTENT },
  },
  negativeWindowStopsSending: {
    section: '6.9.2',
    level: 'MUST',
    role: 'both',
    text: 'While a window is not positive no DATA with content is sent',
    unobservable: { client: NO_CONTENT },
  },
  initialWindowOverflow: {
    section: '6.9.2',
    level: 'MUST',
    role: 'both',
    text: 'A change of SETTINGS_INITIAL_WINDOW_SIZE that takes any window beyond 2^31-1 is a connection error of type FLOW_CONTROL_ERROR',
    unobservable: { client: NO_WINDOW },
  },
  // RFC 9113 §6.9.3 Reducing the Stream Window Size
  dataBeforeReductionAccepted: {
    section: '6.9.3',
    level: 'MUST',
    role: 'both',
    text: 'A receiver that reduces its window copes with data sent before the sender knew: it ends no more than the stream',
    unobservable: { client: REDUCTION },
  },
  streamsBeyondReductionContinued: {
    section: '6.9.3',
    level: 'MAY',
    role: 'both',
    text: 'After reducing its window a receiver may go on with streams beyond it',
    unobservable: PERMISSION,
  },
  streamsBeyondReductionReset: {
    section: '6.9.3',
    level: 'MAY',
    role: 'both',
    text: 'After reducing its window a receiver may reset streams beyond it with FLOW_CONTROL_ERROR',
    unobservable: PERMISSION,
  },
})
