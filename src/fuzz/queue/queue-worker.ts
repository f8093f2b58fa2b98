import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import type * as BullMQ from 'bullmq'
import type { Redis } from 'ioredis'
import { CannotBegin } from '../campaign/cannot-begin.ts'
import { Bridge } from './bridge.ts'
import { doChore } from './chores.ts'
import { type Chore, type Done, holdingOptions, isOrphan, openQueue, type Slice } from './jobs.ts'
import { type CampaignName, CHORES, campaignKey, SLICES } from './keys.ts'
import { type Member, signIn, signOut } from './roster.ts'
import { Session } from './session.ts'
import { runSlice } from './slice.ts'
import { workerFolder } from './worker-folder.ts'

/** How often it says that it is there, and looks for what others have left behind, in ms. */
const BEAT = 1000
/** How long a job that it cannot do is left to others, in ms. */
const LEAVE = 1000

/** What a worker has to know of targets, and of this machine. */
export interface QueueWorkerOptions {
  readonly redis: Redis
  readonly bullmq: typeof BullMQ
  /** The module that a thread runs. */
  readonly entry: URL
  readonly threads: number
  readonly version: string
  /** Where the campaign on a target is kept here. */
  folderOf(target: string): string
  /** Why a target is not worked on here; undefined where it is. */
  refusal(of: CampaignName): string | undefined
  /** Whether inputs of a target are sequences of pieces. */
  takesPieces(target: string): boolean
  say(line: string): void
}

/** Takes jobs, one slice at a time and one chore beside it, until it is told to stop. */
export class QueueWorker {
  readonly name: string = `${hostname()}-${process.pid}-${randomBytes(2).toString('hex')}`
  readonly #options: QueueWorkerOptions
  readonly #slices: BullMQ.Queue<Slice>
  readonly #holders = new Set<BullMQ.Worker>()
  readonly #unfit = new Map<string, string>()
  readonly #stopping = new AbortController()
  readonly #bridges = new Map<string, { readonly bridge: Bridge; users: number }>()
  readonly #said = new Set<string>()
  #helping = false
  #orphans = 0
  #timer: NodeJS.Timeout | undefined

  constructor(options: QueueWorkerOptions) {
    this.#options = options
    this.#slices = openQueue<Slice>(options.bullmq, options.redis, SLICES)
    this.#slices.on('error', error => this.#trouble(error))
  }

  async start(): Promise<void> {
    await this.#signIn()
    this.#hold<Slice>(SLICES, (job, token) => this.#slice(job, token))
    this.#hold<Chore>(CHORES, (job, token) => this.#chore(job, token))
    this.#timer = setInterval(() => void this.#beat().catch(error => this.#trouble(error)), BEAT)
  }

