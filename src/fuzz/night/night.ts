import { setTimeout as pause } from 'node:timers/promises'
import { runCampaign } from '../campaign/campaign.ts'
import { CannotBegin } from '../campaign/cannot-begin.ts'
import { CampaignError, type CampaignFolder, type KeptFind, stands } from '../campaign/folder.ts'
import { kindsOf, type Status } from '../campaign/status.ts'
import type { FindKind } from '../target.ts'
import { NightLog } from './log.ts'
import { Turns } from './turns.ts'

export interface NightOptions {
  /** Where its log is. */
  readonly path: string
  readonly targets: readonly string[]
  /** The folder of the campaign on a target. Throws `CampaignError`. */
  open(target: string): CampaignFolder
  /** Whether inputs of a target are sequences of pieces. */
  pieces(target: string): boolean
  /** The module that a worker runs. */
  readonly entry: URL
  readonly workers: number
  readonly seed: number
  /** Ends after so long, in ms. */
  readonly time: number
  readonly signal: AbortSignal
  onStatus?(status: NightStatus): void
  /** Something new was found; called once more when it has been looked at. */
  onFind?(find: KeptFind): void
  /** A slice could not be: the target cannot begin, or its folder cannot be used. Dropped, it has no turn any more. */
  onFailure?(target: string, reason: string, dropped: boolean): void
}

/** How a target stands, over all nights of the folder. */
export interface TargetRecord {
  readonly target: string
  readonly slices: number
  readonly runs: number
  /** In ms of one worker or more, beginnings included. */
  readonly elapsed: number
  readonly corpus: number
  readonly blocks: number
  readonly finds: Readonly<{ [kind in FindKind]: number }>
  /** Why its last slice could not be. */
  readonly failed: string | undefined
}

export interface NightStatus {
  /** Since this process has begun, and until it ends, in ms. */
  readonly elapsed: number
  readonly left: number
  readonly targets: readonly TargetRecord[]
  /** Of this process, of late. */
  readonly runsPerSecond: number
  readonly runs: number
  readonly slices: number
  readonly workers: number
  readonly now: readonly Status[]
}

/** How often it is told how it stands, in ms. */
const TELL = 200
/** Over how long the speed is told, in ms: much of it goes into beginnings. */
const SPEED = 10_000
/** With less than this left nothing is begun, in ms. */
const SHORTEST = 1000
/** A campaign that could not be used this often in a row is left alone. */
const PATIENCE = 3

/** Lets all targets have their turns until the time is over. */
export async function runNight(options: NightOptions): Promise<NightStatus> {
  return await new Night(options).run()
}

class Night {
  readonly #options: NightOptions
  readonly #turns: Turns
  readonly #log: NightLog
  readonly #began = performance.now()
  readonly #records = new Map<string, TargetRecord>()
  readonly #failures = new Map<string, number>()
  /** What runs, by target. */
  readonly #now = new Map<string, Status | undefined>()
  readonly #over = new AbortController()
  #runs = 0
  #speed = { at: performance.now(), runs: 0, perSecond: 0 }
  #slices = 0

