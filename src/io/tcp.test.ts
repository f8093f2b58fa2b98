import type { Socket } from 'node:net'
import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Channel } from '../conformance/channel.ts'
import { Unreachable } from '../conformance/peer.ts'
import { octets, text } from './endpoint.fixture.ts'
import type { Listener } from './tcp.ts'
import { addressOf, dial, listen } from './tcp.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A plain server of Node's own, and a channel of ours to it. */
async function against(serve: (socket: Socket) => void, host = '127.0.0.1'): Promise<Channel> {
  const server = createServer({ allowHalfOpen: true }, socket => {
    socket.on('error', () => {})
    closing.push(() => socket.destroy())
    serve(socket)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, host, resolve)
  })
  closing.push(() => server.close())
  const { port } = server.address() as { port: number }
  const channel = await dial({ host, port, timeout: 2000 })
  closing.push(() => channel.destroy())
  return channel
}

async function content(channel: Channel, patience = 2000): Promise<string> {
  const arrival = await channel.receive(patience)
  return arrival.kind === 'octets' ? text(arrival.octets) : arrival.kind
}

const later = (milliseconds: number): Promise<void> => new Promise(resolve => setTimeout(resolve, milliseconds))

describe('dial', () => {
  it('sends and receives, and joins what came meanwhile', async () => {
    const channel = await against(socket => {
      socket.setNoDelay(true)
      socket.write('a')
      setTimeout(() => socket.write('b'), 20)
    })
    await later(80)
    expect(await content(channel)).toBe('ab')
    expect(channel.local.address).toBe('127.0.0.1')
    expect(channel.local.port).toBeGreaterThan(0)
  })

  it('is patient for as long as it was told, then goes on', async () => {
    const channel = await against(socket => setTimeout(() => socket.write('late'), 150))
    const started = channel.now()
    expect(await content(channel, 50)).toBe('silence')
    expect(channel.now() - started).toBeGreaterThan(45)
    expect(await content(channel)).toBe('late')
  })

  it('does not call silence what came while we were busy', async () => {
    const channel = await against(socket => setTimeout(() => socket.write('there'), 20))
    const waiting = content(channel, 60)
    // The server runs in this process too: it writes once this is over, 130 ms after the patience.
    await later(10)
    const until = performance.now() + 180
    while (performance.now() < until);
    expect(await waiting).toBe('there')
  })

  it('ends its side and still hears the other', async () => {
    const channel = await against(socket => {
      socket.resume()
      socket.on('end', () => socket.end('after your end'))
    })
    channel.end()
    expect(await content(channel)).toBe('after your end')
    expect(await content(channel)).toBe('eof')
    expect(await content(channel)).toBe('eof')
    channel.send(octets('too late'))
  })

  it('tells a reset from an end', async () => {
    const channel = await against(socket => setTimeout(() => socket.resetAndDestroy(), 20))
    expect(await channel.receive(2000)).toEqual({ kind: 'reset', reason: 'connection reset by the peer (ECONNRESET)' })
    channel.send(octets('x'))
    channel.end()
  })

  it('reads what the peer said before it closed on us, though we write on', async () => {
    // The peer closes with octets of ours unread, which is a reset, and our writes fail before we have read a thing.
    for (let round = 0; round < 5; round++) {
      let peer: Socket | undefined
      const channel = await against(socket => {
        peer = socket.pause()
      })
      channel.send(octets('unwanted'))
      await later(20)
      peer?.write('the reason')
      peer?.destroy()
      // The turn ends, and the peer is closed, before this process reads again.
      await new Promise<void>(resolve => process.nextTick(resolve))
      const started = performance.now()
      while (performance.now() - started < 5);
      channel.send(octets('more'))
      channel.send(octets('and more'))
      expect(await content(channel)).toBe('the reason')
      expect((await channel.receive(2000)).kind).toMatch(/reset|eof/)
    }
  })

  it('stops reading from a peer that sends without end', async () => {
    let sent = 0
    const channel = await against(socket => {
      const chunk = Buffer.alloc(65536)
      function more(): void {
        while (socket.write(chunk)) sent += chunk.length
        sent += chunk.length
      }
      socket.on('drain', more)
      more()
    })
    // However busy the machine is, there comes a time when nothing moves any more.
    let before = -1
    for (let rounds = 0; sent !== before && rounds < 50; rounds++) {
      before = sent
      await later(100)
    }
    expect(sent).toBe(before)
    expect(sent).toBeLessThan(32 << 20)
    const arrival = await channel.receive(1000)
    expect(arrival.kind === 'octets' && arrival.octets.length).toBeGreaterThan(1 << 18)
    for (let rounds = 0; sent === before && rounds < 200; rounds++) await channel.receive(20)
    expect(sent).toBeGreaterThan(before)
  })

  it('answers a receive that waits when it is dropped', async () => {
    const channel = await against(() => {})
    const waiting = channel.receive(5000)
    await expect(channel.receive(1)).rejects.toThrow('one receive at a time')
    channel.destroy()
    expect(await waiting).toMatchObject({ kind: 'reset' })
    expect(await channel.receive(5000)).toMatchObject({ kind: 'reset' })
  })

  it('says in one line that nobody is there', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0, accept() {} })
    await listener.close()
    const refused = dial({ host: '127.0.0.1', port: listener.port, timeout: 2000 })
    await expect(refused).rejects.toThrow(
      new Unreachable(`127.0.0.1:${listener.port}: connection refused (ECONNREFUSED)`),
    )
    const nowhere = dial({ host: 'no-such-host.invalid', port: 80, timeout: 5000 })
    await expect(nowhere).rejects.toThrow(/^no-such-host\.invalid:80: (no such host|the name could not be)/)
  })

  it('speaks to an IPv6 literal, with and without brackets', async context => {
    let listener: Listener
    try {
      listener = await listen({ host: '::1', port: 0, accept: channel => channel.send(octets('six')) })
    } catch (thrown) {
      return context.skip(`no IPv6 here: ${String(thrown)}`)
    }
    closing.push(() => listener.close())
    for (const host of ['::1', '[::1]']) {
      const channel = await dial({ host, port: listener.port, timeout: 2000 })
      expect(await content(channel)).toBe('six')
      expect(channel.remote.address).toBe('::1')
      channel.destroy()
    }
    expect(addressOf({ host: '::1', port: 80 })).toBe('[::1]:80')
  })
})

describe('listen', () => {
  it('hands over each connection as a channel, and drops them when it closes', async () => {
    const accepted: Channel[] = []
    const listener = await listen({ host: '127.0.0.1', port: 0, accept: channel => void accepted.push(channel) })
    const channel = await dial({ host: '127.0.0.1', port: listener.port, timeout: 2000 })
    channel.send(octets('hi'))
    await later(30)
    expect(accepted).toHaveLength(1)
    expect(await content(accepted[0] as Channel)).toBe('hi')
    expect(accepted[0]?.remote.port).toBe(channel.local.port)
    await listener.close()
    expect((await channel.receive(2000)).kind).toMatch(/eof|reset/)
  })

  it('says in one line that a port is taken', async () => {
    const listener = await listen({ host: '127.0.0.1', port: 0, accept() {} })
    closing.push(() => listener.close())
    const second = listen({ host: '127.0.0.1', port: listener.port, accept() {} })
    await expect(second).rejects.toThrow(/^cannot listen on 127\.0\.0\.1:\d+: the address is in use/)
  })
})
