import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Connected } from '../conformance/case.ts'
import type { Channel } from '../conformance/channel.ts'
import type { Endpoint } from '../machine.ts'
import { certificate } from './certificate.ts'
import { echo, endpoint, octets, text } from './endpoint.fixture.ts'
import type { Host, HostOptions } from './host.ts'
import { connectEndpoint, hostEndpoint } from './host.ts'
import { dial } from './tcp.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function host(make: () => Endpoint, more: Partial<HostOptions> = {}): Promise<Host> {
  const one = await hostEndpoint({ host: '127.0.0.1', port: 0, endpoint: make, ...more })
  closing.push(() => one.close())
  return one
}

async function dialled(to: Host, tls = false): Promise<Channel> {
  const secure = tls ? { tls: { insecure: true } } : {}
  const channel = await dial({ host: '127.0.0.1', port: to.port, timeout: 3000, ...secure })
  closing.push(() => channel.destroy())
  return channel
}

async function content(channel: Channel, patience = 3000): Promise<string> {
  const arrival = await channel.receive(patience)
  return arrival.kind === 'octets' ? text(arrival.octets) : arrival.kind
}

const later = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

describe('hostEndpoint', () => {
  it.each([false, true])('runs a fresh endpoint on each connection, TLS: %s', async tls => {
    const server = await host(echo, tls ? { tls: certificate() } : {})
    const [first, second] = [await dialled(server, tls), await dialled(server, tls)]
    first.send(octets('one'))
    second.send(octets('two'))
    expect([await content(first), await content(second)]).toEqual(['one', 'two'])
    first.end()
    expect(await content(first)).toBe('eof')
    expect(first.security?.alpn).toBe(tls ? 'h2' : undefined)
  })

  it('writes what is to go out at once, small or large', async () => {
    const large = new Uint8Array(300_000).fill(120)
    const server = await host(() => endpoint({ output: [octets('a'), octets('b'), large, octets('c'), 'close'] }))
    const channel = await dialled(server)
    let received = ''
    for (;;) {
      const more = await content(channel)
      if (more === 'eof') break
      received += more
    }
    expect(received).toBe(`ab${'x'.repeat(300_000)}c`)
  })

  it('keeps the time for the endpoint', async () => {
    function slow(): Endpoint {
      const output: (Uint8Array | 'close')[] = []
      let deadline: number | undefined = performance.now() + 120
      return {
        receive(_, now) {
          // Sooner than what was asked for first.
          deadline = now + 40
        },
        tick() {
          output.push(octets('tick'))
          deadline = undefined
        },
        transmit: () => output.splice(0),
        get deadline() {
          return deadline
        },
      }
    }
    const server = await host(slow)
    const [asking, waiting] = [await dialled(server), await dialled(server)]
    const started = performance.now()
    asking.send(octets('x'))
    expect(await content(asking)).toBe('tick')
    const early = performance.now() - started
    expect(await content(waiting)).toBe('tick')
    expect(early).toBeGreaterThan(35)
    expect(performance.now() - started).toBeGreaterThan(early)
  })

  it('holds little for a peer that never reads', async () => {
    let asked = 0
    const chunk = Buffer.alloc(65536)
    const server = await host(() =>
      endpoint({
        transmit() {
          asked++
          return [chunk]
        },
      }),
    )
    const socket = connect(server.port, '127.0.0.1')
    closing.push(() => socket.destroy())
    socket.pause()
    socket.on('error', () => {})
    const flood = setInterval(() => socket.write(chunk), 1)
    let before = -1
    for (let rounds = 0; asked !== before && rounds < 50; rounds++) {
      before = asked
      await later(100)
    }
    clearInterval(flood)
    expect(asked).toBe(before)
    expect(asked * chunk.length).toBeLessThan(32 << 20)
  })

  it('lets what it said last arrive, though the peer writes on', async () => {
    const server = await host(() => {
      const output: (Uint8Array | 'close')[] = []
      return endpoint({ output, receive: () => void output.push(octets('bye'), 'close') })
    })
    const channel = await dialled(server)
    for (let round = 0; round < 20; round++) channel.send(new Uint8Array(10_000))
    expect(await content(channel)).toBe('bye')
    expect(await content(channel)).toBe('eof')
  })

  it('drops a connection whose endpoint throws, and no other', async () => {
    const thrown: unknown[] = []
    const faulty = (): Endpoint => {
      const output: (Uint8Array | 'close')[] = []
      return endpoint({
        output,
        receive(got) {
          if (got === 'eof' || got[0] === 0) throw new RangeError('a bug')
          output.push(got)
        },
      })
    }
    const server = await host(faulty, { onThrow: what => void thrown.push(what) })
    const [bad, good] = [await dialled(server), await dialled(server)]
    bad.send(new Uint8Array(1))
    expect(await content(bad)).toMatch(/eof|reset/)
    good.send(octets('fine'))
    expect(await content(good)).toBe('fine')
    expect(thrown).toEqual([new RangeError('a bug')])
  })

  it('drops a connection that no endpoint could be made for, and no other', async () => {
    const thrown: unknown[] = []
    let made = 0
    const faulty = (): Endpoint => {
      if (made++ === 0) throw new RangeError('no endpoint')
      return echo()
    }
    const server = await host(faulty, { onThrow: what => void thrown.push(what) })
    const bad = await dialled(server)
    expect(await content(bad)).toMatch(/eof|reset/)
    const good = await dialled(server)
    good.send(octets('fine'))
    expect(await content(good)).toBe('fine')
    expect(thrown).toEqual([new RangeError('no endpoint')])
  })

  it('tells once of an endpoint that throws, whatever it still had to do', async () => {
    const thrown: unknown[] = []
    const failing = (): never => {
      throw new Error('a bug')
    }
    const make = (): Endpoint => ({
      ...endpoint({ receive: failing, tick: failing }),
      deadline: performance.now() + 30,
    })
    const server = await host(make, { onThrow: what => void thrown.push(what) })
    const bad = await dialled(server)
    for (let round = 0; round < 10; round++) bad.send(octets('x'))
    await later(80)
    expect(thrown).toHaveLength(1)
  })

  it('listens on IPv6, with and without brackets', async () => {
    for (const address of ['::1', '[::1]']) {
      const server = await hostEndpoint({ host: address, port: 0, endpoint: echo })
      closing.push(() => server.close())
      expect(server.authority).toBe(`[::1]:${server.port}`)
      const channel = await dial({ host: address, port: server.port, timeout: 3000 })
      closing.push(() => channel.destroy())
      channel.send(octets('six'))
      expect(await content(channel)).toBe('six')
    }
  })

  it('says what its clock counts from', async () => {
    const epochs: number[] = []
    const make = ({ epoch = 0 }: Connected): Endpoint => {
      epochs.push(epoch + performance.now() - Date.now())
      return echo()
    }
    const server = await hostEndpoint({ host: '127.0.0.1', port: 0, endpoint: make })
    closing.push(() => server.close())
    const channel = await dialled(server)
    channel.send(octets('x'))
    await content(channel)
    expect(Math.abs(epochs[0] ?? Number.NaN)).toBeLessThan(1000)
  })

  it('stops at once where nobody can be asked to leave', async () => {
    const server = await host(echo)
    const [idle, sending] = [await dialled(server), await dialled(server)]
    sending.send(octets('x'))
    await content(sending)
    const started = performance.now()
    await server.close(5000)
    expect(performance.now() - started).toBeLessThan(1000)
    expect(await content(idle)).toMatch(/eof|reset/)
  })

  it('takes no more connections than it was told', async () => {
    const server = await host(echo, { maxConnections: 1 })
    const first = await dialled(server)
    first.send(octets('in'))
    expect(await content(first)).toBe('in')
    expect(await content(await dialled(server))).toMatch(/eof|reset/)
  })

  it('takes its leave of connections, then drops those that stay', async () => {
    const output: (Uint8Array | 'close')[] = []
    const server = await host(() => endpoint({ output, shutdown: () => void output.push(octets('leaving')) }))
    const channel = await dialled(server)
    await later(20)
    const started = performance.now()
    await server.close(80)
    expect(performance.now() - started).toBeGreaterThan(60)
    expect(await content(channel)).toBe('leaving')
    expect(await content(channel)).toMatch(/eof|reset/)
    await expect(dialled(server)).rejects.toThrow(/refused/)
  })
})

describe('connectEndpoint', () => {
  it.each([false, true])('lets an endpoint speak first, then when it is woken, TLS: %s', async tls => {
    const server = await host(echo, tls ? { tls: certificate() } : {})
    const got: string[] = []
    const output: (Uint8Array | 'close')[] = [octets('first')]
    const client = endpoint({ output, receive: what => void got.push(what === 'eof' ? 'eof' : text(what)) })
    const secure = tls ? { tls: { ca: certificate().cert } } : {}
    const driven = await connectEndpoint({
      host: '127.0.0.1',
      port: server.port,
      timeout: 3000,
      endpoint: client,
      ...secure,
    })
    while (got.length < 1) await later(5)
    output.push(octets('second'))
    driven.wake()
    while (got.length < 2) await later(5)
    output.push('close')
    driven.wake()
    await driven.closed
    expect(got).toEqual(['first', 'second'])
  })

  it('says that nobody is there', async () => {
    const server = await host(echo)
    await server.close()
    const nobody = connectEndpoint({ host: '127.0.0.1', port: server.port, timeout: 3000, endpoint: echo() })
    await expect(nobody).rejects.toThrow(/connection refused/)
  })
})
