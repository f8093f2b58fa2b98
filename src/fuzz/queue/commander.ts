import type * as BullMQ from 'bullmq'
import type { Redis } from 'ioredis'
import { bitsOf, countBits, readCoverage } from '../campaign/coverage-file.ts'
import type { CampaignFolder, KeptFind } from '../campaign/folder.ts'
import { type Ending, kindsOf, type Status } from '../campaign/status.ts'
import { Bridge } from './bridge.ts'
import { type Chore, type ChoreAsked, type JobOfCampaign, openQueue, type Slice } from './jobs.ts'
import { CHORES, campaignKey, nameOf, SLICES } from './keys.ts'
import { type Member, membersOf } from './roster.ts'
import { type Figures, newSession, Session, sumOf } from './session.ts'
import { orStopped, pause } from './waiting.ts'

export interface CommandOptions {
  readonly redis: Redis
  readonly bullmq: typeof BullMQ
  readonly folder: CampaignFolder
  readonly seed: number
  /** How long a slice is, in ms. */
  readonly slice: number
  /** Inputs that once were finds: they are tried first. */
  readonly regressions: readonly Uint8Array[]
  /** Ends after so long, in ms, counted from the first run. */
  readonly time?: number | undefined
  readonly untilQuiet?: number | undefined
  readonly runs?: number | undefined
  readonly signal?: AbortSignal | undefined
  onStatus?(status: Status): void
  onFind?(find: KeptFind): void
  say(line: string): void
}

/** How often it looks after jobs and figures, how often it tells and logs, in ms. */
const LOOK = 500
const TELL = 200
const LOG = 5000
/** How long slices may take to end, and finds may still be looked at, when the campaign is over, in ms. */
const LAST_SLICES = 10_000
const LAST_LOOK = 15_000
/** How long it is waited for workers before it is said that there are none, in ms. */
const LONELY = 3000
/** The least time for which speed is measured, in ms. */
const SPEED = 2000

/** A campaign whose work others do: it keeps as many slices in the queue as there are workers, and takes what they find. */
export async function commandCampaign(options: CommandOptions): Promise<Ending> {
  return await new Commander(options).run()
}

class Commander {
  readonly #options: CommandOptions
  readonly #id = newSession()
  readonly #session: Session
  readonly #slices: BullMQ.Queue<Slice>
  readonly #chores: BullMQ.Queue<Chore>
  readonly #bridge: Bridge
  readonly #resumed: number
  readonly #began = performance.now()
  readonly #asked = new Set<string>()
  readonly #said = new Map<string, string>()
  /** Of each attempt at a slice, also where Redis has forgotten it. */
  readonly #attempts = new Map<string, Figures>()
  #looking: Promise<void> | undefined
  #members: readonly Member[] = []
  #figures = sumOf([])
  #covered = 0
  #slice = 0
  #ready: number | undefined
  #lastFind: number | undefined
  #speed = { at: performance.now(), runs: 0, perSecond: 0 }
  #lonely = false

  constructor(options: CommandOptions) {
    const { redis, bullmq, folder, say } = options
    this.#options = options
    this.#session = new Session(redis, this.#id)
    this.#slices = openQueue(bullmq, redis, SLICES)
    this.#chores = openQueue(bullmq, redis, CHORES)
    // What it waits for is said by who has connected.
    for (const queue of [this.#slices, this.#chores]) queue.on('error', () => {})
    this.#resumed = folder.newInputs().length
    this.#bridge = new Bridge({
      redis,
      folder: folder.path,
      name: 'commander',
      say,
      onFind: find => this.#found(find),
    })
  }

