import type * as BullMQ from 'bullmq'
import type { Redis } from 'ioredis'
import type { CampaignCourse } from '../campaign/campaign.ts'
import type { KeptFind } from '../campaign/folder.ts'
import type { Ending, Status } from '../campaign/status.ts'
import { base64 } from './base64.ts'
import { Bridge } from './bridge.ts'
import { CHORES, campaignKey, nameOf, SLICES } from './keys.ts'
import { Orders } from './orders.ts'
import { type Member, membersOf } from './roster.ts'
import { newSession, Session } from './session.ts'
import { Tally } from './tally.ts'
import { orStopped, pause } from './waiting.ts'

export interface CommandOptions extends CampaignCourse {
  readonly redis: Redis
  readonly bullmq: typeof BullMQ
  /** How long a slice is, in ms. */
  readonly slice: number
  /** Inputs that once were finds: they are tried first. */
  readonly regressions: readonly Uint8Array[]
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
/** How much longer than its time a campaign waits for somebody to begin, in ms. */
const NOBODY = 60_000
/** The chore of trying what once was found. */
const AGAIN = 'regression'

/** A campaign whose work others do: it keeps as many slices in the queue as there are workers, and takes what they find. */
export async function commandCampaign(options: CommandOptions): Promise<Ending> {
  return await new Commander(options).run()
}

class Commander {
  readonly #options: CommandOptions
  readonly #id = newSession()
  readonly #key: string
  readonly #session: Session
  readonly #orders: Orders
  readonly #bridge: Bridge
  readonly #tally: Tally
  readonly #inputs: number
  readonly #said = new Map<string, string>()
  #looking: Promise<void> | undefined
  #members: readonly Member[] = []
  #lonely = false

  constructor(options: CommandOptions) {
    const { redis, folder, say } = options
    this.#options = options
    this.#key = campaignKey(nameOf(folder.file))
    this.#session = new Session(redis, this.#id)
    this.#orders = new Orders(options, { of: nameOf(folder.file), session: this.#id })
    this.#inputs = folder.newInputs().length
    const onFind = (find: KeptFind): void => this.#found(find)
    this.#bridge = new Bridge({ redis, folder: folder.path, name: 'commander', say, onFind })
    this.#tally = new Tally(this.#session, this.#bridge, this.#inputs)
  }

  async run(): Promise<Ending> {
    const { folder, signal, onStatus, regressions, seed } = this.#options
    const [inputs, session] = [this.#inputs, this.#id]
    folder.begin({ at: Date.now(), event: 'begin', pid: process.pid, workers: 0, seed, inputs, session })
    const timers = [setInterval(() => onStatus?.(this.#status()), TELL), setInterval(() => this.#log('status'), LOG)]
    try {
      await orStopped(this.#bridge.carry(), signal)
      if (regressions.length > 0 && this.#why() === undefined) {
        const inputs = regressions.map(base64)
        await this.#orders.ask({ kind: 'regression', inputs }, AGAIN)
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
      await orStopped(this.#orders.close(), undefined, LOOK)
    }
  }

  /** Looks what has become of all, and has as many slices in the queue as there are workers. */
  async #look(): Promise<void> {
    await this.#glance()
    this.#tally.countBlocks()
    const fit = this.#fit.length
    this.#sayLonely(fit)
    for (let i = await this.#orders.count(SLICES); i < fit; i++) await this.#addSlice(fit)
  }

  /** Looks what has become of all, and has finds looked at. */
  async #glance(): Promise<void> {
    this.#members = await membersOf(this.#options.redis)
    await this.#tally.count()
    await this.#hear()
    for (const { id, replay } of this.#bridge.finds()) if (!replay) await this.#orders.ask({ kind: 'minimise', id }, id)
  }

  #why(): Ending['why'] | undefined {
    const { signal, time, untilQuiet, runs } = this.#options
    const { searched, ready } = this.#tally
    if (signal?.aborted) return 'stopped'
    if (searched === undefined || ready === undefined)
      return time !== undefined && this.#tally.elapsed >= time + NOBODY ? 'nobody' : undefined
    if (time !== undefined && searched >= time) return 'time'
    if (runs !== undefined && this.#tally.runs >= runs) return 'runs'
    const newest = Math.max(this.#bridge.newest, ready)
    return untilQuiet !== undefined && performance.now() - newest >= untilQuiet ? 'quiet' : undefined
  }

  async #addSlice(workers: number): Promise<void> {
    const { time, runs, slice, seed } = this.#options
    const left = time === undefined ? slice : time - (this.#tally.searched ?? 0)
    await this.#orders.addSlice({
      time: Math.max(1000, Math.round(Math.min(slice, left))),
      runs: runs === undefined ? undefined : Math.max(1, Math.ceil((runs - this.#tally.runs) / workers)),
      seed,
    })
  }

  async #hear(): Promise<void> {
    for (const [worker, line] of Object.entries(await this.#session.said())) {
      if (this.#said.get(worker) === line) continue
      this.#said.set(worker, line)
      this.#options.say(`worker ${worker} leaves this campaign to others: ${line}`)
    }
    const asked = this.#orders.idOf(AGAIN)
    if (asked === undefined || this.#said.has(AGAIN)) return
    const done = await this.#session.outcome(asked)
    if (!done) return
    this.#said.set(AGAIN, done.kind)
    if (done.kind !== 'regression' || done.finds.length === 0) return
    this.#options.say(`${done.finds.length} of ${done.tried} regressions are finds again: ${done.finds.join('; ')}`)
  }

  #sayLonely(workers: number): void {
    if (workers > 0) this.#lonely = false
    else if (!this.#lonely && this.#tally.elapsed > LONELY) {
      this.#lonely = true
      this.#options.say('no worker is there to do it: wiregrade fuzz worker --queue URL')
    }
  }

  /** Nobody begins anything new; what is begun ends, and finds are looked at. */
  async #finish(): Promise<void> {
    await this.#session.end()
    await this.#orders.withdraw(SLICES)
    const ended = performance.now()
    for (;;) {
      await this.#bridge.carry()
      await this.#glance()
      const waited = performance.now() - ended
      const there = this.#members.length > 0
      const slices = there && waited < LAST_SLICES ? await this.#orders.count(SLICES) : 0
      const chores = there && waited < LAST_LOOK ? await this.#orders.count(CHORES) : 0
      if (slices + chores === 0) break
      await pause(LOOK)
    }
    await this.#orders.withdraw(CHORES)
    await this.#bridge.close()
    await this.#tally.count()
  }

  #found(find: KeptFind): void {
    const { folder, onFind } = this.#options
    const { id, kind, title, replay, minimal } = find
    if (replay) folder.log({ at: Date.now(), event: 'examined', id, ...replay, octets: minimal?.length })
    else {
      this.#tally.lastFind = performance.now()
      folder.log({ at: Date.now(), event: 'find', id, kind, title })
    }
    onFind?.(find)
  }

  /** Those who can work on it. */
  get #fit(): readonly Member[] {
    return this.#members.filter(({ unfit }) => !unfit.includes(this.#key))
  }

  #log(event: string, more: object = {}): void {
    const { runs, runsPerSecond, corpus, blocks, states, elapsed } = this.#status()
    const rounded = { elapsed: Math.round(elapsed), runsPerSecond: Math.round(runsPerSecond) }
    this.#options.folder.log({ at: Date.now(), event, runs, corpus, blocks, states, ...rounded, ...more })
  }

  #status(): Status {
    return this.#tally.status(this.#fit)
  }
}
