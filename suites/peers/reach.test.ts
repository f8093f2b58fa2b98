import { describe, expect, it } from 'vitest'
import type { Channel } from '../../src/conformance/channel.ts'
import { refusedChannel } from '../../src/conformance/channel.ts'
import type { Peer } from '../../src/conformance/peer.ts'
import type { Transport } from '../../src/machine.ts'
import { schemeNames, schemeOf } from '../../src/schemes.ts'
import { portsFor } from './ports.ts'
import { joined, namesPlace } from './reach.ts'

/** A place that says by what it was reached. */
function place(name: string, ...transports: readonly Transport[]): Peer {
  const open: Peer['open'] = opening => Promise.resolve(refusedChannel(`${name} by ${opening?.transport ?? 'any'}`))
  return {
    name,
    address: name,
    role: 'server',
    loopback: true,
    transports,
    open,
    health: () => Promise.resolve({ alive: true }),
    close: () => Promise.resolve(),
  }
}

async function reached(opening: Promise<Channel>): Promise<string | undefined> {
  return (await opening).refused
}

describe('one server at several places', () => {
  const peer = joined(place('plain', 'udp', 'tcp'), place('secure', 'tls'))

  it('is the first, with the transports of all', () => {
    expect(peer).toMatchObject({ name: 'plain', transports: ['udp', 'tcp', 'tls'] })
  })

  it('is opened where the transport is carried', async () => {
    expect(await reached(peer.open())).toBe('plain by any')
    expect(await reached(peer.open({ transport: 'tcp' }))).toBe('plain by tcp')
    expect(await reached(peer.open({ transport: 'tls' }))).toBe('secure by tls')
  })
})

describe('ports', () => {
  it('are all different, and only for what is asked for', async () => {
    const ports = await portsFor(['dns', 'tls+dns', 'https+dns'])
    const asked = [ports.dns, ports['tls+dns'], ports['https+dns']]
    expect(new Set(asked).size).toBe(3)
    for (const port of asked) expect(port).toBeGreaterThan(1024)
    expect([ports.h2c, ports.https]).toEqual([0, 0])
  })
})

describe('a command', () => {
  it.each([
    ['https', 'curl {url}', true],
    ['tls+dns', 'kdig +tls @{host} -p {port}', true],
    ['dns', 'dig @{host} -p {port}', true],
    ['dns', 'dig @{authority}', true],
    ['dns', 'curl {url}', false],
    ['dns', 'dig @{host}', false],
    ['h2c', 'curl {host}', false],
  ] as const)('of %s: %s', (scheme, run, names) => {
    expect(namesPlace(scheme, run)).toBe(names)
  })
})

describe('schemes', () => {
  it('are known by protocol, the usual first', () => {
    expect(schemeNames('http2')).toEqual(['h2c', 'https'])
    expect(schemeNames('dns')).toEqual(['dns', 'tls+dns', 'https+dns'])
    expect(schemeNames('smtp')).toEqual([])
    expect(schemeNames()).toHaveLength(5)
  })

  it('have the ports that the IANA gave them', () => {
    expect(schemeNames().map(name => schemeOf(name).port)).toEqual([80, 443, 53, 853, 443])
  })
})
