import { suites } from '../catalog.ts'
import type { Case, Suite } from '../conformance/case.ts'
import { caseId } from '../conformance/case.ts'
import { glob } from './glob.ts'
import { didYouMean } from './nearest.ts'
import { UsageError } from './options.ts'

/** A case with the suite it stands in. */
export interface Entry {
  readonly id: string
  readonly suite: Suite
  readonly entry: Case
}

/** Every case. An id may stand in a suite of each role. */
export function allCases(): Entry[] {
  return suites.flatMap(suite => suite.cases.map(entry => ({ id: caseId(entry), suite, entry })))
}

/** Whether anything tests a role of a protocol. */
export function isTested(protocol: string, role: string): boolean {
  return suites.some(suite => suite.protocol.name === protocol && suite.role === role && suite.cases.length > 0)
}

/** The cases that a pattern means; throws `UsageError` with the nearest id when there is none. */
export function casesMatching(command: string, pattern: string, among = allCases()): Entry[] {
  const matches = glob(pattern)
  const found = among.filter(({ id }) => matches(id))
  if (found.length > 0) return found
  const ids = among.map(({ id }) => id)
  const rules = among.map(({ entry }) => entry.rule.id)
  throw new UsageError(`${command}: no case is called '${pattern}'${didYouMean(pattern, [...ids, ...rules])}`)
}
