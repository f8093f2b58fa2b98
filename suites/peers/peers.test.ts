import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http2'
import { connect } from 'node:http2'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'
import type { Protocol } from '../../src/conformance/case.ts'
import { parseKnown } from '../../src/conformance/known.ts'
import { Unreachable } from '../../src/conformance/peer.ts'
import { dns } from '../../src/dns/protocol.ts'
import { http2 } from '../../src/http2/protocol.ts'
import { which } from '../../src/io/program.ts'
import type { SchemeName } from '../../src/schemes.ts'
import { schemeOf } from '../../src/schemes.ts'
import type { PeerRecipe, StartedPeer } from './index.ts'
import { installedVersion, recipes, startPeer } from './index.ts'
import { LARGE, PAGE } from './peer-recipe.ts'

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1')
const servers = Object.values(recipes).filter(recipe => recipe.role === 'server')
const clients = Object.values(recipes).filter(recipe => recipe.role === 'client')
const pairs = (all: readonly PeerRecipe[]): [string, SchemeName, PeerRecipe][] =>
  all.flatMap(recipe => recipe.offers.map((offer): [string, SchemeName, PeerRecipe] => [recipe.name, offer, recipe]))

/** The protocol of a scheme, without the catalogue. */
function protocolOf(scheme: SchemeName): Protocol {
  return [http2, dns].find(({ name }) => name === schemeOf(scheme).protocol) as Protocol
}

/** Asks by Node's own client, which knows nothing of ours. */
function ask(peer: StartedPeer, path: string, body?: Buffer): Promise<{ status: number | undefined; content: Buffer }> {
  return new Promise((resolve, reject) => {
    const origin = `${peer.secure ? 'https' : 'http'}://${peer.address}`
    const session = connect(origin, { rejectUnauthorized: false })
    session.once('error', reject)
    const request = session.request({ ':path': path, ':method': body ? 'POST' : 'GET' })
    const chunks: Buffer[] = []
    let status: number | undefined
    request.on('response', (fields: IncomingHttpHeaders & { ':status'?: number }) => {
      status = fields[':status']
    })
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('error', reject)
    request.once('end', () => {
      session.close()
      resolve({ status, content: Buffer.concat(chunks) })
    })
    request.end(body)
  })
}

/** Whether a web server serves what it says. */
async function servesSite(peer: StartedPeer): Promise<void> {
  const page = await ask(peer, peer.resources['path'] ?? '')
  expect([page.status, page.content.toString()]).toEqual([200, PAGE])
  const large = await ask(peer, peer.resources['large'] ?? '')
  expect([large.status, large.content.length]).toEqual([200, LARGE])
  const { echo } = peer.resources
  if (echo !== undefined) expect((await ask(peer, echo, Buffer.from('said'))).content.toString()).toBe('said')
}

/** What dig prints of answers. */
async function dig(peer: StartedPeer, ...args: readonly string[]): Promise<string> {
  const [host, port] = peer.address.split(':')
  const { stdout } = await promisify(execFile)('dig', [`@${host}`, '-p', `${port}`, '+short', '+time=3', ...args])
  return stdout.trim()
}

const BY_DIG: Readonly<Partial<Record<SchemeName, readonly string[]>>> = {
  dns: ['+notcp', '+tcp'],
  'tls+dns': ['+tls'],
  'https+dns': ['+https'],
}

/** Those that hand out the whole zone. */
const TRANSFER = ['bind9', 'knot', 'nsd', 'pdns']

/** Whether a server has the zone; the lines are those of its file. Where dig is not installed, all is well. */
async function servesZone(peer: StartedPeer, scheme: SchemeName, name: string): Promise<void> {
  if (which('dig') === undefined) return
  for (const way of BY_DIG[scheme] ?? []) {
    expect(await dig(peer, way, 'www.example.test', 'A'), way).toBe('192.0.2.1')
    if (name !== 'dnsmasq') expect(await dig(peer, way, 'marker.example.test', 'TXT'), way).toBe('"wiregrade zone 1"')
  }
  if (scheme === 'dns' && TRANSFER.includes(name)) {
    const records = (await dig(peer, 'example.test', 'AXFR')).split('\n')
    // What begins and ends it is the same. RFC 5936 §2.2
    expect(records.length).toBeGreaterThan(100)
    expect(records.at(-1)).toBe(records[0])
  }
}

