import { exampleOf } from './pattern.ts'

/** How two operands were compared. */
export const EQUAL = 0
export const UNEQUAL = 1
export const LESS = 2
export const LESS_OR_EQUAL = 3
export const GREATER = 4
export const GREATER_OR_EQUAL = 5
/** One case of a switch, a key of a Map or Set. */
export const CASE = 6
/** A part of a string or of octets: startsWith, indexOf and their like. */
export const PART = 7

/** What came of a comparison, whatever the operator: its sides were not the same, or not in that order; they were; or who knows. */
export const APART = 0
export const HELD = 1
export const UNKNOWN = 2

/** What a comparison holds: its place in the code, how, both sides, and what came of it. */
export interface Comparison {
  readonly site: number
  readonly how: number
  readonly left: unknown
  readonly right: unknown
  readonly outcome: number
}

/** Comparisons kept of one run, in all and of one site. */
const LIMIT = 2048
const LIMIT_OF_SITE = 24
/** Sites in all; later ones share the last. */
const SITES = 1 << 16
/** Nothing to speak of is made of so many. */
const SMALL = 64
/** More work than this is not told apart. */
const MOST_WORK = 1 << 30
/** What is farther than any distance. */
const FAR = 255

/**
 * What instrumented code compares, while `on`; instrumented code itself looks at `on`, and calls nothing while it is
 * false. Sides are kept as they are: octets that are changed later show as changed.
 */
export class CompareLog {
  on = false
  /** Comparisons logged since `clear`: the first so many of `steps`, and see `entry`. */
  size = 0
  /** Four times the site and the outcome: two runs go the same way as long as these are the same. */
  readonly steps = new Int32Array(LIMIT)
  readonly #hows = new Uint8Array(LIMIT)
  /** Sides that are both numbers stand apart from others: most are, and so nothing is allocated for them. */
  readonly #areNumbers = new Uint8Array(LIMIT)
  readonly #numbers = new Float64Array(2 * LIMIT)
  readonly #others: unknown[] = new Array(2 * LIMIT).fill(undefined)
  /** Where others stand, at the most. */
  #othersEnd = 0
  /** Sites that were met since `clear`. */
  touchedSize = 0
  readonly touched = new Int32Array(SITES)
  /** For each site how near an equality came, 0 to 254, of the hits that did not reach it; 255 when none. */
  readonly near = new Uint8Array(SITES).fill(FAR)
  /** For each site how often an equality held, up to 255. */
  readonly held = new Uint8Array(SITES)
  /** Of what equalities held with, as hashes of site and value: a table's rows, the states of a machine. */
  valuesSize = 0
  readonly values = new Int32Array(LIMIT)
  readonly valueSites = new Int32Array(LIMIT)
  readonly #hits = new Uint8Array(SITES)

  readonly #work: Int32Array

  /** Adds the size of what is made to the work that a run is. */
  constructor(work: Int32Array) {
    this.#work = work
  }

  /** The same value; where it is a number, so much of something is about to be made. */
  sized<T>(value: T): T {
    if (typeof value === 'number' && value > SMALL)
      this.#work[0] = Math.min((this.#work[0] as number) + (Math.min(value, MOST_WORK) >>> 4), MOST_WORK)
    return value
  }

