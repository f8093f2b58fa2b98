import type * as BullMQ from 'bullmq'
import type { Redis } from 'ioredis'
import { type Chore, type ChoreAsked, type JobOfCampaign, openQueue, type Slice } from './jobs.ts'
import { CHORES, SLICES } from './keys.ts'

type Kind = typeof SLICES | typeof CHORES

/** The jobs of one commanding process, in the queues that it shares with others. */
export class Orders {
  readonly #of: JobOfCampaign
  readonly #queues: { readonly [SLICES]: BullMQ.Queue<Slice>; readonly [CHORES]: BullMQ.Queue<Chore> }
  readonly #asked = new Set<string>()
  #slice = 0

  constructor({ redis, bullmq }: { readonly redis: Redis; readonly bullmq: typeof BullMQ }, of: JobOfCampaign) {
    this.#of = of
    this.#queues = {
      [SLICES]: openQueue<Slice>(bullmq, redis, SLICES),
      [CHORES]: openQueue<Chore>(bullmq, redis, CHORES),
    }
    // What they wait for is said by who has connected.
    for (const queue of Object.values(this.#queues)) queue.on('error', () => {})
  }

  /** `seed` is that of the campaign: each slice has one of its own. */
  async addSlice({ time, runs, seed }: Pick<Slice, 'time' | 'runs' | 'seed'>): Promise<void> {
    const count = this.#slice++
    const data: Slice = { kind: 'slice', ...this.#of, time, runs, seed: (seed + count * 1_000_003) % 0x7fffffff }
    await this.#queues[SLICES].add('slice', data, { jobId: this.#id(String(count)) })
  }

  /** Has something done once; `name` tells it from others. */
  async ask(chore: ChoreAsked, name: string): Promise<void> {
    if (this.#asked.has(name)) return
    this.#asked.add(name)
    await this.#queues[CHORES].add(chore.kind, { ...chore, ...this.#of }, { jobId: this.#id(name) })
  }

  /** Under which id what comes of a chore is kept; undefined where it was never asked for. */
  idOf(name: string): string | undefined {
    return this.#asked.has(name) ? this.#id(name) : undefined
  }

  /** How many jobs wait, or are being done. */
  async count(kind: Kind): Promise<number> {
    return (await this.#mine(kind)).length
  }

  /** Takes back those that nobody has begun. */
  async withdraw(kind: Kind): Promise<void> {
    await Promise.all((await this.#mine(kind)).map(job => job.remove().catch(() => {})))
  }

  async close(): Promise<void> {
    await Promise.all(Object.values(this.#queues).map(queue => queue.close()))
  }

  #id(name: string): string {
    return `${this.#of.session}-${name}`
  }

  async #mine(kind: Kind): Promise<BullMQ.Job<Slice | Chore>[]> {
    const queue: BullMQ.Queue<Slice | Chore> = this.#queues[kind]
    const jobs = (await queue.getJobs(['active', 'wait', 'delayed', 'prioritized'])) as (
      | BullMQ.Job<Slice | Chore>
      | undefined
    )[]
    return jobs.filter(job => job !== undefined).filter(job => job.data.session === this.#of.session)
  }
}
