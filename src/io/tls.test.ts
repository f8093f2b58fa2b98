import { connect as connectTcp, createServer as createTcpServer } from 'node:net'
import type { Server, TLSSocket } from 'node:tls'
import { createServer } from 'node:tls'
import { afterEach, describe, expect, it } from 'vitest'
import type { Channel } from '../conformance/channel.ts'
import { Refused, Unreachable } from '../conformance/peer.ts'
import { certificate } from './certificate.ts'
import { octets, text } from './endpoint.fixture.ts'
import type { DialOptions, ListenOptions } from './tcp.ts'
import { dial, listen } from './tcp.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function serve(options: Parameters<typeof createServer>[0], on: (socket: TLSSocket) => void): Promise<number> {
  const server: Server = createServer({ ...certificate(), allowHalfOpen: true, ...options }, socket => {
    socket.on('error', () => {})
    closing.push(() => socket.destroy())
    on(socket)
  })
  server.on('tlsClientError', () => {})
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return (server.address() as { port: number }).port
}

async function dialled(port: number, more: Partial<DialOptions> = {}): Promise<Channel> {
  const channel = await dial({ host: '127.0.0.1', port, tls: { insecure: true }, timeout: 3000, ...more })
  closing.push(() => channel.destroy())
  return channel
}

async function accepting(more: Partial<ListenOptions> = {}): Promise<{ port: number; next: Promise<Channel> }> {
  let listener: { port: number; close(): Promise<void> } | undefined
  const next = new Promise<Channel>((accept, reject) => {
    closing.push(() => listener?.close())
    const refused = (why: string): void => reject(new Refused(why))
    const tls = certificate()
    listen({ host: '127.0.0.1', port: 0, tls, accept, refused, ...more }).then(one => {
      listener = one
    }, reject)
  })
  next.catch(() => {})
  while (!listener) await new Promise(resolve => setImmediate(resolve))
  return { port: listener.port, next }
}

async function content(channel: Channel): Promise<string> {
  const arrival = await channel.receive(3000)
  return arrival.kind === 'octets' ? text(arrival.octets) : arrival.kind
}

