import type { Coverage } from '../instrument/coverage.ts'
import { fits, fixed, latin1 } from './encodings.ts'

/** Tokens learnt from comparisons that are kept beside the given ones. */
const LEARNT = 256

/** Octets that mean something: given by the subject, written in its code, seen as it compared. */
export class Dictionary {
  readonly #coverage: Coverage
  readonly #given: readonly Uint8Array[]
  readonly #learnt: Uint8Array[] = []
  readonly #known = new Set<string>()
  #modules = 0
  #words: Uint8Array[] = []

  constructor(coverage: Coverage, given: readonly Uint8Array[]) {
    this.#coverage = coverage
    this.#given = given
  }

  get tokens(): readonly Uint8Array[] {
    const { modules } = this.#coverage
    if (modules.length !== this.#modules) {
      this.#modules = modules.length
      this.#words = [...new Set(modules.flatMap(({ words }) => words))].flatMap(octetsOf)
      this.#all = undefined
    }
    this.#all ??= [...this.#given, ...this.#words, ...this.#learnt]
    return this.#all
  }
  #all: Uint8Array[] | undefined

  /** Takes in what an input was compared with. */
  learn(value: unknown): void {
    if (this.#learnt.length >= LEARNT) return
    for (const octets of typeof value === 'string' || typeof value === 'number' ? octetsOf(value) : []) {
      const key = Buffer.from(octets).toString('latin1')
      if (octets.length < 2 || octets.length > 32 || this.#known.has(key)) continue
      this.#known.add(key)
      this.#learnt.push(octets)
      this.#all = undefined
    }
  }
}

function octetsOf(word: string | number): Uint8Array[] {
  if (typeof word === 'string') return word === '' ? [] : [latin1(word)]
  if (!Number.isSafeInteger(word) || word < 256 || !fits(word, 4)) return []
  const width = fits(word, 2) ? 2 : 4
  return [fixed(word, width, false), fixed(word, width, true)]
}
