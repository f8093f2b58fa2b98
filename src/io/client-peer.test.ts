import { existsSync } from 'node:fs'
import { afterEach, describe, expect, it } from 'vitest'
import type { Channel } from '../conformance/channel.ts'
import type { Peer } from '../conformance/peer.ts'
import { Refused, Unreachable } from '../conformance/peer.ts'
import type { ClientPeerOptions } from './client-peer.ts'
import { clientPeer } from './client-peer.ts'
import { echo, octets, text } from './endpoint.fixture.ts'

const peers: Peer[] = []
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close()
})

/** A client written in Node, as it is always there. */
function client(program: string, more: Partial<ClientPeerOptions> = {}): Peer {
  const run = `'${process.execPath}' -e '${program.replaceAll('\n', ' ')}' {port} {cert} {url}`
  const peer = clientPeer({ run, tls: false, timeout: 5000, ...more })
  peers.push(peer)
  return peer
}

const CONNECT = 'const s = require("net").connect(+process.argv[1], "127.0.0.1"); s.on("error", () => {});'

async function content(channel: Channel): Promise<string> {
  const arrival = await channel.receive(5000)
  return arrival.kind === 'octets' ? text(arrival.octets) : arrival.kind
}

describe('clientPeer', () => {
  it('runs a program for each connection, and tells how it ended', async () => {
    const peer = client(
      `${CONNECT} s.write("hi"); s.on("data", d => { console.log("got " + d); process.exitCode = 5; s.end() })`,
    )
    const channel = await peer.open()
    expect(await content(channel)).toBe('hi')
    channel.send(octets('you'))
    expect(await content(channel)).toBe('eof')
    channel.end()
    expect(await channel.exit?.(5000)).toEqual({ code: 5, signal: null, stdout: 'got you\n', stderr: '' })
    channel.destroy()
  })

  it('knows that a program goes on, and ends it with the channel', async () => {
    const peer = client(`${CONNECT} s.write(String(process.pid))`)
    const channel = await peer.open()
    const pid = Number(await content(channel))
    expect(await channel.exit?.(50)).toBeUndefined()
    channel.destroy()
    await peer.close()
    for (let tries = 0; tries < 200 && existsSync(`/proc/${pid}`); tries++) {
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    expect(existsSync(`/proc/${pid}`)).toBe(false)
    expect(await peer.health()).toEqual({ alive: true })
  })

  it('speaks TLS with a certificate that the program can trust', async () => {
    const peer = client(
      `const tls = require("tls"); const ca = require("fs").readFileSync(process.argv[2]);
       const u = new URL(process.argv[3]);
       const o = { host: u.hostname, servername: u.hostname, port: u.port, ca, ALPNProtocols: ["h2", "x"] };
       const s = tls.connect(o, () => s.write(s.alpnProtocol + u.pathname))`,
      { tls: true, path: '/some/where' },
    )
    const channel = await peer.open()
    expect(channel.security).toMatchObject({ alpn: 'h2', serverName: 'localhost', offered: ['h2', 'x'] })
    expect(await content(channel)).toBe('h2/some/where')
    channel.destroy()
  })

  it('says that a program refused our TLS', async () => {
    const peer = client('require("tls").connect(+process.argv[1], "localhost").on("error", () => {})', { tls: true })
    await expect(peer.open()).rejects.toThrow(Refused)
  })

  it('says why a program did not connect', async () => {
    const failing = client('console.error("no such option"); process.exit(2)')
    await expect(failing.open()).rejects.toThrow(
      new Unreachable('the client did not connect: exit status 2\n  no such option'),
    )
    const idle = client('setInterval(() => {}, 1000)', { timeout: 300 })
    await expect(idle.open()).rejects.toThrow('the client did not connect within 300 ms')
    expect(() => clientPeer({ run: 'curl http://localhost/', tls: false })).toThrow(/names no place to connect to/)
  })

  it('serves further connections on the side', async () => {
    const peer = client(
      `${CONNECT} s.write("first"); s.on("data", () => {
         const t = require("net").connect(+process.argv[1], "127.0.0.1");
         t.write("second"); t.on("data", d => s.write("echoed " + d)) })`,
      { fallback: echo },
    )
    const channel = await peer.open()
    expect(await content(channel)).toBe('first')
    channel.send(octets('go on'))
    expect(await content(channel)).toBe('echoed second')
    channel.destroy()
  })

  it('knows a crash from an end, until it is revived', async () => {
    const peer = client(`${CONNECT} s.write("x"); s.on("data", () => process.kill(process.pid, "SIGSEGV"))`)
    const channel = await peer.open()
    await content(channel)
    expect(await peer.health()).toEqual({ alive: true })
    channel.send(octets('die'))
    await channel.exit?.(5000)
    channel.destroy()
    expect(await peer.health()).toMatchObject({ alive: false })
    await peer.revive?.()
    expect(await peer.health()).toEqual({ alive: true })
  })

  it('keeps no more than 64 KiB of what a program says', async () => {
    const peer = client(`${CONNECT} s.on("connect", () => { process.stdout.write("x".repeat(300000)); s.destroy() })`)
    const channel = await peer.open()
    expect((await channel.exit?.(5000))?.stdout).toHaveLength(65536)
    channel.destroy()
  })
})
