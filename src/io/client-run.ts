import type { Exit } from '../conformance/channel.ts'
import type { Health } from '../conformance/peer.ts'
import { Unreachable } from '../conformance/peer.ts'
import type { Output } from './output.ts'
import { output } from './output.ts'
import type { End, Program } from './program.ts'
import { endingOf, start } from './program.ts'

/** A client under test that runs, and what it writes. */
export interface ClientRun {
  readonly program: Program
  readonly stdout: Output
  readonly stderr: Output
}

/** Runs a command by the shell. */
export function runClient(command: string): ClientRun {
  const program = start({
    command: '/bin/sh',
    args: ['-c', command],
    env: process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return { program, stdout: output(program.stdout), stderr: output(program.stderr) }
}

/**
 * What a client does first. Throws `Unreachable`, with its last words, where it ends or lets the time go by without
 * that.
 */
export function firstSign<T>(sign: Promise<T>, run: ClientRun, timeout: number): Promise<T> {
  const { program, stdout, stderr } = run
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Unreachable(`the client did not connect within ${timeout} ms`)), timeout)
    void sign.then(value => {
      clearTimeout(timer)
      resolve(value)
    })
    void program.ended.then(async end => {
      clearTimeout(timer)
      await Promise.all([stdout.ended, stderr.ended])
      const said = (stderr.text() || stdout.text()).trim().split('\n').slice(-3).join('\n  ')
      reject(new Unreachable(`the client did not connect: ${endingOf(end)}${said && `\n  ${said}`}`))
    })
  })
}

/** How a program ended, with all that it wrote; undefined when it has not within so many ms. */
export async function exitOf({ program, stdout, stderr }: ClientRun, patience: number): Promise<Exit | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<undefined>(resolve => {
    timer = setTimeout(() => resolve(undefined), patience)
  })
  const end = await Promise.race([program.ended, late])
  clearTimeout(timer)
  if (!end) return undefined
  await Promise.all([stdout.ended, stderr.ended])
  return { code: end.code, signal: end.signal, stdout: stdout.text(), stderr: stderr.text() }
}

/** Remembers whether one of many runs crashed. */
export interface CrashWatch {
  /** Watches a run, unless it has been dropped by then, which kills it. */
  watch(run: ClientRun & { readonly dropped: boolean }): void
  health(): Promise<Health>
  forget(): void
}

export function crashWatch(name: string): CrashWatch {
  let crash: string | undefined
  return {
    watch(run) {
      void run.program.ended.then(end => {
        if (isCrash(end) && !run.dropped) crash ??= `${name}: ${endingOf(end)}`
      })
    },
    health: () => Promise.resolve(crash === undefined ? { alive: true } : { alive: false, how: crash }),
    forget() {
      crash = undefined
    },
  }
}

/** What a program dies of that has a bug, against what it is killed by. */
const CRASHES = ['SIGSEGV', 'SIGABRT', 'SIGBUS', 'SIGILL', 'SIGFPE', 'SIGTRAP', 'SIGSYS']

/** Exit statuses by which a shell tells of the same: 128 and the number of the signal. */
const CRASH_STATUSES = [139, 134, 135, 132, 136, 133, 159]

function isCrash({ code, signal }: End): boolean {
  return signal === null ? code !== null && CRASH_STATUSES.includes(code) : CRASHES.includes(signal)
}
