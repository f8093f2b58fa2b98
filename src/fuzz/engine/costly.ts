import type { Chance } from '../target.ts'

/** Octets at the beginning that are seldom moved. */
const HEADER = 16
/** How many times as much a child costs for that to be noted. */
const COSTLY = 16
/** Changes of a child among which the one that made it costly can be told. */
const FEW = 3
/** Places that are remembered. */
const LIMIT = 64

/** Places where a change made an input much slower: counts in headers. They are left alone, but for now and then. */
export class CostlyPlaces {
  readonly #chance: Chance
  readonly #places = new Set<number>()

  constructor(chance: Chance) {
    this.#chance = chance
  }

  /** Remembers what was changed in a child that cost so much more than `usual`, where that can be said. */
  note(parent: Uint8Array, child: Uint8Array, work: number, usual: number): void {
    if (work < COSTLY * usual || this.#places.size >= LIMIT) return
    const changed: number[] = []
    const length = Math.min(child.length, parent.length)
    for (let at = 0; at < length && changed.length <= FEW; at++) if (parent[at] !== child[at]) changed.push(at)
    if (changed.length <= FEW) for (const at of changed) this.#places.add(at)
  }

  /** Whether a child differs where that would cost much; let pass now and then. */
  isTouched(parent: Uint8Array, child: Uint8Array): boolean {
    // What is put in moves the rest, which says nothing.
    if (parent.length !== child.length) return false
    for (const at of this.#places) if (at < parent.length && parent[at] !== child[at]) return !this.#chance.oneIn(16)
    return false
  }

  /** Puts into a child what its parent has in these places. */
  restore(parent: Uint8Array, child: Uint8Array): void {
    const moved = child.length === parent.length ? parent.length : Math.min(HEADER, child.length, parent.length)
    for (const at of this.#places) if (at < moved && !this.#chance.oneIn(16)) child[at] = parent[at] as number
  }
}
