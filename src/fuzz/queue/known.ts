import { mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { place } from '../campaign/whole-file.ts'
import type { Shelf } from './shelf.ts'

/** Names of what is known, which are names of files. */
const NAME = /^[0-9a-f]{16}$/

/** Carries what would be finds and is known to be none between a campaign's folder and Redis, both ways. */
export class KnownCarrier {
  readonly #shelf: Shelf
  readonly #folder: string
  /** Of which both sides know. */
  readonly #carried = new Set<string>()

  constructor(shelf: Shelf, folder: string) {
    this.#shelf = shelf
    this.#folder = join(folder, 'known')
  }

  async carry(): Promise<void> {
    const fresh = this.#names().filter(name => !this.#carried.has(name))
    await this.#shelf.put(fresh.map(name => [name, readFileSync(join(this.#folder, name))]))
    for (const name of fresh) this.#carried.add(name)
    for (const [name, text] of await this.#shelf.follow()) {
      if (!NAME.test(name) || this.#carried.has(name)) continue
      this.#carried.add(name)
      mkdirSync(this.#folder, { recursive: true })
      place(join(this.#folder, name), text)
    }
  }

  /** Redis has come back without what it had. */
  restart(): void {
    this.#shelf.restart()
    this.#carried.clear()
  }

  #names(): string[] {
    try {
      return readdirSync(this.#folder).filter(name => NAME.test(name))
    } catch {
      return []
    }
  }
}
