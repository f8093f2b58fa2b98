import { describe, expect, it } from 'vitest'
import { echo, octets } from './endpoint.fixture.ts'
import { hostEndpoint } from './host.ts'
import { isLoopback, serverPeer } from './server-peer.ts'
import { hostUdp } from './udp-host.ts'

describe('serverPeer', () => {
  it('opens connections, and knows when there are no more', async () => {
    const host = await hostEndpoint({ host: '127.0.0.1', port: 0, endpoint: echo })
    const peer = await serverPeer({ host: '127.0.0.1', port: host.port })
    expect(peer).toMatchObject({ name: host.authority, address: host.authority, role: 'server', loopback: true })
    const channel = await peer.open()
    channel.send(octets('x'))
    expect((await channel.receive(2000)).kind).toBe('octets')
    channel.destroy()
    expect(await peer.health()).toEqual({ alive: true })
    await host.close()
    expect(await peer.health()).toMatchObject({ alive: false, how: expect.stringContaining('connection refused') })
    await peer.close()
  })

  it('asks a server of datagrams whether it lives', async () => {
    const host = await hostUdp({ host: '127.0.0.1', port: 0, endpoint: echo })
    const hello = () => ({ octets: octets('alive?'), answeredBy: (heard: Uint8Array) => String(heard) === 'alive?' })
    const options = { host: '127.0.0.1', port: host.port, transports: ['udp', 'tcp'], hello, timeout: 300 } as const
    const peer = await serverPeer(options)
    expect(peer.transports).toEqual(['udp', 'tcp'])
    expect((await peer.open()).transport).toBe('udp')
    const streams = await hostEndpoint({ host: '127.0.0.1', port: host.port, endpoint: echo })
    expect((await peer.open({ transport: 'tcp' })).transport).toBe('tcp')
    await streams.close()
    expect(await peer.health()).toEqual({ alive: true })
    const deaf = await serverPeer({ ...options, hello: () => ({ ...hello(), answeredBy: () => false }) })
    expect(await deaf.health()).toMatchObject({ alive: false, how: expect.stringContaining('no answer') })
    await host.close()
    expect(await peer.health()).toMatchObject({ alive: false })
    await expect(peer.open({ transport: 'tcp' })).rejects.toThrow('connection refused')
  })

  it.each([
    ['127.0.0.1', true],
    ['127.9.8.7', true],
    ['::1', true],
    ['[::1]', true],
    ['::ffff:127.0.0.1', true],
    ['localhost', true],
    ['192.0.2.1', false],
    ['2001:db8::1', false],
    ['::2', false],
    ['1::1', false],
  ])('%s is this machine: %s', async (host, expected) => {
    expect(await isLoopback(host)).toBe(expected)
  })

  it('says that a name means nothing', async () => {
    await expect(serverPeer({ host: 'no-such-host.invalid', port: 1 })).rejects.toThrow(
      'no-such-host.invalid: no such host',
    )
  })
})
