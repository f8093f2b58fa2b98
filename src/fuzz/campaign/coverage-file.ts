import { closeSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { hashOf } from './folder.ts'
import { replace, sweep } from './whole-file.ts'

/** Which blocks of one version of a module some input has entered, as a file of a campaign's `coverage` holds it. */
export interface ModuleCoverage {
  readonly format: 1
  /** From the root of the project or of its package: `src/dns/message.ts`, `dns-packet/index.js`. */
  readonly file: string
  /** Where it lay on the machine that was first to load it. */
  readonly at: string
  /** Of its text. */
  readonly hash: string
  /** Line (from 1) and column (from 0) of each block, one after another. */
  readonly places: readonly number[]
  /** A bit for each block, the lowest bit of the first octet first, in Base64. */
  readonly covered: string
}

/** Somebody who has kept the lock for so long, in ms, was killed. */
const STALE = 5000

/** What tells one version of a module from all others: another text, or the same one cut into other blocks. */
export function versionOf({ file, hash, places }: Pick<ModuleCoverage, 'file' | 'hash' | 'places'>): string {
  return hashOf(`${file}\0${hash}\0${places.join()}`)
}

/** The bits of a record: one octet for every eight blocks. */
export function bitsOf({ covered, places }: Pick<ModuleCoverage, 'covered' | 'places'>): Uint8Array {
  const bits = new Uint8Array(sizeOf(places))
  bits.set(Buffer.from(covered, 'base64').subarray(0, bits.length))
  return bits
}

/** How many octets the bits of so many places take. */
export function sizeOf(places: readonly number[]): number {
  return (places.length / 2 + 7) >> 3
}

export function countBits(bits: Uint8Array): number {
  let sum = 0
  for (let octet of bits) for (; octet !== 0; octet &= octet - 1) sum++
  return sum
}

export function hasBit(bits: Uint8Array, block: number): boolean {
  return (((bits[block >> 3] ?? 0) >> (block & 7)) & 1) === 1
}

/** All records of a campaign. What cannot be read is left out. */
export function readCoverage(campaign: string): ModuleCoverage[] {
  const folder = join(campaign, 'coverage')
  return namesIn(folder).flatMap(name => readRecord(join(folder, name)) ?? [])
}

/** One record; undefined where there is none, or none that holds together. */
export function readRecord(path: string): ModuleCoverage | undefined {
  try {
    const record: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return isRecord(record) ? record : undefined
  } catch {
    return undefined
  }
}

/** Whether something that came from elsewhere is a record. */
export function isRecord(value: unknown): value is ModuleCoverage {
  if (typeof value !== 'object' || value === null) return false
  const { format, file, at, hash, places, covered } = value as Partial<Record<keyof ModuleCoverage, unknown>>
  return (
    format === 1 &&
    [file, at, hash, covered].every(text => typeof text === 'string') &&
    Array.isArray(places) &&
    places.length % 2 === 0 &&
    places.every(place => Number.isInteger(place))
  )
}

/**
 * Adds what others have entered to what a campaign's folder holds; nothing that is there is lost. Returns the records as
 * they are then, or undefined where somebody else is just at it: then nothing was done.
 */
export function mergeCoverage(campaign: string, records: readonly ModuleCoverage[]): ModuleCoverage[] | undefined {
  const folder = join(campaign, 'coverage')
  mkdirSync(folder, { recursive: true })
  return locked(folder, () => records.map(record => mergeOne(folder, record)))
}

function mergeOne(folder: string, record: ModuleCoverage): ModuleCoverage {
  const path = join(folder, `${versionOf(record)}.json`)
  const there = readRecord(path)
  const bits = bitsOf(record)
  if (there === undefined) {
    replace(path, `${JSON.stringify(record)}\n`)
    return record
  }
  const before = bitsOf(there)
  const both = before.map((octet, i) => octet | (bits[i] ?? 0))
  if (Buffer.compare(before, both) === 0) return there
  const merged = { ...there, covered: Buffer.from(both).toString('base64') }
  replace(path, `${JSON.stringify(merged)}\n`)
  return merged
}

/** Between reading and writing nobody else may write. */
function locked<T>(folder: string, does: () => T): T | undefined {
  const lock = join(folder, '.lock.part')
  try {
    if (Date.now() - statSync(lock).mtimeMs > STALE) rmSync(lock, { force: true })
  } catch {
    // Nobody is at it.
  }
  try {
    closeSync(openSync(lock, 'wx'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined
    throw error
  }
  try {
    sweep(folder, Date.now())
    return does()
  } finally {
    rmSync(lock, { force: true })
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => /^[0-9a-f]+\.json$/.test(name))
  } catch {
    return []
  }
}