  async run(): Promise<Ending> {
    const { folder, signal, onStatus, regressions, seed } = this.#options
    const inputs = this.#resumed
    folder.begin({ at: Date.now(), event: 'begin', pid: process.pid, workers: 0, seed, inputs, session: this.#id })
    const timers = [setInterval(() => onStatus?.(this.#status()), TELL), setInterval(() => this.#log('status'), LOG)]
    try {
      await orStopped(this.#bridge.carry(), signal)
      if (regressions.length > 0 && this.#why() === undefined) {
        const inputs = regressions.map(input => Buffer.from(input).toString('base64'))
        await this.#ask({ kind: 'regression', inputs }, 'regression')
      }
      let why: Ending['why'] | undefined
      while (why === undefined) {
        this.#looking ??= this.#look().finally(() => {
          this.#looking = undefined
        })
        await orStopped(this.#looking, signal, LOOK)
        why = this.#why()
        if (why === undefined) await pause(LOOK, signal)
      }
      const status = this.#status()
      const isThere = this.#options.redis.status === 'ready'
      await orStopped(this.#finish(), undefined, isThere ? LAST_SLICES + LAST_LOOK : LOOK)
      const { finds, runs, corpus } = this.#status()
      this.#log('end', { why, finds })
      return { ...status, runs, corpus, finds, examined: 0, why }
    } finally {
      for (const timer of timers) clearInterval(timer)
      this.#bridge.leave()
      await orStopped(Promise.all([this.#slices.close(), this.#chores.close()]), undefined, LOOK)
    }
  }

  /** Looks what has become of all, and has as many slices in the queue as there are workers. */
  async #look(): Promise<void> {
    const { redis } = this.#options
    const key = campaignKey(nameOf(this.#options.folder.file))
    this.#members = await membersOf(redis)
    await this.#count()
    if (this.#figures.runs > 0) this.#ready ??= performance.now()
    this.#covered = 0
    for (const record of readCoverage(this.#options.folder.path)) this.#covered += countBits(bitsOf(record))
    await this.#hear()
    for (const { id, replay } of this.#bridge.finds()) if (!replay) await this.#ask({ kind: 'minimise', id }, id)
    const fit = this.#members.filter(({ unfit }) => !unfit.includes(key))
    this.#sayLonely(fit.length)
    const there = (await this.#mine(this.#slices)).length
    for (let i = there; i < fit.length; i++) await this.#addSlice(fit.length)
  }

  #why(): Ending['why'] | undefined {
    const { signal, time, untilQuiet, runs } = this.#options
    const now = performance.now()
    if (signal?.aborted) return 'stopped'
    if (this.#ready === undefined) return undefined
    if (time !== undefined && now - this.#ready >= time) return 'time'
    if (runs !== undefined && this.#figures.runs >= runs) return 'runs'
    const newest = Math.max(this.#bridge.newest, this.#ready)
    return untilQuiet !== undefined && now - newest >= untilQuiet ? 'quiet' : undefined
  }

  async #addSlice(workers: number): Promise<void> {
    const { folder, time, runs, slice, seed } = this.#options
    const left = time === undefined || this.#ready === undefined ? time : time - (performance.now() - this.#ready)
    const count = this.#slice++
    const data: Slice = {
      kind: 'slice',
      ...this.#campaign(folder),
      time: Math.max(1000, Math.round(Math.min(slice, left ?? slice))),
      runs: runs === undefined ? undefined : Math.max(1, Math.ceil((runs - this.#figures.runs) / workers)),
      seed: (seed + count * 1_000_003) % 0x7fffffff,
    }
    await this.#slices.add('slice', data, { jobId: `${this.#id}-${count}` })
  }

  /** Has something done once. */
  async #ask(chore: ChoreAsked, name: string): Promise<void> {
    if (this.#asked.has(name)) return
    this.#asked.add(name)
    await this.#chores.add(
      chore.kind,
      { ...chore, ...this.#campaign(this.#options.folder) },
      { jobId: `${this.#id}-${name}` },
    )
  }

  #campaign(folder: CampaignFolder): JobOfCampaign {
    return { of: nameOf(folder.file), session: this.#id }
  }

  async #mine<Data extends { readonly session: string }>(queue: BullMQ.Queue<Data>): Promise<BullMQ.Job<Data>[]> {
    const jobs = (await queue.getJobs(['active', 'wait', 'delayed', 'prioritized'])) as (BullMQ.Job<Data> | undefined)[]
    return jobs.filter(job => job !== undefined && job.data.session === this.#id) as BullMQ.Job<Data>[]
  }

  async #hear(): Promise<void> {
    for (const [worker, line] of Object.entries(await this.#session.said())) {
      if (this.#said.get(worker) === line) continue
      this.#said.set(worker, line)
      this.#options.say(`worker ${worker} leaves this campaign to others: ${line}`)
    }
    if (this.#asked.has('regression') && !this.#said.has('regression')) {
      const done = await this.#session.outcome(`${this.#id}-regression`)
      if (!done) return
      this.#said.set('regression', done.kind)
      if (done.kind === 'regression' && done.finds.length > 0) {
        this.#options.say(`${done.finds.length} of ${done.tried} regressions are finds again: ${done.finds.join('; ')}`)
      }
    }
  }

  #sayLonely(workers: number): void {
    if (workers > 0) this.#lonely = false
    else if (!this.#lonely && performance.now() - this.#began > LONELY) {
      this.#lonely = true
      this.#options.say('no worker is there to do it: wiregrade fuzz worker --queue URL')
    }
  }

  /** Nobody begins anything new; what is begun ends, and finds are looked at. */
  async #finish(): Promise<void> {
    await this.#session.end()
    const slices = await this.#mine(this.#slices)
    await Promise.all(slices.map(job => job.remove().catch(() => {})))
    const ended = performance.now()
    for (;;) {
      await this.#bridge.carry()
      await this.#glance()
      const waited = performance.now() - ended
      const slices = this.#members.length > 0 && waited < LAST_SLICES ? (await this.#mine(this.#slices)).length : 0
      const chores = this.#members.length > 0 && waited < LAST_LOOK ? (await this.#mine(this.#chores)).length : 0
      if (slices + chores === 0) break
      await pause(LOOK)
    }
    const chores = await this.#mine(this.#chores)
    await Promise.all(chores.map(job => job.remove().catch(() => {})))
    await this.#bridge.close()
    await this.#count()
  }

  async #count(): Promise<void> {
    for (const [attempt, figures] of await this.#session.figures()) this.#attempts.set(attempt, figures)
    this.#figures = sumOf(this.#attempts.values())
  }

  async #glance(): Promise<void> {
    this.#members = await membersOf(this.#options.redis)
    await this.#count()
    await this.#hear()
    for (const { id, replay } of this.#bridge.finds()) if (!replay) await this.#ask({ kind: 'minimise', id }, id)
  }

  #found(find: KeptFind): void {
    const { folder, onFind } = this.#options
    const { id, kind, title, replay, minimal } = find
    if (replay) folder.log({ at: Date.now(), event: 'examined', id, ...replay, octets: minimal?.length })
    else {
      this.#lastFind = performance.now()
      folder.log({ at: Date.now(), event: 'find', id, kind, title })
    }
    onFind?.(find)
  }

  #log(event: string, more: object = {}): void {
    const { runs, runsPerSecond, corpus, blocks, elapsed } = this.#status()
    const rounded = { elapsed: Math.round(elapsed), runsPerSecond: Math.round(runsPerSecond) }
    this.#options.folder.log({ at: Date.now(), event, runs, corpus, blocks, ...rounded, ...more })
  }

  #status(): Status {
    const now = performance.now()
    const { runs, findings, restarts, blocks } = this.#figures
    if (now - this.#speed.at > SPEED) {
      const perSecond = Math.max(0, ((runs - this.#speed.runs) / (now - this.#speed.at)) * 1000)
      this.#speed = { at: now, runs, perSecond }
    }
    const finds = this.#bridge.finds()
    return {
      target: this.#options.folder.file.target,
      elapsed: now - this.#began,
      runs,
      runsPerSecond: this.#speed.perSecond || (runs / (now - (this.#ready ?? this.#began))) * 1000,
      workers: this.#members.reduce((sum, { threads }) => sum + threads, 0),
      machines: new Set(this.#members.map(({ host }) => host)).size,
      restarts,
      corpus: this.#bridge.folder.size,
      resumed: this.#resumed,
      blocks: Math.max(blocks, this.#covered),
      sinceNew: now - this.#bridge.newest,
      sinceFind: this.#lastFind === undefined ? undefined : now - this.#lastFind,
      findings,
      finds: kindsOf(finds),
      examined: finds.filter(({ replay }) => !replay).length,
    }
  }
}
