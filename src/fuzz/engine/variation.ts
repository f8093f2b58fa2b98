import type { Entry } from './corpus.ts'
import { havoc } from './havoc.ts'
import type { Mending } from './mending.ts'
import { NOTHING } from './new-octets.ts'
import { isMendable } from './repair.ts'
import type { Search, Trials } from './search.ts'

/** Runs of one turn. */
const TURN = 32
/** Of how many children the comparisons of one are logged, which takes as long as the run does otherwise. */
const WATCH = 8

/** Varies entries by chance. */
export class Variation {
  /** Work of varying so far. */
  spent = 0
  readonly #search: Search
  readonly #mending: Mending
  /** In how many of 1,000 changes of an input that can be repaired that is tried. */
  #repairs = 250

  constructor(search: Search, mending: Mending) {
    this.#search = search
    this.#mending = mending
  }

  /** A turn of an entry: children by chance, some of them repaired. */
  *vary(entry: Entry): Trials<void> {
    const { chance, corpus } = this.#search
    const canMend = entry.trace !== undefined && isMendable(entry.trace)
    const start = this.#search.spent
    const most = 4 * TURN * corpus.usualWork
    for (let turn = 0; turn < TURN && this.#search.spent - start <= most; turn++) {
      const { child, by } = this.#child(entry)
      if (canMend && chance.below(1000) < this.#repairs) {
        const fresh = yield* this.#mending.try(entry, child, by)
        this.#repairs = fresh ? Math.min(500, this.#repairs + 50) : Math.max(8, this.#repairs - 2)
      } else yield { input: child, by, watched: chance.oneIn(WATCH), parent: entry }
    }
    this.spent += this.#search.spent - start
  }

  #child(entry: Entry): { readonly child: Uint8Array; readonly by: string } {
    const { chance, subject } = this.#search
    const made = subject.mutate !== undefined && chance.oneIn(3) ? subject.mutate(entry.input, chance) : undefined
    const by = made === undefined ? 'havoc' : 'structure'
    const child = made === undefined || chance.oneIn(4) ? this.#havoc(made ?? entry.input, entry) : made
    return { child, by }
  }

  #havoc(input: Uint8Array, { lengths = [], input: own }: Entry): Uint8Array {
    const { chance, corpus, costly, dictionary, longest } = this.#search
    const child = havoc(input, {
      chance,
      tokens: dictionary.tokens,
      other: () => corpus.any(chance)?.input ?? NOTHING,
      lengths: input !== own ? [] : lengths,
      longest,
    })
    costly.restore(own, child)
    return child
  }
}
