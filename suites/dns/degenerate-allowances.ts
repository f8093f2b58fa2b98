/** Cases that servers without sense may pass, and why that is right. */
export interface Allowance {
  readonly because: string
  readonly peers: readonly string[]
  readonly cases: readonly string[]
}

/** What each passes: these cases and no others. Those that are not named pass nothing. */
export const allowances: readonly Allowance[] = [
  {
    because: 'what its responses say of identifier, flags and question is right, whatever they answer',
    peers: [
      'sends back what comes as a response',
      'refuses everything',
      'fails at everything',
      'says that nothing exists',
      'has nothing to say',
      'answers everything by SOA',
      'truncates everything',
    ],
    cases: [
      'rfc1035/4.1.1/id-copied/three-queries-have-identifiers-of-their-own',
      'rfc1035/4.1.1/opcode-copied/a-standard-query-comes',
      'rfc1035/4.1.1/recursion-desired-copied/rd-is-clear',
      'rfc1035/4.1.1/recursion-desired-copied/rd-is-set',
      'rfc1035/4.1.1/response-bit-set/a-query-comes',
      'rfc1035/4.1.2/question-copied/a-query-comes',
      'rfc1035/4.1.2/question-copied/the-name-does-not-exist',
    ],
  },
  {
    because: 'the rule asks for a response, and it responds to whatever comes',
    peers: [
      'sends back what comes as a response',
      'refuses everything',
      'fails at everything',
      'says that nothing exists',
      'has nothing to say',
      'answers everything by SOA',
      'truncates everything',
    ],
    cases: [
      'rfc1996/3/notify-answered/a-change-of-the-zone-is-notified-by-a-stranger',
      'rfc8906/4/unknown-class-answered/the-server-s-version-is-asked-for-in-class-ch',
      'rfc8906/8.1.4/header-only-answered/opcode-15-comes-in-a-header-alone',
      'rfc8906/8.1.4/header-only-answered/opcode-15-comes-in-a-header-alone-with-every-flag-set',
      'rfc8906/8.1.4/header-only-answered/opcode-15-comes-in-a-header-alone-with-rd-ad-and-cd',
    ],
  },
  {
    because: 'what its responses say of identifier, flags and question is right, whatever they answer',
    peers: [
      'refuses everything',
      'fails at everything',
      'says that nothing exists',
      'has nothing to say',
      'answers everything by SOA',
      'truncates everything',
    ],
    cases: [
      'rfc1035/4.1.1/reserved-zero/the-reserved-bit-is-set-in-a-query',
      'rfc8906/3.1.3/unknown-flag-not-copied/every-flag-is-set-that-a-query-has-no-use-for',
    ],
  },
  {
    because: 'the rule asks it to refuse, and it refuses everything',
    peers: ['refuses everything', 'fails at everything'],
    cases: ['rfc1035/4.1.1/format-error-for-malformed/all-octets-behind-the-header-are-ones'],
  },
  {
    because: 'the SOA record of the zone is the answer that is asked for',
    peers: ['answers everything by SOA'],
    cases: [
      'rfc1034/4.3.1/recursion-not-offered/rd-is-set-in-a-query-for-a-name-of-no-zone-of-its-own',
      'rfc1034/4.3.2/authoritative-answer-set/a-name-of-the-zone-does-not-exist',
      'rfc1034/4.3.2/authoritative-answer-set/the-zone-is-asked-for',
      'rfc1035/4.1.1/truncation-clear-when-whole/an-answer-is-short',
      'rfc1035/4.1.4/pointers-understood/the-changes-of-the-zone-are-asked-for-and-the-soa-record-of-ours-names-it-by-a-pointer',
      'rfc1035/4.1.4/pointers-well-formed/an-answer-has-many-names-in-it',
      'rfc2181/8/ttl-positive/any-record-is-answered',
      'rfc4035/3.1.6/authentic-data-clear/a-zone-that-is-not-signed-is-asked-for',
      'rfc4035/3.1.6/authentic-data-clear/ad-is-set-in-a-query-for-a-zone-that-is-not-signed',
      'rfc6891/7/no-opt-without-query/a-query-has-no-opt',
      'rfc8482/4.2/any-not-negative/the-zone-is-asked-for-any',
      'rfc8482/4/any-answered/the-zone-is-asked-for-any',
      'rfc8906/3.1.3/response-flags-ignored/aa-is-set-in-a-query',
      'rfc8906/3.1.3/response-flags-ignored/ra-is-set-in-a-query',
      'rfc8906/3.1.3/response-flags-ignored/tc-is-set-in-a-query',
      'rfc8906/8.1.1/zone-served/an-unknown-class-was-asked-for-before',
      'rfc8906/8.1.1/zone-served/an-unknown-opcode-came-before',
      'rfc8906/8.1.1/zone-served/the-soa-record-of-the-zone-is-asked-for',
      'rfc8906/8.1.3.1/checking-disabled-answered/cd-is-set-in-a-query',
      'rfc8906/8.1.3.2/authentic-data-answered/ad-is-set-in-a-query',
      'rfc8906/8.1.3.3/reserved-flag-answered/the-reserved-bit-is-set-in-a-query',
      'rfc8906/8.1.3.4/recursion-desired-answered/rd-is-set',
    ],
  },
  {
    because: 'what its responses say of identifier, flags and question is right, whatever they answer',
    peers: ['answers everything by SOA'],
    cases: [
      'rfc4343/4.1/question-case-preserved/a-name-is-asked-for-in-mixed-case',
      'rfc4343/4.1/question-case-preserved/a-name-that-does-not-exist-is-asked-for-in-mixed-case',
    ],
  },
  {
    because: 'the rule asks for a response, and it responds to whatever comes',
    peers: ['answers everything by SOA'],
    cases: [
      'rfc6895/3.2/class-any-answered/class-any-is-asked-for',
      'rfc6895/3.2/class-any-answered/class-none-is-asked-for',
      'rfc8906/3.1.2/meta-type-answered/type-ixfr-is-asked-for',
      'rfc8906/3.1.2/meta-type-answered/type-maila-is-asked-for',
      'rfc8906/3.1.2/meta-type-answered/type-mailb-is-asked-for',
      'rfc8906/3.1.2/meta-type-answered/type-opt-is-asked-for',
      'rfc8906/3.1.2/meta-type-answered/type-tkey-is-asked-for',
      'rfc8906/3.1.2/meta-type-answered/type-tsig-is-asked-for',
      'rfc8906/3.1.2/meta-type-answered/type-type130-is-asked-for',
      'rfc8906/4/unknown-class-answered/a-class-for-private-use-is-asked-for',
      'rfc8906/4/unknown-class-answered/class-4096-which-has-no-meaning-is-asked-for',
      'rfc8906/4/unknown-class-answered/class-hs-is-asked-for',
    ],
  },
  {
    because: 'another connection is what is asked, and it answers once on each',
    peers: ['dies after its first answer'],
    cases: [
      'rfc1035/4.2.2/stream-not-blocking/a-length-has-come-and-no-message',
      'rfc1035/4.2.2/stream-not-blocking/a-length-of-65-535-and-some-octets-have-come',
      'rfc1035/4.2.2/stream-not-blocking/a-message-of-no-octets-has-come',
      'rfc1035/4.2.2/stream-not-blocking/a-message-shorter-than-a-header-has-come',
      'rfc1035/4.2.2/stream-not-blocking/half-a-header-has-come',
      'rfc1035/4.2.2/stream-not-blocking/one-octet-of-a-length-has-come',
      'rfc1035/4.2.2/stream-not-blocking/six-connections-stand-still-in-the-middle-of-a-message',
    ],
  },
]
