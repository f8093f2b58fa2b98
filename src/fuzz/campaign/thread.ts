import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { withoutRoot } from '../triage.ts'
import type { FromWorker, Job, ToWorker, WatchedCode } from './job.ts'
import { BEGIN, GROWTH, HEAP, PATIENCE, WATCH } from './limits.ts'
import { SharedInput } from './shared-input.ts'
import { type ThreadTime, threadTime } from './thread-time.ts'

/** How long one that has started something may take to end it, in ms. */
const GRACE = 8000
/** How long before its end it is looked where a worker goes round, in ms. */
const LOOK = 100
/** What counts at most between two looks, in ms: where the watch itself came late, the machine had no time for the worker either. */
const LATE = 3 * WATCH
/** What a worker has to have had of a processor before it can be stuck, and of that while it is looked where, in ms. */
const HAD = 100
const HAD_IN_LOOK = 40
/**
 * How many times its patience one is waited for that the machine has no time for; and one that sleeps, which may wait for a
 * thread of Node's own that is starved.
 */
const STARVED = 10
const ASLEEP = 3
/** How long more it is looked where, in ms, when nothing was seen and nobody knows whether it runs. */
const LOOK_ON = 40

/** A worker that had to be ended, or that died, while it tried an input. */
export interface Stuck {
  readonly how: 'hang' | 'memory' | 'died'
  /** What it died of. */
  readonly reason: string
  /** Undefined where it died between inputs. */
  readonly input: Uint8Array | undefined
  /** Whether it had come to try inputs at all. */
  readonly ready: boolean
  /** Where it went round at the end, `src/dns/name.ts:40`, as far as its code is watched. */
  readonly where?: string | undefined
}

export interface ThreadOptions {
  /** The module that a worker runs. */
  readonly entry: URL
  readonly job: Omit<Job, 'memory'>
  /** How long it may take to begin, in ms; `BEGIN` unless said. */
  readonly begin?: number
  onMessage(message: FromWorker): void
  /** It is gone before it was told to: once at most, and the last that is heard of it. */
  onStuck(stuck: Stuck): void
}

/**
 * A worker under watch. `watch` has to be called often: it ends the worker where it has been at the same input for longer
 * than its target's patience, or takes memory that nobody can want.
 */
export class Thread {
  readonly shared = new SharedInput()
  readonly #options: ThreadOptions
  readonly #worker: Worker
  #over = false
  #beat = -1
  #looked = 0
  /** How long it has been at its input, in ms. */
  #taken = 0
  /** How long it has been about to begin, in ms. */
  #beginning = 0
  #resident = 0
  #code: WatchedCode | undefined
  #patience = PATIENCE
  #orderly = false
  #asking = false
  /** How long it had been at it when the counters were cleared. */
  #cleared: number | undefined
  /** Linux's number for it. */
  #number: number | undefined
  /** How it stood when it was first seen at its input, and when the counters were cleared. */
  #atFirst: ThreadTime | undefined
  #atClearing: ThreadTime | undefined

