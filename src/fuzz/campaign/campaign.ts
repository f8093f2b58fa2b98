import type { Find, FindKind } from '../target.ts'
import { CoverageRecord } from './coverage-record.ts'
import { examineFind } from './examine-find.ts'
import { Examiner, stuckFind } from './examiner.ts'
import type { CampaignFolder, KeptFind } from './folder.ts'
import type { FromWorker } from './job.ts'
import { WATCH } from './limits.ts'
import { StateCounts, saveStates } from './state-graph.ts'
import { type Ending, kindsOf, type Status } from './status.ts'
import { type Stuck, Thread } from './thread.ts'

export interface CampaignOptions {
  readonly folder: CampaignFolder
  /** The module that a worker runs. */
  readonly entry: URL
  readonly workers: number
  readonly seed: number
  /** Inputs of this target are sequences of pieces. */
  readonly pieces: boolean
  /** False where somebody else looks at finds once more. */
  readonly examine?: boolean | undefined
  /** Ends after so long, in ms. */
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

/** A campaign that cannot begin: the message is the target's, for a user. */
export class CannotBegin extends Error {
  override readonly name = 'CannotBegin'
}

/** How often others' inputs are looked for, and figures told and logged, in ms. */
const SHARE = 1000
const TELL = 200
const LOG = 5000
/** How often it is written what code was entered, in ms. */
const RECORD = 3000
/** How long finds may still be looked at when the campaign is over, in ms. */
const LAST_LOOK = 15_000
/** Workers that end before they can begin, one after the other, make a campaign hopeless. */
const HOPELESS = 3

/** Looks for inputs until it is time to end. Throws `CannotBegin`. */
export async function runCampaign(options: CampaignOptions): Promise<Ending> {
  return await new Campaign(options).run()
}

class Campaign {
  readonly #options: CampaignOptions
  readonly #folder: CampaignFolder
  readonly #inputs: Uint8Array[]
  readonly #threads = new Map<number, Thread>()
  readonly #examiner: Examiner
  readonly #coverage: CoverageRecord
  readonly #queue: KeptFind[] = []
  readonly #deadly: Uint8Array[] = []
  readonly #suspected = new Set<string>()
  readonly #began = performance.now()
  readonly #resumed: number
  #examining: Promise<void> | undefined
  #kinds: Record<FindKind, number>
  #runs = 0
  #blocks = 0
  #states = 0
  #revived = 0
  #server: string | undefined
  readonly #stateCounts = new StateCounts()
  /** When the first worker was: what it takes to load a target is no part of the time. */
  #ready = Number.POSITIVE_INFINITY
  #findings = 0
  #restarts = 0
  #stillborn = 0
  #newest = performance.now()
  #lastFind: number | undefined
  #speed = { at: performance.now(), runs: 0, perSecond: 0 }
  #why: Ending['why'] | undefined
  #ended = Number.POSITIVE_INFINITY
  #failure: Error | undefined
  #end: () => void = () => {}

  constructor(options: CampaignOptions) {
    this.#options = options
    this.#folder = options.folder
    this.#inputs = this.#folder.newInputs()
    this.#resumed = this.#inputs.length
    this.#kinds = kindsOf(this.#folder.finds())
    for (const { kind, input, minimal } of this.#folder.finds()) {
      if (kind === 'hang' || kind === 'memory') this.#deadly.push(input, minimal ?? input)
    }
    this.#examiner = new Examiner(options.entry, this.#folder.file)
    this.#coverage = new CoverageRecord(this.#folder.path)
  }

