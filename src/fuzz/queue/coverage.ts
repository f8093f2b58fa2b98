import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Redis } from 'ioredis'
import {
  bitsOf,
  isRecord,
  type ModuleCoverage,
  mergeCoverage,
  readCoverage,
  versionOf,
} from '../campaign/coverage-file.ts'
import { hashOf } from '../campaign/folder.ts'

/** Adds bits to those of a version of a module, and counts the change if it is one. */
const MERGE = `
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('SET', KEYS[3], ARGV[3])
local before = redis.call('GET', KEYS[2])
redis.call('BITOP', 'OR', KEYS[2], KEYS[2], KEYS[3])
redis.call('DEL', KEYS[3])
if redis.call('GET', KEYS[2]) ~= before then redis.call('INCR', KEYS[4]) end
return 1`

/** What is known of a version besides its bits, and who has written it last. */
interface About {
  readonly record: ModuleCoverage
  readonly by: string
}

export interface CoverageOptions {
  readonly redis: Redis
  readonly key: string
  /** The campaign's folder. */
  readonly folder: string
  /** How this process is called among workers. */
  readonly name: string
  /** Somebody has another version of a file. */
  onOther(file: string, by: string): Promise<void>
}

/**
 * Carries the record of entered code between a campaign's folder and Redis. Records are merged there; from there come only
 * those of modules whose text is the same here.
 */
export class CoverageCarrier {
  readonly #options: CoverageOptions
  readonly #versions = new LocalVersions()
  /** Of each version, the bits that both sides have. */
  readonly #carried = new Map<string, string>()
  #change: string | null | undefined

  constructor(options: CoverageOptions) {
    this.#options = options
  }

  async carry(): Promise<void> {
    await this.#give()
    await this.#take()
  }

  /** All that it is in Redis. */
  async keys(): Promise<string[]> {
    const { redis, key } = this.#options
    const versions = await redis.hkeys(key)
    return [key, `${key}:change`, ...versions.map(version => `${key}:${version}`)]
  }

  /** All of it once more. */
  restart(): void {
    this.#carried.clear()
    this.#change = undefined
  }

  async #give(): Promise<void> {
    const { redis, key, folder, name } = this.#options
    for (const record of readCoverage(folder)) {
      const version = versionOf(record)
      if (this.#carried.get(version) === record.covered || this.#versions.isOther(record)) continue
      const about: About = { record: { ...record, covered: '' }, by: name }
      const bits = `${key}:${version}`
      const keys = [key, bits, `${bits}:${name}`, `${key}:change`]
      await redis.eval(MERGE, keys.length, ...keys, version, JSON.stringify(about), Buffer.from(bitsOf(record)))
      this.#carried.set(version, record.covered)
    }
  }

  async #take(): Promise<void> {
    const { redis, key, folder, onOther } = this.#options
    const change = await redis.get(`${key}:change`)
    if (change === this.#change) return
    const records: ModuleCoverage[] = []
    for (const [version, text] of Object.entries(await redis.hgetall(key))) {
      const { record, by } = JSON.parse(text) as About
      if (!isRecord(record) || versionOf(record) !== version) continue
      if (this.#versions.isOther(record)) {
        await onOther(record.file, by)
        continue
      }
      const covered = (await redis.getBuffer(`${key}:${version}`))?.toString('base64') ?? ''
      if (covered !== this.#carried.get(version)) records.push({ ...record, covered })
    }
    // Where somebody else is just at it, it is done the next time.
    if (records.length > 0 && !mergeCoverage(folder, records)) return
    for (const record of records) this.#carried.set(versionOf(record), record.covered)
    this.#change = change
  }
}

/** The texts of modules as they are on this machine. */
class LocalVersions {
  readonly #hashes = new Map<string, string | undefined>()

  /** Whether the text of the same file is another one here. What is not here at all is nobody's version. */
  isOther({ file, at, hash }: ModuleCoverage): boolean {
    if (!this.#hashes.has(file)) this.#hashes.set(file, hashAt(file, at))
    const here = this.#hashes.get(file)
    return here !== undefined && here !== hash
  }
}

function hashAt(file: string, at: string): string | undefined {
  const places = [resolve(file), ...(at.includes('/node_modules/') ? [join('node_modules', file)] : []), at]
  const path = places.find(place => existsSync(place))
  return path === undefined ? undefined : hashOf(readFileSync(path))
}
