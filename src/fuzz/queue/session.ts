import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Status } from '../campaign/status.ts'
import type { Done } from './jobs.ts'
import { sessionKey } from './keys.ts'

/** What is kept of a session, in seconds after somebody last wrote to it. */
const KEEP = 86_400

/** Of a slice, as far as it has come. */
export type Figures = Pick<Status, 'runs' | 'findings' | 'restarts' | 'blocks' | 'server' | 'states' | 'revived'>

/** A name for a commanding process that no other has. */
export function newSession(): string {
  return randomBytes(6).toString('hex')
}

/** What one commanding process and those who work for it tell each other, besides jobs. */
export class Session {
  readonly #redis: Redis
  readonly #key: string

  constructor(redis: Redis, id: string) {
    this.#redis = redis
    this.#key = sessionKey(id)
  }

  /** Nobody works for it any more. */
  async end(): Promise<void> {
    await this.#redis.set(`${this.#key}:over`, '1', 'EX', KEEP)
  }

  async isOver(): Promise<boolean> {
    return (await this.#redis.exists(`${this.#key}:over`)) === 1
  }

  /** How far an attempt at a slice has come. */
  async tell(attempt: string, all: Figures): Promise<void> {
    const { runs, findings, restarts, blocks, server, states, revived } = all
    const figures: Figures = { runs, findings, restarts, blocks, server, states, revived }
    await this.#write(`${this.#key}:figures`, attempt, JSON.stringify(figures))
  }

  /** Of each attempt. */
  async figures(): Promise<Map<string, Figures>> {
    const all = Object.entries(await this.#redis.hgetall(`${this.#key}:figures`))
    return new Map(all.map(([attempt, text]) => [attempt, JSON.parse(text) as Figures]))
  }

  /** A worker has something to say, of which its last word counts. */
  async say(worker: string, line: string): Promise<void> {
    await this.#write(`${this.#key}:said`, worker, line)
  }

  async said(): Promise<Readonly<Record<string, string>>> {
    return await this.#redis.hgetall(`${this.#key}:said`)
  }

  async done(job: string, done: Done): Promise<void> {
    await this.#write(`${this.#key}:done`, job, JSON.stringify(done))
  }

  /** What has come of a chore; undefined as long as nobody has done it. */
  async outcome(job: string): Promise<Done | undefined> {
    const text = await this.#redis.hget(`${this.#key}:done`, job)
    return text === null ? undefined : (JSON.parse(text) as Done)
  }

  async #write(key: string, field: string, value: string): Promise<void> {
    await this.#redis.multi().hset(key, field, value).expire(key, KEEP).exec()
  }
}

/** Of all attempts together; of blocks and states, those of the attempt that saw most. */
export function sumOf(figures: Iterable<Figures>): Figures {
  const all = [...figures]
  const sum = (of: 'runs' | 'findings' | 'restarts'): number => all.reduce((total, each) => total + each[of], 0)
  const most = (of: 'blocks' | 'states'): number => Math.max(0, ...all.map(each => each[of] ?? 0))
  const plain = { runs: sum('runs'), findings: sum('findings'), restarts: sum('restarts'), blocks: most('blocks') }
  const servers = new Set(all.flatMap(({ server }) => server ?? []))
  if (servers.size === 0) return plain
  const revived = all.reduce((total, each) => total + (each.revived ?? 0), 0)
  // Not every machine need have the same version.
  return { ...plain, server: [...servers].sort().join(', '), states: most('states'), revived }
}