  /** Hands back what it has not finished, and ends. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    this.#stopping.abort()
    await Promise.all([...this.#holders].map(holder => holder.close()))
    await signOut(this.#options.redis, this.name)
    await this.#slices.close()
  }

  get #member(): Member {
    const { threads } = this.#options
    return { name: this.name, host: hostname(), pid: process.pid, threads, unfit: [...this.#unfit.keys()] }
  }

  async #signIn(): Promise<void> {
    await signIn(this.#options.redis, this.#member)
  }

  async #beat(): Promise<void> {
    await this.#signIn()
    // A slice whose worker has died is taken by somebody who is busy with one already, before it waits for long.
    const waiting = await this.#slices.getJobs(['wait'], 0, 20)
    const orphaned = waiting.some(job => isOrphan(job) && !this.#unfit.has(campaignKey(job.data.of)))
    this.#orphans = orphaned ? this.#orphans + 1 : 0
    if (this.#orphans > 1 && !this.#helping && !this.#stopping.signal.aborted) this.#help()
  }

  #help(): void {
    this.#helping = true
    const end = (): void => {
      this.#helping = false
      this.#holders.delete(helper)
      void helper.close()
    }
    const helper = this.#hold<Slice>(SLICES, (job, token) => {
      // This one, and no other.
      void helper.pause(true)
      return this.#slice(job, token).finally(() => setImmediate(end))
    })
    // Somebody else was faster.
    helper.on('drained', end)
  }

  #hold<Data>(
    name: typeof SLICES | typeof CHORES,
    does: (job: BullMQ.Job<Data>, token: string | undefined) => Promise<unknown>,
  ): BullMQ.Worker<Data> {
    const { bullmq, redis } = this.#options
    const holder = new bullmq.Worker<Data>(name, does, holdingOptions(redis, name))
    holder.on('error', error => this.#trouble(error))
    this.#holders.add(holder)
    return holder
  }

  async #slice(job: BullMQ.Job<Slice>, token: string | undefined): Promise<void> {
    const { data } = job
    const session = new Session(this.#options.redis, data.session)
    if (await session.isOver()) return
    if (this.#unfit.has(campaignKey(data.of))) await this.#leaveToOthers(job, token, session)
    const { entry, threads, takesPieces, say } = this.#options
    const began = performance.now()
    try {
      await this.#on(data, async bridge => {
        const begun = isOrphan(job) ? ', begun by another' : ''
        say(`${data.of.target}: a slice of ${Math.round(data.time / 1000)} s${begun}`)
        await runSlice(data, bridge, {
          entry,
          threads,
          name: this.name,
          pieces: takesPieces(data.of.target),
          session,
          attempt: `${job.id}/${this.name}/${Math.round(began)}`,
          signal: this.#stopping.signal,
          onTrouble: error => this.#trouble(error),
        })
      })
    } catch (error) {
      if (error instanceof CannotBegin) this.#cannot(data, error.message)
      else throw error
    }
    if (this.#unfit.has(campaignKey(data.of))) await this.#leaveToOthers(job, token, session)
    const left = data.time - (performance.now() - began)
    if (!this.#stopping.signal.aborted || left < BEAT || (await session.isOver())) return
    await job.updateData({ ...data, time: Math.round(left), returned: true })
    await job.moveToWait(token)
    say(`${data.of.target}: handed back, with ${Math.round(left / 1000)} s left`)
    throw new this.#options.bullmq.WaitingError()
  }

  async #chore(job: BullMQ.Job<Chore>, token: string | undefined): Promise<void> {
    const { data } = job
    const { redis, entry, takesPieces, say } = this.#options
    const session = new Session(redis, data.session)
    let done: Done | undefined
    try {
      await this.#on(data, async bridge => {
        say(`${data.of.target}: ${data.kind}${data.kind === 'minimise' ? ` ${data.id}` : ''}`)
        const hurried = (): boolean => this.#stopping.signal.aborted
        done = await doChore(data, { bridge, entry, pieces: takesPieces(data.of.target), hurried })
      })
    } catch (error) {
      if (error instanceof CannotBegin) this.#cannot(data, error.message)
      else done = { kind: 'failed', reason: (error as Error).message }
    }
    if (this.#unfit.has(campaignKey(data.of))) await this.#leaveToOthers(job, token, session)
    if (done && job.id !== undefined) await session.done(job.id, done)
  }

  /** Does something with the campaign's folder and Redis in step. */
  async #on(data: Slice | Chore, does: (bridge: Bridge) => Promise<void>): Promise<void> {
    const { target } = data.of
    const refusal = this.#options.refusal(data.of)
    if (refusal !== undefined) throw new CannotBegin(refusal)
    const key = campaignKey(data.of)
    const { redis, folderOf, version } = this.#options
    let entry = this.#bridges.get(key)
    if (!entry) {
      const folder = workerFolder(folderOf(target), data.of, version)
      // Bridges come and go with jobs; what they have to say is said once.
      const bridge = new Bridge({ redis, folder: folder.path, name: this.name, say: line => this.#sayOnce(line) })
      entry = { bridge, users: 0 }
      this.#bridges.set(key, entry)
    }
    entry.users++
    try {
      await entry.bridge.carry()
      await does(entry.bridge)
      await entry.bridge.carry()
    } finally {
      if (--entry.users === 0) {
        this.#bridges.delete(key)
        await entry.bridge.close()
      }
    }
  }

  #cannot(data: Slice | Chore, reason: string): void {
    const key = campaignKey(data.of)
    if (!this.#unfit.has(key)) this.#options.say(`${data.of.target}: left to others: ${reason}`)
    this.#unfit.set(key, reason)
  }

  async #leaveToOthers(job: BullMQ.Job<Slice | Chore>, token: string | undefined, session: Session): Promise<never> {
    await session.say(this.name, this.#unfit.get(campaignKey(job.data.of)) ?? '')
    await this.#signIn()
    await job.moveToDelayed(Date.now() + LEAVE, token)
    throw new this.#options.bullmq.DelayedError()
  }

  #trouble(error: Error): void {
    // That Redis is gone is said by who has connected; that it has forgotten a job, or given it to another, is no matter.
    if (/Missing (key|lock)|renew lock|not in the active state/i.test(error.message)) return
    if (/ECONN|closed|ENOTFOUND|ETIMEDOUT|EPIPE/i.test(`${error.message}${(error as NodeJS.ErrnoException).code}`))
      return
    this.#sayOnce(`queue: ${error.message}`)
  }

  #sayOnce(line: string): void {
    if (this.#said.has(line)) return
    this.#said.add(line)
    this.#options.say(line)
  }
}
