import type { StdioOptions } from 'node:child_process'
import { spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import { dirname, isAbsolute, join } from 'node:path'
import type { Readable } from 'node:stream'
import { adoptGroup, releaseGroup, signalGroup } from './leftovers.ts'

export interface ProgramOptions {
  /** A name to be found in PATH, or a path. */
  readonly command: string
  readonly args: readonly string[]
  readonly cwd?: string | undefined
  readonly env: NodeJS.ProcessEnv
  readonly stdio: StdioOptions
  /** Runs as nobody where we are root: many servers refuse to be root, and none should be. */
  readonly unprivileged?: boolean | undefined
}

/** How a program ended: `error` where it could not even be started. */
export interface End {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly error?: string
}

/** A program that we started, with all that it starts itself. */
export interface Program {
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  /** How it ended, once it has. */
  readonly end: End | undefined
  readonly ended: Promise<End>
  signal(signal: NodeJS.Signals): void
  /** Asks it to end by a signal, and ends its whole group the hard way after `grace` ms, or once it is gone. */
  stop(signal: NodeJS.Signals, grace: number): Promise<End>
  /** Ends its whole group at once. */
  kill(): void
}

/** Debian's nobody and nogroup; the ids that every system reserves for it. */
export const NOBODY = 65534

/** Servers live in places that an ordinary PATH leaves out. */
const SERVER_PATHS = ['/usr/sbin', '/usr/local/sbin', '/sbin', '/usr/bin', '/usr/local/bin', '/bin']

/** Where a program is, or undefined where it is not installed. */
export function which(command: string, path = process.env['PATH'] ?? ''): string | undefined {
  const candidates = isAbsolute(command)
    ? [command]
    : [...path.split(':').filter(Boolean), ...SERVER_PATHS].map(folder => join(folder, command))
  return candidates.find(file => {
    try {
      accessSync(file, constants.X_OK)
      return statSync(file).isFile()
    } catch {
      return false
    }
  })
}

/** Whether we are root and nobody could reach the file: every folder above it is open to all, and so is the file. */
export function openToNobody(file: string): boolean {
  for (let path = file; ; path = dirname(path)) {
    if ((statSync(path).mode & 0o005) !== 0o005) return false
    if (path === dirname(path)) return true
  }
}

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/**
 * Starts a program at the head of a process group of its own. The group ends with us: in order where we can see to it,
 * and by the kernel's hand, with `setpriv`, where we are killed.
 */
export function start(options: ProgramOptions): Program {
  const setpriv = process.platform === 'linux' ? which('setpriv') : undefined
  const [command, args] = setpriv
    ? [setpriv, ['--pdeathsig', 'TERM', '--', options.command, ...options.args]]
    : [options.command, [...options.args]]
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: options.env,
    stdio: options.stdio,
    detached: true,
    ...(options.unprivileged && isRoot() ? { uid: NOBODY, gid: NOBODY } : {}),
  })
  const { pid } = child
  let end: End | undefined
  if (pid !== undefined) adoptGroup(pid)

  const ended = new Promise<End>(resolve => {
    function over(how: End): void {
      if (end) return
      end = how
      // A worker may outlive the program that started it, and hold its port.
      if (pid !== undefined) releaseGroup(pid)
      resolve(how)
    }
    child.once('error', error => over({ code: null, signal: null, error: error.message }))
    child.once('exit', (code, signal) => over({ code, signal }))
  })

  function signal(name: NodeJS.Signals): void {
    if (pid !== undefined && !end) signalGroup(pid, name)
  }

  return {
    stdout: child.stdout,
    stderr: child.stderr,
    get end() {
      return end
    },
    ended,
    signal,
    async stop(name, grace) {
      signal(name)
      const timer = setTimeout(() => signal('SIGKILL'), grace)
      const how = await ended
      clearTimeout(timer)
      return how
    },
    kill: () => signal('SIGKILL'),
  }
}

/** `exit status 1`, `killed by SIGSEGV` */
export function endingOf({ code, signal, error }: End): string {
  if (error !== undefined) return `not started: ${error}`
  return signal === null ? `exit status ${code}` : `killed by ${signal}`
}
