import type { Find, FindKind } from '../target.ts'
import { CannotBegin } from './cannot-begin.ts'
import { CoverageRecord } from './coverage-record.ts'
import { Crew } from './crew.ts'
import { CampaignError, type CampaignFolder, type KeptFind, stands, unusable } from './folder.ts'
import { Inspection } from './inspection.ts'
import type { FromWorker } from './job.ts'
import { WATCH } from './limits.ts'
import { StateCounts, saveStates } from './state-graph.ts'
import { type Ending, kindsOf, type Status } from './status.ts'
import type { Thread } from './thread.ts'

/** When a campaign ends, and who hears of it, whoever does the work. */
export interface CampaignCourse {
  readonly folder: CampaignFolder
  readonly seed: number
  /** Ends after so long, in ms, counted from the first run. */
  readonly time?: number | undefined
  /** Ends when nothing new has come for so long, in ms. */
  readonly untilQuiet?: number | undefined
  /** Ends after so many runs of all workers together. */
  readonly runs?: number | undefined
  readonly signal?: AbortSignal | undefined
  onStatus?(status: Status): void
  /** Something new was found; called once more when it has been looked at. */
  onFind?(find: KeptFind): void
}

export interface CampaignOptions extends CampaignCourse {
  /** The module that a worker runs. */
  readonly entry: URL
  readonly workers: number
  /** Inputs of this target are sequences of pieces. */
  readonly pieces: boolean
  /** Under which name the states of a server are counted, where several machines count. */
  readonly name?: string | undefined
  /** False where somebody else looks at finds once more. */
  readonly examine?: boolean | undefined
}

/** How often others' inputs are looked for, and figures told and logged, in ms. */
const SHARE = 1000
const TELL = 200
const LOG = 5000
/** How often it is written what code was entered, in ms. */
const RECORD = 3000

/** Looks for inputs until it is time to end. Throws `CannotBegin`, and `CampaignError` when its folder fails it. */
export async function runCampaign(options: CampaignOptions): Promise<Ending> {
  try {
    return await new Campaign(options).run()
  } catch (error) {
    throw unusable(options.folder.path, error)
  }
}

class Campaign {
  readonly #options: CampaignOptions
  readonly #folder: CampaignFolder
  readonly #inputs: Uint8Array[]
  readonly #crew: Crew
  readonly #inspection: Inspection
  readonly #coverage: CoverageRecord
  readonly #states = new StateCounts()
  readonly #began = performance.now()
  readonly #resumed: number
  readonly #kinds: Record<FindKind, number>
  #server: string | undefined
  #newest = performance.now()
  #lastFind: number | undefined
  #speed = { at: performance.now(), runs: 0, perSecond: 0 }
  #why: Ending['why'] | undefined
  #failure: Error | undefined
  #gone: string | undefined
  #end: () => void = () => {}

