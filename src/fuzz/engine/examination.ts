import type { Entry } from './corpus.ts'
import { spliced } from './encodings.ts'
import { type LengthField, possibleLengths, resized } from './lengths.ts'
import type { Mending } from './mending.ts'
import { NOTHING } from './new-octets.ts'
import { replaced } from './replace.ts'
import { octets, type Search, type Trials } from './search.ts'
import { type Trace, traceOf } from './trace.ts'
import { trimmed } from './trim.ts'

/** Others that an entry is joined with. */
const JOINS = 12
/** Inputs in which one replacement is tried, and one comparison without success. Then more and more seldom. */
const TRIES_OF_KEY = 16
const TRIES_OF_SITE = 64
/** Numbers of an input that are tried as lengths, and the longest input that has any. */
const LENGTHS = 16
const LONGEST_WITH_LENGTHS = 512

/** Places at which an input is cut off. */
const CUTS = 64

/** Looks at entries one by one: what they compare, and what could be put there instead. */
export class Examination {
  readonly #search: Search
  readonly #mending: Mending
  readonly #tries = new Map<string | number, number>()

  constructor(search: Search, mending: Mending) {
    this.#search = search
    this.#mending = mending
  }

  /** Looks at what an input compares, and tries to turn each comparison; before that which of its numbers are lengths. */
  *examine(entry: Entry): Trials<void> {
    const { coverage, dictionary, chance } = this.#search
    const { input } = entry
    yield { input, by: 'look', watched: true }
    if (entry.fresh.length > 0 && entry.by !== 'trim' && this.#search.showsNew(entry)) {
      const shorter = yield* trimmed(this.#search, entry)
      if (shorter !== input) {
        // It takes the place of this one, and is looked at instead.
        const { entry: other } = yield { input: shorter, by: 'trim', watched: false, instead: entry, parent: entry }
        if (other !== undefined) return
      }
      yield { input, by: 'look', watched: true }
    }
    const trace = traceOf(coverage.log)
    entry.trace = trace
    for (const { right } of trace.comparisons) if (typeof right === 'string') dictionary.learn(right)
    const done = new Set<string>()
    entry.lengths = yield* this.#lengths(entry)
    yield* this.#cut(entry)
    yield* this.#replace(entry, input, trace, done)
    yield* this.#join(entry)
    // What would be compared if the input went on.
    const longer = spliced(input, input.length, 0, octets(4, chance))
    const ran = yield { input: longer, by: 'longer', watched: true, parent: entry }
    if (!ran.fresh) yield* this.#replace(entry, longer, traceOf(coverage.log), done)
  }

  /** What was tried in vain is worth trying again. */
  forgive(): void {
    this.#tries.clear()
    this.#mending.forgive()
  }

  /** Which of the numbers that could be lengths are: an octet more is taken only where they say so. */
  *#lengths(entry: Entry): Trials<LengthField[]> {
    const { input } = entry
    const found: LengthField[] = []
    if (input.length > LONGEST_WITH_LENGTHS) return found
    const put = Uint8Array.of(0x61)
    for (const field of possibleLengths(input, LENGTHS)) {
      yield { input: resized(input, [], field.to, 0, put), by: 'length', watched: false, parent: entry }
      const without = this.#search.isLike(entry)
      yield { input: resized(input, [field], field.to, 0, put), by: 'length', watched: false, parent: entry }
      if (!without && this.#search.isLike(entry)) found.push(field)
    }
    return found
  }

  /** Ends an input earlier, where its lengths say so: what is missing is noticed at one place after the other. */
  *#cut(entry: Entry): Trials<void> {
    const { input } = entry
    const lengths = believed(entry, input)
    for (let at = Math.min(input.length, CUTS) - 1; at > 0; at--) {
      const cut = input.length - at
      yield { input: resized(input, lengths, at, cut, NOTHING), by: 'cut', watched: false, parent: entry }
    }
  }

  *#replace(entry: Entry, input: Uint8Array, trace: Trace, done: Set<string>): Trials<void> {
    const lengths = believed(entry, input)
    for (const { input: child, site } of replaced({ input, lengths }, trace, done, this.#isWorth)) {
      if (this.#search.costly.isTouched(entry.input, child)) continue
      const fresh = yield* this.#mending.try(entry, child, 'replace', site)
      if (fresh) this.#tries.set(site, 0)
    }
  }

  readonly #isWorth = (key: string, site: number): boolean =>
    this.#isWorthTrying(key, TRIES_OF_KEY) && this.#isWorthTrying(site, TRIES_OF_SITE)

  #isWorthTrying(key: string | number, often: number): boolean {
    const tries = this.#tries.get(key) ?? 0
    if (tries >= often && !this.#search.chance.oneIn((8 * tries) / often)) return false
    this.#tries.set(key, tries + 1)
    return true
  }

  /** Tries it before and behind others: what one message sets, the next may need. */
  *#join(entry: Entry): Trials<void> {
    const { chance, corpus, longest } = this.#search
    for (let left = JOINS; left > 0; left--) {
      const other = corpus.pick(chance)?.input ?? entry.input
      for (const [one, two] of [
        [entry.input, other],
        [other, entry.input],
      ] as const)
        if (one.length + two.length <= longest)
          yield { input: spliced(one, one.length, 0, two), by: 'join', watched: false, parent: entry }
    }
  }
}

/** The lengths of an entry; where none is known a number that counts all of the rest is believed to. */
function believed({ lengths: known = [] }: Entry, input: Uint8Array): readonly LengthField[] {
  return known.length > 0 ? known : possibleLengths(input, 1).filter(({ to }) => to === input.length)
}