  clear(): void {
    for (let i = 0; i < this.touchedSize; i++) {
      const site = this.touched[i] as number
      this.near[site] = FAR
      this.held[site] = 0
      this.#hits[site] = 0
    }
    // Nothing of a target's is kept alive.
    for (let i = 0; i < this.#othersEnd; i++) this.#others[i] = undefined
    this.#othersEnd = 0
    this.touchedSize = 0
    this.valuesSize = 0
    this.size = 0
  }

  entries(): Comparison[] {
    return Array.from({ length: this.size }, (_, i) => this.entry(i))
  }

  /** One of the first `size`. */
  entry(at: number): Comparison {
    const step = this.steps[at] as number
    const sides = this.#areNumbers[at] === 1 ? this.#numbers : this.#others
    const [left, right] = [sides[2 * at], sides[2 * at + 1]]
    return { site: step >> 2, how: this.#hows[at] as number, left, right, outcome: step & 3 }
  }

  /** Compares as the operator does. Instrumented code calls it in the operator's place. */
  compare(site: number, how: number, left: never, right: never): boolean {
    if (typeof left === 'number' && typeof right === 'number')
      return (this.#noteNumbers(site, how, left, right) === HELD) !== (how === UNEQUAL)
    this.note(site, how, left, right)
    if (how === EQUAL) return left === right
    if (how === UNEQUAL) return left !== right
    if (how === LESS) return left < right
    if (how === LESS_OR_EQUAL) return left <= right
    if (how === GREATER) return left > right
    return left >= right
  }

  /** As `==` and `!=` do, which see strings and numbers as equal. */
  loosely(site: number, how: number, left: unknown, right: unknown): boolean {
    this.note(site, how, left, right)
    // biome-ignore lint/suspicious/noDoubleEquals: it stands for the operator of the code that is watched
    return how === EQUAL ? left == right : left != right
  }

  /** What a switch is about, and its cases. */
  choose<T>(site: number, value: T, cases: readonly unknown[]): T {
    for (let i = 0; i < cases.length; i++) {
      this.note(site + i, CASE, value, cases[i])
      if (cases[i] === value) break
    }
    return value
  }

  /** Calls a method that compares: `startsWith`, `equals`, `has` and their like. */
  call(site: number, object: unknown, name: string, ...values: unknown[]): unknown {
    if (object instanceof Map) this.#among(site, object.keys(), values[0])
    else if (object instanceof Set || Array.isArray(object)) this.#among(site, object, values[0])
    else if (object instanceof RegExp) this.#pattern(site, values[0], object)
    else if (values[0] instanceof RegExp) this.#pattern(site, object, values[0])
    else if (typeof object === 'string' || object instanceof Uint8Array) {
      const isStatic = name === 'has' || name === 'get'
      if (!isStatic) this.note(site, name === 'equals' || name === 'compare' ? EQUAL : PART, object, values[0])
    } else if (name === 'compare') this.note(site, EQUAL, values[0], values[1])
    return (object as Record<string, (...of: unknown[]) => unknown>)[name]?.(...values)
  }

  #among(site: number, known: Iterable<unknown>, value: unknown): void {
    let left = LIMIT_OF_SITE
    for (const one of known) {
      if (left-- === 0) break
      this.note(site, CASE, value, one)
    }
  }

  #pattern(site: number, text: unknown, pattern: RegExp): void {
    if (typeof text !== 'string') return
    const at = pattern.lastIndex
    pattern.lastIndex = 0
    if (!pattern.test(text)) this.note(site, PART, text, exampleOf(pattern))
    pattern.lastIndex = at
  }

  note(at: number, how: number, left: unknown, right: unknown): void {
    if (typeof left === 'number' && typeof right === 'number') {
      this.#noteNumbers(at, how, left, right)
      return
    }
    const site = at < SITES ? at : SITES - 1
    const hits = this.#hit(site)
    let outcome = UNKNOWN
    if (how <= UNEQUAL || how >= CASE) {
      const far = distance(left, right, how)
      if (far === 0) this.#hold(site, hits, right)
      else if (far < (this.near[site] as number)) this.near[site] = far
      if (how !== PART) outcome = far === 0 ? HELD : APART
    } else if (typeof left === 'bigint' && typeof right === 'bigint') outcome = ordered(how, left, right)
    if (hits >= LIMIT_OF_SITE || this.size >= LIMIT) return
    this.#areNumbers[this.size] = 0
    this.#others[2 * this.size] = left
    this.#others[2 * this.size + 1] = right
    this.#othersEnd = 2 * this.size + 2
    this.#push(site, how, outcome)
  }

  /** The same for what is compared most often. The outcome. */
  #noteNumbers(at: number, how: number, left: number, right: number): number {
    const site = at < SITES ? at : SITES - 1
    const hits = this.#hit(site)
    let outcome: number
    if (how > UNEQUAL && how < CASE) outcome = ordered(how, left, right)
    else if (left === right) {
      outcome = HELD
      this.#hold(site, hits, right)
    } else {
      outcome = APART
      const far = ofNumbers(left, right)
      if (far < (this.near[site] as number)) this.near[site] = far
    }
    if (hits >= LIMIT_OF_SITE || this.size >= LIMIT) return outcome
    this.#areNumbers[this.size] = 1
    this.#numbers[2 * this.size] = left
    this.#numbers[2 * this.size + 1] = right
    this.#push(site, how, outcome)
    return outcome
  }