  constructor(options: NightOptions) {
    this.#options = options
    this.#turns = new Turns(options.targets, options.seed)
    this.#log = new NightLog(options.path)
    for (const target of options.targets) {
      const finds = kindsOf([])
      this.#records.set(target, {
        target,
        slices: 0,
        runs: 0,
        elapsed: 0,
        corpus: 0,
        blocks: 0,
        finds,
        failed: undefined,
      })
    }
    for (const slice of this.#log.slices()) {
      this.#turns.tell(slice)
      const { target, elapsed, runs, corpus, covered } = slice
      const before = this.#records.get(target)
      if (before) this.#add(target, { elapsed, runs, corpus, blocks: covered, finds: before.finds })
    }
    for (const [target, record] of this.#records) {
      if (record.slices > 0)
        this.#guarded(target, () => this.#put(target, { finds: kindsOf(options.open(target).finds()) }))
    }
  }

  async run(): Promise<NightStatus> {
    const { signal, time, targets, workers, onStatus } = this.#options
    const stop = (): void => this.#over.abort()
    signal.addEventListener('abort', stop)
    if (signal.aborted) stop()
    const end = setTimeout(stop, time)
    const telling = setInterval(() => onStatus?.(this.#status()), TELL)
    // Fewer targets than workers: some have more than one.
    const lanes = Math.min(workers, targets.length)
    const share = (lane: number): number => Math.floor(workers / lanes) + (lane < workers % lanes ? 1 : 0)
    await Promise.all(Array.from({ length: lanes }, (_, lane) => this.#lane(share(lane))))
    clearInterval(telling)
    clearTimeout(end)
    signal.removeEventListener('abort', stop)
    return this.#status()
  }

  /** One slice after the other. */
  async #lane(workers: number): Promise<void> {
    const { signal } = this.#over
    while (!signal.aborted && this.#left > SHORTEST) {
      const turn = this.#turns.next(new Set(this.#now.keys()))
      if (!turn) return
      const { target } = turn
      this.#now.set(target, undefined)
      try {
        await this.#slice(target, Math.min(turn.time, this.#left), workers)
        this.#failures.delete(target)
      } catch (error) {
        this.#failed(target, error)
        // What ails one folder may ail all of them: there is no hurry then.
        await pause(SHORTEST, undefined, { signal }).catch(() => undefined)
      } finally {
        this.#now.delete(target)
      }
    }
  }

  async #slice(target: string, time: number, workers: number): Promise<void> {
    const { open, pieces, entry, seed, onFind } = this.#options
    const began = performance.now()
    const folder = open(target)
    const before = this.#records.get(target) as TargetRecord
    const known = new Set(folder.finds().map(({ id }) => id))
    const fresh = new Set<string>()
    const ending = await runCampaign({
      folder,
      entry,
      workers,
      seed: (seed + before.slices * 104_729) % 0x7fffffff,
      pieces: pieces(target),
      time,
      signal: this.#over.signal,
      onStatus: status => this.#now.set(target, status),
      onFind: find => {
        if (!known.has(find.id)) fresh.add(find.id)
        if (!stands(find)) fresh.delete(find.id)
        onFind?.(find)
      },
    })
    const { runs, corpus, blocks, resumed, finds } = ending
    // It was still beginning when the night ended: it is as though it had not had its turn.
    if (runs === 0 && this.#over.signal.aborted) return
    const elapsed = performance.now() - began
    this.#runs += runs
    this.#slices++
    this.#now.delete(target)
    this.#add(target, { elapsed, runs, corpus, blocks, finds })
    const slice = {
      ...{ target, elapsed, searched: Math.min(ending.why === 'time' ? time : ending.elapsed, elapsed), runs, corpus },
      ...{ covered: blocks, inputs: corpus - resumed, blocks: Math.max(0, blocks - before.blocks), finds: fresh.size },
    }
    this.#turns.tell(slice)
    this.#log.add(slice, Date.now())
  }

  #failed(target: string, error: unknown): void {
    const { message } = error as Error
    const count = (this.#failures.get(target) ?? 0) + 1
    this.#failures.set(target, count)
    // What is wrong with a target is so the next time too; a disk that is full may not be.
    const dropped = error instanceof CannotBegin || count >= PATIENCE
    this.#options.onFailure?.(target, message, dropped)
    this.#put(target, { failed: message })
    if (dropped) this.#turns.drop(target)
  }

  #guarded(target: string, does: () => void): void {
    try {
      does()
    } catch (error) {
      if (!(error instanceof CampaignError)) throw error
      this.#failed(target, error)
    }
  }

  #add(target: string, slice: Pick<TargetRecord, 'elapsed' | 'runs' | 'corpus' | 'blocks' | 'finds'>): void {
    const before = this.#records.get(target) as TargetRecord
    this.#put(target, {
      slices: before.slices + 1,
      runs: before.runs + slice.runs,
      elapsed: before.elapsed + slice.elapsed,
      corpus: slice.corpus,
      blocks: Math.max(before.blocks, slice.blocks),
      finds: slice.finds,
      failed: undefined,
    })
  }

  #put(target: string, part: Partial<TargetRecord>): void {
    this.#records.set(target, { ...(this.#records.get(target) as TargetRecord), ...part })
  }

  get #left(): number {
    return this.#options.time - (performance.now() - this.#began)
  }

  #status(): NightStatus {
    const now = [...this.#now.values()].filter(status => status !== undefined)
    const running = new Map(now.map(status => [status.target, status]))
    const runs = now.reduce((sum, status) => sum + status.runs, this.#runs)
    const at = performance.now()
    if (at - this.#speed.at > SPEED) {
      this.#speed = { at, runs, perSecond: ((runs - this.#speed.runs) / (at - this.#speed.at)) * 1000 }
    }
    return {
      elapsed: at - this.#began,
      left: Math.max(0, this.#left),
      targets: [...this.#records.values()].map(record => ({
        ...record,
        corpus: Math.max(record.corpus, running.get(record.target)?.corpus ?? 0),
        finds: running.get(record.target)?.finds ?? record.finds,
      })),
      runs,
      runsPerSecond: this.#speed.perSecond || (runs / (at - this.#began)) * 1000,
      slices: this.#slices,
      workers: this.#options.workers,
      now,
    }
  }
}
