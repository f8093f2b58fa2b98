import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { PeerRecipe } from '../../suites/peers/index.ts'
import { installedVersion, startPeer } from '../../suites/peers/index.ts'
import { protocols } from '../catalog.ts'
import type { Protocol } from '../conformance/case.ts'
import { fallsShort } from '../conformance/grade.ts'
import { Unreachable } from '../conformance/peer.ts'
import type { Report } from '../conformance/verdict.ts'
import type { SchemeName } from '../schemes.ts'
import { schemeOf } from '../schemes.ts'
import { isTested } from './cases.ts'
import { readKnown } from './grade.ts'
import type { GradeOptions, Opened } from './grading.ts'
import { gradePeer } from './grading.ts'
import type { Progress } from './progress.ts'

/** A peer that can be started here, as one that speaks one protocol. */
export interface Subject {
  readonly name: string
  readonly protocol: Protocol
  /** Starts it; it is stopped by closing the peer. */
  open(options: Pick<PeerOptions, 'tls' | 'scheme'>): Promise<Opened>
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

/** Which of these can be started here, once for each protocol that they speak, and which cannot. */
export async function found(
  recipes: readonly PeerRecipe[],
  protocol?: string,
): Promise<{ readonly present: Subject[]; readonly absent: PeerRecipe[] }> {
  const present: Subject[] = []
  const absent: PeerRecipe[] = []
  const versions = await Promise.all(recipes.map(installedVersion))
  for (const [at, recipe] of recipes.entries()) {
    if (versions[at] === undefined) absent.push(recipe)
    else
      for (const name of recipe.protocols) {
        const spoken = protocols[name]
        if (spoken && isTested(name, recipe.role) && (protocol ?? name) === name)
          present.push(subjectOf(recipe, spoken))
      }
  }
  return { present, absent }
}

function subjectOf(recipe: PeerRecipe, protocol: Protocol): Subject {
  return {
    name: recipe.name,
    protocol,
    async open({ tls, scheme }) {
      // Where it does not offer what is asked for, what it does offer is better than nothing.
      const wanted = scheme ?? (tls === undefined ? undefined : offerOf(recipe, protocol, tls))
      const peer = await startPeer(recipe, protocol, { scheme: wanted })
      const { authority, secure, resources } = peer
      return { protocol, peer, addressed: { authority, secure, resources } }
    },
  }
}

/** The first thing that a peer offers for a protocol, over TLS or without it. */
function offerOf({ offers }: PeerRecipe, { name }: Protocol, tls: boolean): SchemeName | undefined {
  return offers.find(offer => {
    const scheme = schemeOf(offer)
    return scheme.protocol === name && (scheme.alpn !== undefined) === tls
  })
}

/** Where the known files of real peers are, in the checkout and in the package alike. */
const KNOWN_FOLDER = fileURLToPath(new URL('../../suites/peers/known', import.meta.url))

/** How to grade real peers. */
export interface PeerOptions extends GradeOptions {
  /** Known files by name, `nginx.json`. */
  readonly knownFolder?: string
  /** Over TLS, or without it, where it offers that. */
  readonly tls?: boolean | undefined
  /** By this scheme, which it offers. */
  readonly scheme?: SchemeName | undefined
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
    const report = await gradePeer(subject.protocol, opened.peer, opened.addressed, {
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
