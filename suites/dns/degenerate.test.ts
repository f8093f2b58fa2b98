import { describe, expect, it } from 'vitest'
import { caseId } from '../../src/conformance/case.ts'
import { tryOut } from '../../src/conformance/prove.ts'
import { dns } from '../../src/dns/protocol.ts'
import { memoryPeer } from '../../src/io/memory.ts'
import { allowances } from './degenerate-allowances.ts'
import { degenerateServers, dyingAfter } from './degenerates.ts'
import suites from './index.ts'

const cases = suites
  .filter(({ role }) => role === 'server')
  .flatMap(suite => suite.cases.map(entry => ({ suite, entry, id: caseId(entry) })))

/** What a server is allowed, by id; what is allowed twice is a mistake in the list. */
function allowed(name: string): readonly string[] {
  const ids = allowances.filter(({ peers }) => peers.includes(name)).flatMap(one => one.cases)
  expect(new Set(ids).size).toBe(ids.length)
  return [...ids].sort()
}

const servers = { ...degenerateServers, 'dies after its first answer': dyingAfter(1) }

describe('a degenerate server', () => {
  it.each(Object.entries(servers))(
    'that %s passes only what is allowed, each for its reason',
    async (name, subject) => {
      const passed: string[] = []
      for (const { suite, entry, id } of cases) {
        const { outcome } = await tryOut(suite, entry, memoryPeer(subject, 'server', name, dns.transports))
        if (outcome === 'pass') passed.push(id)
      }
      // A list that allows more than is needed hides what comes to pass later.
      expect(passed.sort()).toEqual(allowed(name))
    },
  )
})
