import { bitsOf, countBits, readCoverage } from '../campaign/coverage-file.ts'
import { kindsOf, type Status } from '../campaign/status.ts'
import type { Bridge } from './bridge.ts'
import type { Member } from './roster.ts'
import { type Figures, type Session, sumOf } from './session.ts'

/** The least time for which speed is measured, in ms. */
const SPEED = 2000

/** Adds up what all have done for one commanding process. */
export class Tally {
  /** When the first run was, as `performance.now()` has it: what it takes to begin is no part of the time. */
  ready: number | undefined
  /** When the last find came. */
  lastFind: number | undefined
  readonly #session: Session
  readonly #bridge: Bridge
  readonly #resumed: number
  readonly #began = performance.now()
  /** Of each attempt at a slice, also where Redis has forgotten it. */
  readonly #attempts = new Map<string, Figures>()
  #figures = sumOf([])
  #covered = 0
  #speed = { at: performance.now(), runs: 0, perSecond: 0 }

  /** `resumed`: how many inputs there were before. */
  constructor(session: Session, bridge: Bridge, resumed: number) {
    this.#session = session
    this.#bridge = bridge
    this.#resumed = resumed
  }

  get runs(): number {
    return this.#figures.runs
  }

  /** For how long it has been there, in ms. */
  get elapsed(): number {
    return performance.now() - this.#began
  }

  /** For how long it has searched, in ms; undefined before the first run. */
  get searched(): number | undefined {
    return this.ready === undefined ? undefined : performance.now() - this.ready
  }

  /** Takes what workers tell of their slices. */
  async count(): Promise<void> {
    for (const [attempt, figures] of await this.#session.figures()) this.#attempts.set(attempt, figures)
    this.#figures = sumOf(this.#attempts.values())
    if (this.runs > 0) this.ready ??= performance.now()
  }

  /** Counts what the folder says was entered. */
  countBlocks(): void {
    this.#covered = 0
    for (const record of readCoverage(this.#bridge.folder.path)) this.#covered += countBits(bitsOf(record))
  }

  status(members: readonly Member[]): Status {
    const now = performance.now()
    const { runs, findings, restarts, blocks, server, states, revived } = this.#figures
    if (now - this.#speed.at > SPEED) {
      const perSecond = Math.max(0, ((runs - this.#speed.runs) / (now - this.#speed.at)) * 1000)
      this.#speed = { at: now, runs, perSecond }
    }
    const finds = this.#bridge.finds()
    return {
      target: this.#bridge.folder.file.target,
      elapsed: this.elapsed,
      runs,
      runsPerSecond: this.#speed.perSecond || (runs / (now - (this.ready ?? this.#began))) * 1000,
      workers: members.reduce((sum, { threads }) => sum + threads, 0),
      machines: new Set(members.map(({ host }) => host)).size,
      restarts,
      corpus: this.#bridge.folder.size,
      resumed: this.#resumed,
      blocks: Math.max(blocks, this.#covered),
      ...(server !== undefined && { server, states, revived }),
      sinceNew: now - this.#bridge.newest,
      sinceFind: this.lastFind === undefined ? undefined : now - this.lastFind,
      findings,
      finds: kindsOf(finds),
      examined: finds.filter(({ replay }) => !replay).length,
    }
  }
}
