import { rulebook } from '../../conformance/rule.ts'

/** RFC 4343: DNS case insensitivity clarification; what binds a server. */
export const rfc4343 = rulebook('rfc4343', {
  anyCaseAnswered: {
    section: '3',
    level: 'MUST',
    role: 'server',
    text: 'A name is found in whatever case it is asked for',
  },
  questionCasePreserved: {
    section: '4.1',
    level: 'SHOULD',
    role: 'server',
    text: 'The question is given back in the case in which it was asked',
  },
  zoneCasePreserved: {
    section: '4.1',
    level: 'SHOULD',
    role: 'server',
    text: 'Names in the answer are in the case of the zone, or of the question',
  },
})
