import { rulebook } from '../../conformance/rule.ts'

/** RFC 3597: Handling of unknown record types; what binds a client. */
export const rfc3597 = rulebook('rfc3597', {
  unknownRecordsPassed: {
    section: '3',
    level: 'MUST',
    role: 'client',
    text: 'Records of types and classes that are not known do not keep the others from being used',
  },
})

/** RFC 4343: Case insensitivity clarification; what binds a client. */
export const rfc4343 = rulebook('rfc4343', {
  responseCaseIgnored: {
    section: '3',
    level: 'MUST',
    role: 'client',
    text: 'Names in a response are compared with those asked for without regard to the case of ASCII letters',
  },
})

/** RFC 5452: Measures for making DNS more resilient against forged answers. */
export const rfc5452 = rulebook('rfc5452', {
  idMatched: {
    section: '9.1',
    level: 'MUST',
    role: 'client',
    text: 'A message with another identifier than that of the query is no response to it',
  },
  sourceAddressMatched: {
    section: '9.1',
    level: 'MUST',
    role: 'client',
    text: 'A message from another address than the query went to is no response to it',
  },
  questionNameMatched: {
    section: '9.1',
    level: 'MUST',
    role: 'client',
    text: 'A message about another name than was asked for is no response',
  },
  questionTypeMatched: {
    section: '9.1',
    level: 'MUST',
    role: 'client',
    text: 'A message about another type than was asked for is no response',
  },
  questionClassMatched: {
    section: '9.1',
    level: 'MUST',
    role: 'client',
    text: 'A message about another class than was asked for is no response',
  },
  idUnpredictable: {
    section: '9.2',
    level: 'MUST',
    role: 'client',
    text: 'Identifiers of queries cannot be told from those before',
  },
  portUnpredictable: {
    section: '9.2',
    level: 'MUST',
    role: 'client',
    text: 'Ports that queries go out from cannot be told from those before',
  },
})

/** RFC 6604: xNAME RCODE and status bits clarification; what binds a client. */
export const rfc6604 = rulebook('rfc6604', {
  nameErrorIsOfTheLastAlias: {
    section: '3',
    level: 'MUST',
    role: 'client',
    text: 'With aliases in the answer, NXDOMAIN is said of the name at their end: the look-up ends without data',
  },
})

/** RFC 6891: Extension mechanisms for DNS; what binds a client. */
export const rfc6891 = rulebook('rfc6891', {
  oneOptInQuery: { section: '6.1.1', level: 'MUST', role: 'client', text: 'A query has at most one OPT record' },
  queryOptOwnerRoot: {
    section: '6.1.2',
    level: 'MUST',
    role: 'client',
    text: 'The owner of the OPT record in a query is the root',
  },
  optFlagsZero: {
    section: '6.1.4',
    level: 'MUST',
    role: 'client',
    text: 'Flags of OPT that have no meaning yet are zero in a query',
  },
  ednsVersionZero: {
    section: '6.1.3',
    level: 'SHOULD',
    role: 'client',
    text: 'A query is of EDNS version 0, the only one there is, and has no extended response code',
  },
  advertisedSizeTaken: {
    section: '6.2.3',
    level: 'SHOULD',
    role: 'client',
    text: 'A response of as many octets as the query allows is taken',
  },
  plainDnsFallback: {
    section: '7',
    level: 'MUST',
    role: 'client',
    text: 'A server that answers FORMERR without OPT knows no EDNS, and is asked again without it',
  },
  unknownResponseOptionsPassed: {
    section: '6.1.2',
    level: 'MUST',
    role: 'client',
    text: 'Options in a response that are not known are ignored',
  },
  responseOptAnywhere: {
    section: '6.1.1',
    level: 'MUST',
    role: 'client',
    text: 'OPT may stand anywhere in the additional section of a response',
  },
  extendedRcodeHeeded: {
    section: '6.1.3',
    level: 'MUST',
    role: 'client',
    text: 'The upper eight bits of a response code, in OPT, belong to it: the four in the header may be zero in an error',
  },
})

/** RFC 7766: DNS transport over TCP; what binds a client. */
export const rfc7766 = rulebook('rfc7766', {
  tcpUsed: {
    section: '5',
    level: 'MUST',
    role: 'client',
    text: 'A stub resolver asks over TCP what did not fit into a datagram',
  },
  queryInOneWrite: {
    section: '8',
    level: 'SHOULD',
    role: 'client',
    text: 'Length and query are handed to TCP at the same time',
  },
  responseInPiecesRead: {
    section: '8',
    level: 'MUST',
    role: 'client',
    text: 'A response is read to its length, however TCP delivers it',
  },
  streamIdMatched: {
    section: '7',
    level: 'MUST',
    role: 'client',
    text: 'Over TCP too a response is matched by its identifier',
  },
  streamQuestionMatched: {
    section: '7',
    level: 'MUST',
    role: 'client',
    text: 'Over TCP too a response is matched by its question',
  },
  unansweredRetried: {
    section: '6.2.4',
    level: 'SHOULD',
    role: 'client',
    text: 'A query whose connection ends before the response is asked again',
  },
  clientConnectionReused: {
    section: '6.2.1',
    level: 'SHOULD',
    role: 'client',
    text: 'A connection that is open is used for further queries',
    unobservable: 'A program that is run for one question has nothing more to ask',
  },
  idleConnectionClosed: {
    section: '6.2.3',
    level: 'SHOULD',
    role: 'client',
    text: 'A connection that is not needed is closed',
    unobservable: 'A program that has ended has closed all its connections',
  },
})

/** RFC 7873: DNS cookies; what binds a client. */
export const rfc7873 = rulebook('rfc7873', {
  clientCookieLength: {
    section: '4.1',
    level: 'MUST',
    role: 'client',
    text: 'The cookie of a client has eight octets; alone at first',
  },
  clientCookiePerServer: {
    section: '4.1',
    level: 'MUST',
    role: 'client',
    text: 'Each server gets another cookie',
  },
  wrongCookieDiscarded: {
    section: '5.3',
    level: 'MUST',
    role: 'client',
    text: "A response whose client cookie is not the client's is discarded",
  },
  illegalCookieLengthDiscarded: {
    section: '5.3',
    level: 'MUST',
    role: 'client',
    text: 'A response with a cookie option of a length that no cookies have is discarded',
  },
  badCookieRetried: {
    section: '5.3',
    level: 'SHOULD',
    role: 'client',
    text: 'After BADCOOKIE the query is repeated with the cookie that the server gave',
  },
  badCookieTwiceOverTcp: {
    section: '5.3',
    level: 'SHOULD',
    role: 'client',
    text: 'After BADCOOKIE to a fresh cookie the query is repeated over TCP',
  },
  missingCookieDiscarded: {
    section: '5.3',
    level: 'MUST',
    role: 'client',
    text: 'A response without a cookie is discarded where one is expected',
    unobservable: 'That one is expected is known only of a server that gave one in an answer before',
  },
})

/** RFC 8020: NXDOMAIN: there really is nothing underneath; what binds a client. */
export const rfc8020 = rulebook('rfc8020', {
  nothingBelowCached: {
    section: '2',
    level: 'SHOULD',
    role: 'client',
    text: 'A name error that is kept answers for all names below it',
    unobservable: 'A program that is run for one question asks for no name below',
  },
})

/** RFC 9619: In the DNS, QDCOUNT is (usually) one; what binds a client. */
export const rfc9619 = rulebook('rfc9619', {
  queryOneQuestion: {
    section: '4',
    level: 'MUST',
    role: 'client',
    text: 'A standard query has one question',
  },
})
