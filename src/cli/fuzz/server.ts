import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { PeerRecipe, ServerRecipe } from '../../../suites/peers/index.ts'
import { installedVersion, recipes, serverBy, startPeer } from '../../../suites/peers/index.ts'
import type { Protocol } from '../../conformance/case.ts'
import { type Health, type Peer, Unreachable } from '../../conformance/peer.ts'
import { subjectsOf } from '../../fuzz/targets/diff-name.ts'
import { type LiveServer, type ServerLimits, type ServerTarget, serverTarget } from '../../fuzz/targets/server.ts'
import { describedSession } from '../../fuzz/targets/server-describe.ts'
import { EDGES_VARIABLE } from '../../fuzz/targets/server-edges.ts'
import { sanitizerEnvironment } from '../../fuzz/targets/server-log.ts'
import { replayProgram } from '../../io/replay-program.ts'
import type { Transport } from '../../machine.ts'
import type { SchemeName } from '../../schemes.ts'
import { schemeOf } from '../../schemes.ts'
import { type ServerAddress, serverAddress } from '../address.ts'
import { didYouMean } from '../nearest.ts'
import { protocolOf } from '../opening.ts'
import { UsageError } from '../options.ts'
import { formOf } from './server-forms.ts'
import { edgeFile } from './server-program.ts'
import { caseSeeds } from './server-seeds.ts'

export interface ServerTargetOptions {
  /** The user says that a server that is not on this machine is his to fuzz. */
  readonly mine?: boolean
  /** The file of a program in place of the one installed, built with sanitizers perhaps, or with native/edge-map.c. */
  readonly program?: string
  readonly limits?: Partial<ServerLimits>
}

/** Sessions in a second with a server that is not on this machine. */
const RATE = 20
const SECOND = 1000
/** Milliseconds that one that is not ours to start may be away until it is given up. */
const ABSENCE = 60 * SECOND

/** The real servers that can be fuzzed. */
export function fuzzedServers(): ServerRecipe[] {
  return Object.values(recipes).filter((recipe: PeerRecipe): recipe is ServerRecipe => recipe.role === 'server')
}

/**
 * The target of `server:bind9`, `server:nginx/https` (by that scheme), or `url:dns://127.0.0.1:5300`. Throws `UsageError`
 * that says what may be meant.
 */
export function serverTargetNamed(name: string, options: ServerTargetOptions = {}): ServerTarget {
  if (name.startsWith('url:')) return urlTarget(name, options)
  const program = options.program === undefined ? undefined : resolve(options.program)
  if (program !== undefined && !existsSync(program))
    throw new UsageError(`fuzz: --program: there is no file ${options.program}`)
  const [wanted = '', by] = name.replace(/^server:/, '').split('/')
  const recipe = fuzzedServers().find(each => each.name === wanted)
  if (!recipe) {
    const names = fuzzedServers().map(each => each.name)
    throw new UsageError(`fuzz: no server '${wanted}'${didYouMean(wanted, names)} (${names.join(', ')})`)
  }
  const scheme = by === undefined ? recipe.offers[0] : recipe.offers.find(each => each === by)
  if (scheme === undefined)
    throw new UsageError(`fuzz: ${wanted} is not reached by '${by}' (${recipe.offers.join(', ')})`)
  const protocol = protocolOf(scheme)
  return serverTarget({
    name,
    about: `${wanted}, by ${schemeOf(scheme).about}`,
    form: formOf(protocol),
    seeds: ({ transports }) => caseSeeds(protocol, transports),
    limits: options.limits,
    begin: () => startedServer(recipe, scheme, protocol, program),
  })
}

/** What carries the flows of a server target: a flow's number modulo how many there are. Undefined for other targets. */
export function serverTransports(name: string): readonly Transport[] | undefined {
  if (name.startsWith('url:')) return schemeOf(urlAddress(name).scheme).transports
  const [wanted, by] = name.replace(/^server:/, '').split('/')
  const recipe = name.startsWith('server:') ? fuzzedServers().find(each => each.name === wanted) : undefined
  const scheme = by === undefined ? recipe?.offers[0] : recipe?.offers.find(each => each === by)
  return scheme && schemeOf(scheme).transports
}

/** A session for people, without a server: undefined where the target is none, or not known any more. */
export function describedFor(target: string, input: Uint8Array): readonly string[] | undefined {
  const [name = ''] = target.startsWith('diff:') ? subjectsOf(target) : [target]
  if (!/^(server|url):/.test(name)) return undefined
  try {
    const scheme = schemeNamed(name)
    return describedSession(input, schemeOf(scheme), formOf(protocolOf(scheme)))
  } catch {
    return undefined
  }
}

