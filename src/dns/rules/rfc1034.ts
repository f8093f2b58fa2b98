import { rulebook } from '../../conformance/rule.ts'

/** RFC 1034: Domain names: concepts and facilities; what binds a server. */
export const rfc1034 = rulebook('rfc1034', {
  answersFromZone: {
    section: '4.3.2',
    level: 'MUST',
    role: 'server',
    text: 'What the zone holds for a name and type is the answer',
  },
  nameErrorForMissingName: {
    section: '4.3.1',
    level: 'MUST',
    role: 'server',
    text: 'A name that is not in the zone gets the response code NXDOMAIN',
  },
  noDataForMissingType: {
    section: '4.3.2',
    level: 'MUST',
    role: 'server',
    text: 'A name without records of the type asked for gets NOERROR and an empty answer',
  },
  aliasFollowed: {
    section: '4.3.2',
    level: 'MUST',
    role: 'server',
    text: 'An alias in the zone is put into the answer, and the name it stands for is looked up too',
  },
  aliasItselfOnRequest: {
    section: '3.6.2',
    level: 'MUST',
    role: 'server',
    text: 'A question for the type CNAME gets the alias itself, which is not followed',
  },
  aliasChainFollowed: {
    section: '4.3.2',
    level: 'MUST',
    role: 'server',
    text: 'Each alias of a chain within the zone is put into the answer, in order',
  },
  aliasLoopEnds: {
    section: '3.6.2',
    level: 'MUST',
    role: 'server',
    text: 'A chain of aliases that leads back to itself is answered, and answering ends',
  },
  aliasOutOfZone: {
    section: '4.3.2',
    level: 'MUST',
    role: 'server',
    text: 'An alias of a name outside the authority is the answer, with nothing made up behind it',
  },
  authoritativeAnswerSet: {
    section: '4.3.2',
    level: 'MUST',
    role: 'server',
    text: 'AA is set in an answer from a zone that the server has authority for',
  },
  referralAtCut: {
    section: '4.3.2',
    level: 'MUST',
    role: 'server',
    text: 'A name at which the zone is cut is answered by a referral: its NS records in the authority section',
  },
  referralBelowCut: {
    section: '4.3.2',
    level: 'MUST',
    role: 'server',
    text: 'A name below a cut is answered by a referral, whatever the zone holds there',
  },
  referralNotAuthoritative: { section: '4.3.2', level: 'MUST', role: 'server', text: 'AA is clear in a referral' },
  referralAnswerEmpty: {
    section: '4.3.2',
    level: 'MUST',
    role: 'server',
    text: 'A referral has nothing in the answer section',
  },
  glueInReferral: {
    section: '4.3.2',
    level: 'MUST',
    role: 'server',
    text: 'Addresses of name servers below the cut come along in the additional section',
  },
  additionalAddresses: {
    section: '4.3.2',
    level: 'SHOULD',
    role: 'server',
    text: 'Addresses that the answer makes a client want come along in the additional section',
  },
  wildcardSynthesized: {
    section: '4.3.3',
    level: 'MUST',
    role: 'server',
    text: 'A wildcard answers for the names that it covers, and the records are given the name asked for',
  },
  notAuthoritativeRefused: {
    section: '4.3.1',
    level: 'SHOULD',
    role: 'server',
    text: 'A name in none of its zones is refused by a server that offers no recursion',
  },
  recursionNotOffered: {
    section: '4.3.1',
    level: 'MUST',
    role: 'server',
    text: 'RA is clear in the responses of a server that offers no recursion',
  },
  caseInsensitive: {
    section: '3.1',
    level: 'MUST',
    role: 'server',
    text: 'Names are compared without regard to the case of ASCII letters',
  },
})
