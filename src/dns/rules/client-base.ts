import { rulebook } from '../../conformance/rule.ts'

const ONE_QUESTION = 'A program that is run for one question has no second one that its cache could answer'

/** RFC 1034: Domain names: concepts and facilities; what binds a client. */
export const rfc1034 = rulebook('rfc1034', {
  recursionDesired: {
    section: '5.3.1',
    level: 'MUST',
    role: 'client',
    text: 'A stub resolver sets RD, as it leaves the work to a recursive server',
  },
  aliasUnderstood: {
    section: '5.3.3',
    level: 'MUST',
    role: 'client',
    text: 'An alias in a response leads to the records of the name that it stands for',
  },
  aliasChainUnderstood: {
    section: '3.6.2',
    level: 'SHOULD',
    role: 'client',
    text: 'A chain of aliases is followed to its end',
  },
  aliasLoopIsError: {
    section: '3.6.2',
    level: 'SHOULD',
    role: 'client',
    text: 'A chain of aliases that leads back to itself is an error, and the look-up ends',
  },
  negativeAnswerReturned: {
    section: '5.3.3',
    level: 'MUST',
    role: 'client',
    text: 'An answer that says that there is no such name, or no such data, ends the look-up',
  },
  failingServerLeft: {
    section: '5.3.3',
    level: 'SHOULD',
    role: 'client',
    text: 'After a failure of a server, or something bizarre from it, another is asked',
  },
  workBounded: {
    section: '5.3.3',
    level: 'MUST',
    role: 'client',
    text: 'However servers behave, a look-up comes to its end after a bounded number of queries',
  },
  unrelatedRecordsUnused: {
    section: '5.3.3',
    level: 'MUST',
    role: 'client',
    text: 'Only records of the name, class and type asked for are the answer',
  },
  answersCached: {
    section: '5.3.3',
    level: 'SHOULD',
    role: 'client',
    text: 'An answer is kept for as long as its TTL says',
    unobservable: ONE_QUESTION,
  },
  cachedTtlCountsDown: {
    section: '3.6',
    level: 'MUST',
    role: 'client',
    text: 'What is kept is discarded when its TTL has passed',
    unobservable: ONE_QUESTION,
  },
})

/** RFC 1035: Domain names: implementation and specification; what binds a client. */
export const rfc1035 = rulebook('rfc1035', {
  queryBitClear: { section: '4.1.1', level: 'MUST', role: 'client', text: 'QR is clear in a query' },
  standardQuery: { section: '4.1.1', level: 'MUST', role: 'client', text: 'The opcode of a look-up is QUERY' },
  queryReservedZero: { section: '4.1.1', level: 'MUST', role: 'client', text: 'The reserved bit is zero in a query' },
  responseFlagsClear: {
    section: '4.1.1',
    level: 'SHOULD',
    role: 'client',
    text: 'AA, TC, RA and the response code, which have a meaning in responses, are zero in a query',
  },
  queryCountsTrue: {
    section: '4.1.1',
    level: 'MUST',
    role: 'client',
    text: 'The counts of a query are the numbers of the entries that follow, and nothing is behind them',
  },
  queryWithoutRecords: {
    section: '4.3.1',
    level: 'MUST',
    role: 'client',
    text: 'A standard query has its question, and nothing in the answer and authority sections',
  },
  responseBitRequired: {
    section: '7.3',
    level: 'SHOULD',
    role: 'client',
    text: 'A message with QR clear is a query, and is not taken for a response',
  },
  responseOpcodeMatched: {
    section: '7.3',
    level: 'SHOULD',
    role: 'client',
    text: 'A response with another opcode than that of the query is not taken',
  },
  recordsWellFormed: {
    section: '7.3',
    level: 'SHOULD',
    role: 'client',
    text: 'Nothing is used of a response whose records are not all correctly formatted',
  },
  pointersEnd: {
    section: '4.1.4',
    level: 'MUST',
    role: 'client',
    text: 'A pointer names a place before itself: a name that leads elsewhere, or nowhere, is malformed',
  },
  compressionUnderstood: {
    section: '4.1.4',
    level: 'MUST',
    role: 'client',
    text: 'Compressed names are understood wherever they may stand in a response',
  },
  nameLimits: {
    section: '2.3.4',
    level: 'MUST',
    role: 'client',
    text: 'A name of 255 octets and labels of 63 are taken',
  },
  nameLimitsEnforced: {
    section: '2.3.4',
    level: 'MUST',
    role: 'client',
    text: 'A name of more than 255 octets is malformed',
  },
  wholeDatagramTaken: {
    section: '4.2.1',
    level: 'MUST',
    role: 'client',
    text: 'A response of 512 octets in a datagram is taken',
  },
  lostQueryRepeated: {
    section: '4.2.1',
    level: 'MUST',
    role: 'client',
    text: 'A query that gets no response is sent again',
  },
  otherServersFirst: {
    section: '4.2.1',
    level: 'SHOULD',
    role: 'client',
    text: 'Other servers are tried before a query is repeated to the same one',
  },
  streamLengthPrefixed: {
    section: '4.2.2',
    level: 'MUST',
    role: 'client',
    text: 'Over TCP a query has its length in two octets before it',
  },
  earlierTransmissionAnswered: {
    section: '7.3',
    level: 'SHOULD',
    role: 'client',
    text: 'A late response to an earlier transmission of the same query may be used',
    unobservable: 'A client that closes the port of a query that it gave up, as it may, never sees its late response',
  },
  repeatedAfterSeconds: {
    section: '4.2.1',
    level: 'SHOULD',
    role: 'client',
    text: 'A query is not repeated within two seconds',
    unobservable: 'Who runs a client under test sets its patience, and has to set it lower than ours',
  },
})

