import { rulebook } from '../../conformance/rule.ts'
import { NO_CONTENT, PERMISSION } from './reasons.ts'

/** RFC 9113 §5.1 to §5.3: stream identifiers, concurrency, flow control and priority in general. */
export const streams = rulebook('rfc9113', {
  // RFC 9113 §5.1.1 Stream Identifiers
  clientStreamOdd: {
    section: '5.1.1',
    level: 'MUST',
    role: 'client',
    text: 'The streams a client opens have odd identifiers',
  },
  serverStreamEven: {
    section: '5.1.1',
    level: 'MUST',
    role: 'server',
    text: 'The streams a server opens have even identifiers',
  },
  clientHeadersOnEvenStream: {
    section: '5.1.1',
    level: 'MUST',
    role: 'server',
    text: 'HEADERS from a client on an even-numbered stream is a connection error of type PROTOCOL_ERROR',
  },
  streamIdIncreases: {
    section: '5.1.1',
    level: 'MUST',
    role: 'both',
    text: 'The identifier of a new stream is greater than any its opener has opened or reserved before',
  },
  streamIdNotIncreasing: {
    section: '5.1.1',
    level: 'MUST',
    role: 'both',
    text: 'A new stream with an identifier that is not greater than the last is a connection error of type PROTOCOL_ERROR',
  },
  skippedStreamCloses: {
    section: '5.1.1',
    level: 'MUST',
    role: 'server',
    text: 'Opening a stream closes all idle streams of lower number, so that one of them cannot be opened any more',
  },
  streamIdNotReused: {
    section: '5.1.1',
    level: 'MUST',
    role: 'client',
    text: 'A client never uses the identifier of an earlier stream again',
  },
  // RFC 9113 §5.1.2 Stream Concurrency
  concurrencyWithinPeerLimit: {
    section: '5.1.2',
    level: 'MUST',
    role: 'both',
    text: "No more streams are open at once than the peer's SETTINGS_MAX_CONCURRENT_STREAMS allows",
  },
  concurrencyExceeded: {
    section: '5.1.2',
    level: 'MUST',
    role: 'both',
    text: "HEADERS that opens a stream beyond one's own limit is a stream error of type PROTOCOL_ERROR or REFUSED_STREAM",
  },
  // RFC 9113 §5.2.1 Flow-Control Principles
  receiverChoosesWindow: {
    section: '5.2.1',
    level: 'MAY',
    role: 'both',
    text: 'A receiver may choose any window size for a stream and for the connection',
    unobservable: PERMISSION,
  },
  onlyDataFlowControlled: {
    section: '5.2.1',
    level: 'MUST',
    role: 'both',
    text: 'Frames other than DATA are sent although the flow-control windows are empty, and take nothing from them',
  },
  // RFC 9113 §5.2.2 Appropriate Use of Flow Control
  readsPromptly: {
    section: '5.2.2',
    level: 'MUST',
    role: 'both',
    text: "Frames are read and processed as soon as they arrive, even while one's own sending is blocked by flow control",
    unobservable: { client: NO_CONTENT },
  },
  // RFC 9113 §5.3.2 Priority Signaling in This Document
  priorityFromContext: {
    section: '5.3.2',
    level: 'SHOULD',
    role: 'server',
    text: 'Without any priority signal a server orders its responses by other knowledge it has',
    unobservable: 'what a server knows of its resources, and how it orders them, is its own affair',
  },
  prioritySignalsAbsent: {
    section: '5.3.2',
    level: 'MAY',
    role: 'server',
    text: 'A server may take the absence of all priority signals for a client that does not know them',
    unobservable: PERMISSION,
  },
})
