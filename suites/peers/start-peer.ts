import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Protocol } from '../../src/conformance/case.ts'
import type { Health, Peer } from '../../src/conformance/peer.ts'
import { Unreachable } from '../../src/conformance/peer.ts'
import { certificate } from '../../src/io/certificate.ts'
import type { Child, Readiness } from '../../src/io/child.ts'
import { startChild } from '../../src/io/child.ts'
import type { Folder } from '../../src/io/folder.ts'
import { temporaryFolder } from '../../src/io/folder.ts'
import { answersHello } from '../../src/io/hello.ts'
import { endingOf, isRoot, openToNobody } from '../../src/io/program.ts'
import type { SchemeName } from '../../src/schemes.ts'
import { SCHEMES, schemeOf } from '../../src/schemes.ts'
import type { ClientRecipe, PeerRecipe, ServerRecipe, Setting } from './peer-recipe.ts'
import { installedVersion, LARGE, PAGE } from './peer-recipe.ts'
import { portsFor } from './ports.ts'
import { clientBy, joined, serverBy } from './reach.ts'
import { isDnsError, sparing } from './sparing.ts'

export interface StartOptions {
  /** Only this; unless said, the first that it offers, and, where cases may choose, whatever else it offers. */
  readonly scheme?: SchemeName | undefined
  /** Keeps the ciphertext and the key log, where there is TLS. */
  readonly capture?: boolean | undefined
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
export async function startPeer(
  recipe: PeerRecipe,
  protocol: Protocol,
  options: StartOptions = {},
): Promise<StartedPeer> {
  const program = recipe.program()
  const version = await installedVersion(recipe)
  if (program === undefined) throw new Unreachable(`${recipe.name} is not installed`)
  if (version === undefined)
    throw new Unreachable(`${recipe.name}: ${program} cannot be run: it does not tell its version`)
  const about = {
    program,
    protocol,
    schemes: schemesFor(recipe, protocol, options),
    title: `${recipe.name} ${version}`,
  }
  return recipe.role === 'server' ? startServer(recipe, about, options) : prepareClient(recipe, about, options)
}

/** How the peer will be spoken to, the usual first. */
function schemesFor({ name, offers }: PeerRecipe, protocol: Protocol, { scheme }: StartOptions): Schemes {
  const offered = offers.filter(each => schemeOf(each).protocol === protocol.name)
  const [usual, ...others] = scheme === undefined ? offered : offered.filter(each => each === scheme)
  if (usual === undefined) {
    const offer = offered.map(each => SCHEMES[each].about).join(', ') || `no ${protocol.title}`
    throw new Unreachable(`${name} speaks ${offer}${scheme === undefined ? '' : `, not ${SCHEMES[scheme].about}`}`)
  }
  return protocol.transports ? [usual, ...others] : [usual]
}

type Schemes = readonly [SchemeName, ...SchemeName[]]

interface About {
  readonly program: string
  readonly protocol: Protocol
  readonly schemes: Schemes
  readonly title: string
}

async function startServer(recipe: ServerRecipe, about: About, options: StartOptions): Promise<StartedPeer> {
  const { program, protocol, schemes, title } = about
  const [scheme, ...others] = schemes
  // What lies where nobody may look, as a Node in root's own home, runs as we do.
  const unprivileged = isRoot() && openToNobody(program)
  const folder = temporaryFolder(recipe.name, unprivileged)
  const setting: Setting = { program, folder: folder.path, ports: await portsFor(recipe.offers), scheme }
  let child: Child

  function by(each: SchemeName): Promise<Peer> {
    return serverBy(each, {
      name: title,
      host: '127.0.0.1',
      port: setting.ports[each],
      protocol,
      resources: recipe.resources,
      insecure: true,
      serverName: 'localhost',
      capture: options.capture,
    })
  }

  const listening = recipe.listens?.(setting) ?? recipe.offers
  const answers = (await Promise.all(listening.map(each => answersBy(each, by, protocol, recipe)))).flat()

  async function begin(): Promise<void> {
    child = await startChild({
      name: recipe.name,
      command: program,
      args: recipe.args(setting),
      env: recipe.env?.(setting),
      folder,
      ready: [...(recipe.ready ?? []), ...answers],
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

  const peer = joined(await by(scheme), ...(await Promise.all(others.map(by))))
  const crashes = crashWatch(recipe, folder)
  const { transports, alpn } = schemeOf(scheme)
  const hello = protocol.hello(transports[0] ?? 'tcp', recipe.resources)

  /** Lives whoever answers. A part that crashed and was replaced answers too, and by then the log tells of it. */
  async function health(): Promise<Health> {
    const until = performance.now() + PATIENCE
    while (!child.end) {
      if (await answersHello(() => peer.open(), hello, PATIENCE)) {
        const crash = crashes()
        return crash === undefined ? { alive: true } : { alive: false, how: crash }
      }
      if (performance.now() > until) return { alive: false, how: `no answer for ${PATIENCE / 1000} s` }
      await Promise.race([child.ended, new Promise(resolve => setTimeout(resolve, 10))])
    }
    return { alive: false, how: endingOf(child.end) }
  }

  return {
    ...(recipe.mostErrors === undefined ? peer : sparing(peer, recipe.mostErrors, isDnsError)),
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
    authority: `localhost:${setting.ports[scheme]}`,
    secure: alpn !== undefined,
  }
}

/** How long a server may take for an answer before it counts as hanging, in ms: it may have much to do. */
const PATIENCE = 5000

/** How long one question may take until a server is ready, in ms. */
const READY_PATIENCE = 1000

/** Every server proves by its protocol that it is ready, over all that carries it. */
async function answersBy(
  name: SchemeName,
  by: (name: SchemeName) => Promise<Peer>,
  protocol: Protocol,
  recipe: ServerRecipe,
): Promise<Readiness[]> {
  const { transports, about } = schemeOf(name)
  const peer = await by(name)
  return transports.map(transport => {
    const hello = protocol.hello(transport, recipe.resources)
    return {
      what: `answer to ${about} at ${peer.address}`,
      probe: () => answersHello(() => peer.open({ transport }), hello, READY_PATIENCE),
    }
  })
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
  const [scheme] = about.schemes
  const { alpn } = schemeOf(scheme)
  const folder = temporaryFolder(recipe.name)
  for (const [name, content] of Object.entries(recipe.files?.() ?? {})) folder.write(name, content)
  const run = recipe.run(scheme).replaceAll('{program}', about.program).replaceAll('{folder}', folder.path)
  const peer = clientBy(scheme, { run, name: about.title, protocol: about.protocol, capture: options.capture })
  return {
    ...peer,
    async close() {
      await peer.close()
      folder.remove()
    },
    resources: {},
    authority: 'localhost',
    secure: alpn !== undefined,
  }
}
