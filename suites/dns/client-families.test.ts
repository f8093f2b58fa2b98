import { describe, expect, it } from 'vitest'
import type { Protocol, Subject } from '../../src/conformance/case.ts'
import { caseId } from '../../src/conformance/case.ts'
import { tryOut } from '../../src/conformance/prove.ts'
import { TYPE } from '../../src/dns/mnemonics.ts'
import { dnsOfClients } from '../../src/dns/protocol.ts'
import { StubProgram } from '../../src/dns/stub/program.ts'
import { chance } from '../../src/dns/stub/world.fixture.ts'
import { memoryPeer } from '../../src/io/memory.ts'
import { clientSuites } from './client.ts'

const suites = clientSuites(dnsOfClients as unknown as Protocol)

/** Our client, which asks for both families at once, as most programs do; or which has only one server, or no EDNS. */
function client(more: Partial<ConstructorParameters<typeof StubProgram>[0]>): Subject {
  const entropy = chance(7)
  return {
    connect() {
      throw new TypeError('it opens its flows itself')
    },
    flows: ({ servers = 1 } = {}) =>
      new StubProgram({ name: 'www.example.test.', servers, timeout: 1000, entropy, ...more }),
  }
}

describe.each([
  ['asks for both families', { types: [TYPE.A, TYPE.AAAA] }, 0],
  ['asks for AAAA first', { types: [TYPE.AAAA, TYPE.A] }, 0],
  ['knows one server', { servers: 1 }, 9],
  ['has no EDNS', { payload: 0 }, 20],
  ['has no cookies', { cookies: false }, 8],
  ['mixes case', { mixedCase: true }, 1],
] as const)('a client that %s', (_, more, exceptions) => {
  it('fails nothing', async () => {
    const subject = client(more)
    const outcomes = new Map<string, string>()
    for (const suite of suites) {
      for (const entry of suite.cases) {
        const { outcome, came } = await tryOut(suite, entry, memoryPeer(subject, 'client', 'ours', ['udp', 'tcp']))
        if (outcome !== 'pass') outcomes.set(caseId(entry), `${outcome}: ${came}`)
      }
    }
    expect([...outcomes].filter(([, came]) => !came.startsWith('unsupported'))).toEqual([])
    expect(outcomes.size).toBe(exceptions)
  })
})
