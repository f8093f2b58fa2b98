import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PeerRecipe } from '../../suites/peers/index.ts'
import { installedVersion, startPeer } from '../../suites/peers/index.ts'
import { fallsShort } from '../conformance/grade.ts'
import { Unreachable } from '../conformance/peer.ts'
import { honoursAll } from '../conformance/rule.ts'
import type { Report } from '../conformance/verdict.ts'
import { http2 } from '../http2/protocol.ts'
import { TLS12_CIPHERS } from '../http2/tls.ts'
import { certificate } from '../io/certificate.ts'
import { hostEndpoint } from '../io/host.ts'
import { serverPeer } from '../io/server-peer.ts'
import { readKnown } from './grade.ts'
import type { GradeOptions, Opened } from './grading.ts'
import { gradePeer } from './grading.ts'
import type { Progress } from './progress.ts'

/** A peer that can be started here. */
export interface Subject {
  readonly name: string
  /** Starts it; it is stopped by closing the peer. */
  open(options: { readonly tls?: boolean | undefined }): Promise<Opened>
}

/** What came of a peer: a report, or why there is none. */
export interface Graded {
  readonly name: string
  readonly report?: Report
  readonly problem?: string
}

/** A peer as it is listed; its version where it is installed. */
export interface ListedPeer {
  readonly name: string
  readonly role: string
  readonly protocols: readonly string[]
  readonly offers: readonly string[]
  readonly package: string | null
  readonly version: string | null
}

/** Which versions of these are on this machine. */
export function installed(recipes: readonly PeerRecipe[]): Promise<ListedPeer[]> {
  return Promise.all(
    recipes.map(async recipe => ({
      name: recipe.name,
      role: recipe.role,
      protocols: recipe.protocols,
      offers: recipe.offers,
      package: recipe.package ?? null,
      version: (await installedVersion(recipe)) ?? null,
    })),
  )
}

/** Which of these can be started here, and which cannot. */
export async function found(
  recipes: readonly PeerRecipe[],
): Promise<{ readonly present: Subject[]; readonly absent: PeerRecipe[] }> {
  const present: Subject[] = []
  const absent: PeerRecipe[] = []
  const versions = await Promise.all(recipes.map(installedVersion))
  for (const [at, recipe] of recipes.entries()) {
    if (versions[at] === undefined) absent.push(recipe)
    else present.push(subjectOf(recipe))
  }
  return { present, absent }
}

function subjectOf(recipe: PeerRecipe): Subject {
  return {
    name: recipe.name,
    async open({ tls }) {
      // Where it does not offer what is asked for, what it does offer is better than nothing.
      const offered = tls === undefined || recipe.offers.includes(tls ? 'tls' : 'h2c') ? tls : undefined
      const fallback = () => http2.subject('server', honoursAll).connect()
      const peer = await startPeer(recipe, { tls: offered, fallback })
      const { authority, secure, resources } = peer
      return { peer, addressed: { authority, secure, resources } }
    },
  }
}

/** Our own server, behind real sockets, without TLS and with it. */
export function ourselves(): Subject[] {
  return [ourServer('wiregrade, h2c', false), ourServer('wiregrade, TLS', true)]
}

function ourServer(name: string, secure: boolean): Subject {
  return {
    name,
    async open() {
      const subject = http2.subject('server', honoursAll)
      let died: string | undefined
      const host = await hostEndpoint({
        host: '127.0.0.1',
        port: 0,
        ...(secure && { tls: { ...certificate('rsa'), ciphers: TLS12_CIPHERS } }),
        endpoint: connected => subject.connect(connected),
        onThrow(thrown) {
          died ??= thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
        },
      })
      const tls = secure ? { insecure: true, serverName: 'localhost' } : undefined
      const peer = await serverPeer({ name, host: '127.0.0.1', port: host.port, tls })
      return {
        peer: {
          ...peer,
          address: `${secure ? 'https' : 'h2c'}://${host.authority}`,
          health: async () => (died === undefined ? await peer.health() : { alive: false, how: died }),
          revive() {
            died = undefined
            return Promise.resolve()
          },
          close: () => host.close(),
        },
        addressed: { authority: `localhost:${host.port}`, secure, resources: http2.resources },
      }
    },
  }
}

/** Where the known files of real peers are, in the checkout and in the package alike. */
const KNOWN_FOLDER = fileURLToPath(new URL('../../suites/peers/known', import.meta.url))

/** How to grade real peers. */
export interface PeerOptions extends GradeOptions {
  /** Known files by name, `nginx.json`. */
  readonly knownFolder?: string
  readonly tls?: boolean | undefined
}

/** Starts a peer, grades it and stops it, whatever happens meanwhile. */
export async function gradeSubject(subject: Subject, options: PeerOptions, progress: Progress): Promise<Graded> {
  const { name } = subject
  const file = join(options.knownFolder ?? KNOWN_FOLDER, `${name}.json`)
  const known = existsSync(file) ? readKnown(file) : []
  let failed = 0
  let opened: Opened | undefined
  try {
    opened = await subject.open(options)
    const report = await gradePeer(http2, opened.peer, opened.addressed, {
      ...options,
      // Clients spend their time waiting, so that some may run side by side though the machine has other peers to run.
      concurrency: options.concurrency ?? 4,
      known,
      onVerdict(verdict, done, total) {
        if (fallsShort(verdict)) failed += 1
        progress.update(name, { done, total, failed })
      },
    })
    return { name, report }
  } catch (thrown) {
    if (!(thrown instanceof Unreachable)) throw thrown
    return { name, problem: thrown.message.replace(/\s*\n\s*/g, '; ') }
  } finally {
    progress.end(name)
    await opened?.peer.close()
  }
}
