import type { Question } from '../message.ts'
import { canonical, type Name, parent } from '../name.ts'
import { rfc2308 } from '../rules/client.ts'
import type { StubOptions } from './options.ts'
import type { Resolution } from './resolution.ts'

type Kept = Exclude<Resolution, { kind: 'failure' }>

interface Entry {
  readonly resolution: Kept
  /** On the resolver's clock, in ms. */
  readonly until: number
}

/**
 * Answers, and that there are none, for as long as they hold; the least recently used is forgotten for a new one.
 * RFC 1034 §5.3.3, RFC 2308 §5
 */
export class Cache {
  readonly #options: Pick<StubOptions, 'limits' | 'honours'>
  readonly #entries = new Map<string, Entry>()

  constructor(options: Pick<StubOptions, 'limits' | 'honours'>) {
    this.#options = options
  }

  get size(): number {
    return this.#entries.size
  }

  /** What is known, its TTL being what is left of it. That a name is not there goes for all below it. RFC 8020 §2 */
  find(question: Question, now: number): Kept | undefined {
    const found = this.#entry(key(question.name, question.type, question.class), now)
    if (found) return found
    for (let name = question.name; ; name = parent(name)) {
      const missing = this.#entry(key(name, 'NXDOMAIN', question.class), now)
      if (missing) return missing.kind === 'negative' ? { ...missing, name: question.name } : missing
      if (name === '.') return undefined
    }
  }

  keep(question: Question, resolution: Resolution, now: number): void {
    if (resolution.kind === 'failure') return
    const { limits, honours } = this.#options
    const negative = resolution.kind === 'negative'
    if (negative && !honours(rfc2308.negativeCached)) return
    const seconds = Math.min(resolution.ttl, negative ? limits.negativeTtl : limits.ttl)
    if (seconds <= 0) return
    // With aliases on the way it is the last name that is not there. RFC 6604 §3
    const nameless = negative && resolution.why === 'NXDOMAIN' && resolution.aliases.length === 0
    const at = key(question.name, nameless ? 'NXDOMAIN' : question.type, question.class)
    this.#entries.delete(at)
    this.#entries.set(at, { resolution, until: now + seconds * 1000 })
    if (this.#entries.size > limits.cached) this.#entries.delete(this.#entries.keys().next().value as string)
  }

  clear(): void {
    this.#entries.clear()
  }

  #entry(at: string, now: number): Kept | undefined {
    const entry = this.#entries.get(at)
    if (entry === undefined) return undefined
    this.#entries.delete(at)
    if (entry.until <= now) return undefined
    // Now it is the most recently used.
    this.#entries.set(at, entry)
    const ttl = Math.ceil((entry.until - now) / 1000)
    return { ...entry.resolution, ttl }
  }
}

function key(name: Name, type: number | 'NXDOMAIN', klass: number): string {
  return `${canonical(name)} ${type} ${klass}`
}
