import type { Outcome } from '../target.ts'
import type { Entry } from './corpus.ts'
import { Examination } from './examination.ts'
import { Looks } from './looks.ts'
import { Mending } from './mending.ts'
import { NOTHING } from './new-octets.ts'
import { DRY, type EngineOptions, octets, Search, type StepResult, type Trial, type Trials } from './search.ts'
import { Variation } from './variation.ts'

export type { EngineOptions, StepResult } from './search.ts'

/** How many times as much a run costs while comparisons are logged and looked at. */
const WATCHED = 2

/**
 * Makes inputs, tries them, and goes on from those that show something new. Each step is one run. The same seed, subject
 * and inputs give the same steps.
 */
export class Engine {
  /** Runs so far. */
  steps = 0
  readonly #options: EngineOptions
  readonly #search: Search
  readonly #looks: Looks
  readonly #variation: Variation
  readonly #added: Uint8Array[] = []
  readonly #trials: Trials<void>
  #last: StepResult | undefined

  constructor(options: EngineOptions) {
    this.#options = options
    this.#search = new Search(options)
    const mending = new Mending(this.#search)
    this.#looks = new Looks(this.#search, new Examination(this.#search, mending))
    this.#variation = new Variation(this.#search, mending)
    this.#trials = this.#go()
  }

  /** The inputs worth keeping, in the order in which they came. Entries that are not `lasting` need not be stored. */
  get corpus(): readonly Entry[] {
    return this.#search.corpus.entries
  }

  /** Blocks that some input entered. */
  get blocks(): number {
    return this.#search.features.blocks
  }

  /** Has an input of somebody else's tried in the next steps; it goes into the corpus if it shows something new. */
  add(input: Uint8Array): void {
    this.#added.push(input)
  }

  /** One run. A promise only where the subject gives one. */
  step(): StepResult | Promise<StepResult> {
    const trial = this.#trials.next(this.#last as StepResult).value as Trial
    const { coverage, subject, now } = this.#options
    const { log } = coverage
    coverage.reset()
    if (trial.watched) log.clear()
    log.on = trial.watched
    const start = now()
    const outcome = subject.run(trial.input)
    if (outcome instanceof Promise) return outcome.then(result => this.#judge(trial, result, now() - start))
    return this.#judge(trial, outcome, now() - start)
  }

  /** What to try, step by step, and without end. */
  *#go(): Trials<void> {
    const { seeds, subject, chance } = this.#options
    const { corpus } = this.#search
    for (const input of [...seeds, ...subject.seeds]) yield { input, by: 'seed', watched: false }
    yield { input: NOTHING, by: 'seed', watched: false }
    for (const length of [1, 4, 16]) yield { input: octets(length, chance), by: 'seed', watched: false }
    for (const length of [16, 64]) yield { input: new Uint8Array(length), by: 'seed', watched: false }
    for (;;) {
      for (let input = this.#added.pop(); input !== undefined; input = this.#added.pop())
        yield { input, by: 'import', watched: false }
      const [looked, varied] = [this.#looks.spent, this.#variation.spent]
      if (yield* this.#looks.goOn(looked <= varied)) continue
      if (this.#search.sinceFresh > DRY && looked <= varied / 4) this.#looks.review()
      const entry = corpus.pick(chance)
      if (entry !== undefined) yield* this.#variation.vary(entry)
      else yield { input: octets(chance.below(64), chance), by: 'chance', watched: true }
    }
  }

  #judge({ input, by, watched, parent, instead }: Trial, outcome: Outcome, time: number): StepResult {
    const { coverage, subject } = this.#options
    const { corpus, costly, features } = this.#search
    coverage.log.on = false
    this.steps++
    const work = this.#search.workOfLast
    this.#search.spent += watched ? WATCHED * work : work
    if (parent !== undefined) costly.note(parent.input, input, work, Math.max(parent.work, corpus.usualWork))
    const states = subject.states?.()
    const { blocks, nearer, values } = features.novelty(states, watched)
    // What stands for a slower one shows nothing new by itself.
    const replaces = instead !== undefined && this.#search.showsNew(instead)
    const fresh = blocks || nearer.length > 0 || values > 0 || replaces
    this.#search.sinceFresh = blocks ? 0 : this.#search.sinceFresh + 1
    let entry: Entry | undefined
    if (fresh && outcome.kind !== 'find') {
      const taken = features.take(states, watched)
      entry = {
        input: new Uint8Array(input),
        features: taken.features,
        fresh: instead?.fresh ?? taken.fresh,
        time,
        work,
        cost: work + taken.entered,
        lasting: blocks || values > 0 || instead !== undefined,
        parent,
        by,
        nearest: 0,
        best: 0,
        picks: 0,
        children: 0,
      }
      corpus.add(entry, nearer)
      this.#looks.add(entry)
      if (parent !== undefined) parent.children++
    }
    const result = { input, outcome, fresh, entry, time, by }
    this.#last = result
    return result
  }
}
