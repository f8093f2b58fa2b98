import { rulebook } from '../../conformance/rule.ts'
import { PROXY } from './reasons.ts'

/** RFC 9113 §8.3: pseudo-header fields. */
export const pseudoFields = rulebook('rfc9113', {
  // RFC 9113 §8.3 HTTP Control Data
  pseudoSentDefined: {
    section: '8.3',
    level: 'MUST',
    role: 'both',
    text: 'No pseudo-header field is sent but those that are defined or negotiated',
  },
  pseudoUnknown: {
    section: '8.3',
    level: 'MUST',
    role: 'both',
    text: 'A message with an undefined pseudo-header field is malformed',
  },
  pseudoSentInContext: {
    section: '8.3',
    level: 'MUST',
    role: 'both',
    text: 'A request is sent with no response pseudo-header field, and a response with none of a request',
  },
  requestWithStatus: { section: '8.3', level: 'MUST', role: 'server', text: 'A request with :status is malformed' },
  responseWithRequestPseudo: {
    section: '8.3',
    level: 'MUST',
    role: 'client',
    text: 'A response with a pseudo-header field of a request is malformed',
  },
  pseudoSentFirst: {
    section: '8.3',
    level: 'MUST',
    role: 'both',
    text: 'Pseudo-header fields are sent before all regular fields',
  },
  pseudoAfterRegular: {
    section: '8.3',
    level: 'MUST',
    role: 'both',
    text: 'A message with a pseudo-header field after a regular field is malformed',
  },
  pseudoSentOnce: {
    section: '8.3',
    level: 'MUST',
    role: 'both',
    text: 'No pseudo-header field is sent twice in a field block',
  },
  pseudoRepeated: {
    section: '8.3',
    level: 'MUST',
    role: 'both',
    text: 'A message with a repeated pseudo-header field is malformed',
  },
  // RFC 9113 §8.3.1 Request Pseudo-Header Fields
  authorityOverHost: {
    section: '8.3.1',
    level: 'MUST',
    role: 'server',
    text: 'Where :authority is present, Host does not decide the target of a request',
    unobservable: 'the handler behind a graded server is not ours',
  },
  authoritySent: {
    section: '8.3.1',
    level: 'MUST',
    role: 'client',
    text: 'A client sends :authority in a request whose target has an authority',
  },
  authorityNotInvented: {
    section: '8.3.1',
    level: 'MUST',
    role: 'client',
    text: 'A client sends no :authority in a request whose target has none',
    unobservable: 'a command cannot be made to request a target without an authority',
  },
  hostSentEqualsAuthority: {
    section: '8.3.1',
    level: 'MUST',
    role: 'client',
    text: 'A client sends no Host that differs from :authority',
  },
  hostDiffersFromAuthority: {
    section: '8.3.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A request whose Host names another entity than its :authority is malformed',
  },
  authoritiesNormalised: {
    section: '8.3.1',
    level: 'MUST',
    role: 'proxy',
    text: 'A server other than the origin compares Host and :authority after scheme-based normalisation',
    unobservable: PROXY,
  },
  authorityForwarded: {
    section: '8.3.1',
    level: 'MUST',
    role: 'proxy',
    text: 'An intermediary builds :authority from the control data of the request it forwards, or sends none where that has no authority',
    unobservable: PROXY,
  },
  hostFromAuthority: {
    section: '8.3.1',
    level: 'MUST',
    role: 'proxy',
    text: 'An intermediary that makes a Host field takes its value from :authority, in place of any it received',
    unobservable: PROXY,
  },
  hostRetained: {
    section: '8.3.1',
    level: 'MAY',
    role: 'proxy',
    text: 'An intermediary that forwards over HTTP/2 may keep the Host field',
    unobservable: PROXY,
  },
  authorityWithoutUserinfo: {
    section: '8.3.1',
    level: 'MUST',
    role: 'client',
    text: 'A client sends no userinfo in :authority',
  },
  pathSentNonempty: {
    section: '8.3.1',
    level: 'MUST',
    role: 'client',
    text: 'A client sends a :path that is not empty, at least a slash',
  },
  optionsAsterisk: {
    section: '8.3.1',
    level: 'MUST',
    role: 'client',
    text: 'A client sends OPTIONS for a target without a path with a :path of an asterisk',
    unobservable: 'a command cannot in general be made to send OPTIONS for a target without a path',
  },
  requestPseudoSent: {
    section: '8.3.1',
    level: 'MUST',
    role: 'client',
    text: 'A client sends exactly one valid :method, :scheme and :path in each request but CONNECT',
  },
  methodMissing: {
    section: '8.3.1',
    level: 'MUST',
    role: 'server',
    text: 'A request without a valid :method is malformed',
  },
  schemeMissing: {
    section: '8.3.1',
    level: 'MUST',
    role: 'server',
    text: 'A request without a valid :scheme, and not CONNECT, is malformed',
  },
  pathMissing: {
    section: '8.3.1',
    level: 'MUST',
    role: 'server',
    text: 'A request without :path, and not CONNECT, is malformed',
  },
  pathEmpty: {
    section: '8.3.1',
    level: 'MUST',
    role: 'server',
    text: 'A request for an http or https target with an empty :path is malformed',
  },
  pathInvalid: {
    section: '8.3.1',
    level: 'MUST',
    role: 'server',
    text: 'A request whose :path is neither absolute nor, for OPTIONS, an asterisk is malformed',
  },
  // RFC 9113 §8.3.2 Response Pseudo-Header Fields
  statusSent: {
    section: '8.3.2',
    level: 'MUST',
    role: 'server',
    text: 'Every response, interim ones too, is sent with one :status',
  },
  statusMissing: {
    section: '8.3.2',
    level: 'MUST',
    role: 'client',
    text: 'A response, an interim one too, without a valid :status is malformed',
  },
})