async function serves(peer: StartedPeer, scheme: SchemeName, name: string): Promise<void> {
  await (protocolOf(scheme) === dns ? servesZone(peer, scheme, name) : servesSite(peer))
}

/** Folders that were made for a peer by any process: ours are gone when it is closed. */
const folders = (name: string): string[] =>
  readdirSync(tmpdir()).filter(entry => entry.startsWith(`wiregrade-${name}-`))

/** Processes whose command names a folder. */
function processesOf(folder: string): string[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(pid => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(folder)
      } catch {
        return false
      }
    })
}

const running: StartedPeer[] = []
afterAll(() => Promise.all(running.map(peer => peer.close())))

describe.concurrent.each(pairs(servers))('%s over %s', (name, scheme, recipe) => {
  const protocol = protocolOf(scheme)

  it('starts, serves what it says, and leaves nothing behind', { timeout: 30_000 }, async context => {
    if ((await installedVersion(recipe)) === undefined) return context.skip('not installed: scripts/peers does that')
    const before = folders(name)
    const peer = await startPeer(recipe, protocol, { scheme })
    running.push(peer)
    const own = folders(name).filter(folder => !before.includes(folder))
    expect(peer.name).toMatch(new RegExp(`^${name} \\d+\\.\\d+`))
    expect(peer.transports).toEqual(schemeOf(scheme).transports)
    expect(await peer.health()).toEqual({ alive: true })
    await serves(peer, scheme, name)
    await peer.close()
    await peer.close()
    expect((await peer.health()).alive).toBe(false)
    // Nobody has to be there for datagrams to be sent.
    if (peer.transports?.[0] !== 'udp') await expect(peer.open()).rejects.toThrow(Unreachable)
    for (const folder of own) {
      if (existsSync(`${tmpdir()}/${folder}`)) continue
      expect(processesOf(folder)).toEqual([])
    }
    expect(own.some(folder => !existsSync(`${tmpdir()}/${folder}`))).toBe(true)
  })

  it('is started anew after it died', { timeout: 30_000 }, async context => {
    if (process.platform !== 'linux') return context.skip('finds its process by /proc')
    if ((await installedVersion(recipe)) === undefined) return context.skip('not installed: scripts/peers does that')
    const peer = await startPeer(recipe, protocol, { scheme })
    running.push(peer)
    for (const pid of listeners(Number(peer.address.split(':')[1]))) process.kill(pid, 'SIGKILL')
    const health = await peer.health()
    expect(health).toMatchObject({ alive: false, how: expect.stringMatching(/SIGKILL|signal 9|Killed/) })
    await peer.revive?.()
    expect(await peer.health()).toEqual({ alive: true })
    await serves(peer, scheme, name)
    await peer.close()
  })
})

/** Who listens on a port of this machine. */
function listeners(port: number): number[] {
  const hex = port.toString(16).toUpperCase().padStart(4, '0')
  const inodes = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .filter(([, local, , state]) => local?.endsWith(`:${hex}`) && state === '0A')
    .map(fields => `socket:[${fields[9]}]`)
  return [...new Set(inodes.flatMap(holders))]
}

function holders(socket: string): number[] {
  return readdirSync('/proc')
    .filter(entry => /^\d+$/.test(entry))
    .filter(pid => {
      try {
        return readdirSync(`/proc/${pid}/fd`).some(fd => readlinkSync(`/proc/${pid}/fd/${fd}`) === socket)
      } catch {
        return false
      }
    })
    .map(Number)
}

const webClients = pairs(clients).filter(([, scheme]) => protocolOf(scheme) === http2)
const dnsClients = pairs(clients).filter(([, scheme]) => scheme === 'dns')

