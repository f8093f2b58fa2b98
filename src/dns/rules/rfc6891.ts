import { rulebook } from '../../conformance/rule.ts'

/** RFC 6891: Extension mechanisms for DNS (EDNS(0)); what binds a server. */
export const rfc6891 = rulebook('rfc6891', {
  optInResponse: { section: '6.1.1', level: 'MUST', role: 'server', text: 'A query with OPT gets a response with OPT' },
  noOptWithoutQuery: {
    section: '7',
    level: 'MUST',
    role: 'server',
    text: 'A query without OPT gets a response without OPT',
  },
  oneOptInResponse: { section: '6.1.1', level: 'MUST', role: 'server', text: 'A response has at most one OPT record' },
  optOwnerRoot: {
    section: '6.1.2',
    level: 'MUST',
    role: 'server',
    text: 'The owner name of OPT in a response is the root',
  },
  severalOptsRefused: {
    section: '6.1.1',
    level: 'MUST',
    role: 'server',
    text: 'A query with more than one OPT record gets FORMERR',
  },
  badVersion: {
    section: '6.1.3',
    level: 'MUST',
    role: 'server',
    text: 'A query with a version of EDNS that the server does not know gets BADVERS',
  },
  badVersionOwn: {
    section: '6.1.3',
    level: 'MUST',
    role: 'server',
    text: 'BADVERS comes with the highest version that the server knows',
  },
  badVersionWithoutAnswer: {
    section: '6.1.3',
    level: 'MUST',
    role: 'server',
    text: 'BADVERS comes without an answer to the question',
  },
  unknownOptionsIgnored: {
    section: '6.1.2',
    level: 'MUST',
    role: 'server',
    text: 'Options that a server does not know are ignored',
  },
  unknownFlagsIgnored: {
    section: '6.1.4',
    level: 'MUST',
    role: 'server',
    text: 'Flags of OPT that a server does not know are ignored',
  },
  unknownFlagsZero: {
    section: '6.1.4',
    level: 'MUST',
    role: 'server',
    text: 'The flags of OPT without a meaning are zero in a response',
  },
  smallSizeIs512: {
    section: '6.2.3',
    level: 'MUST',
    role: 'server',
    text: 'A size of less than 512 octets is taken as 512',
  },
  sizeHonoured: {
    section: '6.2.5',
    level: 'MUST',
    role: 'server',
    text: 'A response in a datagram is no larger than the size that the query names',
  },
  ownSizeAtLeast512: {
    section: '6.2.3',
    level: 'MUST',
    role: 'server',
    text: 'The size that a server names is at least 512 octets',
  },
  optInTruncated: {
    section: '7',
    level: 'MUST',
    role: 'server',
    text: 'A truncated response to a query with OPT has OPT',
  },
  optMalformedRefused: {
    section: '6.1.2',
    level: 'SHOULD',
    role: 'server',
    text: 'Options that do not fill the RDATA of OPT as their lengths say get FORMERR',
  },
  optInEveryError: {
    section: '7',
    level: 'MUST',
    role: 'server',
    text: 'An error response to a query with OPT that could be read has OPT too',
  },
  optAnywhere: {
    section: '6.1.1',
    level: 'MUST',
    role: 'server',
    text: 'OPT may stand anywhere in the additional section',
  },
  optOwnerElsewhereRefused: {
    section: '6.1.2',
    level: 'SHOULD',
    role: 'server',
    text: 'OPT with another owner name than the root gets FORMERR',
  },
  sizeNotForStreams: {
    section: '6.2.5',
    level: 'MUST',
    role: 'server',
    text: 'The size named in OPT does not bound responses over TCP',
  },
  versionZeroInResponse: {
    section: '6.1.3',
    level: 'MUST',
    role: 'server',
    text: 'The version of OPT in a response is one that the server implements',
  },
})
