import { rulebook } from '../../conformance/rule.ts'
import { INTERNAL, OVERTAKING, PERMISSION, SHUTDOWN } from './reasons.ts'

/** RFC 9113 §6.7 to §6.8: PING and GOAWAY. */
export const connectionFrames = rulebook('rfc9113', {
  // RFC 9113 §6.7 PING
  pingSentEightOctets: {
    section: '6.7',
    level: 'MUST',
    role: 'both',
    text: 'A PING frame is sent with 8 octets of payload',
  },
  pingAnswered: {
    section: '6.7',
    level: 'MUST',
    role: 'both',
    text: 'PING without the ACK flag is answered with PING',
  },
  pingEchoed: {
    section: '6.7',
    level: 'MUST',
    role: 'both',
    text: 'The answer to PING carries the very payload of the PING it answers',
  },
  pingAnswerFirst: {
    section: '6.7',
    level: 'SHOULD',
    role: 'both',
    text: 'Answers to PING go before all other frames',
    unobservable: OVERTAKING,
  },
  pingAckSet: { section: '6.7', level: 'MUST', role: 'both', text: 'The answer to PING carries the ACK flag' },
  pingAckNotAnswered: { section: '6.7', level: 'MUST', role: 'both', text: 'PING with the ACK flag is not answered' },
  pingOffStreamZero: {
    section: '6.7',
    level: 'MUST',
    role: 'both',
    text: 'PING on a stream other than 0 is a connection error of type PROTOCOL_ERROR',
  },
  pingSentOnStreamZero: { section: '6.7', level: 'MUST', role: 'both', text: 'PING is sent on stream 0 only' },
  pingLength: {
    section: '6.7',
    level: 'MUST',
    role: 'both',
    text: 'PING of a length other than 8 is a connection error of type FRAME_SIZE_ERROR',
  },
  // RFC 9113 §6.8 GOAWAY
  noStreamAfterGoaway: {
    section: '6.8',
    level: 'MUST',
    role: 'both',
    text: 'After receiving GOAWAY an endpoint opens no more streams on the connection',
  },
  goawayFinishesStreams: {
    section: '6.8',
    level: 'MAY',
    role: 'both',
    text: 'Streams up to the last one that a GOAWAY with NO_ERROR names may still complete',
  },
  goawayIgnoresHigherStreams: {
    section: '6.8',
    level: 'MAY',
    role: 'both',
    text: 'Frames on streams above the identifier one has sent in GOAWAY may be ignored',
    unobservable: PERMISSION,
  },
  goawayBeforeClose: {
    section: '6.8',
    level: 'SHOULD',
    role: 'both',
    text: 'An endpoint sends GOAWAY before it closes a connection',
  },
  goawayAnsweredBeforeClose: {
    section: '6.8',
    level: 'SHOULD',
    role: 'both',
    text: 'An endpoint that has received GOAWAY and needs the connection no more sends a GOAWAY of its own before closing',
  },
  goawaySentOnStreamZero: { section: '6.8', level: 'MUST', role: 'both', text: 'GOAWAY is sent on stream 0 only' },
  goawayOffStreamZero: {
    section: '6.8',
    level: 'MUST',
    role: 'both',
    text: 'GOAWAY on a stream other than 0 is a connection error of type PROTOCOL_ERROR',
  },
  goawaySeveral: {
    section: '6.8',
    level: 'MAY',
    role: 'both',
    text: 'Several GOAWAY frames may be sent, and a receiver takes a second one with no larger identifier without complaint',
  },
  goawayLastStreamNeverGrows: {
    section: '6.8',
    level: 'MUST',
    role: 'both',
    text: 'The last stream identifier of a later GOAWAY is never larger than that of an earlier one',
  },
  gracefulGoaway: {
    section: '6.8',
    level: 'SHOULD',
    role: 'server',
    text: 'A graceful shutdown begins with a GOAWAY of 2^31-1 and NO_ERROR',
    unobservable: SHUTDOWN,
  },
  gracefulGoawayUpdated: {
    section: '6.8',
    level: 'MAY',
    role: 'server',
    text: 'After a round trip a second GOAWAY with the real last stream may follow',
    unobservable: SHUTDOWN,
  },
  goawayKeepsCompressionState: {
    section: '6.8',
    level: 'MUST',
    role: 'both',
    text: 'Field blocks on streams above the identifier sent in GOAWAY are still decompressed',
    unobservable: {
      server: SHUTDOWN,
      client: 'a client receives streams only by push, and cannot be made to send GOAWAY and stay',
    },
  },
  goawayKeepsConnectionWindow: {
    section: '6.8',
    level: 'MUST',
    role: 'both',
    text: 'DATA on streams above the identifier sent in GOAWAY still counts against the connection window',
    unobservable: {
      server: SHUTDOWN,
      client: 'a client receives streams only by push, and cannot be made to send GOAWAY and stay',
    },
  },
  goawayDebugData: {
    section: '6.8',
    level: 'MAY',
    role: 'both',
    text: 'GOAWAY may carry debug data after its fixed fields, and a receiver accepts it',
  },
  goawayDebugDataGuarded: {
    section: '6.8',
    level: 'MUST',
    role: 'both',
    text: 'Debug data that is stored is guarded against access by others',
    unobservable: INTERNAL,
  },
})
