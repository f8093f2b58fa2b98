import { statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import { withoutRoot } from '../triage.ts'
import {
  bitsOf,
  countBits,
  type ModuleCoverage,
  mergeCoverage,
  readRecord,
  sizeOf,
  versionOf,
} from './coverage-file.ts'
import type { WatchedCode } from './job.ts'

/** How often it is tried to write what is known at the end, and how long it is waited in between, in ms. */
const TRIES = 40
const PAUSE = 50

/** A version of a module, and what is known to have been entered of it. */
interface Version {
  readonly about: Omit<ModuleCoverage, 'covered'>
  readonly bits: Uint8Array
  /** Whether the folder may not hold all of it. */
  changed: boolean
  /** When its file was last written, as far as it was read. */
  written: number
}

interface Watched {
  readonly code: WatchedCode
  /** Of each of its modules, which version it is; undefined where nobody knows. */
  readonly versions: readonly (Version | undefined)[]
}

/**
 * Which blocks the inputs of a campaign have entered, in this session and before, by whomever: kept in the folder's
 * `coverage`, one file for each version of a module.
 */
export class CoverageRecord {
  readonly #campaign: string
  readonly #versions = new Map<string, Version>()
  readonly #workers = new Map<object, Watched>()
  #blocks = 0

  constructor(campaign: string) {
    this.#campaign = campaign
  }

  /** Blocks that were ever entered of the code that this session has watched, as of the last time it was looked at. */
  get blocks(): number {
    return this.#blocks
  }

  /** What a worker watches, and again when it has loaded more. */
  watch(worker: object, code: WatchedCode): void {
    this.#collect(worker)
    this.#workers.set(worker, { code, versions: code.modules.map((_, place) => this.#versionOf(code, place)) })
    this.collect()
  }

  /** A worker is no more: what it has entered stays. */
  forget(worker: object): void {
    this.#collect(worker)
    this.#workers.delete(worker)
  }

  /** Looks at what workers have entered meanwhile. */
  collect(): void {
    for (const worker of this.#workers.keys()) this.#collect(worker)
    this.#blocks = 0
    for (const { bits } of this.#versions.values()) this.#blocks += countBits(bits)
  }

  /** Takes what others have written, and writes what is new; false where somebody else was at it: to be tried again. */
  save(): boolean {
    for (const [name, version] of this.#versions) this.#read(name, version)
    this.collect()
    const changed = [...this.#versions.values()].filter(version => version.changed)
    if (changed.length === 0) return true
    const records = changed.map(({ about, bits }) => ({ ...about, covered: Buffer.from(bits).toString('base64') }))
    const merged = mergeCoverage(this.#campaign, records)
    for (const [i, record] of (merged ?? []).entries()) {
      const version = changed[i]
      if (!version) continue
      take(version.bits, bitsOf(record))
      version.changed = false
    }
    return merged !== undefined
  }

  /** Writes what is new, if it takes a moment. */
  async finish(): Promise<void> {
    for (let tries = 0; !this.save() && tries < TRIES; tries++) await later(PAUSE)
  }

  #versionOf({ modules, hashes }: WatchedCode, place: number): Version | undefined {
    const [module, hash] = [modules[place], hashes[place]]
    if (module === undefined || hash === undefined || module.places.length === 0) return undefined
    const { places, file: at } = module
    const about = { format: 1, file: withoutRoot(at), at, hash, places } as const
    const name = versionOf(about)
    const known = this.#versions.get(name)
    if (known) return known
    const version: Version = { about, bits: new Uint8Array(sizeOf(places)), changed: false, written: 0 }
    this.#read(name, version)
    this.#versions.set(name, version)
    return version
  }

  #read(name: string, version: Version): void {
    const path = join(this.#campaign, 'coverage', `${name}.json`)
    const written = statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
    if (written === version.written) return
    version.written = written
    const record = readRecord(path)
    if (record) take(version.bits, bitsOf(record))
  }

  #collect(worker: object): void {
    const { code, versions } = this.#workers.get(worker) ?? {}
    for (const [place, version] of versions?.entries() ?? []) {
      const first = code?.modules[place]?.first
      if (!version || !code || first === undefined) continue
      const count = version.about.places.length / 2
      const fresh = new Uint8Array(version.bits.length)
      for (let block = 0; block < count; block++)
        if (code.entered[first + block]) fresh[block >> 3] = (fresh[block >> 3] ?? 0) | (1 << (block & 7))
      if (take(version.bits, fresh)) version.changed = true
    }
  }
}

/** Adds bits; whether any of them is new. */
function take(bits: Uint8Array, more: Uint8Array): boolean {
  let isNew = false
  for (const [i, octet] of more.entries()) {
    const before = bits[i] ?? 0
    if ((octet & ~before) === 0) continue
    bits[i] = before | octet
    isNew = true
  }
  return isNew
}
