import { rulebook } from '../../conformance/rule.ts'
import { INTERNAL, PERMISSION } from './reasons.ts'

/** RFC 9113 §8.4: server push. */
export const push = rulebook('rfc9113', {
  // RFC 9113 §8.4 Server Push
  promisedRequestCacheable: {
    section: '8.4',
    level: 'MUST',
    role: 'server',
    text: 'A server promises only requests that are safe and cacheable',
  },
  promisedRequestUncacheable: {
    section: '8.4',
    level: 'MUST',
    role: 'client',
    text: 'A promised request that is not cacheable is a stream error of type PROTOCOL_ERROR on the promised stream',
  },
  promisedRequestWithContent: {
    section: '8.4',
    level: 'MUST',
    role: 'client',
    text: 'A promised request that announces content is a stream error of type PROTOCOL_ERROR on the promised stream',
  },
  uncacheablePushNotStored: {
    section: '8.4',
    level: 'MUST',
    role: 'client',
    text: 'A pushed response that is not cacheable is not stored in a cache',
    unobservable: INTERNAL,
  },
  uncacheablePushDelivered: {
    section: '8.4',
    level: 'MAY',
    role: 'client',
    text: 'A pushed response that is not cacheable may reach the application by itself',
    unobservable: PERMISSION,
  },
  promiseOwnAuthority: {
    section: '8.4',
    level: 'MUST',
    role: 'server',
    text: 'A promise names an :authority for which the server is authoritative',
  },
  promiseForeignAuthority: {
    section: '8.4',
    level: 'MUST',
    role: 'client',
    text: "A promise for an authority that is not the server's is a stream error of type PROTOCOL_ERROR",
  },
  promiseToServer: {
    section: '8.4',
    level: 'MUST',
    role: 'server',
    text: 'PUSH_PROMISE from a client is a connection error of type PROTOCOL_ERROR',
  },
  // RFC 9113 §8.4.1 Push Requests
  promisedFieldsComplete: {
    section: '8.4.1',
    level: 'MUST',
    role: 'server',
    text: 'The fields of a promise are a complete and valid set for a request',
  },
  promisedFieldsIncomplete: {
    section: '8.4.1',
    level: 'MUST',
    role: 'client',
    text: 'A promise without a complete and valid set of request fields is a stream error of type PROTOCOL_ERROR on the promised stream',
  },
  promisedMethodUnsafe: {
    section: '8.4.1',
    level: 'MUST',
    role: 'client',
    text: 'A promise of a method that is not safe is a stream error of type PROTOCOL_ERROR on the promised stream',
  },
  promiseBeforeReference: {
    section: '8.4.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A promise goes out before any frame that refers to the promised response',
    unobservable: 'what a response refers to is not for a tester to know',
  },
  clientNeverPromises: { section: '8.4.1', level: 'MUST', role: 'client', text: 'A client never sends PUSH_PROMISE' },
  // RFC 9113 §8.4.2 Push Responses
  promisedNotRequested: {
    section: '8.4.2',
    level: 'SHOULD',
    role: 'client',
    text: 'A client that accepts a promise makes no request for the same until the promised stream has closed',
    unobservable:
      'a command that requests one URL, and has done so before anything can be promised, requests nothing else',
  },
  pushedAuthorityValidated: {
    section: '8.4.2',
    level: 'MUST',
    role: 'client',
    text: 'A client checks that the server is authoritative for a pushed response',
    unobservable: INTERNAL,
  },
})
