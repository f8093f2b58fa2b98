import { mkdtempSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import type { Hello } from '../../conformance/case.ts'
import type { Health } from '../../conformance/peer.ts'
import type { LiveServer } from '../../fuzz/targets/server.ts'
import { EDGES, EDGES_VARIABLE } from '../../fuzz/targets/server-edges.ts'
import { sanitizerEnvironment } from '../../fuzz/targets/server-log.ts'
import { type Child, startChild } from '../../io/child.ts'
import { temporaryFolder } from '../../io/folder.ts'
import { freePorts } from '../../io/free-port.ts'
import { answersHello } from '../../io/hello.ts'
import { adoptFolder, releaseFolder } from '../../io/leftovers.ts'
import { endingOf } from '../../io/program.ts'
import { replayProgram } from '../../io/replay-program.ts'
import { serverPeer } from '../../io/server-peer.ts'

/** A file in memory in which a server may count its edges; it goes with us. */
export function edgeFile(): { readonly path: string; remove(): void } {
  const shared = '/dev/shm'
  let folder: string
  try {
    folder = mkdtempSync(join(shared, 'wiregrade-'))
  } catch {
    folder = mkdtempSync(join(tmpdir(), 'wiregrade-'))
  }
  adoptFolder(folder)
  const path = join(folder, 'edges')
  // Whoever the server runs as may write to it.
  writeFileSync(path, '', { mode: 0o666 })
  truncateSync(path, EDGES)
  return { path, remove: () => releaseFolder(folder) }
}

export interface ProgramServer {
  readonly name: string
  readonly command: string
  /** Where it is to listen: a port of 127.0.0.1. */
  readonly args: (port: number) => readonly string[]
  /** Its shortest exchange, over a stream. */
  readonly hello: Hello
  readonly env?: Readonly<Record<string, string>>
  /** Milliseconds until it counts as hanging; 5 s unless said. */
  readonly patience?: number
  /** It was built with native/edge-map.c. */
  readonly edges?: boolean
}

const PATIENCE = 5000

/** Starts a program that listens for streams at one port. */
export async function programServer(options: ProgramServer): Promise<LiveServer> {
  const { name, hello, patience = PATIENCE } = options
  const folder = temporaryFolder(name)
  const edges = options.edges ? edgeFile() : undefined
  const [port = 0] = await freePorts(1)
  const reached = await serverPeer({ name, host: '127.0.0.1', port, transports: ['tcp'] })
  const answers = (within: number): Promise<boolean> => answersHello(() => reached.open(), hello, within)

  const begin = (): Promise<Child> =>
    startChild({
      name,
      command: options.command,
      args: options.args(port),
      folder,
      env: {
        ...sanitizerEnvironment(folder.path),
        ...(edges && { [EDGES_VARIABLE]: edges.path }),
        ...options.env,
      },
      ready: [{ what: 'answer', probe: () => answers(1000) }],
    })

  function remove(): void {
    folder.remove()
    edges?.remove()
  }

  let child: Child
  try {
    child = await begin()
  } catch (thrown) {
    remove()
    throw thrown
  }

  async function health(): Promise<Health> {
    const answered = await Promise.race([child.ended.then(() => false), answers(patience)])
    // What has ended a moment ago is not known to us yet, and refuses at once.
    if (!answered) await Promise.race([child.ended, pause(100)])
    if (child.end) return { alive: false, how: endingOf(child.end) }
    return answered ? { alive: true } : { alive: false, how: `no answer for ${patience / 1000} s` }
  }

  return {
    name,
    transports: ['tcp'],
    script: session => replayProgram(session),
    open: () => reached.open(),
    hello: () => hello,
    pause,
    port,
    folder: folder.path,
    log: join(folder.path, 'output.log'),
    edges: edges?.path,
    peer: {
      health,
      async revive() {
        await child.stop()
        child = await begin()
      },
      async close() {
        await child.stop()
        remove()
      },
    },
  }
}
