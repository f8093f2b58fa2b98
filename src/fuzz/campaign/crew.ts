import { stuckFind } from './examiner.ts'
import type { CampaignFolder } from './folder.ts'
import type { FromWorker } from './job.ts'
import { type Stuck, Thread } from './thread.ts'

export interface CrewOptions {
  readonly folder: CampaignFolder
  /** The module that a worker runs. */
  readonly entry: URL
  readonly workers: number
  readonly seed: number
  /** Runs of all of them together. */
  readonly runs?: number | undefined
  /** Inputs that were there, to which those are added that come. */
  readonly inputs: readonly Uint8Array[]
  /** What a worker says that is not the crew's own business. */
  onMessage(message: FromWorker, thread: Thread): void
  /** A worker is no more. */
  onLeft(thread: Thread): void
  /** A worker was ended, or died, at an input that ends workers. */
  onStuck(find: ReturnType<typeof stuckFind>, input: Uint8Array): void
  /** All have done their runs. */
  onDone(): void
  /** None of them can go on. `begun`: some worker has tried inputs. */
  onHopeless(message: string, begun: boolean): void
}

/** Workers that end before they can begin, one after the other, make a campaign hopeless. */
const HOPELESS = 3
/** How long it takes until one that could not go on is started anew, in ms. */
const AGAIN = 1000

/** The workers of a campaign: who is ended or dies is replaced, and each hears of what the others found. */
export class Crew {
  /** Workers that had to be replaced. */
  restarts = 0
  /** When the first worker was: what it takes to load a target is no part of the time. */
  ready = Number.POSITIVE_INFINITY
  readonly #options: CrewOptions
  readonly #threads = new Map<number, Thread>()
  #deadly: Uint8Array[] = []
  /** Figures of those that are no more, and the most that any has seen. */
  #past = { runs: 0, finds: 0, restarts: 0 }
  #most = { blocks: 0, states: 0 }
  #stillborn = 0
  #stopped = false

  constructor(options: CrewOptions) {
    this.#options = options
    for (const { kind, input, minimal, replay } of options.folder.finds()) {
      if ((kind === 'hang' || kind === 'memory') && replay?.again !== 0) this.#deadly.push(input, minimal ?? input)
    }
  }

  start(): void {
    for (let index = 0; index < this.#options.workers; index++) this.#startWorker(index, 0)
  }

  #startWorker(index: number, generation: number): void {
    if (this.#stopped) return
    const { workers, seed, entry, runs, folder, inputs } = this.#options
    const { target, allow, settings } = folder.file
    const again = (): void => this.#startWorker(index, generation + 1)
    const thread = new Thread({
      entry,
      job: {
        mode: 'search',
        target,
        allow,
        settings,
        inputs,
        // One worker with a seed does the same each time; each of several, and each that comes after another, differs.
        seed: seed + index * 1_000_003 + generation * 7919,
        runs: runs === undefined ? undefined : Math.ceil(runs / workers),
        folder: folder.path,
        deadly: [...this.#deadly],
      },
      onMessage: message => this.#hear(message, index, thread, again),
      onStuck: stuck => {
        this.#bank(index, thread)
        this.#stuck(stuck)
        this.restarts++
        again()
      },
    })
    this.#threads.set(index, thread)
  }

  #hear(message: FromWorker, index: number, thread: Thread, again: () => void): void {
    if (message.kind === 'ready') {
      this.ready = Math.min(this.ready, performance.now())
      this.#stillborn = 0
    }
    if (message.kind === 'failed') this.#failed(message.message, index, thread, again)
    else if (message.kind === 'done') {
      this.#bank(index, thread)
      thread.release()
      if (this.#threads.size === 0) this.#options.onDone()
    } else this.#options.onMessage(message, thread)
    if (message.kind === 'input') this.share([message.octets], index)
  }

  /** One could not begin, or not go on: a server is tried to be started some times. */
  #failed(message: string, index: number, thread: Thread, again: () => void): void {
    this.#bank(index, thread)
    void thread.stop()
    const begun = Number.isFinite(this.ready)
    if (!begun || ++this.#stillborn >= HOPELESS) {
      this.#options.onHopeless(message, begun)
      return
    }
    this.restarts++
    this.#options.folder.log({ at: Date.now(), event: 'worker failed', reason: message })
    setTimeout(again, AGAIN).unref()
  }

  #stuck(stuck: Stuck): void {
    const { folder, onStuck, onHopeless } = this.#options
    if (stuck.input) {
      this.#deadly.push(stuck.input)
      onStuck(stuckFind(stuck, folder.file.target), stuck.input)
    }
    this.#stillborn = stuck.ready ? 0 : this.#stillborn + 1
    if (this.#stillborn >= HOPELESS)
      onHopeless(`the target cannot be loaded: ${stuck.reason}`, Number.isFinite(this.ready))
  }

  /** A worker is no more: what it has done counts on. */
  #bank(index: number, thread: Thread): void {
    this.#see(thread)
    const { runs, finds, restarts } = thread.shared.figures
    const past = this.#past
    this.#past = { runs: past.runs + runs, finds: past.finds + finds, restarts: past.restarts + restarts }
    this.#options.onLeft(thread)
    if (this.#threads.get(index) === thread) this.#threads.delete(index)
  }

  #see(thread: Thread): void {
    const { blocks, states } = thread.shared.figures
    this.#most = { blocks: Math.max(this.#most.blocks, blocks), states: Math.max(this.#most.states, states) }
  }

  /** Gives inputs to all, or to all but the one who has them. */
  share(inputs: readonly Uint8Array[], except?: number): void {
    for (const [index, thread] of this.#threads) if (index !== except) thread.post({ kind: 'inputs', inputs })
  }

  /** A worker was ended at this input, and it was not the input's fault: it is tried again. */
  forgive(input: Uint8Array): void {
    const before = this.#deadly.length
    this.#deadly = this.#deadly.filter(each => Buffer.compare(each, input) !== 0)
    if (this.#deadly.length === before) return
    for (const thread of this.#threads.values()) thread.post({ kind: 'harmless', input })
  }

  /** Has to be called often: it ends who is stuck. */
  watch(now: number): void {
    const resident = process.memoryUsage.rss()
    for (const thread of this.#threads.values()) thread.watch(now, resident)
  }

  /** What they have done, all together; of blocks and states those of the worker that saw most. */
  figures(): { runs: number; finds: number; revived: number; blocks: number; states: number; workers: number } {
    let { runs, finds, restarts: revived } = this.#past
    for (const thread of this.#threads.values()) {
      this.#see(thread)
      const { figures } = thread.shared
      runs += figures.runs
      finds += figures.finds
      revived += figures.restarts
    }
    return { runs, finds, revived, ...this.#most, workers: this.#threads.size }
  }

  /** Ends all of them: who has started something ends it first. */
  async stop(): Promise<void> {
    this.#stopped = true
    await Promise.all([...this.#threads.values()].map(thread => thread.stop()))
  }
}
