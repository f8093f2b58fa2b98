import { SeededChance } from '../chance.ts'

/** What came of a slice: of a campaign on one target that was ended so that another could have its turn. */
export interface Slice {
  readonly target: string
  /** All that it took, and how much of this was search; the rest is what it takes to begin and to end. In ms. */
  readonly elapsed: number
  readonly searched: number
  /** What was new to the campaign's folder. */
  readonly inputs: number
  readonly blocks: number
  readonly finds: number
}

/** How much a block and a find tell, where an input that shows something new tells one. */
const BLOCK = 4
const FIND = 32

/** The first slice of a target, all others at least and at most, in ms. */
export const FIRST = 5000
export const LEAST = 20_000
export const MOST = 120_000
/** A slice is so much longer than what it takes to begin and to end it. */
const WORTH = 10

interface Standing {
  /** What was new and how long it took, in minutes: each slice counts half as much as the one after it. */
  news: number
  minutes: number
  /** Which slice of all it was last given; undefined before its first one. */
  turn: number | undefined
  /** What its last slice took besides searching, in ms. */
  idle: number
}

/**
 * Says whose turn is next. Everybody has one first, in an order that the seed makes. Then each target has points, and most
 * points win: log2(1 + what was new in a minute of late), a block counting 4 inputs and a find 32, and one for each round
 * that it has waited; a round is as many slices as there are targets. So who finds twice as much comes one round sooner,
 * and nobody waits for more rounds than the best has points. The same slices told in the same order have the same answers.
 */
export class Turns {
  readonly #standings: Map<string, Standing>
  #turn = 0

  constructor(targets: readonly string[], seed: number) {
    const chance = new SeededChance(seed)
    const left = [...new Set(targets)]
    this.#standings = new Map()
    while (left.length > 0) {
      const [target] = left.splice(chance.below(left.length), 1) as [string]
      this.#standings.set(target, { news: 0, minutes: 0, turn: undefined, idle: 0 })
    }
  }

  /** Gives the next slice to a target that is not busy, for so many ms; undefined when all are busy. */
  next(busy: ReadonlySet<string> = new Set()): { readonly target: string; readonly time: number } | undefined {
    let best: readonly [target: string, standing: Standing, points: number] | undefined
    for (const [target, standing] of this.#standings) {
      const points = this.#points(standing)
      if (!busy.has(target) && (!best || points > best[2])) best = [target, standing, points]
    }
    if (!best) return undefined
    const [target, standing] = best
    const time = standing.turn === undefined ? FIRST : Math.min(Math.max(standing.idle * WORTH, LEAST), MOST)
    standing.turn = this.#turn++
    return { target, time }
  }

  /** What came of a slice, of this night or of one before. */
  tell({ target, elapsed, searched, inputs, blocks, finds }: Slice): void {
    const standing = this.#standings.get(target)
    if (!standing) return
    standing.news = standing.news / 2 + inputs + blocks * BLOCK + finds * FIND
    standing.minutes = standing.minutes / 2 + elapsed / 60_000
    standing.idle = Math.max(0, elapsed - searched)
    standing.turn ??= this.#turn++
  }

  /** It has no turn any more. */
  drop(target: string): void {
    this.#standings.delete(target)
  }

  #points({ news, minutes, turn }: Standing): number {
    if (turn === undefined) return Number.POSITIVE_INFINITY
    const yielded = minutes > 0 ? Math.log2(1 + news / minutes) : 0
    return yielded + (this.#turn - turn) / this.#standings.size
  }
}
