import { rulebook } from '../../conformance/rule.ts'

/** RFC 4592: The role of wildcards in the DNS; what binds a server. */
export const rfc4592 = rulebook('rfc4592', {
  wildcardFromClosestEncloser: {
    section: '3.3.1',
    level: 'MUST',
    role: 'server',
    text: 'Only the wildcard right below the closest name that exists answers',
  },
  wildcardMissingType: {
    section: '3.3.1',
    level: 'MUST',
    role: 'server',
    text: 'A covered name without records of the type gets NOERROR and an empty answer',
  },
  wildcardNotForExisting: {
    section: '2.2.1',
    level: 'MUST',
    role: 'server',
    text: 'A wildcard does not cover names that exist, whatever they hold',
  },
  emptyNonTerminalExists: {
    section: '2.2.2',
    level: 'MUST',
    role: 'server',
    text: 'A name that only has others below it exists: it gets NOERROR and an empty answer',
  },
  asteriskAsked: {
    section: '2.3',
    level: 'MUST',
    role: 'server',
    text: "A question for the wildcard's own name gets its records, like any other name",
  },
  wildcardAlias: { section: '3.3.3', level: 'MUST', role: 'server', text: 'An alias made from a wildcard is followed' },
  asteriskInside: {
    section: '2.1.1',
    level: 'MUST',
    role: 'server',
    text: 'An asterisk that is not the leftmost label is nothing special',
  },
})
