import type { Coverage } from '../instrument/coverage.ts'
import type { Chance, FuzzSubject, Outcome } from '../target.ts'
import { Corpus, type Entry } from './corpus.ts'
import { CostlyPlaces } from './costly.ts'
import { Dictionary } from './dictionary.ts'
import { Features } from './features.ts'

export interface EngineOptions {
  readonly subject: FuzzSubject
  readonly coverage: Coverage
  readonly chance: Chance
  readonly seeds: readonly Uint8Array[]
  /** Milliseconds: only measures, and decides nothing. */
  readonly now: () => number
  /** The longest input that is made, in octets. 4,096 unless it says otherwise. */
  readonly longest?: number | undefined
}

/** What came of one run. */
export interface StepResult {
  readonly input: Uint8Array
  readonly outcome: Outcome
  /** Whether it showed what none did before. A find does not go into the corpus, and its blocks stay unseen. */
  readonly fresh: boolean
  /** It, in the corpus, if it went there. */
  readonly entry?: Entry | undefined
  /** Milliseconds. */
  readonly time: number
  /** How it was made, for people: `seed`, `replace`, `repair`, `havoc`, ... */
  readonly by: string
}

/** Runs without a new block from which on other ways are tried than those that have brought nothing. */
export const DRY = 20_000

/** What is to be run next. */
export interface Trial {
  readonly input: Uint8Array
  readonly by: string
  /** Whether comparisons are logged, which makes the run slower. */
  readonly watched: boolean
  readonly parent?: Entry | undefined
  /** The entry in whose place it goes into the corpus, if it shows what that was kept for. */
  readonly instead?: Entry | undefined
}

/** Gives trials, is given what came of each, and ends with what it was after. */
export type Trials<T> = Generator<Trial, T, StepResult>

/** What is known so far, and what was spent on it: what all parts of the engine share. */
export class Search {
  readonly subject: FuzzSubject
  readonly coverage: Coverage
  readonly chance: Chance
  readonly longest: number
  readonly features: Features
  readonly corpus = new Corpus()
  readonly dictionary: Dictionary
  readonly costly: CostlyPlaces
  /** Work of all runs. */
  spent = 0
  /** Runs since one entered a block that none had entered before. */
  sinceFresh = 0

  constructor({ subject, coverage, chance, longest = 4096 }: EngineOptions) {
    this.subject = subject
    this.coverage = coverage
    this.chance = chance
    this.longest = longest
    this.features = new Features(coverage)
    this.dictionary = new Dictionary(coverage, subject.tokens)
    this.costly = new CostlyPlaces(chance)
  }

  get workOfLast(): number {
    // A run costs something before it does anything.
    return 50 + (this.coverage.work[0] as number)
  }

  /** Whether the last run showed all the new that an entry was kept for. */
  showsNew({ fresh }: Entry): boolean {
    return fresh.every(feature => this.features.shows(feature))
  }

  /** Whether the last run entered what an entry's did, or more. */
  isLike({ features }: Entry): boolean {
    const { counters } = this.coverage
    return features.every(feature => counters[feature >> 3] !== 0)
  }
}

export function octets(length: number, chance: Chance): Uint8Array {
  return Uint8Array.from({ length }, () => chance.below(256))
}
