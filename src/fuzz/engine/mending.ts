import type { Comparison } from '../instrument/compare-log.ts'
import type { Entry } from './corpus.ts'
import { mended } from './repair.ts'
import type { Search, Trials } from './search.ts'
import { comparisonAt, divergence } from './trace.ts'

/** Comparisons of one child that are mended, one after the other. */
const ROUNDS = 4
/** Times that a comparison could not be mended before that is tried more and more seldom. */
const TRIES_TO_MEND = 16

/** Tries children, and mends what a change has broken. */
export class Mending {
  readonly #search: Search
  /** For each site how often it was tried in vain since it was last mended. */
  readonly #tries = new Map<number, number>()

  constructor(search: Search) {
    this.#search = search
  }

  /** Tries a child; where it leaves its parent's way, tries to mend what turned it off. Whether anything new came of it. */
  *try(parent: Entry, child: Uint8Array, by: string, except?: number): Trials<boolean> {
    const { coverage, costly } = this.#search
    const { log } = coverage
    const first = yield { input: child, by, watched: true, parent }
    if (first.outcome.kind === 'find') return true
    // A child that is new in leaving the way may still be newer on it.
    let fresh = first.fresh
    const way = parent.trace
    if (way === undefined) return fresh
    const near = firstChange(parent.input, child)
    let input = child
    let turn = divergence(way, log, except)
    for (let round = 0; round < ROUNDS && turn.isTurned; round++) {
      const was = way.comparisons[turn.at] as Comparison
      if (!this.#isWorthTrying(was.site)) break
      const is = comparisonAt(log, turn.at)
      let isBetter = false
      for (const next of mended({ input, lengths: [], near }, was, is)) {
        if (costly.isTouched(parent.input, next)) continue
        const ran = yield { input: next, by: 'repair', watched: true, parent }
        if (ran.outcome.kind === 'find') return true
        fresh ||= ran.fresh
        const now = divergence(way, log, except)
        if (now.at <= turn.at) continue
        // What only takes the change back mends nothing.
        if (except !== undefined && divergence(way, log).at === Number.POSITIVE_INFINITY) continue
        input = next
        turn = now
        isBetter = true
        // What can be mended and has led to nothing may lead on some day.
        this.#tries.set(was.site, ran.fresh ? 0 : Math.min(TRIES_TO_MEND, this.#tries.get(was.site) ?? 0))
        break
      }
      if (!isBetter) break
    }
    return fresh
  }

  /** What could not be mended may be tried again. */
  forgive(): void {
    this.#tries.clear()
  }

  /** Whether comparisons at a site were ever mended lately: most that break cannot be. */
  #isWorthTrying(site: number): boolean {
    const tries = this.#tries.get(site) ?? 0
    if (tries >= TRIES_TO_MEND && !this.#search.chance.oneIn(tries >> 2)) return false
    this.#tries.set(site, tries + 1)
    return true
  }
}

function firstChange(one: Uint8Array, other: Uint8Array): number {
  let at = 0
  while (at < one.length && one[at] === other[at]) at++
  return at
}
