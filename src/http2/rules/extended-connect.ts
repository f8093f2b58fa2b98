import { rulebook } from '../../conformance/rule.ts'
import { CONNECT } from './reasons.ts'

/** The requirements of RFC 8441, extended CONNECT. */
export const rfc8441 = rulebook('rfc8441', {
  // RFC 8441 §3 The SETTINGS_ENABLE_CONNECT_PROTOCOL SETTINGS Parameter
  enableConnectProtocolRange: {
    section: '3',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS_ENABLE_CONNECT_PROTOCOL is sent with the value 0 or 1 only',
  },
  enableConnectProtocolKept: {
    section: '3',
    level: 'MUST',
    role: 'both',
    text: 'SETTINGS_ENABLE_CONNECT_PROTOCOL is never sent as 0 after it was sent as 1',
  },
  extendedConnectAllowed: {
    section: '3',
    level: 'MAY',
    role: 'client',
    text: 'A client may use extended CONNECT once the server has sent SETTINGS_ENABLE_CONNECT_PROTOCOL 1',
    unobservable: CONNECT,
  },
  enableConnectProtocolFromClient: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'SETTINGS_ENABLE_CONNECT_PROTOCOL from a client has no effect on a server',
  },
  protocolWithoutSetting: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'A request with :protocol is malformed for a server that has not sent SETTINGS_ENABLE_CONNECT_PROTOCOL 1, and by any method but CONNECT',
  },
  // RFC 8441 §4 The Extended CONNECT Method
  extendedConnectSendsSchemeAndPath: {
    section: '4',
    level: 'MUST',
    role: 'client',
    text: 'A request with :protocol is sent with :scheme and :path too',
    unobservable: CONNECT,
  },
  extendedConnectWithoutSchemeOrPath: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'A request with :protocol but without :scheme or :path is malformed',
  },
  extendedConnectTunnelsByProtocol: {
    section: '4',
    level: 'MUST',
    role: 'server',
    text: 'A server does not open a tunnel to the host in :authority for a request with :protocol',
    unobservable: "where a server's tunnel leads is not seen by the side that asked for it",
  },
  protocolSentOnce: {
    section: '4',
    level: 'MUST',
    role: 'client',
    text: 'The :protocol pseudo-header field is sent with a single value',
    unobservable: CONNECT,
  },
  // RFC 8441 §5 Using Extended CONNECT to Bootstrap the WebSocket Protocol
  websocketProtocolSent: {
    section: '5',
    level: 'MUST',
    role: 'client',
    text: 'A WebSocket is asked for by CONNECT with the :protocol websocket',
    unobservable: CONNECT,
  },
  websocketScheme: {
    section: '5',
    level: 'MUST',
    role: 'client',
    text: 'The :scheme for a WebSocket is https for wss and http for ws',
    unobservable: CONNECT,
  },
  websocketConnectionFieldsNotSent: {
    section: '5',
    level: 'MUST',
    role: 'client',
    text: 'The connection and upgrade fields of the HTTP/1.1 handshake are not sent with extended CONNECT',
    unobservable: CONNECT,
  },
})
