import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Unreachable } from '../conformance/peer.ts'
import type { Folder } from './folder.ts'
import type { End } from './program.ts'
import { endingOf, start } from './program.ts'

/** What tells that a server is ready to be spoken to. A port that accepts alone does not: some accept, then exit. */
export type Readiness =
  /** A line of its output, or of a file in its folder. */
  | { readonly log: RegExp; readonly file?: string }
  /** Its answer to a question in its own protocol. */
  | { readonly probe: () => Promise<boolean>; readonly what: string }

export interface ChildOptions {
  /** For messages: `nginx`. */
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  /** Where it runs, and what it may write to. */
  readonly folder: Folder
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly ready: readonly Readiness[]
  /** Milliseconds that it may take to be ready; 15 s when absent. */
  readonly timeout?: number | undefined
  /** What asks it to end; SIGTERM when absent. */
  readonly stopSignal?: NodeJS.Signals | undefined
  /** Milliseconds that it may take to end; 3 s when absent. */
  readonly grace?: number | undefined
  readonly unprivileged?: boolean | undefined
}

/** A server that we started and that is ready. */
export interface Child {
  /** How it ended, once it has. */
  readonly end: End | undefined
  readonly ended: Promise<End>
  /** What it has written to stdout and stderr so far. */
  log(): string
  /** Ends it, whatever state it is in. May be called twice. */
  stop(): Promise<void>
}

/** The name of the file that takes stdout and stderr: servers open /dev/stderr by path, which a pipe does not allow. */
const LOG = 'output.log'
const READY_TIMEOUT = 15_000
const GRACE = 3000
const POLL = 5

/** Starts a server and observes when it is ready. Throws `Unreachable` when it ends first or takes too long. */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { folder, name } = options
  folder.write(LOG, '')
  const output = openSync(join(folder.path, LOG), 'a')
  const program = start({
    command: options.command,
    args: options.args,
    cwd: folder.path,
    env: { PATH: SERVER_PATH, HOME: folder.path, TMPDIR: folder.path, LANG: 'C.UTF-8', ...options.env },
    stdio: ['ignore', output, output],
    unprivileged: options.unprivileged,
  })
  closeSync(output)
  const child: Child = {
    get end() {
      return program.end
    },
    ended: program.ended,
    log: () => readLog(folder, LOG),
    async stop() {
      await program.stop(options.stopSignal ?? 'SIGTERM', options.grace ?? GRACE)
    },
  }
  const deadline = performance.now() + (options.timeout ?? READY_TIMEOUT)
  for (const readiness of options.ready) {
    while (!(await isReady(readiness, folder))) {
      if (program.end)
        throw new Unreachable(`${name} ended before it was ready: ${endingOf(program.end)}${lastLines(child)}`)
      if (performance.now() > deadline) {
        const seconds = Math.round((options.timeout ?? READY_TIMEOUT) / 1000)
        await child.stop()
        throw new Unreachable(`${name} was not ready within ${seconds} s: no ${whatOf(readiness)}${lastLines(child)}`)
      }
      await Promise.race([program.ended, new Promise(resolve => setTimeout(resolve, POLL))])
    }
  }
  if (program.end)
    throw new Unreachable(`${name} ended as soon as it was ready: ${endingOf(program.end)}${lastLines(child)}`)
  return child
}

const SERVER_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

async function isReady(readiness: Readiness, folder: Folder): Promise<boolean> {
  if ('probe' in readiness) return readiness.probe().catch(() => false)
  return readiness.log.test(readLog(folder, readiness.file ?? LOG))
}

function whatOf(readiness: Readiness): string {
  return 'probe' in readiness ? readiness.what : `${readiness.log} in ${readiness.file ?? 'its output'}`
}

function readLog(folder: Folder, file: string): string {
  try {
    return readFileSync(join(folder.path, file), 'utf8')
  } catch {
    return ''
  }
}

/** The end of its output, for an error: on lines of their own, as much as helps. */
function lastLines(child: Child): string {
  const lines = child.log().trimEnd().split('\n').slice(-5).join('\n  ')
  return lines === '' ? '' : `\n  ${lines}`
}
