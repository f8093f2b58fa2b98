import { expect, it } from 'vitest'
import type { Channel } from '../../src/conformance/channel.ts'
import { refusedChannel } from '../../src/conformance/channel.ts'
import type { Peer } from '../../src/conformance/peer.ts'
import { isDnsError, sparing } from './sparing.ts'

/** A server that answers each connection by one response with a code. */
function answering(code: number): Peer {
  const channel: Channel = {
    ...refusedChannel(''),
    transport: 'udp',
    receive: () => Promise.resolve({ kind: 'octets', octets: Uint8Array.of(0, 0, 0x80, code) }),
  }
  return {
    name: 'it',
    address: 'it',
    role: 'server',
    loopback: true,
    open: () => Promise.resolve(channel),
    health: () => Promise.resolve({ alive: true }),
    close: () => Promise.resolve(),
  }
}

async function timeOf(peer: Peer, times: number): Promise<number> {
  const began = performance.now()
  for (let i = 0; i < times; i++) await (await peer.open()).receive(0)
  return performance.now() - began
}

it('waits until a second is over in which there were enough errors', async () => {
  expect(await timeOf(sparing(answering(1), 5, isDnsError), 6)).toBeGreaterThan(990)
})

it('does not wait for what is no error', async () => {
  expect(await timeOf(sparing(answering(3), 5, isDnsError), 50)).toBeLessThan(500)
})

it('finds the code behind the length on a stream', () => {
  const response = Uint8Array.of(0, 4, 0, 0, 0x80, 5)
  expect(isDnsError({ ...refusedChannel(''), transport: 'tcp' }, response)).toBe(true)
  expect(isDnsError({ ...refusedChannel(''), transport: 'udp' }, Uint8Array.of(0, 4, 0x80, 0))).toBe(false)
})
