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
  /** Comparisons logged since `clear`: the first so many of `steps`, `hows`, `lefts`, `rights`. */
  size = 0
  /** Four times the site and the outcome: two runs go the same way as long as these are the same. */
  readonly steps = new Int32Array(LIMIT)
  readonly hows = new Uint8Array(LIMIT)
  readonly lefts: unknown[] = new Array(LIMIT).fill(undefined)
  readonly rights: unknown[] = new Array(LIMIT).fill(undefined)
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
    for (let i = 0; i < this.size; i++) {
      this.lefts[i] = undefined
      this.rights[i] = undefined
    }
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
    const [how, left, right] = [this.hows[at] as number, this.lefts[at], this.rights[at]]
    return { site: step >> 2, how, left, right, outcome: step & 3 }
  }

  /** Compares as the operator does. Instrumented code calls it in the operator's place. */
  compare(site: number, how: number, left: never, right: never): boolean {
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
    const site = at < SITES ? at : SITES - 1
    const hits = this.#hits[site] as number
    if (hits === 0) this.touched[this.touchedSize++] = site
    if (hits < FAR) this.#hits[site] = hits + 1
    let outcome: number
    if (how <= UNEQUAL || how >= CASE) {
      const far = distance(left, right, how)
      if (far === 0) {
        if ((this.held[site] as number) < FAR) (this.held[site] as number)++
        if (hits < FAR && this.valuesSize < LIMIT) {
          this.valueSites[this.valuesSize] = site
          this.values[this.valuesSize++] = hashOf(site, right)
        }
      } else if (far < (this.near[site] as number)) this.near[site] = far
      outcome = how === PART ? UNKNOWN : far === 0 ? HELD : APART
    } else outcome = ordered(how, left, right)
    if (hits >= LIMIT_OF_SITE || this.size >= LIMIT) return
    this.steps[this.size] = (site << 2) | outcome
    this.hows[this.size] = how
    this.lefts[this.size] = left
    this.rights[this.size] = right
    this.size++
  }
}

/** Whether two numbers stand in the order that was asked for. */
export function ordered(how: number, left: unknown, right: unknown): number {
  if (!(isNumeric(left) && isNumeric(right))) return UNKNOWN
  if (how === LESS) return left < right ? HELD : APART
  if (how === LESS_OR_EQUAL) return left <= right ? HELD : APART
  if (how === GREATER) return left > right ? HELD : APART
  return left >= right ? HELD : APART
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
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
