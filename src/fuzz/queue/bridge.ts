import { randomUUID } from 'node:crypto'
import { mkdirSync, readdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import type { Redis } from 'ioredis'
import { CampaignFolder, hashOf, type KeptFind, type Replay, readFind, SHELVES } from '../campaign/folder.ts'
import { CoverageCarrier } from './coverage.ts'
import { campaignKey, nameOf } from './keys.ts'
import { OriginCarrier } from './origins.ts'
import { isThere } from './roster.ts'
import { type Item, Shelf } from './shelf.ts'

/** How often it carries, in ms, and every how many times what was covered and where inputs come from too. */
const CARRY = 400
const SELDOM = 5

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
  readonly #shelves: Record<'inputs' | 'finds' | 'replays' | 'aside', Shelf>
  readonly #coverage: CoverageCarrier
  readonly #origins: OriginCarrier
  readonly #finds = new Map<string, KeptFind>()
  /** Finds that Redis has. */
  readonly #given = new Set<string>()
  /** Inputs that Redis has not got yet. */
  readonly #owed: Uint8Array[] = []
  readonly #aside = new Set<string>()
  readonly #said = new Set<string>()
  readonly #timer: NodeJS.Timeout
  #epoch: string | undefined
  #turn = 0
  #isInStep = false
  #carrying: Promise<void> | undefined
  #newest = performance.now()

  constructor(options: BridgeOptions) {
    const { redis, folder, name, say } = options
    this.#options = options
    this.#redis = redis
    // Its own eyes: what the campaign in this process has put there is new to it.
    this.folder = CampaignFolder.at(folder)
    this.#key = campaignKey(nameOf(this.folder.file))
    const shelf = (of: string): Shelf => new Shelf(redis, `${this.#key}:${of}`)
    this.#shelves = { inputs: shelf('inputs'), finds: shelf('finds'), replays: shelf('replays'), aside: shelf('aside') }
    this.#origins = new OriginCarrier(shelf('origins'), folder)
    this.#coverage = new CoverageCarrier({
      redis,
      key: `${this.#key}:coverage`,
      folder,
      name,
      onOther: async (file, by) => {
        // Those who have left a version behind some time ago are nobody's concern.
        if (this.#said.has(by) || !(await isThere(redis, by))) return
        this.#said.add(by)
        say?.(`worker ${by} has another version of ${file}: inputs are shared with it, coverage is not`)
      },
    })
    this.#timer = setInterval(() => void this.carry().catch(() => {}), CARRY)
  }

  /** When an input or a find has last come or gone, as `performance.now()` has it. */
  get newest(): number {
    return this.#newest
  }

  /** All finds of the folder. */
  finds(): KeptFind[] {
    return [...this.#finds.values()]
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
  async putReplay(id: string, replay: Replay, minimal: Uint8Array): Promise<void> {
    await this.#shelves.replays.put([replayItem(id, replay, minimal)])
  }

  /** Inputs that show nothing of their own are set aside by everybody. */
  async putAside(inputs: readonly Uint8Array[]): Promise<void> {
    await this.#shelves.aside.put(inputs.map(input => [hashOf(input), Buffer.from('1')]))
  }

  /** A find by its id, wherever it is. */
  find(id: string): KeptFind | undefined {
    return this.#finds.get(id)
  }

  async #carry(): Promise<void> {
    await this.#sameRedis()
    await this.#setAside()
    await this.#giveInputs()
    await this.#giveFinds()
    await this.#takeInputs()
    await this.#takeFinds()
    this.#isInStep = true
    if (this.#turn++ % SELDOM !== 0) return
    await this.#coverage.carry()
    await this.#origins.carry()
  }

  /** Redis may have come back without what it had. */
  async #sameRedis(): Promise<void> {
    const key = `${this.#key}:epoch`
    await this.#redis.setnx(key, randomUUID())
    const epoch = (await this.#redis.get(key)) ?? ''
    if (this.#epoch !== undefined && epoch !== this.#epoch) {
      for (const shelf of Object.values(this.#shelves)) shelf.restart()
      this.#coverage.restart()
      this.#origins.restart()
      this.#owed.push(...this.#fresh().newInputs())
      this.#given.clear()
    }
    this.#epoch = epoch
  }

  /** The folder as one who sees it for the first time. */
  #fresh(): CampaignFolder {
    return CampaignFolder.at(this.folder.path)
  }

  async #giveInputs(): Promise<void> {
    this.#owed.push(...this.folder.newInputs())
    if (this.#owed.length === 0) return
    const inputs = [...this.#owed]
    if ((await this.#shelves.inputs.put(inputs.map(inputItem))) > 0) this.#newest = performance.now()
    this.#owed.splice(0, inputs.length)
  }

  async #takeInputs(): Promise<void> {
    for (const [name, octets] of await this.#shelves.inputs.follow()) {
      const input = Uint8Array.from(octets)
      if (this.#aside.has(name) || hashOf(input) !== name) continue
      if (this.folder.addInput(input)) this.#newest = performance.now()
    }
  }

  async #giveFinds(): Promise<void> {
    const { path } = this.folder
    for (const shelf of new Set(Object.values(SHELVES))) {
      for (const id of namesIn(join(path, shelf))) {
        if (this.#given.has(id)) continue
        const find = readFind(join(path, shelf, id))
        if (!find) continue
        await this.#shelves.finds.put([[id, findText(find)]])
        if (find.replay) await this.putReplay(id, find.replay, find.minimal ?? find.input)
        this.#given.add(id)
        if (this.#finds.has(id)) continue
        this.#finds.set(id, find)
        // What was there before is no news.
        if (this.#isInStep) this.#tell(find)
      }
    }
  }

  async #takeFinds(): Promise<void> {
    for (const [id, text] of await this.#shelves.finds.follow()) {
      if (this.#finds.has(id)) continue
      const { input, ...find } = JSON.parse(text.toString('utf8')) as Omit<KeptFind, 'input'> & { input: string }
      const kept = this.folder.addFind(find, Uint8Array.from(Buffer.from(input, 'base64')), Date.now())
      if (!kept) continue
      this.#given.add(kept.id)
      this.#finds.set(kept.id, kept)
      this.#tell(kept)
    }
    for (const [, text] of await this.#shelves.replays.follow()) {
      const { id, replay, minimal } = JSON.parse(text.toString('utf8')) as ReplayText
      const find = this.#finds.get(id)
      if (!find) continue
      const octets = Uint8Array.from(Buffer.from(minimal, 'base64'))
      this.folder.addReplay(find, replay, octets)
      const known = find.replay !== undefined
      this.#finds.set(id, { ...find, replay, minimal: octets })
      if (!known) this.#tell({ ...find, replay, minimal: octets })
    }
  }

  async #setAside(): Promise<void> {
    const aside = await this.#shelves.aside.follow()
    if (aside.length === 0) return
    const { path } = this.folder
    mkdirSync(join(path, 'pruned'), { recursive: true })
    for (const [name] of aside) {
      this.#aside.add(name)
      try {
        renameSync(join(path, 'corpus', name), join(path, 'pruned', name))
      } catch {
        // It is not here, or somebody who shares the folder has done it.
      }
    }
  }

  #tell(find: KeptFind): void {
    this.#newest = performance.now()
    this.#options.onFind?.(find)
  }
}

interface ReplayText {
  readonly id: string
  readonly replay: Replay
  /** In Base64. */
  readonly minimal: string
}

function inputItem(input: Uint8Array): Item {
  return [hashOf(input), Buffer.from(input)]
}

/** All that `find.json` says, and the input. */
function findText({ path: _path, minimal: _minimal, replay: _replay, input, ...find }: KeptFind): Buffer {
  return Buffer.from(JSON.stringify({ ...find, input: Buffer.from(input).toString('base64') }))
}

function replayItem(id: string, replay: Replay, minimal: Uint8Array): Item {
  const text: ReplayText = { id, replay, minimal: Buffer.from(minimal).toString('base64') }
  return [`${id}-${replay.again}-${hashOf(minimal).slice(0, 8)}`, Buffer.from(JSON.stringify(text))]
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter(name => !name.startsWith('.'))
  } catch {
    return []
  }
}
