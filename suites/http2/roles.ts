import type { Case, Suite } from '../../src/conformance/case.ts'
import { suite } from '../../src/conformance/case.ts'
import { http2 } from '../../src/http2/protocol.ts'
import type { Http2Talk } from '../../src/http2/talk.ts'

export type Http2Case = Case<Http2Talk>

/** The cases of one topic: what either side has to do, and what only one has to. */
export interface Topic {
  /** Cases that read the same whoever is under test. */
  readonly both?: readonly Http2Case[]
  readonly server?: readonly Http2Case[]
  readonly client?: readonly Http2Case[]
}

/** Makes the suites of a topic, one for each role. In a client's, what both share is said to come from a server. */
export function topic(title: string, { both = [], server = [], client = [] }: Topic): Suite<Http2Talk>[] {
  const mirrored = both.map(entry => ({ ...entry, when: `${entry.when} (from a server)` }))
  const suites = [
    suite(http2, 'server', title, [...both, ...server]),
    suite(http2, 'client', title, [...mirrored, ...client]),
  ]
  return suites.filter(({ cases }) => cases.length > 0)
}
