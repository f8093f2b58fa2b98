import type { Protocol, Suite } from '../../src/conformance/case.ts'
import { suite } from '../../src/conformance/case.ts'
import { answers } from './client-answers.ts'
import { chances } from './client-chance.ts'
import { cookies } from './client-cookies.ts'
import { extensions } from './client-edns.ts'
import type { ClientCase } from './client-features.ts'
import { malformedResponses } from './client-malformed.ts'
import { matching } from './client-matching.ts'
import { queries } from './client-queries.ts'
import { servers } from './client-servers.ts'
import { connections } from './client-streams.ts'
import { truncation } from './client-truncation.ts'

const TOPICS: readonly (readonly [title: string, cases: readonly ClientCase[]])[] = [
  ['Queries', queries],
  ['What a forger has to guess', chances],
  ['Which responses are taken', matching],
  ['Malformed responses', malformedResponses],
  ['Truncation', truncation],
  ['Queries over TCP', connections],
  ['Answers', answers],
  ['Servers that fail, and look-ups without an end', servers],
  ['EDNS of clients', extensions],
  ['Cookies of clients', cookies],
]

/** The suites for clients: stub resolvers that are run to look up one address, and write it. */
export function clientSuites(protocol: Protocol): readonly Suite[] {
  return TOPICS.map(([title, cases]) => suite(protocol, 'client', title, cases))
}
