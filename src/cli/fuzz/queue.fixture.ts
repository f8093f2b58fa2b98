import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../../io/free-port.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const TSX = import.meta.resolve('tsx')

/** Why there is no Redis here; undefined where there is. */
export function withoutRedis(): string | undefined {
  const { error } = spawnSync('redis-server', ['--version'], { stdio: 'ignore' })
  return error && 'redis-server is not installed (scripts/peers redis)'
}

/** A process of ours, or a Redis, and what it has written so far. */
export interface Running {
  readonly pid: number
  readonly output: () => string
  readonly ended: Promise<number | null>
  kill(signal: NodeJS.Signals): void
  /** Waits until it has written something; rejects where it ends before. */
  until(pattern: RegExp): Promise<void>
}

/** A Redis of its own, some folders that stand for machines, and all that was started there. */
export class QueueLab {
  readonly folder = mkdtempSync(join(tmpdir(), 'wiregrade-queue-'))
  readonly port: number
  password = ''
  readonly #all: Running[] = []
  #redis: Running | undefined

  private constructor(port: number) {
    this.port = port
  }

  static async open(...redis: readonly string[]): Promise<QueueLab> {
    const lab = new QueueLab((await freePorts(1))[0] ?? 0)
    await lab.startRedis(...redis)
    return lab
  }

  async startRedis(...more: readonly string[]): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', '']
    const redis = this.#start(spawn('redis-server', [...args, '--appendonly', 'no', ...more], { stdio: 'pipe' }))
    await redis.until(/Ready to accept connections/)
    this.#redis = redis
  }

  async stopRedis(): Promise<void> {
    this.#redis?.kill('SIGKILL')
    await this.#redis?.ended
  }

  get url(): string {
    return `redis://${this.password === '' ? '' : `:${this.password}@`}127.0.0.1:${this.port}`
  }

  /** A folder that stands for a machine, with this file in it as `decode.cjs`. */
  machine(name: string, decoder: string): string {
    const path = join(this.folder, name)
    mkdirSync(path, { recursive: true })
    copyFileSync(decoder, join(path, 'decode.cjs'))
    return path
  }

  /** Our command, on one of the machines. */
  fuzz(machine: string, ...args: readonly string[]): Running {
    const command = ['--import', TSX, MAIN, 'fuzz', ...args, '--queue', this.url]
    return this.#start(spawn(process.execPath, command, { cwd: machine, stdio: 'pipe' }))
  }

  #start(child: ChildProcess): Running {
    let output = ''
    let ended = false
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (text: Buffer) => (output += text))
    const end = new Promise<number | null>(resolve => {
      child.once('close', status => {
        ended = true
        resolve(status)
      })
    })
    const running: Running = {
      pid: child.pid ?? 0,
      output: () => output,
      ended: end,
      kill: signal => void child.kill(signal),
      async until(pattern) {
        while (!pattern.test(output)) {
          if (ended) throw new Error(`it has ended without ${pattern}:\n${output}`)
          await sleep(10)
        }
      },
    }
    this.#all.push(running)
    return running
  }

  /** Ends all there is, and leaves nothing behind. */
  async close(): Promise<void> {
    for (const running of this.#all) running.kill('SIGKILL')
    await Promise.all(this.#all.map(({ ended }) => ended))
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** Names of all inputs and finds of a machine that are older than this, in ms since 1970. */
export function keptIn(machine: string, before: number = Number.POSITIVE_INFINITY): Set<string> {
  const kept = new Set<string>()
  for (const campaign of namesIn(join(machine, '.campaigns'))) {
    for (const shelf of ['corpus', 'crashes', 'hangs']) {
      const path = join(machine, '.campaigns', campaign, shelf)
      for (const name of namesIn(path)) {
        if (statSync(join(path, name)).mtimeMs < before) kept.add(`${shelf}/${name}`)
      }
    }
  }
  return kept
}

function namesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder).filter(name => !name.startsWith('.')) : []
}
