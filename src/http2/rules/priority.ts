import { rulebook } from '../../conformance/rule.ts'
import { PERMISSION, SCHEDULING } from './reasons.ts'

/** The requirements of RFC 9218, extensible priorities. */
export const rfc9218 = rulebook('rfc9218', {
  // RFC 9218 §2.1 Disabling RFC 7540 Stream Priorities
  noPrioritiesSentInRange: {
    section: '2.1',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS_NO_RFC7540_PRIORITIES is sent with the value 0 or 1 only',
  },
  noPrioritiesRange: {
    section: '2.1',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS_NO_RFC7540_PRIORITIES of a value other than 0 or 1 is a connection error of type PROTOCOL_ERROR',
  },
  noPrioritiesInFirstSettings: {
    section: '2.1',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS_NO_RFC7540_PRIORITIES is sent in the first SETTINGS frame or not at all',
  },
  noPrioritiesNeverChanged: {
    section: '2.1',
    level: 'MUST',
    role: 'both',
    text: 'The value of SETTINGS_NO_RFC7540_PRIORITIES does not change after the first SETTINGS frame',
  },
  noPrioritiesChanged: {
    section: '2.1',
    level: 'MAY',
    role: 'both',
    text: 'A change of SETTINGS_NO_RFC7540_PRIORITIES may be a connection error of type PROTOCOL_ERROR',
    unobservable: PERMISSION,
  },
  oldPrioritySignalsIgnored: {
    section: '2.1',
    level: 'MUST',
    role: 'server',
    text: 'A server that has received SETTINGS_NO_RFC7540_PRIORITIES 1 ignores the priority signals of RFC 7540',
    unobservable: 'a server need not heed those signals in the first place, so that ignoring them looks the same',
  },
  oldPrioritySignalsStopped: {
    section: '2.1.1',
    level: 'SHOULD',
    role: 'client',
    text: "A client stops sending the priority signals of RFC 7540 when the server's first SETTINGS has SETTINGS_NO_RFC7540_PRIORITIES 1",
  },
  priorityUpdatesStopped: {
    section: '2.1.1',
    level: 'SHOULD',
    role: 'client',
    text: "A client stops sending PRIORITY_UPDATE when the server's first SETTINGS lacks SETTINGS_NO_RFC7540_PRIORITIES or has it as 0",
  },
  // RFC 9218 §4 Priority Parameters
  priorityDefaults: {
    section: '4',
    level: 'SHOULD',
    role: 'server',
    text: 'A request without priority parameters is treated as one with their default values',
    unobservable: SCHEDULING,
  },
  priorityParametersIgnored: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'Unknown priority parameters, and values out of range or of another type, are ignored, and the request is served',
  },
  // RFC 9218 §7 The PRIORITY_UPDATE Frame
  priorityUpdateUnparsable: {
    section: '7',
    level: 'MAY',
    role: 'server',
    text: 'A PRIORITY_UPDATE whose field value cannot be parsed may be a connection error of type PROTOCOL_ERROR',
    unobservable: PERMISSION,
  },
  priorityUpdateEarly: {
    section: '7',
    level: 'MAY',
    role: 'client',
    text: 'A client may send PRIORITY_UPDATE before it opens the stream',
    unobservable: PERMISSION,
  },
  priorityUpdateBuffered: {
    section: '7',
    level: 'SHOULD',
    role: 'server',
    text: 'PRIORITY_UPDATE for an idle stream is kept and applied when the stream opens',
    unobservable: SCHEDULING,
  },
  // RFC 9218 §7.1 HTTP/2 PRIORITY_UPDATE Frame
  priorityUpdateSentOnStreamZero: {
    section: '7.1',
    level: 'MUST',
    role: 'client',
    text: 'PRIORITY_UPDATE is sent on stream 0 only',
  },
  priorityUpdateOffStreamZero: {
    section: '7.1',
    level: 'MUST',
    role: 'server',
    text: 'PRIORITY_UPDATE on a stream other than 0 is a connection error of type PROTOCOL_ERROR',
  },
  priorityUpdateTooShort: {
    section: '7.1',
    level: 'MUST',
    role: 'server',
    text: 'PRIORITY_UPDATE of less than 4 octets is a connection error of type FRAME_SIZE_ERROR',
  },
  priorityUpdateOfUsableStream: {
    section: '7.1',
    level: 'SHOULD',
    role: 'client',
    text: 'PRIORITY_UPDATE names a request stream on which data may still arrive',
  },
  priorityUpdatesBeyondLimit: {
    section: '7.1',
    level: 'MUST',
    role: 'server',
    text: 'PRIORITY_UPDATE that takes prioritized idle and active streams together beyond the stream limit is a connection error of type PROTOCOL_ERROR',
  },
  priorityUpdatesWithinLimit: {
    section: '7.1',
    level: 'MUST',
    role: 'client',
    text: 'A client prioritizes no more idle streams than the stream limit leaves beside the active ones',
  },
  priorityUpdateOfIdlePush: {
    section: '7.1',
    level: 'MUST',
    role: 'server',
    text: 'PRIORITY_UPDATE for a push stream that is idle is a connection error of type PROTOCOL_ERROR',
  },
  priorityUpdateNeverOfIdlePush: {
    section: '7.1',
    level: 'MUST',
    role: 'client',
    text: 'A client sends no PRIORITY_UPDATE for a push stream that is idle',
  },
  priorityUpdateOfStreamZero: {
    section: '7.1',
    level: 'MUST',
    role: 'server',
    text: 'PRIORITY_UPDATE with the prioritized stream 0 is a connection error of type PROTOCOL_ERROR',
  },
  priorityUpdateNotSentByServer: {
    section: '7.1',
    level: 'MUST',
    role: 'server',
    text: 'A server never sends PRIORITY_UPDATE',
  },
  priorityUpdateToClient: {
    section: '7.1',
    level: 'MUST',
    role: 'client',
    text: 'PRIORITY_UPDATE from a server is a connection error of type PROTOCOL_ERROR',
  },
  // RFC 9218 §10 Server Scheduling
  sameUrgencyInOrder: {
    section: '10',
    level: 'SHOULD',
    role: 'server',
    text: 'Non-incremental responses of one urgency are served in the order of their stream identifiers',
  },
  incrementalShared: {
    section: '10',
    level: 'SHOULD',
    role: 'server',
    text: 'Incremental responses of one urgency share the bandwidth',
  },
})
