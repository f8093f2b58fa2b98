import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Health, Peer } from '../../src/conformance/peer.ts'
import { Unreachable } from '../../src/conformance/peer.ts'
import { certificate } from '../../src/io/certificate.ts'
import type { Child, Readiness } from '../../src/io/child.ts'
import { startChild } from '../../src/io/child.ts'
import { clientPeer } from '../../src/io/client-peer.ts'
import type { Folder } from '../../src/io/folder.ts'
import { temporaryFolder } from '../../src/io/folder.ts'
import { freePorts } from '../../src/io/free-port.ts'
import { endingOf, isRoot, openToNobody } from '../../src/io/program.ts'
import { serverPeer } from '../../src/io/server-peer.ts'
import type { Endpoint } from '../../src/machine.ts'
import { saysHello } from './http2-hello.ts'
import type { ClientRecipe, PeerRecipe, ServerRecipe, Setting, Transport } from './peer-recipe.ts'
import { installedVersion, LARGE, PAGE } from './peer-recipe.ts'

export interface StartOptions {
  /** Absent: TLS only where nothing else is offered, as traffic in the clear can be read in every capture. */
  readonly tls?: boolean | undefined
  /** Keeps the ciphertext and the key log, where there is TLS. */
  readonly capture?: boolean | undefined
  /** Serves a client's connections after its first. */
  readonly fallback?: (() => Endpoint) | undefined
}

/** A real peer that runs, or, a client, that will be run for each connection. */
export interface StartedPeer extends Peer {
  /** Where it serves what, by the protocol's own names; nothing of a client. */
  readonly resources: Readonly<Record<string, string>>
  /** Host and port as requests name them. */
  readonly authority: string
  readonly secure: boolean
}

/** Starts a peer. Throws `Unreachable` where it is not installed, does not offer what is asked for, or does not start. */
export async function startPeer(recipe: PeerRecipe, options: StartOptions = {}): Promise<StartedPeer> {
  const program = recipe.program()
  const version = await installedVersion(recipe)
  if (program === undefined || version === undefined) throw new Unreachable(`${recipe.name} is not installed`)
  const transport = transportFor(recipe, options.tls)
  const about = { program, transport, title: `${recipe.name} ${version}` }
  return recipe.role === 'server' ? startServer(recipe, about, options) : prepareClient(recipe, about, options)
}

function transportFor({ name, offers }: PeerRecipe, tls: boolean | undefined): Transport {
  const [usual = 'tls'] = offers
  if (tls === undefined) return usual
  const wanted = tls ? 'tls' : 'h2c'
  if (!offers.includes(wanted)) throw new Unreachable(`${name} speaks HTTP/2 only ${tls ? 'without' : 'over'} TLS`)
  return wanted
}

interface About {
  readonly program: string
  readonly transport: Transport
  readonly title: string
}

async function startServer(recipe: ServerRecipe, about: About, options: StartOptions): Promise<StartedPeer> {
  const { program, transport } = about
  // What lies where nobody may look, as a Node in root's own home, runs as we do.
  const unprivileged = isRoot() && openToNobody(program)
  const folder = temporaryFolder(recipe.name, unprivileged)
  let child: Child
  const [h2c = 0, tls = 0] = await freePorts(2)
  const setting: Setting = { program, folder: folder.path, ports: { h2c, tls }, transport }

  async function begin(): Promise<void> {
    child = await startChild({
      name: recipe.name,
      command: program,
      args: recipe.args(setting),
      env: recipe.env?.(setting),
      folder,
      ready: [...(recipe.ready ?? []), ...answers(recipe, setting)],
      stopSignal: recipe.stopSignal,
      unprivileged,
    })
  }

  try {
    furnish(folder, recipe.files?.(setting) ?? {})
    await begin()
  } catch (thrown) {
    folder.remove()
    throw thrown
  }

  const port = setting.ports[transport]
  const secure = transport === 'tls'
  const peer = await serverPeer({
    name: about.title,
    host: '127.0.0.1',
    port,
    tls: secure ? { insecure: true, serverName: 'localhost' } : undefined,
    capture: options.capture,
  })
  const crashes = crashWatch(recipe, folder)

  /** Lives whoever answers. A part that crashed and was replaced answers too, and by then the log tells of it. */
  async function health(): Promise<Health> {
    const until = performance.now() + PATIENCE
    while (!child.end) {
      if (await saysHello(port, secure, PATIENCE)) {
        const crash = crashes()
        return crash === undefined ? { alive: true } : { alive: false, how: crash }
      }
      if (performance.now() > until) return { alive: false, how: `no answer for ${PATIENCE / 1000} s` }
      await Promise.race([child.ended, new Promise(resolve => setTimeout(resolve, 10))])
    }
    return { alive: false, how: endingOf(child.end) }
  }

  return {
    ...peer,
    health,
    async revive() {
      await child.stop()
      crashes()
      await begin()
    },
    async close() {
      await child.stop()
      folder.remove()
    },
    resources: recipe.resources,
    authority: `localhost:${port}`,
    secure,
  }
}

/** How long a server may take for an answer before it counts as hanging, in ms: it may have much to do. */
const PATIENCE = 5000

/** Every server proves by its protocol that it is ready. */
function answers(recipe: ServerRecipe, setting: Setting): Readiness[] {
  return (recipe.listens?.(setting) ?? recipe.offers).map(transport => ({
    what: `HTTP/2 over ${transport === 'tls' ? 'TLS' : 'TCP'} on port ${setting.ports[transport]}`,
    probe: () => saysHello(setting.ports[transport], transport === 'tls'),
  }))
}

/** Puts the site, the keys and the configuration in place. */
function furnish(folder: Folder, files: Readonly<Record<string, string>>): void {
  const { cert, key } = certificate()
  folder.write('cert.pem', cert)
  folder.write('key.pem', key, 0o600)
  folder.write('both.pem', cert + key, 0o600)
  folder.write('www/index.html', PAGE)
  folder.write('www/big.bin', Buffer.alloc(LARGE, 'x'))
  for (const [name, content] of Object.entries(files)) folder.write(name, content)
}

/** Says what a server's log tells of crashes since it was last asked. */
function crashWatch({ crash }: ServerRecipe, folder: Folder): () => string | undefined {
  if (!crash) return () => undefined
  const { pattern, file = 'output.log' } = crash
  let read = 0
  return () => {
    const path = join(folder.path, file)
    const log = existsSync(path) ? readFileSync(path) : Buffer.alloc(0)
    // Started again, it writes from the beginning.
    if (log.length < read) read = 0
    const found = pattern.exec(log.toString('utf8', read))
    read = log.length
    return found?.[0]
  }
}

function prepareClient(recipe: ClientRecipe, about: About, options: StartOptions): StartedPeer {
  const secure = about.transport === 'tls'
  const folder = temporaryFolder(recipe.name)
  for (const [name, content] of Object.entries(recipe.files?.() ?? {})) folder.write(name, content)
  const run = recipe.run(about.transport).replaceAll('{program}', about.program).replaceAll('{folder}', folder.path)
  const peer = clientPeer({
    run,
    name: about.title,
    tls: secure,
    capture: options.capture,
    fallback: options.fallback,
  })
  return {
    ...peer,
    async close() {
      await peer.close()
      folder.remove()
    },
    resources: {},
    authority: 'localhost',
    secure,
  }
}
