import { rulebook } from '../../conformance/rule.ts'

/** The requirements of wiregrade itself, which RFC 9113 §10.5 asks endpoints to survive, and which have brought servers down. */
export const limits = rulebook('wiregrade', {
  // RFC 9113 §10.5 Denial-of-Service Considerations
  survivesRapidReset: {
    section: '10.5',
    level: 'SHOULD',
    role: 'server',
    text: 'A server bounds the work that streams opened and reset at once can cause',
  },
  survivesMadeReset: {
    section: '10.5',
    level: 'SHOULD',
    role: 'server',
    text: 'A server bounds the work of streams that a client makes it reset by breaking the protocol on them',
  },
  survivesConcurrentStreams: {
    section: '10.5',
    level: 'SHOULD',
    role: 'server',
    text: 'A server advertises a limit of concurrent streams, or bears thousands of them',
  },
  survivesSettingsFlood: {
    section: '10.5',
    level: 'SHOULD',
    role: 'both',
    text: 'A flood of SETTINGS is cut off, or acknowledged without growing memory',
  },
  survivesSettingsChurn: {
    section: '10.5',
    level: 'SHOULD',
    role: 'both',
    text: 'A SETTINGS frame that holds one setting thousands of times is cut off or borne',
  },
  survivesPingFlood: {
    section: '10.5',
    level: 'SHOULD',
    role: 'both',
    text: 'A flood of PING is cut off, or answered without growing memory',
  },
  survivesEmptyDataFlood: {
    section: '10.5',
    level: 'SHOULD',
    role: 'both',
    text: 'A flood of empty DATA frames without END_STREAM is cut off or borne',
  },
  survivesEmptyHeadersFlood: {
    section: '10.5',
    level: 'SHOULD',
    role: 'both',
    text: 'A flood of empty HEADERS and CONTINUATION fragments is cut off or borne',
  },
  survivesWindowUpdateFlood: {
    section: '10.5',
    level: 'SHOULD',
    role: 'both',
    text: 'A flood of WINDOW_UPDATE with tiny increments is cut off or borne',
  },
  survivesUnknownFrameFlood: {
    section: '10.5',
    level: 'SHOULD',
    role: 'both',
    text: 'A flood of frames of an unknown type is cut off or borne',
  },
  survivesPriorityChurn: {
    section: '10.5',
    level: 'SHOULD',
    role: 'server',
    text: 'A flood of PRIORITY frames that reorder streams is cut off or borne',
  },
  survivesZeroWindow: {
    section: '10.5',
    level: 'SHOULD',
    role: 'server',
    text: 'Requests whose responses are held back by a window of 0 do not stop the server from serving others',
  },
  survivesSlowRead: {
    section: '10.5',
    level: 'SHOULD',
    role: 'server',
    text: 'A client that grants large windows but reads nothing from TCP does not stop the server from serving others',
    unobservable: 'our channel reads all that comes, or it could not tell what came',
  },
  survivesPushFlood: {
    section: '10.5',
    level: 'SHOULD',
    role: 'client',
    text: 'A client bounds the promised streams that never begin',
  },
  stillServing: {
    section: '10.5',
    level: 'SHOULD',
    role: 'server',
    text: 'After abuse on one connection a server goes on serving others',
  },
  // RFC 9113 §10.5.1 Limits on Field Block Size
  survivesContinuationFlood: {
    section: '10.5.1',
    level: 'SHOULD',
    role: 'both',
    text: 'An endless sequence of CONTINUATION is cut off after a bounded number of octets',
  },
  survivesHpackBomb: {
    section: '10.5.1',
    level: 'SHOULD',
    role: 'both',
    text: 'A small field block that decodes to a huge field section is refused or its section cut off at a limit',
  },
  survivesHeaderList: {
    section: '10.5.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A request whose field section exceeds the advertised limit is refused, and the server goes on',
  },
})