describe.each([false, true])('TLS as a client, capture: %s', capture => {
  it('tells what was agreed on, and carries octets both ways', async () => {
    const port = await serve({ ALPNProtocols: ['h2', 'http/1.1'] }, socket => socket.pipe(socket))
    const channel = await dialled(port, { capture })
    expect(channel.security).toMatchObject({ version: 'TLSv1.3', alpn: 'h2' })
    expect(channel.security?.cipher).toMatch(/^TLS_/)
    channel.send(octets('hello'))
    expect(await content(channel)).toBe('hello')
    channel.end()
    expect(await content(channel)).toBe('eof')
    expect(channel.remote).toEqual({ address: '127.0.0.1', port })
  })

  it('offers what the case asks for', async () => {
    const port = await serve({ ALPNProtocols: ['h2', 'http/1.1'] }, () => {})
    const other = await dialled(port, { capture, opening: { tls: { alpn: ['http/1.1'] } } })
    expect(other.security?.alpn).toBe('http/1.1')
    const none = await dialled(port, { capture, opening: { tls: { alpn: [] } } })
    expect(none.security?.alpn).toBeUndefined()
    const ciphers = 'ECDHE-ECDSA-AES256-GCM-SHA384'
    const twelve = await dialled(port, { capture, opening: { tls: { maxVersion: 'TLSv1.2', ciphers } } })
    const cipher = 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'
    expect(twelve.security).toMatchObject({ version: 'TLSv1.2', cipher })
  })

  it('goes down to versions long gone', async () => {
    const old = { minVersion: 'TLSv1', ciphers: 'DEFAULT:@SECLEVEL=0' } as const
    const port = await serve(old, socket => socket.end('old'))
    for (const maxVersion of ['TLSv1', 'TLSv1.1'] as const) {
      const channel = await dialled(port, { capture, opening: { tls: { maxVersion } } })
      expect(channel.security?.version).toBe(maxVersion)
      expect(await content(channel)).toBe('old')
    }
  })

  it('knows a refusal by its alert', async () => {
    const port = await serve({ minVersion: 'TLSv1.2', ALPNProtocols: ['h2'] }, () => {})
    const old = dialled(port, { capture, opening: { tls: { maxVersion: 'TLSv1.1' } } })
    await expect(old).rejects.toThrow(new Refused('TLS alert protocol_version'))
    const strange = dialled(port, { capture, opening: { tls: { alpn: ['strange'] } } })
    await expect(strange).rejects.toThrow(new Refused('TLS alert no_application_protocol'))
  })

  it.each(['end', 'resetAndDestroy'] as const)('knows a server that leaves in the handshake, by %s', async leave => {
    const server = createTcpServer({ allowHalfOpen: true }, socket => {
      socket.on('error', () => {})
      socket.once('data', () => socket[leave]())
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    closing.push(() => server.close())
    const leaving = dialled((server.address() as { port: number }).port, { capture })
    await expect(leaving).rejects.toThrow(new Refused('the server ended the connection in the TLS handshake'))
  })

  it('reads what the peer said before it closed on us, though we write on', async () => {
    for (let round = 0; round < 5; round++) {
      const port = await serve({}, socket => {
        socket.pause()
        setTimeout(() => socket.write('the reason', () => socket.destroy()), 20)
      })
      const channel = await dialled(port, { capture })
      channel.send(octets('unwanted'))
      await new Promise(resolve => setTimeout(resolve, 30))
      channel.send(octets('more'))
      channel.send(octets('and more'))
      expect(await content(channel)).toBe('the reason')
      expect((await channel.receive(1000)).kind).toMatch(/reset|eof/)
    }
  })
})

describe('TLS as a client', () => {
  it('checks the certificate unless told not to', async () => {
    const port = await serve({}, () => {})
    await expect(dialled(port, { tls: {} })).rejects.toThrow(/not trusted.*--insecure/)
    const trusting = await dialled(port, { tls: { ca: certificate().cert } })
    expect(trusting.security?.version).toBe('TLSv1.3')
    const named = await dialled(port, { host: 'localhost', tls: { ca: certificate().cert } })
    expect(named.security?.version).toBe('TLSv1.3')
  })

  it('does not mistake a server without TLS for one that refuses', async () => {
    const plain = await listen({
      host: '127.0.0.1',
      port: 0,
      accept: channel => channel.send(octets('HTTP/1.1 400\r\n')),
    })
    closing.push(() => plain.close())
    await expect(dialled(plain.port)).rejects.toThrow(Unreachable)
    await expect(dialled(plain.port)).rejects.toThrow(/no TLS there: wrong version number|no TLS there: packet length/)
  })

  it('waits no longer than it was told for a handshake', async () => {
    const mute = await listen({ host: '127.0.0.1', port: 0, accept() {} })
    closing.push(() => mute.close())
    await expect(dialled(mute.port, { timeout: 80 })).rejects.toThrow(/no TLS handshake within \d+ ms/)
  })

  it('keeps ciphertext and key log', async () => {
    const port = await serve({ ALPNProtocols: ['h2'] }, socket => socket.pipe(socket))
    const channel = await dialled(port, { capture: true })
    channel.send(octets('hello'))
    await content(channel)
    const { secrets = [], segments = [] } = channel.capture ?? {}
    expect(secrets.some(line => /^CLIENT_HANDSHAKE_TRAFFIC_SECRET [0-9a-f]{64} [0-9a-f]+$/.test(line))).toBe(true)
    // RFC 8446 §5.1: handshake (22), legacy_record_version.
    expect([...(segments[0]?.octets.subarray(0, 2) ?? [])]).toEqual([22, 3])
    expect(new Set(segments.map(segment => segment.from))).toEqual(new Set(['tester', 'subject']))
    expect(segments.some(segment => Buffer.from(segment.octets).includes('hello'))).toBe(false)
    expect((await dialled(port)).capture).toBeUndefined()
  })
})

describe('TLS as a server', () => {
  it.each([false, true])('knows what the client offered and asked for, capture: %s', async capture => {
    const { port, next } = await accepting({ capture })
    const opening = { tls: { alpn: ['strange', 'h2', 'http/1.1'] } }
    const client = await dialled(port, { tls: { insecure: true, serverName: 'localhost' }, opening })
    expect(client.security?.alpn).toBe('h2')
    const channel = await next
    expect(channel.security).toEqual({
      version: 'TLSv1.3',
      cipher: 'TLS_AES_256_GCM_SHA384',
      alpn: 'h2',
      serverName: 'localhost',
      offered: ['strange', 'h2', 'http/1.1'],
    })
    client.send(octets('over'))
    expect(await content(channel)).toBe('over')
    channel.send(octets('and out'))
    channel.end()
    expect(await content(client)).toBe('and out')
    expect(await content(client)).toBe('eof')
    expect((channel.capture?.secrets.length ?? 0) > 0).toBe(capture)
  })

  it.each([false, true])('knows a client that leaves in the handshake, capture: %s', async capture => {
    for (const leave of ['end', 'resetAndDestroy'] as const) {
      const { port, next } = await accepting({ capture, timeout: 60_000 })
      const socket = connectTcp({ port, host: '127.0.0.1', allowHalfOpen: true }, () =>
        setTimeout(() => socket[leave](), 20),
      )
      closing.push(() => socket.destroy())
      await expect(next).rejects.toThrow(Refused)
    }
  })

  it('says that nothing was offered', async () => {
    const { port, next } = await accepting()
    await dialled(port, { opening: { tls: { alpn: [] } } })
    expect((await next).security).toMatchObject({ alpn: undefined, offered: [] })
  })

  it('says why there was no handshake', async () => {
    const untrusting = await accepting()
    await expect(dialled(untrusting.port, { tls: {} })).rejects.toThrow(Unreachable)
    const strange = await accepting()
    await expect(dialled(strange.port, { opening: { tls: { alpn: ['x'] } } })).rejects.toThrow(Refused)
    await expect(strange.next).rejects.toThrow('TLS handshake')
    const old = await accepting({ opening: { tls: { maxVersion: 'TLSv1.2' } } })
    await expect(dialled(old.port, { opening: { tls: { minVersion: 'TLSv1.3' } } })).rejects.toThrow(/protocol_version/)
    await expect(old.next).rejects.toThrow(/unsupported protocol/)
  })
})