  constructor(options: CampaignOptions) {
    const { folder, entry, workers, seed, runs, pieces } = options
    this.#options = options
    this.#folder = folder
    this.#inputs = folder.newInputs()
    this.#resumed = this.#inputs.length
    this.#kinds = kindsOf(folder.finds())
    this.#coverage = new CoverageRecord(folder.path)
    this.#inspection = new Inspection({
      folder,
      entry,
      pieces,
      onFind: (find, input) => this.#found(find, input),
      onExamined: find => {
        if (!stands(find)) {
          this.#kinds[find.kind]--
          this.#crew.forgive(find.input)
        }
        options.onFind?.(find)
      },
    })
    this.#crew = new Crew({
      folder,
      entry,
      workers,
      seed,
      runs,
      inputs: this.#inputs,
      onMessage: (message, thread) => this.#safely(() => this.#hear(message, thread)),
      onLeft: thread => this.#coverage.forget(thread),
      onStuck: (find, input) => this.#safely(() => this.#found(find, input)),
      onDone: () => this.#stop('runs'),
      onHopeless: (message, begun) => this.#hopeless(message, begun),
    })
  }

  async run(): Promise<Ending> {
    const { workers, seed, signal, name } = this.#options
    this.#folder.begin({ at: Date.now(), event: 'begin', pid: process.pid, workers, seed, inputs: this.#resumed })
    const ended = new Promise<void>(resolve => {
      this.#end = resolve
    })
    this.#crew.start()
    // What somebody who was killed had no time to look at.
    for (const find of this.#folder.finds()) if (!find.replay) this.#examine(find)
    const timers = [
      setInterval(() => this.#watch(), WATCH),
      setInterval(() => this.#safely(() => this.#share()), SHARE),
      setInterval(() => this.#safely(() => this.#logStatus('status')), LOG),
      setInterval(() => this.#safely(() => saveStates(this.#folder.path, this.#states, name)), LOG),
      setInterval(() => this.#safely(() => this.#coverage.save()), RECORD),
    ]
    const telling = setInterval(() => this.#options.onStatus?.(this.#status()), TELL)
    const stop = (): void => this.#stop('stopped')
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    await ended
    signal?.removeEventListener('abort', stop)
    for (const timer of timers) clearInterval(timer)
    this.#coverage.collect()
    const status = this.#status()
    await this.#crew.stop()
    try {
      await this.#coverage.finish()
      saveStates(this.#folder.path, this.#states, name)
    } catch (error) {
      this.#failure ??= error as Error
    }
    await this.#inspection.finish()
    clearInterval(telling)
    if (this.#failure) throw this.#failure
    const { finds } = this.#status()
    this.#logStatus('end', { why: this.#why, finds })
    return { ...status, finds, examined: 0, why: this.#why ?? 'stopped', reason: this.#gone }
  }

  #hear(message: FromWorker, thread: Thread): void {
    if (message.kind === 'ready' || message.kind === 'code') this.#coverage.watch(thread, message.watched)
    if (message.kind === 'unusable') this.#fail(new CampaignError(message.message))
    if (message.kind === 'ready') this.#server ??= message.title
    else if (message.kind === 'input') {
      this.#folder.know(message.octets)
      this.#newest = performance.now()
      this.#inputs.push(message.octets)
    } else if (message.kind === 'find') this.#kept(message.find)
    else if (message.kind === 'suspect') this.#inspection.suspect(message.what, message.input)
    else if (message.kind === 'states') this.#states.merge(message.edges)
    else if (message.kind === 'trouble') this.#folder.log({ at: Date.now(), event: 'trouble', reason: message.reason })
  }

  #found(find: Find, input: Uint8Array): void {
    const kept = this.#folder.addFind(find, input, Date.now())
    if (kept) this.#kept(kept)
  }

  #kept(find: KeptFind): void {
    this.#lastFind = performance.now()
    this.#kinds[find.kind]++
    this.#newest = performance.now()
    this.#folder.log({ at: Date.now(), event: 'find', id: find.id, kind: find.kind, title: find.title })
    this.#options.onFind?.(find)
    this.#examine(find)
  }

  #examine(find: KeptFind): void {
    if (this.#options.examine !== false) this.#inspection.examine(find)
  }

  #watch(): void {
    const now = performance.now()
    this.#crew.watch(now)
    const { time, untilQuiet } = this.#options
    const { ready } = this.#crew
    if (time !== undefined && now - ready >= time) this.#stop('time')
    else if (untilQuiet !== undefined && now - Math.max(this.#newest, ready) >= untilQuiet) this.#stop('quiet')
  }

  /** Takes what another campaign in the same folder has found. */
  #share(): void {
    this.#folder.check()
    this.#coverage.collect()
    const inputs = this.#folder.newInputs()
    if (inputs.length === 0) return
    this.#newest = performance.now()
    this.#inputs.push(...inputs)
    this.#crew.share(inputs)
  }

  /** Whatever cannot be written, because the disk is full perhaps, ends the campaign in order. */
  #safely(does: () => void): void {
    try {
      does()
    } catch (error) {
      this.#fail(error as Error)
    }
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#stop('stopped')
  }

  #stop(why: Ending['why']): void {
    this.#why ??= why
    this.#end()
  }

  #hopeless(message: string, begun: boolean): void {
    if (!begun) this.#failure ??= new CannotBegin(message)
    else {
      this.#gone = message
      this.#folder.log({ at: Date.now(), event: 'gone', reason: message })
    }
    this.#stop('gone')
  }

  #logStatus(event: string, more: object = {}): void {
    const { runs, runsPerSecond, corpus, blocks, states, elapsed } = this.#status()
    const rounded = { elapsed: Math.round(elapsed), runsPerSecond: Math.round(runsPerSecond) }
    const seen = states === undefined ? { blocks } : { blocks, states }
    this.#folder.log({ at: Date.now(), event, runs, corpus, ...seen, ...rounded, ...more })
  }

  #status(): Status {
    const now = performance.now()
    const { runs, finds, revived, blocks, states, workers } = this.#crew.figures()
    if (now - this.#speed.at > 1000) {
      const perSecond = Math.max(0, ((runs - this.#speed.runs) / (now - this.#speed.at)) * 1000)
      this.#speed = { at: now, runs, perSecond }
    }
    const elapsed = now - this.#began
    return {
      target: this.#folder.file.target,
      elapsed,
      runs,
      runsPerSecond: this.#speed.perSecond || (runs / elapsed) * 1000,
      workers,
      restarts: this.#crew.restarts,
      corpus: this.#folder.size,
      resumed: this.#resumed,
      blocks: Math.max(blocks, this.#coverage.blocks),
      ...(this.#server !== undefined && { server: this.#server, states, revived }),
      sinceNew: now - this.#newest,
      sinceFind: this.#lastFind === undefined ? undefined : now - this.#lastFind,
      findings: finds,
      finds: { ...this.#kinds },
      examined: this.#inspection.waiting,
    }
  }
}