  /** How often a site was met before, up to 255. */
  #hit(site: number): number {
    const hits = this.#hits[site] as number
    if (hits === 0) this.touched[this.touchedSize++] = site
    if (hits < FAR) this.#hits[site] = hits + 1
    return hits
  }

  /** An equality held with a value. */
  #hold(site: number, hits: number, value: unknown): void {
    const held = this.held[site] as number
    if (held < FAR) this.held[site] = held + 1
    if (hits >= FAR || this.valuesSize >= LIMIT) return
    this.valueSites[this.valuesSize] = site
    this.values[this.valuesSize++] = hashOf(site, value)
  }

  #push(site: number, how: number, outcome: number): void {
    this.#hows[this.size] = how
    this.steps[this.size++] = (site << 2) | outcome
  }
}

/** Whether two numbers stand in the order that was asked for. */
export function ordered<T extends number | bigint>(how: number, left: T, right: T): number {
  if (how === LESS) return left < right ? HELD : APART
  if (how === LESS_OR_EQUAL) return left <= right ? HELD : APART
  if (how === GREATER) return left > right ? HELD : APART
  return left >= right ? HELD : APART
}

function hashOf(site: number, value: unknown): number {
  if (typeof value === 'number') return Math.imul(site, 0x9e3779b1) ^ value
  if (typeof value !== 'string' || value.length > 64) return site
  let hash = Math.imul(site, 0x9e3779b1)
  for (let i = 0; i < value.length; i++) hash = Math.imul(hash ^ value.charCodeAt(i), 0x01000193)
  return hash
}

/** How far two values are from being equal: 0 when they are, 255 where they cannot be compared. */
export function distance(left: unknown, right: unknown, how: number): number {
  if (left === right) return 0
  if (typeof left === 'number' && typeof right === 'number') return ofNumbers(left, right)
  if (typeof left === 'bigint' && typeof right === 'bigint') return ofBigints(left, right)
  if (typeof left === 'string' && typeof right === 'string') return ofSequences(left, right, how)
  if (left instanceof Uint8Array && right instanceof Uint8Array) return ofSequences(left, right, how)
  return FAR
}

/** The bits that differ; numbers over 32 bits: the length of the difference. */
function ofNumbers(left: number, right: number): number {
  if ((left | 0) === left || left >>> 0 === left)
    if ((right | 0) === right || right >>> 0 === right) return bitsOf(left ^ right) || 1
  const off = Math.abs(left - right)
  return off < 1 || Number.isNaN(off) ? 1 : Math.min(33 + Math.log2(off), FAR - 1) | 0
}

function ofBigints(left: bigint, right: bigint): number {
  if (left < 0n || right < 0n || left >> 64n !== 0n || right >> 64n !== 0n) return FAR - 1
  const bits = left ^ right
  return bitsOf(Number(bits & 0xffffffffn)) + bitsOf(Number(bits >> 32n))
}

function bitsOf(number: number): number {
  let bits = number - ((number >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}

/** What is missing of the second at the beginning of the first, and of the lengths where they have to be the same. */
function ofSequences(left: string | Uint8Array, right: string | Uint8Array, how: number): number {
  const shorter = Math.min(left.length, right.length)
  let same = 0
  while (same < shorter && left[same] === right[same]) same++
  const rest = right.length - same
  if (how === PART) return rest === 0 || has(left, right) ? 0 : Math.min(2 * rest, FAR - 1)
  if (rest === 0 && left.length === right.length) return 0
  return Math.min(2 * rest + (left.length === right.length ? 0 : 1), FAR - 1)
}

function has(whole: string | Uint8Array, part: string | Uint8Array): boolean {
  if (typeof whole === 'string') return typeof part === 'string' && whole.includes(part)
  return Buffer.from(whole.buffer, whole.byteOffset, whole.byteLength).indexOf(part) >= 0
}
