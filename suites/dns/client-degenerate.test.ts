import { describe, expect, it } from 'vitest'
import type { Protocol, Subject } from '../../src/conformance/case.ts'
import { tryOut } from '../../src/conformance/prove.ts'
import { dnsOfClients } from '../../src/dns/protocol.ts'
import { memoryPeer } from '../../src/io/memory.ts'
import { clientSuites } from './client.ts'
import { chances } from './client-chance.ts'
import { degenerateClients } from './client-degenerates.ts'
import { queries } from './client-queries.ts'

const suites = clientSuites(dnsOfClients as unknown as Protocol)
/** What queries show, whatever becomes of them. */
const shown = new Set([...queries, ...chances].map(({ rule }) => rule.id))

describe.each(Object.entries(degenerateClients))('a client that %s', (_, flows) => {
  it('passes nothing but what its query shows', async () => {
    const connect = (): never => {
      throw new TypeError('it opens its flows itself')
    }
    const subject: Subject = { connect, flows }
    const praised: string[] = []
    for (const suite of suites) {
      for (const entry of suite.cases) {
        const { outcome, rule, id } = await tryOut(suite, entry, memoryPeer(subject, 'client', 'degenerate'))
        if (outcome === 'pass' && !shown.has(rule)) praised.push(id)
        expect(outcome, id).not.toBe('error')
      }
    }
    expect(praised).toEqual([])
  })
})
