import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import type { IncomingHttpHeaders } from 'node:http2'
import { connect } from 'node:http2'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { parseKnown } from '../../src/conformance/known.ts'
import { Unreachable } from '../../src/conformance/peer.ts'
import type { PeerRecipe, StartedPeer } from './index.ts'
import { installedVersion, recipes, startPeer } from './index.ts'
import { LARGE, PAGE } from './peer-recipe.ts'

const PREFACE = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1')
const servers = Object.values(recipes).filter(recipe => recipe.role === 'server')
const clients = Object.values(recipes).filter(recipe => recipe.role === 'client')
const pairs = (all: readonly PeerRecipe[]): [string, string, PeerRecipe][] =>
  all.flatMap(recipe => recipe.offers.map((offer): [string, string, PeerRecipe] => [recipe.name, offer, recipe]))

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

describe.concurrent.each(pairs(servers))('%s over %s', (_, transport, recipe) => {
  it('starts, serves what it says, and leaves nothing behind', { timeout: 30_000 }, async context => {
    if ((await installedVersion(recipe)) === undefined) return context.skip('not installed: scripts/peers does that')
    const before = folders(recipe.name)
    const peer = await startPeer(recipe, { tls: transport === 'tls' })
    running.push(peer)
    const own = folders(recipe.name).filter(folder => !before.includes(folder))
    expect(peer.name).toMatch(new RegExp(`^${recipe.name} \\d+\\.\\d+`))
    expect(await peer.health()).toEqual({ alive: true })
    const page = await ask(peer, peer.resources['path'] ?? '')
    expect([page.status, page.content.toString()]).toEqual([200, PAGE])
    const large = await ask(peer, peer.resources['large'] ?? '')
    expect([large.status, large.content.length]).toEqual([200, LARGE])
    const { echo } = peer.resources
    if (echo !== undefined) expect((await ask(peer, echo, Buffer.from('said'))).content.toString()).toBe('said')
    await peer.close()
    await peer.close()
    expect((await peer.health()).alive).toBe(false)
    await expect(peer.open()).rejects.toThrow(Unreachable)
    for (const folder of own) {
      if (existsSync(`${tmpdir()}/${folder}`)) continue
      expect(processesOf(folder)).toEqual([])
    }
    expect(own.some(folder => !existsSync(`${tmpdir()}/${folder}`))).toBe(true)
  })

  it('is started anew after it died', { timeout: 30_000 }, async context => {
    if (process.platform !== 'linux') return context.skip('finds its process by /proc')
    if ((await installedVersion(recipe)) === undefined) return context.skip('not installed: scripts/peers does that')
    const peer = await startPeer(recipe, { tls: transport === 'tls' })
    running.push(peer)
    for (const pid of listeners(Number(peer.address.split(':')[1]))) process.kill(pid, 'SIGKILL')
    const health = await peer.health()
    expect(health).toMatchObject({ alive: false, how: expect.stringMatching(/SIGKILL|signal 9|Killed/) })
    await peer.revive?.()
    expect(await peer.health()).toEqual({ alive: true })
    expect((await ask(peer, '/')).status).toBe(200)
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

describe.concurrent.each(pairs(clients))('%s over %s', (_, transport, recipe) => {
  it('connects and speaks HTTP/2 to us', { timeout: 30_000 }, async context => {
    if ((await installedVersion(recipe)) === undefined) return context.skip('not installed')
    const peer = await startPeer(recipe, { tls: transport === 'tls' })
    running.push(peer)
    const channel = await peer.open()
    if (transport === 'tls') expect(channel.security).toMatchObject({ alpn: 'h2' })
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
    await expect(startPeer({ ...nginx, program: () => undefined })).rejects.toThrow('nginx is not installed')
    const undici = recipes['undici'] as PeerRecipe
    const version = (): string => '7'
    const there = { ...undici, version, program: () => process.execPath }
    await expect(startPeer(there, { tls: false })).rejects.toThrow('undici speaks HTTP/2 only over TLS')
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
