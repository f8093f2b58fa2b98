import type { Coverage } from '../instrument/coverage.ts'

/** Classes of how often a block was entered: 1, 2, 3, 4-7, 8-15, 16-31, 32-127, more. One bit each. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, hits) => {
  if (hits < 4) return [0, 1, 2, 4][hits] as number
  return hits < 8 ? 8 : hits < 16 ? 16 : hits < 32 ? 32 : hits < 128 ? 64 : 128
})

/** States that a subject names are counted modulo this. */
const STATES = 1 << 16

/** What a run showed that none before did. */
export interface Novelty {
  /** A block that was never entered, or not as often; a state that was never seen. */
  readonly blocks: number
  /** A comparison that never came as near to holding, or did not hold as often. */
  readonly nearer: readonly number[]
  /** How many comparisons held with a value with which they never did. */
  readonly values: number
}

const NOTHING: Novelty = { blocks: 0, nearer: [], values: 0 }

/** Values in all that count as features. */
const VALUES = 4096

/**
 * What has been seen so far, against which each run is held. Features are numbers: eight for each block, one for each class
 * of hits; behind these the states of subjects that name them.
 */
export class Features {
  readonly #coverage: Coverage
  readonly #words: Int32Array
  /** The classes seen of each block. */
  readonly #seen: Uint8Array
  readonly #states = new Uint8Array(STATES)
  readonly #near = new Uint8Array(1 << 16).fill(255)
  readonly #held = new Uint8Array(1 << 16)
  /** What equalities held with, as far as there is room. */
  readonly #values = new Set<number>()

  constructor(coverage: Coverage) {
    this.#coverage = coverage
    const { buffer, byteOffset, length } = coverage.counters
    this.#words = new Int32Array(buffer, byteOffset, length >> 2)
    this.#seen = new Uint8Array(length)
  }

  /** Blocks that were ever entered. */
  get blocks(): number {
    return this.#seen.subarray(0, this.#coverage.blocks).reduce((sum, classes) => sum + (classes === 0 ? 0 : 1), 0)
  }

  /** What is new in the counters as they are, which counts as seen from now on if it is to be kept. */
  novelty(states: readonly number[] | undefined, watched: boolean, keep: boolean): Novelty {
    const blocks = this.#newBlocks(keep) + (states === undefined ? 0 : this.#newStates(states, keep))
    const nearer = watched ? this.#nearer(keep) : []
    const values = watched ? this.#newValues(keep) : 0
    return blocks === 0 && nearer.length === 0 && values === 0 ? NOTHING : { blocks, nearer, values }
  }

  /** The features of the counters as they are, and how often blocks were entered in all: what the run cost. */
  list(states: readonly number[] | undefined): { features: Uint32Array; work: number } {
    const { counters, blocks } = this.#coverage
    const features: number[] = []
    let work = 0
    for (let i = 0; i < blocks; i++) {
      const hits = counters[i] as number
      if (hits === 0) continue
      work += hits
      features.push(8 * i + 31 - Math.clz32(CLASSES[hits] as number))
    }
    for (const state of states ?? []) features.push(8 * counters.length + (state % STATES))
    return { features: Uint32Array.from(features), work }
  }

  #newBlocks(keep: boolean): number {
    const words = this.#words
    // Four words at a time: most are zero, and this is done after each run.
    const end = (this.#coverage.blocks + 15) >> 4
    let fresh = 0
    for (let i = 0; i < end; i++) {
      const at = 4 * i
      const any =
        (words[at] as number) | (words[at + 1] as number) | (words[at + 2] as number) | (words[at + 3] as number)
      if (any !== 0) fresh += this.#newOfLine(16 * i, keep)
    }
    return fresh
  }

  #newOfLine(from: number, keep: boolean): number {
    const counters = this.#coverage.counters
    const seen = this.#seen
    let fresh = 0
    for (let i = from; i < from + 16; i++) {
      const bit = CLASSES[counters[i] as number] as number
      if ((bit & ~(seen[i] as number)) === 0) continue
      fresh++
      if (keep) seen[i] = (seen[i] as number) | bit
    }
    return fresh
  }

  #newValues(keep: boolean): number {
    const { log } = this.#coverage
    let fresh = 0
    for (let i = 0; i < log.valuesSize; i++) {
      const value = log.values[i] as number
      if (this.#values.size >= VALUES || this.#values.has(value)) continue
      fresh++
      if (keep) this.#values.add(value)
    }
    return fresh
  }

  #newStates(states: readonly number[], keep: boolean): number {
    let fresh = 0
    for (const state of states) {
      const at = state % STATES
      if (this.#states[at] !== 0) continue
      fresh++
      if (keep) this.#states[at] = 1
    }
    return fresh
  }

  #nearer(keep: boolean): number[] {
    const { log } = this.#coverage
    const found: number[] = []
    for (let i = 0; i < log.touchedSize; i++) {
      const site = log.touched[i] as number
      const near = log.near[site] as number
      const held = CLASSES[log.held[site] as number] as number
      if (near >= (this.#near[site] as number) && held <= (this.#held[site] as number)) continue
      found.push(site)
      if (!keep) continue
      if (near < (this.#near[site] as number)) this.#near[site] = near
      if (held > (this.#held[site] as number)) this.#held[site] = held
    }
    return found
  }
}
