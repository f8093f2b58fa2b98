import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Addressed, GradeOptions } from '../../src/cli/grading.ts'
import { gradePeer } from '../../src/cli/grading.ts'
import { found } from '../../src/cli/peer-list.ts'
import type { Protocol } from '../../src/conformance/case.ts'
import type { Peer } from '../../src/conformance/peer.ts'
import type { Verdict } from '../../src/conformance/verdict.ts'
import { http2 } from '../../src/http2/protocol.ts'
import { serverPeer } from '../../src/io/server-peer.ts'
import type { SchemeName } from '../../src/schemes.ts'
import { recipes } from '../../suites/peers/index.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** A server that is up, until it is closed. */
export interface Served {
  readonly name: string
  readonly protocol: Protocol
  readonly peer: Peer
  readonly addressed: Addressed
}

/** Starts a real server, or our own for HTTP/2 as a process of its own; nothing where it is not installed. */
export async function serve(name: string, scheme?: SchemeName): Promise<Served | undefined> {
  if (name === 'wiregrade') return await serveOurs()
  const recipe = recipes[name]
  const [subject] = recipe ? (await found([recipe])).present : []
  if (!subject) return undefined
  return { name, ...(await subject.open({ scheme })) }
}

async function serveOurs(): Promise<Served> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'serve', 'http2'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const port = await listeningPort(child)
  const peer = await serverPeer({ name: 'wiregrade', host: '127.0.0.1', port })
  const close = async (): Promise<void> => {
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  const addressed = { authority: `127.0.0.1:${port}`, secure: false, resources: http2.resources }
  return { name: 'wiregrade', protocol: http2, peer: { ...peer, close }, addressed }
}

/** The port in the first line that a child says. */
export async function listeningPort(child: ChildProcess): Promise<number> {
  if (!child.stdout) throw new Error('a child without output')
  for await (const line of createInterface(child.stdout)) {
    const port = Number(/:(\d+)\/?$/.exec(line.trim())?.[1])
    if (port > 0) return port
  }
  throw new Error('it did not say where it listens')
}

/** One run of the suite: what it found, and its milliseconds. */
export async function gradeOnce(
  { protocol, peer, addressed }: Served,
  options: GradeOptions = {},
): Promise<{ readonly verdicts: readonly Verdict[]; readonly milliseconds: number }> {
  const { verdicts, milliseconds } = await gradePeer(protocol, peer, addressed, options)
  return { verdicts, milliseconds }
}

/** The verdicts of several runs that are not the same in all of them, each with the outcomes seen. */
export function changed(runs: readonly (readonly Verdict[])[]): string[] {
  const outcomes = new Map<string, string[]>()
  for (const verdicts of runs) {
    for (const { id, outcome } of verdicts) outcomes.set(id, [...(outcomes.get(id) ?? []), outcome])
  }
  return [...outcomes]
    .filter(([, seen]) => seen.length !== runs.length || new Set(seen).size > 1)
    .map(
      ([id, seen]) =>
        `${id}: ${[...new Set(seen)].map(each => `${each} ${seen.filter(one => one === each).length}`).join(', ')}`,
    )
}