describe.concurrent.each(dnsClients)('%s over %s', (_, scheme, recipe) => {
  it('asks us a question', { timeout: 30_000 }, async context => {
    if ((await installedVersion(recipe)) === undefined) return context.skip('not installed')
    const peer = await startPeer(recipe, dns, { scheme })
    running.push(peer)
    const channel = await peer.open()
    const arrival = await channel.receive(5000)
    const octets = arrival.kind === 'octets' ? [...arrival.octets] : []
    // QR is clear, and there is one question. RFC 1035 §4.1.1
    expect(octets[2]).toBeLessThan(0x80)
    expect(octets.slice(4, 6)).toEqual([0, 1])
    channel.destroy()
    expect(await peer.health()).toEqual({ alive: true })
    await peer.close()
  })
})

describe.concurrent.each(webClients)('%s over %s', (_, scheme, recipe) => {
  it('connects and speaks HTTP/2 to us', { timeout: 30_000 }, async context => {
    if ((await installedVersion(recipe)) === undefined) return context.skip('not installed')
    const peer = await startPeer(recipe, http2, { scheme })
    running.push(peer)
    const channel = await peer.open()
    if (scheme === 'https') expect(channel.security).toMatchObject({ alpn: 'h2' })
    const arrival = await channel.receive(5000)
    const head =
      arrival.kind === 'octets' ? Buffer.from(arrival.octets).subarray(0, 24).toString('latin1') : arrival.kind
    expect(head).toBe(PREFACE.subarray(0, 24).toString('latin1'))
    // What is no HTTP/2 at all ends it: RFC 9113 §3.4.
    channel.send(Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'))
    channel.end()
    expect(await channel.exit?.(10_000)).toMatchObject({ signal: null })
    channel.destroy()
    await peer.close()
  })
})

describe('recipes', () => {
  it('go by their own names', () => {
    for (const [name, recipe] of Object.entries(recipes)) expect(recipe.name).toBe(name)
  })

  it('say when they are not installed, and what they do not offer', async () => {
    const nginx = recipes['nginx'] as PeerRecipe
    await expect(startPeer({ ...nginx, program: () => undefined }, http2)).rejects.toThrow('nginx is not installed')
    const undici = recipes['undici'] as PeerRecipe
    const version = (): string => '7'
    const there = { ...undici, version, program: () => process.execPath }
    const refused = 'undici speaks HTTP/2 over TLS, not HTTP/2 without TLS'
    await expect(startPeer(there, http2, { scheme: 'h2c' })).rejects.toThrow(refused)
    await expect(startPeer(there, dns)).rejects.toThrow('undici speaks no DNS')
  })

  it('offer something of each protocol that they speak, and of no other', () => {
    for (const { name, protocols, offers } of Object.values(recipes)) {
      expect([...new Set(offers.map(offer => schemeOf(offer).protocol))].sort(), name).toEqual([...protocols].sort())
    }
  })

  it('reach all that a server offers, where cases may choose', { timeout: 30_000 }, async context => {
    const recipe = recipes['bind9'] as PeerRecipe
    if ((await installedVersion(recipe)) === undefined) return context.skip('not installed: scripts/peers does that')
    const peer = await startPeer(recipe, dns)
    running.push(peer)
    expect(peer.transports).toEqual(['udp', 'tcp', 'tls', 'https'])
    const ports = new Set<number>()
    for (const transport of ['udp', 'tcp', 'tls', 'https'] as const) {
      const channel = await peer.open({ transport })
      ports.add(channel.remote.port)
      channel.destroy()
    }
    // UDP and TCP share one.
    expect(ports.size).toBe(3)
    await peer.close()
  })

  it('each have a known file that can be read, and no other is there', () => {
    const folder = fileURLToPath(new URL('known', import.meta.url))
    const files = readdirSync(folder)
    expect(files.sort()).toEqual(
      Object.keys(recipes)
        .map(name => `${name}.json`)
        .sort(),
    )
    for (const file of files) expect(() => parseKnown(readFileSync(`${folder}/${file}`, 'utf8'), file)).not.toThrow()
  })
})
