import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { CampaignFolder, hashOf } from '../campaign/folder.ts'
import type { Item, Shelf } from './shelf.ts'

export interface InputShelves {
  readonly inputs: Shelf
  readonly aside: Shelf
}

/** Carries inputs between a campaign's folder and Redis, both ways, and sets aside what somebody has pruned. */
export class InputCarrier {
  readonly #shelves: InputShelves
  readonly #folder: CampaignFolder
  readonly #onNews: () => void
  /** Inputs that Redis has not got yet. */
  #owed: Uint8Array[] = []
  readonly #aside = new Set<string>()

  /** `onNews` is called when an input has come that was not there, or has gone where it was not. */
  constructor(shelves: InputShelves, folder: CampaignFolder, onNews: () => void) {
    this.#shelves = shelves
    this.#folder = folder
    this.#onNews = onNews
  }

  async carry(): Promise<void> {
    await this.#setAside()
    await this.#give()
    await this.#take()
  }

  /** All of it once more: what the folder has, as one sees it for the first time. */
  restart(): void {
    for (const shelf of Object.values(this.#shelves)) shelf.restart()
    this.#owed = CampaignFolder.at(this.#folder.path).newInputs()
  }

  /** Inputs that show nothing of their own are set aside by everybody. */
  async putAside(inputs: readonly Uint8Array[]): Promise<void> {
    await this.#shelves.aside.put(inputs.map(input => [hashOf(input), Buffer.from('1')]))
  }

  async #give(): Promise<void> {
    this.#owed = [...this.#owed, ...this.#folder.newInputs()]
    if (this.#owed.length === 0) return
    if ((await this.#shelves.inputs.put(this.#owed.map(inputItem))) > 0) this.#onNews()
    this.#owed = []
  }

  async #take(): Promise<void> {
    for (const [name, octets] of await this.#shelves.inputs.follow()) {
      const input = Uint8Array.from(octets)
      if (this.#aside.has(name) || hashOf(input) !== name) continue
      if (this.#folder.addInput(input)) this.#onNews()
    }
  }

  async #setAside(): Promise<void> {
    const aside = await this.#shelves.aside.follow()
    if (aside.length === 0) return
    const { path } = this.#folder
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
}

function inputItem(input: Uint8Array): Item {
  return [hashOf(input), Buffer.from(input)]
}
