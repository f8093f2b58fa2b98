import type { Chance } from '../target.ts'
import type { LengthField } from './lengths.ts'
import type { Trace } from './trace.ts'

/** An input worth keeping. */
export interface Entry {
  readonly input: Uint8Array
  /** What it showed: see `Features`. */
  readonly features: Uint32Array
  /** Those that no input showed before. */
  readonly fresh: Uint32Array
  /** Milliseconds that it took, by the clock that the engine was given. */
  readonly time: number
  /** What it does at length, the same on every machine: see `Coverage`. */
  readonly work: number
  /** What it costs: its work, and every block that it entered, each time. */
  readonly cost: number
  /** Whether it showed a block or state; else it only came nearer to a comparison, and another will come nearer still. */
  readonly lasting: boolean
  /** What it was made of. */
  readonly parent?: Entry | undefined
  /** How it was made: for people. */
  readonly by: string
  /** What it compared, once it has been looked at. */
  trace?: Trace
  /** What is known of lengths in it, once it has been looked at. */
  lengths?: readonly LengthField[]
  /** Comparisons at which none has come nearer yet. */
  nearest: number
  /** Features for which it is the cheapest input. */
  best: number
  picks: number
  /** What came of it that was new. */
  children: number
}

/** The inputs worth keeping, and which of them to go on with. */
export class Corpus {
  readonly entries: Entry[] = []
  readonly #best = new Map<number, Entry>()
  readonly #having = new Map<number, number>()
  readonly #nearest = new Map<number, Entry>()
  #sums: number[] = []
  #drawn: Entry[] = []
  #stale = true
  #draws = 0
  #usualWork = 1
  #usualCost = 1

  add(entry: Entry, nearer: readonly number[]): void {
    this.entries.push(entry)
    for (const feature of entry.features) {
      this.#having.set(feature, (this.#having.get(feature) ?? 0) + 1)
      const best = this.#best.get(feature)
      if (best !== undefined && sizeOf(best) <= sizeOf(entry)) continue
      if (best !== undefined) best.best--
      entry.best++
      this.#best.set(feature, entry)
    }
    for (const site of nearer) {
      const last = this.#nearest.get(site)
      if (last !== undefined) last.nearest--
      this.#nearest.set(site, entry)
      entry.nearest++
    }
    this.#stale = true
  }

  /** One to go on with: rare, quick and fresh ones more often. Undefined while there is none. */
  pick(chance: Chance): Entry | undefined {
    if (this.#stale || ++this.#draws > 512) this.#weigh()
    const total = this.#sums.at(-1)
    if (total === undefined) return undefined
    const sought = (chance.below(1 << 30) / (1 << 30)) * total
    let [low, high] = [0, this.#sums.length - 1]
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#sums[middle] as number) > sought) high = middle
      else low = middle + 1
    }
    const entry = this.#drawn[low] as Entry
    entry.picks++
    return entry
  }

  /** The work of a usual input. */
  get usualWork(): number {
    return this.#usualWork
  }

  /** Any of them. */
  any(chance: Chance): Entry | undefined {
    return this.entries.length === 0 ? undefined : chance.pick(this.entries)
  }

  #weigh(): void {
    this.#stale = false
    this.#draws = 0
    this.#drawn = this.entries.filter(({ lasting, nearest }) => lasting || nearest > 0)
    this.#usualWork = median(this.#drawn.map(({ work }) => work))
    this.#usualCost = median(this.#drawn.map(({ cost }) => cost))
    let sum = 0
    this.#sums = this.#drawn.map(entry => {
      sum += this.#weight(entry)
      return sum
    })
  }

  #weight(entry: Entry): number {
    let rarity = entry.nearest > 0 ? 0.5 : 0.05
    for (const feature of entry.features)
      if (this.#best.get(feature) === entry) rarity += 1 / (this.#having.get(feature) ?? 1)
    // A slow input gets fewer turns: what it costs others could have had.
    const speed = Math.min(16, this.#usualCost / entry.cost)
    return (rarity * speed * (1 + Math.min(entry.children, 8))) / Math.sqrt(1 + entry.picks)
  }
}

function median(of: number[]): number {
  return of.sort((a, b) => a - b)[of.length >> 1] ?? 1
}

function sizeOf({ cost, input }: Entry): number {
  return (cost + 8) * (input.length + 8)
}
