import { describe, expect, it } from 'vitest'
import { caseId } from '../../src/conformance/case.ts'
import { tryOut } from '../../src/conformance/prove.ts'
import type { Role } from '../../src/conformance/rule.ts'
import { memoryPeer } from '../../src/io/memory.ts'
import { reportedAnyway } from './bad-reporter-allowances.ts'
import type { Allowance } from './degenerate-allowance.ts'
import { allowances } from './degenerate-allowances.ts'
import { badReporters, degenerateClients, degenerateServers, reporting } from './degenerates.ts'
import suites from './index.ts'

const cases = suites.flatMap(suite => suite.cases.map(entry => ({ suite, entry, id: caseId(entry) })))
const of = (role: Role) => cases.filter(({ suite }) => suite.role === role)

/** What a peer is allowed, by id, each with its reason; what is allowed twice is a mistake in the list. */
function reasons(allowed: readonly Allowance[], peer: string): ReadonlyMap<string, string> {
  const map = new Map<string, string>()
  for (const { because, cases } of allowed.filter(({ peers }) => peers.includes(peer))) {
    for (const id of cases) {
      if (map.has(id)) throw new Error(`allowed twice: ${id}`)
      map.set(id, because)
    }
  }
  return map
}

describe.each([
  { role: 'server', peers: degenerateServers },
  { role: 'client', peers: degenerateClients },
] as const)('a degenerate $role', ({ role, peers }) => {
  it.each(Object.entries(peers))('that %s passes only what is allowed, each for its reason', async (name, connect) => {
    const passed: string[] = []
    for (const { suite, entry, id } of of(role)) {
      const verdict = await tryOut(suite, entry, memoryPeer({ connect }, role, name))
      if (verdict.outcome === 'pass') passed.push(id)
    }
    const allowed = reasons(allowances[role], name)
    expect(passed.filter(id => !allowed.has(id))).toEqual([])
    // A list that allows more than is needed hides what comes to pass later.
    expect([...allowed.keys()].filter(id => !passed.includes(id))).toEqual([])
  })
})

describe.each(['server', 'client'] as const)('a conforming %s', role => {
  it.each(Object.entries(badReporters))('that %s passes no case in which it reports an error so', async (name, how) => {
    const passed: string[] = []
    let changed = 0
    for (const { suite, entry, id } of of(role)) {
      const subject = reporting(role, how)
      const verdict = await tryOut(suite, entry, memoryPeer(subject, role, name))
      if (!subject.changed()) continue
      changed++
      if (verdict.outcome === 'pass') passed.push(id)
    }
    expect(changed).toBeGreaterThan(0)
    expect(passed.sort()).toEqual([...reasons(reportedAnyway[role], name).keys()].sort())
  })
})
