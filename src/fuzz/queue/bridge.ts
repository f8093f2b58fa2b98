import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { Examined } from '../campaign/examine-find.ts'
import { CampaignFolder, type KeptFind } from '../campaign/folder.ts'
import { CoverageCarrier } from './coverage.ts'
import { FindCarrier } from './finds.ts'
import { InputCarrier } from './inputs.ts'
import { campaignKey, nameOf } from './keys.ts'
import { KnownCarrier } from './known.ts'
import { OriginCarrier } from './origins.ts'
import { isThere } from './roster.ts'
import { Shelf } from './shelf.ts'
import { StateCarrier } from './states.ts'

/** How often it carries, in ms, and every how many times what was covered and where inputs come from too. */
const CARRY = 400
const SELDOM = 5
/** How long Redis keeps a campaign that nobody works on, in seconds. Folders keep it for ever. */
const KEEP = 30 * 86_400

export interface BridgeOptions {
  readonly redis: Redis
  readonly folder: string
  /** How this process is called among workers. */
  readonly name: string
  /** A find has come from elsewhere, or what somebody has come to who looked at one. */
  onFind?(find: KeptFind): void
  /** A line for people. */
  say?(line: string): void
}

/**
 * Carries inputs, finds and coverage between a campaign's folder and Redis, both ways, as long as it is open. Both keep
 * all of it: when Redis comes back empty it gets again what the folder has.
 */
export class Bridge {
  readonly folder: CampaignFolder
  readonly #options: BridgeOptions
  readonly #redis: Redis
  readonly #key: string
  readonly #shelves: readonly Shelf[]
  readonly #inputs: InputCarrier
  readonly #finds: FindCarrier
  readonly #coverage: CoverageCarrier
  readonly #origins: OriginCarrier
  readonly #known: KnownCarrier
  readonly #states: StateCarrier
  readonly #said = new Set<string>()
  readonly #timer: NodeJS.Timeout
  #epoch: string | undefined
  #turn = 0
  #carrying: Promise<void> | undefined
  #newest = performance.now()

  constructor(options: BridgeOptions) {
    const { redis, folder, name } = options
    this.#options = options
    this.#redis = redis
    // Its own eyes: what the campaign in this process has put there is new to it.
    this.folder = CampaignFolder.at(folder)
    this.#key = campaignKey(nameOf(this.folder.file))
    const shelf = (of: string): Shelf => new Shelf(redis, `${this.#key}:${of}`)
    const [inputs, aside, finds] = [shelf('inputs'), shelf('aside'), shelf('finds')]
    const [replays, origins, known] = [shelf('replays'), shelf('origins'), shelf('known')]
    this.#shelves = [inputs, aside, finds, replays, origins, known]
    this.#inputs = new InputCarrier({ inputs, aside }, this.folder, () => this.#news())
    this.#finds = new FindCarrier({ finds, replays }, this.folder, find => {
      this.#news()
      options.onFind?.(find)
    })
    this.#origins = new OriginCarrier(origins, folder)
    this.#known = new KnownCarrier(known, folder)
    this.#states = new StateCarrier(redis, `${this.#key}:states`, folder)
    const onOther = (file: string, by: string): Promise<void> => this.#sayOther(file, by)
    this.#coverage = new CoverageCarrier({ redis, key: `${this.#key}:coverage`, folder, name, onOther })
    this.#timer = setInterval(() => void this.carry().catch(() => {}), CARRY)
  }

  /** When an input or a find has last come or gone, as `performance.now()` has it. */
  get newest(): number {
    return this.#newest
  }

  /** All finds of the folder. */
  finds(): KeptFind[] {
    return this.#finds.all
  }

  /** A find by its id, wherever it is. */
  find(id: string): KeptFind | undefined {
    return this.#finds.find(id)
  }

  /** Carries now; whoever asks while it is at it waits for a whole turn of its own. */
  async carry(): Promise<void> {
    const before = this.#carrying
    if (before) {
      await before.catch(() => {})
      if (this.#carrying) return this.#carrying
    }
    this.#carrying = this.#carry().finally(() => {
      this.#carrying = undefined
    })
    return this.#carrying
  }

  /** Carries all there is once more, and ends. */
  async close(): Promise<void> {
    clearInterval(this.#timer)
    this.#turn = 0
    await this.carry()
  }

  /** Leaves all where it is. */
  leave(): void {
    clearInterval(this.#timer)
  }

  /** What somebody has come to who looked at a find. */
  async putReplay(id: string, examined: Examined): Promise<void> {
    await this.#finds.putReplay(id, examined)
  }

  /** Inputs that show nothing of their own are set aside by everybody. */
  async putAside(inputs: readonly Uint8Array[]): Promise<void> {
    await this.#inputs.putAside(inputs)
  }

  async #carry(): Promise<void> {
    await this.#sameRedis()
    await this.#inputs.carry()
    await this.#finds.carry()
    if (this.#turn++ % SELDOM !== 0) return
    await this.#coverage.carry()
    await this.#origins.carry()
    await this.#known.carry()
    await this.#states.carry()
    await this.#keep()
  }

  /** Redis may have come back without what it had. */
  async #sameRedis(): Promise<void> {
    await this.#redis.setnx(this.#epochKey, randomUUID())
    const epoch = (await this.#redis.get(this.#epochKey)) ?? ''
    if (this.#epoch !== undefined && epoch !== this.#epoch) {
      for (const carrier of [this.#inputs, this.#finds, this.#coverage, this.#origins, this.#known]) carrier.restart()
    }
    this.#epoch = epoch
  }

  get #epochKey(): string {
    return `${this.#key}:epoch`
  }

  /** As long as anybody works on it, and for some time from now on, Redis keeps all of it. */
  async #keep(): Promise<void> {
    // The epoch goes first: who finds that it is another gives all again.
    const shelves = this.#shelves.flatMap(shelf => shelf.keys)
    const keys = [this.#epochKey, this.#states.key, ...shelves, ...(await this.#coverage.keys())]
    const renewal = this.#redis.pipeline()
    for (const key of keys) renewal.expire(key, KEEP)
    await renewal.exec()
  }

  async #sayOther(file: string, by: string): Promise<void> {
    // Those who have left a version behind some time ago are nobody's concern.
    if (this.#said.has(by) || !(await isThere(this.#redis, by))) return
    this.#said.add(by)
    this.#options.say?.(`worker ${by} has another version of ${file}: inputs are shared with it, coverage is not`)
  }

  #news(): void {
    this.#newest = performance.now()
  }
}