  constructor(options: ThreadOptions) {
    this.#options = options
    this.#worker = startWorker(options.entry, { ...options.job, memory: this.shared.memory })
    this.#worker.on('message', (message: FromWorker) => {
      if (message.kind === 'ready') {
        this.#patience = message.patience ?? PATIENCE
        this.#orderly = message.orderly ?? false
        this.#number = message.thread
      }
      if (message.kind === 'ready' || message.kind === 'code') this.#code = message.watched
      if (!this.#over) options.onMessage(message)
    })
    this.#worker.on('error', error => this.#died(error))
    this.#worker.on('exit', code => this.#died(`the process was ended by the target, status ${code}`))
  }

  post(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  /** Looks after it, at this time in ms; `resident` are the octets that the process has. */
  watch(now: number, resident: number): void {
    if (this.#over || this.#asking) return
    const { beat } = this.shared
    const passed = Math.min(now - this.#looked, LATE)
    this.#looked = now
    if (this.#code === undefined) {
      this.#beginning += passed
      if (this.#beginning > (this.#options.begin ?? BEGIN)) this.#giveUp()
      return
    }
    if (beat !== this.#beat || beat % 2 === 0) {
      this.#beat = beat
      this.#taken = 0
      this.#resident = resident
      this.#cleared = undefined
      return
    }
    if (this.#taken === 0) this.#atFirst = threadTime(this.#number)
    this.#taken += passed
    // What is counted in the last of its time is where it goes round.
    if (this.#cleared === undefined && this.#taken > this.#patience - LOOK) {
      this.#cleared = this.#taken
      this.#atClearing = threadTime(this.#number)
      this.#code?.counters.fill(0)
    }
    const grown = resident - this.#resident
    if (grown > GROWTH) this.#end('memory', `${Math.round(grown / 1e6)} MB more within one run`)
    else if (this.#taken > this.#patience && this.#isLookedAt() && !this.#isStarved())
      this.#end('hang', `no end within ${this.#patience} ms`)
  }

  #giveUp(): void {
    this.#died(`it has not begun after ${Math.round(this.#beginning / 1000)} s`)
    void this.#worker.terminate()
  }

  /** Whether it was looked for long enough where it goes round: native code is nowhere, however long it is looked. */
  #isLookedAt(): boolean {
    const looked = this.#taken - (this.#cleared ?? this.#taken)
    if (looked <= LOOK / 3) return false
    if (this.#where() !== undefined) return true
    return this.#atClearing !== undefined || looked > LOOK + LOOK_ON
  }

  /** Whether the machine had no time for it: it wants to run, and hardly ever could. Who waits for a server sleeps. */
  #isStarved(): boolean {
    const now = threadTime(this.#number)
    if (this.#number === undefined || (now?.asleep && this.#orderly)) return false
    if (this.#taken > (now?.asleep ? ASLEEP : STARVED) * this.#patience) return false
    // Its thread is no more, which will be heard of.
    if (!now) return true
    if (!this.#atFirst) return false
    if (now.used - this.#atFirst.used < HAD) return true
    // Too little to be sure that it is nowhere.
    return this.#where() === undefined && now.used - (this.#atClearing?.used ?? now.used) < HAD_IN_LOOK
  }

  #end(how: 'hang' | 'memory', reason: string): void {
    this.#over = true
    const { input } = this.shared
    const where = this.#cleared !== undefined ? this.#where() : undefined
    void this.#worker.terminate().then(() => this.#options.onStuck({ how, reason, input, where, ready: true }))
  }

  /** The first block, in the order of the code, that was entered since the counters were cleared. */
  #where(): string | undefined {
    if (!this.#code) return undefined
    const { counters, blocks, modules } = this.#code
    const first = counters.subarray(0, blocks).findIndex(count => count > 0)
    const module = modules.findLast(each => each.first <= first)
    return module && `${withoutRoot(module.file)}:${module.places[2 * (first - module.first)]}`
  }

  #died(why: unknown): void {
    if (this.#over || this.#asking) return
    this.#over = true
    const { beat, input } = this.shared
    const memory = (why as { code?: string } | null)?.code === 'ERR_WORKER_OUT_OF_MEMORY'
    const reason = why instanceof Error ? (why.stack ?? why.message) : String(why)
    this.#options.onStuck({
      how: memory ? 'memory' : 'died',
      reason,
      input: beat % 2 === 1 ? input : undefined,
      ready: this.#code !== undefined,
    })
  }

  /** Ends it; nothing is heard of it any more. */
  async stop(): Promise<void> {
    if (!this.#over && this.#orderly) await this.#asked()
    this.#over = true
    await this.#worker.terminate()
  }

  /** Asks it to end what it has started, and itself: what it still has to tell is heard. */
  async #asked(): Promise<void> {
    this.#asking = true
    let timer: NodeJS.Timeout | undefined
    const ended = new Promise(resolve => {
      this.#worker.once('exit', resolve)
      timer = setTimeout(resolve, GRACE)
    })
    this.post({ kind: 'stop' })
    await ended
    clearTimeout(timer)
  }

  /** It ends by itself, and that is no death. */
  release(): void {
    this.#over = true
  }
}

/** Node's workers do not know TypeScript, even where the process does: they are told how to read it first. */
function startWorker(entry: URL, job: Job): Worker {
  const options = { workerData: job, resourceLimits: { maxOldGenerationSizeMb: HEAP } }
  if (!entry.pathname.endsWith('.ts')) return new Worker(entry, options)
  const reader = createRequire(import.meta.url)
    .resolve('tsx/esm/api')
    .replace(/\.cjs$/, '.mjs')
  const code = `import(${JSON.stringify(pathToFileURL(reader).href)})
    .then(tsx => tsx.register()).then(() => import(${JSON.stringify(entry.href)}))`
  return new Worker(code, { ...options, eval: true, execArgv: [] })
}
