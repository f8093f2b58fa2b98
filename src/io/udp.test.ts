import { createSocket } from 'node:dgram'
import { afterEach, describe, expect, it } from 'vitest'
import type { Connected } from '../conformance/case.ts'
import type { Endpoint } from '../machine.ts'
import { dialUdp } from './udp.ts'
import { hostUdp } from './udp-host.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const octets = (text: string) => Buffer.from(text)

/** Answers each datagram with itself, twice; a throw for `bug`; after `later`, once more 20 ms on. */
function twice(): Endpoint {
  let output: Uint8Array[] = []
  let deadline: number | undefined
  return {
    receive(received, now) {
      const text = String(received)
      if (text === 'bug') throw new Error('a bug')
      if (text === 'later') deadline = now + 20
      output.push(octets(text), octets(text))
    },
    tick() {
      deadline = undefined
      output.push(octets('tick'))
    },
    transmit() {
      const all = output
      output = []
      return all
    },
    get deadline() {
      return deadline
    },
  }
}

async function host(endpoint: (connected: Connected) => Endpoint, onThrow?: (thrown: unknown) => void) {
  const served = await hostUdp({ host: '127.0.0.1', port: 0, endpoint, onThrow, maxRemotes: 2 })
  closing.push(() => served.close())
  return served
}

async function dialled(port: number, address = '127.0.0.1') {
  const channel = await dialUdp({ host: address, port })
  closing.push(() => channel.destroy())
  return channel
}

describe('datagrams', () => {
  it('arrive one by one, empty ones too', async () => {
    const { port } = await host(twice)
    const channel = await dialled(port)
    channel.send(octets('a'))
    channel.send(octets(''))
    const arrivals = []
    for (let i = 0; i < 4; i++) arrivals.push(await channel.receive(2000))
    expect(arrivals.map(arrival => arrival.kind === 'octets' && String(arrival.octets))).toEqual(['a', 'a', '', ''])
    expect(await channel.receive(10)).toEqual({ kind: 'silence' })
  })

  it('tell when nobody listens, and are heard over IPv6', async () => {
    const socket = createSocket('udp6')
    await new Promise<void>(resolve => socket.bind(0, '::1', () => resolve()))
    const { port } = socket.address()
    await new Promise<void>(resolve => socket.close(() => resolve()))
    const channel = await dialled(port, '[::1]')
    channel.send(octets('anybody?'))
    expect(await channel.receive(2000)).toMatchObject({
      kind: 'reset',
      reason: expect.stringContaining('ECONNREFUSED'),
    })
  })

  it('come only from whom they were sent to', async () => {
    const { port } = await host(twice)
    const channel = await dialled(port)
    const stranger = createSocket('udp4')
    closing.push(() => stranger.close())
    await new Promise(resolve => stranger.send(octets('spoof'), channel.local.port, '127.0.0.1', resolve))
    channel.send(octets('a'))
    expect(await channel.receive(2000)).toMatchObject({ octets: octets('a') })
  })

  it('may be asked for one at a time only, and not after the end', async () => {
    const { port } = await host(twice)
    const channel = await dialled(port)
    const first = channel.receive(50)
    await expect(channel.receive(50)).rejects.toThrow('one receive at a time')
    expect(await first).toEqual({ kind: 'silence' })
    channel.destroy()
    channel.send(octets('a'))
    expect(await channel.receive(50)).toMatchObject({ kind: 'reset' })
  })

  it('want a host that means something', async () => {
    await expect(dialUdp({ host: 'no-such-host.invalid', port: 53 })).rejects.toThrow('no such host')
  })
})

describe('a host of datagrams', () => {
  it('has an endpoint for each address, and forgets the oldest', async () => {
    const ports: (number | undefined)[] = []
    const { port } = await host(({ remote, transport }) => {
      expect(transport).toBe('udp')
      ports.push(remote?.port)
      return twice()
    })
    const channels = [await dialled(port), await dialled(port), await dialled(port)]
    for (const at of [0, 1, 0, 2, 0]) {
      const channel = channels[at]
      channel?.send(octets('a'))
      await channel?.receive(2000)
      await channel?.receive(2000)
    }
    const [first, second, third] = channels.map(channel => channel.local.port)
    expect(ports).toEqual([first, second, third, first])
  })

  it('survives an endpoint that throws', async () => {
    const thrown: unknown[] = []
    const { port } = await host(twice, error => thrown.push(error))
    const channel = await dialled(port)
    channel.send(octets('bug'))
    channel.send(octets('a'))
    expect(await channel.receive(2000)).toMatchObject({ octets: octets('a') })
    expect(String(thrown)).toBe('Error: a bug')
  })

  it('keeps deadlines', async () => {
    const { port } = await host(twice)
    const channel = await dialled(port)
    channel.send(octets('later'))
    await channel.receive(2000)
    await channel.receive(2000)
    expect(await channel.receive(2000)).toMatchObject({ octets: octets('tick') })
  })

  it('says when it may not listen', async () => {
    const { port } = await host(twice)
    await expect(hostUdp({ host: '127.0.0.1', port, endpoint: twice })).rejects.toThrow(
      `cannot listen on 127.0.0.1:${port}`,
    )
  })
})
