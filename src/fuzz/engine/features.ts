import type { Coverage } from '../instrument/coverage.ts'

/**
 * Classes of how often a block was entered: 1, 2, 3, 4-7, 8-15, more. One bit each. Were there more classes above, slow
 * inputs would fill the corpus.
 */
const CLASSES = Uint8Array.from({ length: 256 }, (_, hits) => {
  if (hits < 4) return [0, 1, 2, 4][hits] as number
  return hits < 8 ? 8 : hits < 16 ? 16 : 32
})

/** The same for four counters at a time. */
function classesOf(word: number): number {
  const low = (CLASSES[word & 0xff] as number) | ((CLASSES[(word >>> 8) & 0xff] as number) << 8)
  return low | ((CLASSES[(word >>> 16) & 0xff] as number) << 16) | ((CLASSES[word >>> 24] as number) << 24)
}

/** How many ways of four counters are remembered, and where one is. */
const WAYS = 4
function placeOf(at: number, word: number): number {
  return (at << 2) | (Math.imul(word, 0x9e3779b1) >>> 30)
}

/** Brings counts of more than two to the top of their octet. */
const TO_TOP = 0x7d7d7d7d

/** Whether four counters show something new. */
function isNew(word: number, at: number, seen: Int32Array, known: Int32Array): boolean {
  const place = placeOf(at, word)
  if (known[place] === word) return false
  if ((classesOf(word) & ~(seen[at] as number)) !== 0) return true
  known[place] = word
  return false
}

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

/** All that a run showed. */
export interface Taken {
  readonly features: Uint32Array
  /** Those that no run showed before. */
  readonly fresh: Uint32Array
  /** Blocks entered, each time counted, up to 255 times each. */
  readonly entered: number
}

const NOTHING: Novelty = { blocks: 0, nearer: [], values: 0 }

/** Values that count as features, in all and of one comparison. */
const VALUES = 4096
const VALUES_OF_SITE = 24

/**
 * What has been seen so far, against which each run is held. Features are numbers: eight for each block, one for each class
 * of hits; behind these the states of subjects that name them.
 */
export class Features {
  readonly #coverage: Coverage
  readonly #words: Int32Array
  /** The classes seen of each block. */
  readonly #seen: Uint8Array
  /** The same, four by four. */
  readonly #seenWords: Int32Array
  /** For every four counters, some ways how they were when they showed nothing new: then they never will again. */
  readonly #known: Int32Array
  readonly #states = new Uint8Array(STATES)
  readonly #near = new Uint8Array(1 << 16).fill(255)
  readonly #held = new Uint8Array(1 << 16)
  /** What equalities held with, as far as there is room. */
  readonly #values = new Set<number>()
  readonly #valuesOfSite = new Uint8Array(1 << 16)

  constructor(coverage: Coverage) {
    this.#coverage = coverage
    const { buffer, byteOffset, length } = coverage.counters
    this.#words = new Int32Array(buffer, byteOffset, length >> 2)
    this.#seen = new Uint8Array(length)
    this.#seenWords = new Int32Array(this.#seen.buffer)
    this.#known = new Int32Array(WAYS * (length >> 2))
  }

  /** Blocks that were ever entered. */
  get blocks(): number {
    return this.#seen.subarray(0, this.#coverage.blocks).reduce((sum, classes) => sum + (classes === 0 ? 0 : 1), 0)
  }

  /** What is new in the counters as they are. */
  novelty(states: readonly number[] | undefined, watched: boolean): Novelty {
    const blocks = this.#newBlocks() + (states === undefined ? 0 : this.#newStates(states))
    if (!watched) return blocks === 0 ? NOTHING : { blocks, nearer: [], values: 0 }
    const nearer = this.#nearer(false)
    const values = this.#newValues(false)
    return blocks === 0 && nearer.length === 0 && values === 0 ? NOTHING : { blocks, nearer, values }
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
    return CLASSES[this.#coverage.counters[feature >> 3] as number] === 1 << (feature & 7)
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
      if (hits !== 0) features.push(8 * i + 31 - Math.clz32(CLASSES[hits] as number))
    }
    for (const state of new Set(states)) features.push(this.#firstState + (state % STATES))
    return Uint32Array.from(features)
  }

  /** How many times four blocks beside each other show something new: this is done after each run. */
  #newBlocks(): number {
    const [words, seen, known] = [this.#words, this.#seenWords, this.#known]
    const end = (this.#coverage.blocks + 15) >> 4
    let fresh = 0
    for (let at = 0; at < 4 * end; at += 4) {
      const one = words[at] as number
      const two = words[at + 1] as number
      const three = words[at + 2] as number
      const four = words[at + 3] as number
      // Most are zero.
      if ((one | two | three | four) === 0) continue
      // Counts of up to two are their own classes. All at once: which of them are zero cannot be foreseen, and a branch
      // that goes the other way costs more than all of this.
      const many = one | two | three | four | (one + TO_TOP) | (two + TO_TOP) | (three + TO_TOP) | (four + TO_TOP)
      if ((many & 0x80808080) === 0) {
        const left = (one & ~(seen[at] as number)) | (two & ~(seen[at + 1] as number))
        const right = (three & ~(seen[at + 2] as number)) | (four & ~(seen[at + 3] as number))
        if ((left | right) !== 0) fresh++
      } else {
        if (isNew(one, at, seen, known)) fresh++
        if (isNew(two, at + 1, seen, known)) fresh++
        if (isNew(three, at + 2, seen, known)) fresh++
        if (isNew(four, at + 3, seen, known)) fresh++
      }
    }
    return fresh
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

  #newStates(states: readonly number[]): number {
    return states.reduce((sum, state) => sum + (this.#states[state % STATES] === 0 ? 1 : 0), 0)
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