  async run(): Promise<Ending> {
    const { workers, seed, signal } = this.#options
    this.#folder.begin({ at: Date.now(), event: 'begin', pid: process.pid, workers, seed, inputs: this.#resumed })
    const ended = new Promise<void>(resolve => {
      this.#end = resolve
    })
    for (let index = 0; index < workers; index++) this.#startWorker(index, 0)
    // What somebody who was killed had no time to look at.
    for (const find of this.#folder.finds()) if (!find.replay) this.#examine(find)
    const timers = [
      setInterval(() => this.#watch(), WATCH),
      setInterval(() => this.#share(), SHARE),
      setInterval(() => this.#options.onStatus?.(this.#status()), TELL),
      setInterval(() => this.#logStatus('status'), LOG),
      setInterval(() => saveStates(this.#folder.path, this.#stateCounts), LOG),
      setInterval(() => this.#coverage.save(), RECORD),
    ]
    const stop = (): void => this.#stop('stopped')
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    await ended
    signal?.removeEventListener('abort', stop)
    for (const timer of timers) clearInterval(timer)
    const watch = setInterval(() => this.#options.onStatus?.(this.#status()), TELL)
    this.#coverage.collect()
    const status = this.#status()
    await Promise.all([...this.#threads.values()].map(thread => thread.stop()))
    await this.#coverage.finish()
    saveStates(this.#folder.path, this.#stateCounts)
    await this.#lastLook()
    clearInterval(watch)
    await this.#examiner.stop()
    if (this.#failure) throw this.#failure
    const { finds } = this.#status()
    this.#logStatus('end', { why: this.#why, finds })
    return { ...status, finds, examined: 0, why: this.#why ?? 'stopped' }
  }

  #startWorker(index: number, generation: number): void {
    const { workers, seed, entry, runs } = this.#options
    const { target, allow, settings } = this.#folder.file
    const share = runs === undefined ? undefined : Math.ceil(runs / workers)
    // One worker with a seed does the same each time; each of several, and each that comes after another, differs.
    const job = {
      mode: 'search',
      target,
      allow,
      settings,
      inputs: this.#inputs,
      seed: seed + index * 1_000_003 + generation * 7919,
    }
    const thread = new Thread({
      entry,
      job: { ...job, mode: 'search', runs: share, folder: this.#folder.path, deadly: [...this.#deadly] },
      onMessage: message => this.#hear(message, index, thread),
      onStuck: stuck => {
        this.#bank(index, thread)
        this.#stuck(stuck)
        this.#restarts++
        if (this.#why === undefined) this.#startWorker(index, generation + 1)
      },
    })
    this.#threads.set(index, thread)
  }

  /** A worker is no more: what it has done counts on. */
  #bank(index: number, thread: Thread): void {
    const { runs, finds, restarts } = thread.shared.figures
    this.#runs += runs
    this.#revived += restarts
    this.#findings += finds
    this.#coverage.forget(thread)
    if (this.#threads.get(index) === thread) this.#threads.delete(index)
  }

  #hear(message: FromWorker, index: number, thread: Thread): void {
    if (message.kind === 'ready' || message.kind === 'code') this.#coverage.watch(thread, message.watched)
    if (message.kind === 'ready') {
      this.#ready = Math.min(this.#ready, performance.now())
      this.#server ??= message.title
    } else if (message.kind === 'failed') {
      if (!Number.isFinite(this.#ready)) this.#fail(new CannotBegin(message.message))
      this.#folder.log({ at: Date.now(), event: 'gone', reason: message.message })
      this.#stop('gone')
    } else if (message.kind === 'states') this.#stateCounts.merge(message.edges)
    else if (message.kind === 'input') {
      this.#folder.know(message.octets)
      this.#newest = performance.now()
      this.#inputs.push(message.octets)
      for (const [other, each] of this.#threads) {
        if (other !== index) each.post({ kind: 'inputs', inputs: [message.octets] })
      }
    } else if (message.kind === 'find') this.#kept(message.find)
    else if (message.kind === 'suspect') this.#suspect(message.what, message.input)
    else if (message.kind === 'done') {
      this.#bank(index, thread)
      thread.release()
      if (this.#threads.size === 0) this.#stop('runs')
    }
  }

  #stuck(stuck: Stuck): void {
    if (stuck.input) this.#deadly.push(stuck.input)
    if (stuck.input) this.#found(stuckFind(stuck, this.#folder.file.target), stuck.input)
    this.#stillborn = stuck.ready ? 0 : this.#stillborn + 1
    if (this.#stillborn >= HOPELESS) this.#fail(new CannotBegin(`the target cannot be loaded: ${stuck.reason}`))
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

  /** Slow and hungry inputs are finds only where they are so again, with nobody in their way. */
  #suspect(what: 'slow' | 'memory', input: Uint8Array): void {
    if (this.#suspected.has(what) || this.#why !== undefined) return
    this.#suspected.add(what)
    this.#chain(async () => {
      const [find] = (await this.#examiner.look(input, 1)).finds
      this.#suspected.delete(what)
      if (find) this.#found(find, input)
    })
  }

  #examine(find: KeptFind): void {
    if (this.#options.examine === false) return
    this.#queue.push(find)
    this.#chain(async () => {
      const { replay, minimal, script } = await examineFind(this.#examiner, find, {
        pieces: this.#options.pieces,
        hurried: () => performance.now() - this.#ended > LAST_LOOK / 2,
        onOther: (other, input) => this.#found(other, input),
      })
      this.#folder.addReplay(find, replay, minimal, script)
      this.#queue.splice(this.#queue.indexOf(find), 1)
      if (replay.again === 0) this.#kinds[find.kind]--
      this.#folder.log({ at: Date.now(), event: 'examined', id: find.id, ...replay, octets: minimal.length })
      this.#options.onFind?.({ ...find, replay, minimal })
    })
  }

  /** One after the other, as they come. */
  #chain(does: () => Promise<void>): void {
    this.#examining = (this.#examining ?? Promise.resolve()).then(does).catch((error: unknown) => {
      this.#folder.log({ at: Date.now(), event: 'not examined', reason: String(error) })
    })
  }

  async #lastLook(): Promise<void> {
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>(resolve => {
      timer = setTimeout(resolve, LAST_LOOK)
    })
    await Promise.race([this.#examining, patience])
    clearTimeout(timer)
  }

  #watch(): void {
    const now = performance.now()
    const resident = process.memoryUsage.rss()
    for (const thread of this.#threads.values()) thread.watch(now, resident)
    const { time, untilQuiet } = this.#options
    if (time !== undefined && now - this.#ready >= time) this.#stop('time')
    else if (untilQuiet !== undefined && now - Math.max(this.#newest, this.#ready) >= untilQuiet) this.#stop('quiet')
  }

  /** Takes what another campaign in the same folder has found. */
  #share(): void {
    this.#coverage.collect()
    const inputs = this.#folder.newInputs()
    if (inputs.length === 0) return
    this.#newest = performance.now()
    this.#inputs.push(...inputs)
    for (const thread of this.#threads.values()) thread.post({ kind: 'inputs', inputs })
  }

  #stop(why: Ending['why']): void {
    this.#why ??= why
    this.#ended = Math.min(this.#ended, performance.now())
    this.#end()
  }

  #fail(error: Error): void {
    this.#failure ??= error
    this.#stop('stopped')
  }

  #logStatus(event: string, more: object = {}): void {
    const { runs, runsPerSecond, corpus, blocks, states, elapsed } = this.#status()
    const rounded = { elapsed: Math.round(elapsed), runsPerSecond: Math.round(runsPerSecond) }
    const seen = states === undefined || states === 0 ? { blocks } : { blocks, states }
    this.#folder.log({ at: Date.now(), event, runs, corpus, ...seen, ...rounded, ...more })
  }

  #status(): Status {
    const now = performance.now()
    const figures = [...this.#threads.values()].map(({ shared }) => shared.figures)
    const sum = (of: 'runs' | 'finds' | 'restarts'): number => figures.reduce((total, figure) => total + figure[of], 0)
    const runs = this.#runs + sum('runs')
    this.#blocks = Math.max(this.#blocks, this.#coverage.blocks, ...figures.map(({ blocks }) => blocks))
    this.#states = Math.max(this.#states, ...figures.map(({ states }) => states))
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
      workers: this.#threads.size,
      restarts: this.#restarts,
      corpus: this.#folder.size,
      resumed: this.#resumed,
      blocks: this.#blocks,
      server: this.#server,
      states: this.#states,
      revived: this.#revived + sum('restarts'),
      sinceNew: now - this.#newest,
      sinceFind: this.#lastFind === undefined ? undefined : now - this.#lastFind,
      findings: this.#findings + sum('finds'),
      finds: { ...this.#kinds },
      examined: this.#queue.length,
    }
  }
}
