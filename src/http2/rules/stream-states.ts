import { rulebook } from '../../conformance/rule.ts'
import { BRIEFLY, CONTENT, INTERNAL, LAST_BLOCK, PERMISSION } from './reasons.ts'

/** RFC 9113 §5.1: stream states. */
export const streamStates = rulebook('rfc9113', {
  // RFC 9113 §5.1 Stream States
  idleStreamFrame: {
    section: '5.1',
    level: 'MUST',
    role: 'both',
    text: 'Any frame but HEADERS or PRIORITY on an idle stream is a connection error of type PROTOCOL_ERROR',
  },
  idlePushStreamHeaders: {
    section: '5.1',
    level: 'MUST',
    role: 'both',
    text: "HEADERS on an idle stream of the server's numbering is a connection error of type PROTOCOL_ERROR",
  },
  reservedLocalSends: {
    section: '5.1',
    level: 'MUST',
    role: 'server',
    text: 'On a stream it has reserved by a promise a server sends nothing but HEADERS, RST_STREAM or PRIORITY',
  },
  reservedLocalAccepts: {
    section: '5.1',
    level: 'MAY',
    role: 'server',
    text: 'PRIORITY and WINDOW_UPDATE may arrive on a stream that a server has reserved',
    unobservable: BRIEFLY,
  },
  reservedLocalOther: {
    section: '5.1',
    level: 'MUST',
    role: 'server',
    text: 'Any frame but RST_STREAM, PRIORITY or WINDOW_UPDATE on a stream it has reserved is a connection error of type PROTOCOL_ERROR',
    unobservable: BRIEFLY,
  },
  reservedRemoteSends: {
    section: '5.1',
    level: 'MUST',
    role: 'client',
    text: 'On a promised stream that has not begun a client sends nothing but RST_STREAM, WINDOW_UPDATE or PRIORITY',
  },
  reservedRemoteOther: {
    section: '5.1',
    level: 'MUST',
    role: 'client',
    text: 'Any frame but HEADERS, RST_STREAM or PRIORITY on a promised stream that has not begun is a connection error of type PROTOCOL_ERROR',
  },
  halfClosedLocalSends: {
    section: '5.1',
    level: 'MUST',
    role: 'both',
    text: 'After sending END_STREAM an endpoint sends nothing but WINDOW_UPDATE, PRIORITY or RST_STREAM on the stream',
  },
  halfClosedLocalReceives: {
    section: '5.1',
    level: 'MUST',
    role: 'both',
    text: 'After sending END_STREAM an endpoint still accepts every type of frame on the stream',
  },
  halfClosedRemoteFrame: {
    section: '5.1',
    level: 'MUST',
    role: 'both',
    text: "After the peer's END_STREAM, a further frame other than WINDOW_UPDATE, PRIORITY or RST_STREAM is a stream error of type STREAM_CLOSED",
    unobservable: { client: CONTENT },
  },
  closedStreamSends: {
    section: '5.1',
    level: 'MUST',
    role: 'both',
    text: 'Once a stream has closed, by END_STREAM both ways or by RST_STREAM, nothing but PRIORITY is sent on it',
  },
  closedStreamFrame: {
    section: '5.1',
    level: 'MAY',
    role: 'both',
    text: 'A frame other than PRIORITY on a closed stream may end the connection with STREAM_CLOSED',
    unobservable: PERMISSION,
  },
  closedStreamLateFrame: {
    section: '5.1',
    level: 'MUST',
    role: 'both',
    text: 'A WINDOW_UPDATE or RST_STREAM that arrives right after a stream has closed does no harm',
  },
  resetStreamLateFrame: {
    section: '5.1',
    level: 'MUST',
    role: 'both',
    text: 'After sending RST_STREAM, frames that the peer had under way on the stream are discarded without an error',
  },
  resetStreamLateFieldBlock: {
    section: '5.1',
    level: 'MUST',
    role: 'both',
    text: 'After sending RST_STREAM, a field block still under way on the stream updates the compression state',
    unobservable: { client: LAST_BLOCK },
  },
  closedStreamPriority: {
    section: '5.1',
    level: 'MUST',
    role: 'both',
    text: 'PRIORITY is accepted on a stream in any state, closed ones included',
  },
  knownLateFrame: {
    section: '5.1',
    level: 'MAY',
    role: 'both',
    text: 'A frame on a closed stream may be a connection error of type PROTOCOL_ERROR once other signals prove that the peer knew of the closing',
    unobservable: PERMISSION,
  },
  knownLateFrameByTimer: {
    section: '5.1',
    level: 'SHOULD',
    role: 'both',
    text: 'Timers do not decide whether a peer can know that a stream has closed',
    unobservable: INTERNAL,
  },
  frameNotPermittedInState: {
    section: '5.1',
    level: 'SHOULD',
    role: 'both',
    text: "A frame that a stream's state does not permit is a connection error of type PROTOCOL_ERROR where no narrower rule applies",
  },
})