/** The scheme by which a server that there is is reached. Throws `UsageError`. */
export function schemeNamed(name: string): SchemeName {
  if (name.startsWith('url:')) return urlAddress(name).scheme
  const [wanted, by] = name.slice('server:'.length).split('/')
  const offers = fuzzedServers().find(each => each.name === wanted)?.offers ?? []
  const scheme = offers.find(each => each === by) ?? offers[0]
  if (scheme === undefined) throw new UsageError(`fuzz: no server '${wanted}'`)
  return scheme
}

/** Starts a real server so that its reports, and where it shows some its edges, are found. */
async function startedServer(
  recipe: ServerRecipe,
  scheme: SchemeName,
  protocol: Protocol,
  program: string | undefined,
): Promise<LiveServer> {
  const edges = program === undefined ? undefined : edgeFile()
  let place: { readonly port: number; readonly folder: string } | undefined
  // One that answers only so many errors in a second is asked for more all the same: it is not answers that count here.
  const { mostErrors: _, ...unspared } = recipe
  const watched: ServerRecipe = {
    ...unspared,
    ...(program !== undefined && { program: () => program }),
    env: setting => {
      place = { port: setting.ports[scheme], folder: setting.folder }
      return {
        ...sanitizerEnvironment(setting.folder),
        ...(edges && { [EDGES_VARIABLE]: edges.path }),
        ...recipe.env?.(setting),
      }
    },
  }
  try {
    const peer = await startPeer(watched, protocol, { scheme })
    const { transports, alpn } = schemeOf(scheme)
    return {
      name: `${recipe.name} ${await installedVersion(recipe)}`,
      transports,
      script: session => replayProgram({ ...session, alpn }),
      open: transport => peer.open({ transport }),
      hello: transport => protocol.hello(transport, recipe.resources),
      pause,
      port: place?.port,
      folder: place?.folder,
      log: place && `${place.folder}/output.log`,
      edges: edges?.path,
      peer: {
        health: () => peer.health(),
        revive: async () => await peer.revive?.(),
        async close() {
          await peer.close()
          edges?.remove()
        },
      },
    }
  } catch (thrown) {
    edges?.remove()
    if (!(thrown instanceof Unreachable)) throw thrown
    const why = thrown.message.replace(/\s*\n\s*/g, '; ')
    const remedy = why.endsWith('is not installed') ? ' (scripts/peers installs it; wiregrade list peers)' : ''
    throw new UsageError(`no peer: ${why}${remedy}`)
  }
}

/** What a name such as `url:dns://127.0.0.1` says. Throws `UsageError`. */
export function urlAddress(name: string): ServerAddress {
  return serverAddress(name.slice('url:'.length), 'fuzz')
}

function urlTarget(name: string, options: ServerTargetOptions): ServerTarget {
  const address = urlAddress(name)
  const { scheme, url, host, port } = address
  const protocol = protocolOf(scheme)
  return serverTarget({
    name,
    about: `what listens at ${url}, by ${schemeOf(scheme).about}`,
    form: formOf(protocol),
    seeds: ({ transports }) => caseSeeds(protocol, transports),
    limits: options.limits,
    async begin(): Promise<LiveServer> {
      const resources = { ...protocol.resources, ...(address.zone !== undefined && { zone: address.zone }) }
      const peer = await serverBy(scheme, { host, port, protocol, resources, insecure: true })
      if (!peer.loopback && !options.mine)
        throw new UsageError(`${host} is not this machine; --mine says that the server is yours to fuzz`)
      const health = await peer.health()
      if (!health.alive) throw new UsageError(`no peer: ${url}: ${health.how}`)
      const pace = peer.loopback ? () => Promise.resolve() : pacer(RATE)
      return {
        name: url,
        transports: schemeOf(scheme).transports,
        script: session => replayProgram({ ...session, alpn: schemeOf(scheme).alpn }),
        async open(transport: Transport) {
          await pace()
          return await peer.open({ transport })
        },
        hello: transport => protocol.hello(transport, resources),
        pause,
        port: peer.loopback ? port : undefined,
        peer: { health: () => peer.health(), close: () => peer.close(), returned: () => returned(peer) },
      }
    },
  })
}

/** Waits for a server that somebody else has to start again. */
async function returned(peer: Pick<Peer, 'health'>): Promise<Health> {
  const until = performance.now() + ABSENCE
  for (;;) {
    const health = await peer.health()
    if (health.alive || performance.now() > until) return health
    await pause(SECOND / 2)
  }
}

/** Lets no more than so many go on in a second, evenly. */
function pacer(rate: number): () => Promise<void> {
  let next = 0
  return async () => {
    const now = performance.now()
    next = Math.max(now, next + SECOND / rate)
    if (next > now) await pause(next - now)
  }
}
