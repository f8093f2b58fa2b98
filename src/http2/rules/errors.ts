import { rulebook } from '../../conformance/rule.ts'
import { AUTHORS, PERMISSION } from './reasons.ts'

/** RFC 9113 §5.4 to §5.5: error handling and extensions. */
export const errors = rulebook('rfc9113', {
  // RFC 9113 §5.4 Error Handling
  oneErrorReported: {
    section: '5.4',
    level: 'SHOULD',
    role: 'both',
    text: 'Of several errors in what it received an endpoint reports at most one for the stream and one for the connection',
  },
  oneConnectionErrorType: {
    section: '5.4',
    level: 'SHOULD',
    role: 'both',
    text: 'An endpoint reports just one type of connection error, unless one arises during a graceful shutdown',
  },
  goawayAgainOnError: {
    section: '5.4',
    level: 'MAY',
    role: 'both',
    text: 'An error during graceful shutdown may be reported in one more GOAWAY frame',
    unobservable: PERMISSION,
  },
  anyOfSeveralErrors: {
    section: '5.4',
    level: 'MAY',
    role: 'both',
    text: 'An endpoint that sees several errors may report any one of them',
    unobservable: PERMISSION,
  },
  connectionErrorReported: {
    section: '5.4',
    level: 'MUST',
    role: 'both',
    text: 'An error that ends the connection is reported even if the same frame is a stream error too',
  },
  applicableErrorCode: {
    section: '5.4',
    level: 'MAY',
    role: 'both',
    text: 'Any error code that applies may be used, and a generic one in place of a narrower one',
    unobservable: PERMISSION,
  },
  // RFC 9113 §5.4.1 Connection Error Handling
  goawayOnConnectionError: {
    section: '5.4.1',
    level: 'SHOULD',
    role: 'both',
    text: 'On a connection error a GOAWAY frame with the error code goes out first',
  },
  goawayNamesLastStream: {
    section: '5.4.1',
    level: 'SHOULD',
    role: 'both',
    text: 'The GOAWAY frame of a connection error names the last peer-initiated stream that was successfully received',
  },
  closeAfterErrorGoaway: {
    section: '5.4.1',
    level: 'MUST',
    role: 'both',
    text: 'The TCP connection is closed after a GOAWAY frame that reports an error',
  },
  streamErrorAsConnectionError: {
    section: '5.4.1',
    level: 'MAY',
    role: 'both',
    text: 'A stream error may be treated as a connection error',
    unobservable: PERMISSION,
  },
  // RFC 9113 §5.4.2 Stream Error Handling
  streamErrorSparesConnection: {
    section: '5.4.2',
    level: 'MAY',
    role: 'both',
    text: 'After a stream error, unless it was made a connection error, the other streams go on',
    unobservable: PERMISSION,
  },
  oneResetPerStream: {
    section: '5.4.2',
    level: 'SHOULD',
    role: 'both',
    text: 'No more than one RST_STREAM frame is sent for a stream',
  },
  resetAgainAfterRoundTrip: {
    section: '5.4.2',
    level: 'MAY',
    role: 'both',
    text: 'Another RST_STREAM may follow when frames keep arriving on a closed stream for more than a round trip',
    unobservable: PERMISSION,
  },
  noResetForReset: {
    section: '5.4.2',
    level: 'MUST',
    role: 'both',
    text: 'A RST_STREAM frame is never answered with RST_STREAM',
  },
  // RFC 9113 §5.5 Extending HTTP/2
  unknownFrameDiscarded: {
    section: '5.5',
    level: 'MUST',
    role: 'both',
    text: 'A frame of an unknown type is discarded without effect, on the connection and on a stream',
  },
  unknownValueIgnored: {
    section: '5.5',
    level: 'MUST',
    role: 'both',
    text: 'Unknown or unsupported values in extensible protocol elements are ignored',
  },
  unknownFrameInFieldBlock: {
    section: '5.5',
    level: 'MUST',
    role: 'both',
    text: 'A frame of an unknown type in the middle of a field block is a connection error of type PROTOCOL_ERROR',
  },
  extensionKeepsCore: {
    section: '5.5',
    level: 'SHOULD',
    role: 'both',
    text: 'An extension does not change the protocol elements that the core defines',
    unobservable: AUTHORS,
  },
  extensionNegotiated: {
    section: '5.5',
    level: 'MUST',
    role: 'both',
    text: 'An extension that changes existing protocol elements is negotiated before it is used',
    unobservable: AUTHORS,
  },
  extensionSettingStartsOff: {
    section: '5.5',
    level: 'MUST',
    role: 'both',
    text: 'A setting that negotiates an extension has an initial value that leaves the extension off',
    unobservable: AUTHORS,
  },
})
