import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Channel, Flow } from '../conformance/channel.ts'
import { refusedChannel } from '../conformance/channel.ts'
import type { Entry } from '../conformance/record.ts'
import type { Connection } from '../conformance/run-case.ts'
import { captured, captureInto } from './captures.ts'

const TESTER = { address: '127.0.0.1', port: 5300 }
const OTHER = { address: '127.0.0.2', port: 5300 }
const SUBJECT = { address: '127.0.0.1', port: 40_000 }
const octets = Uint8Array.of(1)

function connection(entries: readonly Entry[], channel: Partial<Channel> = {}): Connection {
  return { channel: { ...refusedChannel(''), local: TESTER, remote: SUBJECT, ...channel }, entries, opened: 1000 }
}

describe('what is captured of a connection', () => {
  const entries: readonly Entry[] = [
    { at: 1, from: 'tester', octets },
    { at: 2, from: 'subject', event: 'silence' },
  ]

  it('is its octets, with what carried them', () => {
    const [one, ...more] = captured(connection(entries, { transport: 'udp' }), { role: 'server' })
    expect(more).toEqual([])
    expect(one).toMatchObject({ transport: 'udp', local: TESTER, remote: SUBJECT, opened: 1000, opener: 'tester' })
    expect(one?.segments).toEqual([entries[0]])
  })

  it('is the ciphertext where there is TLS', () => {
    const capture = { secrets: ['X 1 2'], segments: [{ at: 5, from: 'subject' as const, octets }] }
    const [one] = captured(connection(entries, { capture }), { role: 'client' })
    expect(one).toMatchObject({ ...capture, clock: 5, opener: 'subject' })
  })

  it('is one connection for each flow, and for each address of ours', () => {
    const first: Flow = { id: 1, transport: 'udp', subject: SUBJECT, tester: TESTER }
    const second: Flow = { id: 2, transport: 'tcp', subject: { ...SUBJECT, port: 40_001 }, tester: TESTER }
    const flowing: readonly Entry[] = [
      { at: 1, from: 'subject', octets, flow: first },
      { at: 2, from: 'tester', octets },
      { at: 3, from: 'tester', octets, flow: { ...first, tester: OTHER } },
      { at: 4, from: 'subject', octets, flow: second },
      { at: 5, from: 'tester', octets },
    ]
    const found = captured(connection(flowing, { servers: [TESTER, OTHER], transport: 'udp' }), { role: 'client' })
    expect(found.map(({ segments, opened, transport }) => [segments.map(({ at }) => at), opened, transport])).toEqual([
      [[1, 2], 1001, 'udp'],
      [[3], 1003, 'udp'],
      [[4, 5], 1004, 'tcp'],
    ])
    expect(found.map(({ local }) => local)).toEqual([TESTER, OTHER, TESTER])
    expect(found.map(({ remote }) => remote.port)).toEqual([40_000, 40_000, 40_001])
  })

  it('goes into files of its own, also when a case is repeated', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wiregrade-captures-'))
    const write = captureInto(folder, { role: 'server' })
    expect(await write('a/1/b', [connection(entries)])).toBe('a-1-b.pcapng')
    expect(await write('a/1/b', [connection(entries), connection(entries, { transport: 'udp' })])).toBe(
      'a-1-b-2.pcapng',
    )
    expect(readdirSync(folder).sort()).toEqual(['a-1-b-2.pcapng', 'a-1-b.pcapng'])
    rmSync(folder, { recursive: true })
  })
})
