import type { Chance } from './target.ts'

/** Chance from a seed: xoshiro128** (https://prng.di.unimi.it/), whose state SplitMix32 makes of the seed. */
export class SeededChance implements Chance {
  #a: number
  #b: number
  #c: number
  #d: number

  constructor(seed: number) {
    let state = seed | 0
    const next = (): number => {
      state = (state + 0x9e3779b9) | 0
      let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
      return mixed ^ (mixed >>> 15)
    }
    this.#a = next()
    this.#b = next()
    this.#c = next()
    this.#d = next() | 1
  }

  /** 32 bits. */
  next(): number {
    const product = Math.imul(this.#b, 5)
    const result = Math.imul((product << 7) | (product >>> 25), 9) >>> 0
    const shifted = this.#b << 9
    this.#c ^= this.#a
    this.#d ^= this.#b
    this.#b ^= this.#c
    this.#a ^= this.#d
    this.#c ^= shifted
    this.#d = (this.#d << 11) | (this.#d >>> 21)
    return result
  }

  below(below: number): number {
    return Math.floor((this.next() / 0x100000000) * below)
  }

  oneIn(times: number): boolean {
    return this.below(times) === 0
  }

  pick<T>(of: readonly T[]): T {
    return of[this.below(of.length)] as T
  }
}
