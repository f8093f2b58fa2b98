import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePorts } from '../../io/free-port.ts'
import { connectRedis } from '../../io/redis.ts'

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

  /** With this password, if any. */
  static async open(password = ''): Promise<QueueLab> {
    const lab = new QueueLab((await freePorts(1))[0] ?? 0)
    lab.password = password
    await lab.startRedis()
    return lab
  }

  async startRedis(): Promise<void> {
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--dir', this.folder, '--save', '']
    if (this.password !== '') args.push('--requirepass', this.password)
    const redis = this.#start(spawn('redis-server', [...args, '--appendonly', 'no'], { stdio: 'pipe' }))
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

  /** A folder that stands for a machine, with these files in it, or this one as `decode.cjs`. */
  machine(name: string, decoders: string | Readonly<Record<string, string>>): string {
    const path = join(this.folder, name)
    mkdirSync(path, { recursive: true })
    const files = typeof decoders === 'string' ? { 'decode.cjs': decoders } : decoders
    for (const [file, from] of Object.entries(files)) copyFileSync(from, join(path, file))
    return path
  }

  /** Names of all inputs and finds that Redis has, of whatever campaign. */
  async inRedis(): Promise<Set<string>> {
    const { redis, close } = await connectRedis(this.url)
    try {
      const keys = await redis.keys('wiregrade:campaign:*')
      const shelves = keys.filter(key => /:(inputs|finds)$/.test(key))
      return new Set((await Promise.all(shelves.map(key => redis.hkeys(key)))).flat())
    } finally {
      close()
    }
  }

  /** Our command, on one of the machines. */
  fuzz(machine: string, ...args: readonly string[]): Running {
    return this.fuzzWith(this.url, machine, ...args)
  }

  /** With another address of Redis. */
  fuzzWith(url: string, machine: string, ...args: readonly string[]): Running {
    const command = ['--import', TSX, MAIN, 'fuzz', ...args, '--queue', url]
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

/** What a decoder of `told.fixture.cjs` on this machine throws from now on, in letters. */
export function tell(machine: string, word: string): void {
  const path = join(machine, 'word')
  writeFileSync(`${path}.part`, word)
  renameSync(`${path}.part`, path)
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