/** RFC 1123: Requirements for Internet hosts; what binds a client of DNS. */
export const rfc1123 = rulebook('rfc1123', {
  retransmissionControlled: {
    section: '6.1.3.3',
    level: 'MUST',
    role: 'client',
    text: 'What one request may cost is bounded, even where no server ever answers',
  },
  zeroTtlUsed: {
    section: '6.1.2.1',
    level: 'MUST',
    role: 'client',
    text: 'A record whose TTL is zero is good for the look-up under way',
  },
})

/** RFC 2181: Clarifications to the DNS specification; what binds a client. */
export const rfc2181 = rulebook('rfc2181', {
  // Of what clients have to match (RFC 5452 §9.1) the port that an answer comes from is none: servers are to keep to it.
  sourcePortMatched: {
    section: '4.2',
    level: 'SHOULD',
    role: 'client',
    text: 'A message from another port than the query went to is no response: servers answer from that one',
  },
  truncatedIgnored: {
    section: '9',
    level: 'SHOULD',
    role: 'client',
    text: 'A response with TC set is not used, whatever is in it, and the question is asked by other means',
  },
  highTtlIsZero: {
    section: '8',
    level: 'SHOULD',
    role: 'client',
    text: 'A TTL with its highest bit set counts as zero, and the record is good for the look-up under way',
  },
})

/** RFC 2308: Negative caching; what binds a client. */
export const rfc2308 = rulebook('rfc2308', {
  noDataIsNoReferral: {
    section: '2.2',
    level: 'MUST',
    role: 'client',
    text: 'An empty answer with SOA in the authority section says that there is no such data',
  },
  negativeCached: {
    section: '5',
    level: 'SHOULD',
    role: 'client',
    text: 'A negative answer is kept for the lower of the TTL of its SOA record and the MINIMUM in it',
    unobservable: ONE_QUESTION,
  },
  negativeWithoutSoaNotCached: {
    section: '5',
    level: 'SHOULD',
    role: 'client',
    text: 'A negative answer without an SOA record is not kept',
    unobservable: ONE_QUESTION,
  },
  serverFailureBriefly: {
    section: '7.1',
    level: 'MUST',
    role: 'client',
    text: 'A failure of a server is remembered for at most five minutes',
    unobservable: ONE_QUESTION,
  },
})
