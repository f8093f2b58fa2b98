import { rulebook } from '../../conformance/rule.ts'

/** RFC 8484: DNS queries over HTTPS; what binds a server. */
export const rfc8484 = rulebook('rfc8484', {
  postAnswered: {
    section: '4.1',
    level: 'MUST',
    role: 'server',
    text: 'A query that is the content of a POST request is answered',
  },
  getAnswered: {
    section: '4.1',
    level: 'MUST',
    role: 'server',
    text: 'A query that is the parameter dns of a GET request, in base64url, is answered',
  },
  acceptNotNeeded: {
    section: '4.1',
    level: 'MUST',
    role: 'server',
    text: 'A request that accepts any media type, or says nothing of it, is answered',
  },
  idZeroAnswered: {
    section: '4.1',
    level: 'MUST',
    role: 'server',
    text: 'A query whose identifier is 0 is answered, with that identifier',
  },
  mediaTypeOfAnyCase: {
    section: '4.2',
    level: 'MUST',
    role: 'server',
    text: 'Content of type application/dns-message is taken, in whatever letters the type is written',
  },
  exchangeEach: {
    section: '4.2',
    level: 'MUST',
    role: 'server',
    text: 'Each query has its own exchange: several on one connection are all answered, each on its stream',
  },
  dnsErrorsAreSuccess: {
    section: '4.2.1',
    level: 'MUST',
    role: 'server',
    text: 'A DNS response of any code, errors too, has a status of 2xx',
  },
  successIsResponse: {
    section: '4.2.1',
    level: 'MUST',
    role: 'server',
    text: 'A status of 2xx comes only with a DNS response: what gets none gets another status',
  },
  errorsHoldNoResponse: {
    section: '4.2.1',
    level: 'MUST',
    role: 'server',
    text: 'A status other than 2xx comes without a DNS response',
  },
  mediaTypeRefused: {
    section: '4.2.1',
    level: 'SHOULD',
    role: 'server',
    text: 'Content of a media type that is not supported is refused, by the status 415',
  },
  httpsOnly: {
    section: '5',
    level: 'MUST',
    role: 'server',
    text: 'The scheme is https',
    unobservable: 'a case reaches the server by https and nothing else',
  },
  freshnessAssigned: {
    section: '5.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A response to a GET request says for how long it is fresh',
  },
  freshnessWithinTtl: {
    section: '5.1',
    level: 'MUST',
    role: 'server',
    text: 'A response is fresh for no longer than the smallest TTL in its answer',
  },
  freshnessEqualsTtl: {
    section: '5.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A response is fresh for as long as the smallest TTL in its answer',
  },
  freshnessWithinMinimum: {
    section: '5.1',
    level: 'MUST',
    role: 'server',
    text: 'A response without an answer is fresh for no longer than MINIMUM of the SOA record with it',
  },
  http2Served: { section: '5.2', level: 'SHOULD', role: 'server', text: 'HTTP/2 is served' },
  responseMediaType: {
    section: '5.4',
    level: 'MUST',
    role: 'server',
    text: 'A response to a query of type application/dns-message is of that type',
  },
  contentWithoutLength: {
    section: '6',
    level: 'MUST',
    role: 'server',
    text: 'The content is a message without its length before it',
  },
  messageLimit: {
    section: '6',
    level: 'MUST',
    role: 'server',
    text: 'Content of more than 65,535 octets is no message',
  },
  ednsSizeIgnored: {
    section: '6',
    level: 'MUST',
    role: 'server',
    text: 'The size that OPT of a query names means nothing',
  },
})
