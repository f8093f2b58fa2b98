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
  responseMediaType: {
    section: '4.2.1',
    level: 'MUST',
    role: 'server',
    text: 'The content of a response to a query is of type application/dns-message',
  },
  dnsErrorsAreSuccess: {
    section: '4.2.1',
    level: 'MUST',
    role: 'server',
    text: 'A response code other than NOERROR is no HTTP error: the status is 2xx',
  },
  freshnessWithinTtl: {
    section: '5.1',
    level: 'MUST',
    role: 'server',
    text: 'The freshness lifetime of a response is at most the smallest TTL in its answer',
  },
  mediaTypeRefused: {
    section: '4.1',
    level: 'SHOULD',
    role: 'server',
    text: 'Content of another media type is refused by 415',
  },
  malformedBase64Refused: {
    section: '4.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A parameter dns that is no base64url is refused by a status of 4xx',
  },
  missingParameterRefused: {
    section: '4.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A GET request without the parameter dns is refused by a status of 4xx',
  },
  http2Served: { section: '5.2', level: 'SHOULD', role: 'server', text: 'HTTP/2 is served' },
  concurrentQueries: {
    section: '5.2',
    level: 'MUST',
    role: 'server',
    text: 'Several queries on one connection are all answered, each on its stream',
  },
  idZeroCopied: {
    section: '4.1',
    level: 'MUST',
    role: 'server',
    text: 'A query whose identifier is zero is answered with that',
  },
  caseOfMediaType: {
    section: '4.1',
    level: 'MUST',
    role: 'server',
    text: 'The media type is compared without regard to case',
  },
  acceptNotNeeded: {
    section: '4.1',
    level: 'MUST',
    role: 'server',
    text: 'A request that accepts any media type, or says nothing of it, is answered',
  },
})
