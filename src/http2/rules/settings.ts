import { rulebook } from '../../conformance/rule.ts'
import { PERMISSION } from './reasons.ts'

/** RFC 9113 §6.5: SETTINGS. */
export const settings = rulebook('rfc9113', {
  // RFC 9113 §6.5 SETTINGS
  settingsAtAnyTime: {
    section: '6.5',
    level: 'MAY',
    role: 'both',
    text: 'SETTINGS may be sent at any later time too, and the peer applies and acknowledges it',
  },
  settingsAllSupported: {
    section: '6.5',
    level: 'MUST',
    role: 'both',
    text: 'All settings that the specification defines are supported',
  },
  settingsLastValueWins: {
    section: '6.5',
    level: 'MUST',
    role: 'both',
    text: 'The last value of a setting that appears twice in a SETTINGS frame is the one in force',
  },
  settingsAckSentEmpty: {
    section: '6.5',
    level: 'MUST',
    role: 'both',
    text: 'A SETTINGS frame sent with the ACK flag has no payload',
  },
  settingsAckEmpty: {
    section: '6.5',
    level: 'MUST',
    role: 'both',
    text: 'A SETTINGS frame with the ACK flag and a payload is a connection error of type FRAME_SIZE_ERROR',
  },
  settingsSentOnStreamZero: { section: '6.5', level: 'MUST', role: 'both', text: 'SETTINGS is sent on stream 0 only' },
  settingsOffStreamZero: {
    section: '6.5',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS on a stream other than 0 is a connection error of type PROTOCOL_ERROR',
  },
  settingsMalformed: {
    section: '6.5',
    level: 'MUST',
    role: 'both',
    text: 'A badly formed or incomplete SETTINGS frame is a connection error, of type PROTOCOL_ERROR where its length is not at fault',
  },
  settingsLength: {
    section: '6.5',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS of a length that is not a multiple of 6 is a connection error of type FRAME_SIZE_ERROR',
  },
  // RFC 9113 §6.5.2 Defined Settings
  enablePushRange: {
    section: '6.5.2',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS_ENABLE_PUSH of a value other than 0 or 1 is a connection error of type PROTOCOL_ERROR',
  },
  enablePushSentInRange: {
    section: '6.5.2',
    level: 'MUST',
    role: 'client',
    text: 'A client sends SETTINGS_ENABLE_PUSH with the value 0 or 1 only',
  },
  serverEnablePushZero: {
    section: '6.5.2',
    level: 'MUST',
    role: 'server',
    text: 'A server sends no SETTINGS_ENABLE_PUSH, or sends it as 0, never as 1',
  },
  serverEnablePushOne: {
    section: '6.5.2',
    level: 'MUST',
    role: 'client',
    text: 'SETTINGS_ENABLE_PUSH 1 from a server is a connection error of type PROTOCOL_ERROR',
  },
  zeroConcurrencyNotSpecial: {
    section: '6.5.2',
    level: 'SHOULD',
    role: 'both',
    text: 'SETTINGS_MAX_CONCURRENT_STREAMS 0 is treated like any exhausted limit: no error, only no new stream',
  },
  zeroConcurrencyBriefly: {
    section: '6.5.2',
    level: 'SHOULD',
    role: 'server',
    text: 'A server sets SETTINGS_MAX_CONCURRENT_STREAMS to 0 only for a short while',
    unobservable: 'how long a server means to keep a limit is its own affair',
  },
  concurrencyAtLeastHundred: {
    section: '6.5.2',
    level: 'MAY',
    role: 'server',
    text: 'The limit of concurrent streams that a server advertises is no smaller than 100',
  },
  initialWindowTooLarge: {
    section: '6.5.2',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS_INITIAL_WINDOW_SIZE above 2^31-1 is a connection error of type FLOW_CONTROL_ERROR',
  },
  initialWindowSentInRange: {
    section: '6.5.2',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS_INITIAL_WINDOW_SIZE is never sent above 2^31-1',
  },
  maxFrameSizeSentInRange: {
    section: '6.5.2',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS_MAX_FRAME_SIZE is sent with a value from 16,384 to 16,777,215 only',
  },
  maxFrameSizeOutOfRange: {
    section: '6.5.2',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS_MAX_FRAME_SIZE below 16,384 or above 16,777,215 is a connection error of type PROTOCOL_ERROR',
  },
  headerListLowerLimit: {
    section: '6.5.2',
    level: 'MAY',
    role: 'both',
    text: 'A limit on the field section lower than the advertised one may be enforced for a request',
    unobservable: PERMISSION,
  },
  unknownSettingIgnored: {
    section: '6.5.2',
    level: 'MUST',
    role: 'both',
    text: 'A setting with an unknown identifier is ignored, and the frame acknowledged',
  },
  // RFC 9113 §6.5.3 Settings Synchronization
  settingsApplied: {
    section: '6.5.3',
    level: 'MUST',
    role: 'both',
    text: 'The values of a SETTINGS frame are applied as soon as it is received',
  },
  settingsInOrder: {
    section: '6.5.3',
    level: 'MUST',
    role: 'both',
    text: 'The values of a SETTINGS frame are processed in their order, with no other frame processed between them',
  },
  settingsAcknowledged: {
    section: '6.5.3',
    level: 'MUST',
    role: 'both',
    text: 'A SETTINGS frame is acknowledged at once when all its values have been processed',
  },
  settingsAckedEach: {
    section: '6.5.3',
    level: 'MUST',
    role: 'both',
    text: 'Every SETTINGS frame is acknowledged, in the order of arrival',
  },
  settingsAckNotAnswered: {
    section: '6.5.3',
    level: 'MUST',
    role: 'both',
    text: 'A SETTINGS frame with the ACK flag is not acknowledged in turn',
  },
  settingsTimeout: {
    section: '6.5.3',
    level: 'MAY',
    role: 'both',
    text: 'SETTINGS that stays unacknowledged for a reasonable time may be a connection error of type SETTINGS_TIMEOUT',
    unobservable: PERMISSION,
  },
})
