import { HIT_CLASSES } from '../instrument/counter-memory.ts'
import type { Coverage } from '../instrument/coverage.ts'

/** States that a subject names are counted modulo this. */
const STATES = 1 << 16

/** What a run showed that none before did. */
export interface Novelty {
  /** Whether a block was never entered, or not as often, or a state was never seen. */
  readonly blocks: boolean
  /** A comparison that never came as near to holding, or did not hold as often. */
  readonly nearer: readonly number[]
  /** How many comparisons held with a value with which they never did. */
  readonly values: number
}

/** All that a run showed. */
export interface Taken {
  readonly features: Uint32Array
  /** Those that no run showed before. */
  readonly fresh: Uint32Array
  /** Blocks entered, each time counted, up to 255 times each. */
  readonly entered: number
}

const NOTHING: Novelty = { blocks: false, nearer: [], values: 0 }

/** Values that count as features, in all and of one comparison. */
const VALUES = 4096
const VALUES_OF_SITE = 24

/**
 * What has been seen so far, against which each run is held. Features are numbers: eight for each block, one for each class
 * of hits; behind these the states of subjects that name them.
 */
export class Features {
  readonly #coverage: Coverage
  /** The classes seen of each block. */
  readonly #seen: Uint8Array
  readonly #states = new Uint8Array(STATES)
  readonly #near = new Uint8Array(1 << 16).fill(255)
  readonly #held = new Uint8Array(1 << 16)
  /** What equalities held with, as far as there is room. */
  readonly #values = new Set<number>()
  readonly #valuesOfSite = new Uint8Array(1 << 16)

  constructor(coverage: Coverage) {
    this.#coverage = coverage
    this.#seen = coverage.classes()
  }

  /** Blocks that were ever entered. */
  get blocks(): number {
    return this.#seen.subarray(0, this.#coverage.blocks).reduce((sum, classes) => sum + (classes === 0 ? 0 : 1), 0)
  }

  /** What is new in the counters as they are. */
  novelty(states: readonly number[] | undefined, watched: boolean): Novelty {
    const blocks = this.#coverage.shows(this.#seen) || (states !== undefined && this.#showNewStates(states))
    if (!watched) return blocks ? { blocks, nearer: [], values: 0 } : NOTHING
    const nearer = this.#nearer(false)
    const values = this.#newValues(false)
    return !blocks && nearer.length === 0 && values === 0 ? NOTHING : { blocks, nearer, values }
  }

  /** Takes all that the counters show as seen: all of its features, and those that were new. */
  take(states: readonly number[] | undefined, watched: boolean): Taken {
    const features = this.#list(states)
    const fresh = features.filter(feature => !this.#isSeen(feature))
    for (const feature of fresh) {
      const state = feature - this.#firstState
      if (state >= 0) this.#states[state] = 1
      else this.#seen[feature >> 3] = (this.#seen[feature >> 3] as number) | (1 << (feature & 7))
    }
    if (watched) {
      this.#nearer(true)
      this.#newValues(true)
    }
    return { features, fresh, entered: this.#entered() }
  }

  /** Whether the counters as they are show a feature. States are not known here. */
  shows(feature: number): boolean {
    if (feature >= this.#firstState) return false
    return HIT_CLASSES[this.#coverage.counters[feature >> 3] as number] === 1 << (feature & 7)
  }

  #isSeen(feature: number): boolean {
    const state = feature - this.#firstState
    if (state >= 0) return this.#states[state] !== 0
    return ((this.#seen[feature >> 3] as number) & (1 << (feature & 7))) !== 0
  }

  get #firstState(): number {
    return 8 * this.#seen.length
  }

  #entered(): number {
    const { counters, blocks } = this.#coverage
    let sum = 0
    for (let i = 0; i < blocks; i++) sum += counters[i] as number
    return sum
  }

  #list(states: readonly number[] | undefined): Uint32Array {
    const { counters, blocks } = this.#coverage
    const features: number[] = []
    for (let i = 0; i < blocks; i++) {
      const hits = counters[i] as number
      if (hits !== 0) features.push(8 * i + 31 - Math.clz32(HIT_CLASSES[hits] as number))
    }
    for (const state of new Set(states)) features.push(this.#firstState + (state % STATES))
    return Uint32Array.from(features)
  }

  #newValues(keep: boolean): number {
    const { log } = this.#coverage
    let fresh = 0
    for (let i = 0; i < log.valuesSize && this.#values.size < VALUES; i++) {
      const value = log.values[i] as number
      const site = log.valueSites[i] as number
      if ((this.#valuesOfSite[site] as number) >= VALUES_OF_SITE || this.#values.has(value)) continue
      fresh++
      if (!keep) continue
      this.#values.add(value)
      this.#valuesOfSite[site] = (this.#valuesOfSite[site] as number) + 1
    }
    return fresh
  }

  #showNewStates(states: readonly number[]): boolean {
    return states.some(state => this.#states[state % STATES] === 0)
  }

  #nearer(keep: boolean): number[] {
    const { log } = this.#coverage
    const found: number[] = []
    for (let i = 0; i < log.touchedSize; i++) {
      const site = log.touched[i] as number
      const near = log.near[site] as number
      const held = HIT_CLASSES[log.held[site] as number] as number
      if (near >= (this.#near[site] as number) && held <= (this.#held[site] as number)) continue
      found.push(site)
      if (!keep) continue
      if (near < (this.#near[site] as number)) this.#near[site] = near
      if (held > (this.#held[site] as number)) this.#held[site] = held
    }
    return found
  }
}
