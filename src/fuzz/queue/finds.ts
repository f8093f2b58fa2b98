import { join } from 'node:path'
import type { Examined } from '../campaign/examine-find.ts'
import {
  beforeFind,
  type CampaignFolder,
  hashOf,
  type KeptFind,
  readFind,
  SHELVES,
  scriptOf,
} from '../campaign/folder.ts'
import { filesIn } from '../campaign/whole-file.ts'
import { base64, octetsOf } from './base64.ts'
import type { Item, Shelf } from './shelf.ts'

export interface FindShelves {
  readonly finds: Shelf
  readonly replays: Shelf
}

/** Carries finds, and what somebody has come to who looked at one, between a campaign's folder and Redis, both ways. */
export class FindCarrier {
  readonly #shelves: FindShelves
  readonly #folder: CampaignFolder
  readonly #onFind: (find: KeptFind) => void
  readonly #finds = new Map<string, KeptFind>()
  /** Finds that Redis has. */
  readonly #given = new Set<string>()
  #isInStep = false

  /** `onFind` is told of what is new: of a find, and once more when somebody has looked at it. */
  constructor(shelves: FindShelves, folder: CampaignFolder, onFind: (find: KeptFind) => void) {
    this.#shelves = shelves
    this.#folder = folder
    this.#onFind = onFind
  }

  /** All finds of the folder. */
  get all(): KeptFind[] {
    return [...this.#finds.values()]
  }

  /** A find by its id, wherever it is. */
  find(id: string): KeptFind | undefined {
    return this.#finds.get(id)
  }

  async carry(): Promise<void> {
    await this.#give()
    await this.#takeFinds()
    await this.#takeReplays()
    this.#isInStep = true
  }

  /** All of it once more. */
  restart(): void {
    for (const shelf of Object.values(this.#shelves)) shelf.restart()
    this.#given.clear()
  }

  async putReplay(id: string, examined: Examined): Promise<void> {
    await this.#shelves.replays.put([replayItem(id, examined)])
  }

  async #give(): Promise<void> {
    const { path } = this.#folder
    for (const shelf of new Set(Object.values(SHELVES))) {
      for (const id of filesIn(join(path, shelf))) {
        if (this.#given.has(id)) continue
        const find = readFind(join(path, shelf, id))
        if (!find) continue
        await this.#shelves.finds.put([[id, findText(find)]])
        const { replay, minimal = find.input } = find
        if (replay) await this.putReplay(id, { replay, minimal, script: scriptOf(find) })
        this.#given.add(id)
        if (this.#finds.has(id)) continue
        this.#finds.set(id, find)
        // What was there before is no news.
        if (this.#isInStep) this.#onFind(find)
      }
    }
  }

  async #takeFinds(): Promise<void> {
    for (const [id, text] of await this.#shelves.finds.follow()) {
      if (this.#finds.has(id)) continue
      const { input, before, ...find } = JSON.parse(text.toString('utf8')) as FindText
      const kept = this.#folder.addFind(find, octetsOf(input), Date.now(), before.map(octetsOf))
      if (!kept) continue
      this.#given.add(kept.id)
      this.#finds.set(kept.id, kept)
      this.#onFind(kept)
    }
  }

  async #takeReplays(): Promise<void> {
    for (const [, text] of await this.#shelves.replays.follow()) {
      const { id, replay, minimal, script } = JSON.parse(text.toString('utf8')) as ReplayText
      const find = this.#finds.get(id)
      if (!find) continue
      const octets = octetsOf(minimal)
      this.#folder.addReplay(find, replay, octets, script)
      this.#finds.set(id, { ...find, replay, minimal: octets })
      if (find.replay === undefined) this.#onFind({ ...find, replay, minimal: octets })
    }
  }
}

/** All that `find.json` says, the input, and the inputs up to it where it may take several; octets in Base64. */
interface FindText extends Omit<KeptFind, 'input' | 'path' | 'minimal' | 'replay'> {
  readonly input: string
  readonly before: readonly string[]
}

interface ReplayText extends Omit<Examined, 'minimal'> {
  readonly id: string
  /** In Base64. */
  readonly minimal: string
}

function findText({ path, minimal: _minimal, replay: _replay, input, ...find }: KeptFind): Buffer {
  const text: FindText = { ...find, input: base64(input), before: beforeFind({ path }).map(base64) }
  return Buffer.from(JSON.stringify(text))
}

function replayItem(id: string, { replay, minimal, script }: Examined): Item {
  const text: ReplayText = { id, replay, minimal: base64(minimal), script }
  return [`${id}-${replay.again}-${hashOf(minimal).slice(0, 8)}`, Buffer.from(JSON.stringify(text))]
}
