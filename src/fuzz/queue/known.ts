import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { filesIn, place } from '../campaign/whole-file.ts'
import { ItemCarrier } from './item-carrier.ts'
import type { Item, Shelf } from './shelf.ts'

/** Names of what is known, which are names of files. */
const NAME = /^[0-9a-f]{16}$/

/** Carries what would be finds and is known to be none between a campaign's folder and Redis, both ways. */
export class KnownCarrier extends ItemCarrier {
  readonly #folder: string

  constructor(shelf: Shelf, folder: string) {
    super(shelf)
    this.#folder = join(folder, 'known')
  }

  protected others(carried: ReadonlySet<string>): Item[] {
    const fresh = filesIn(this.#folder).filter(name => NAME.test(name) && !carried.has(name))
    return fresh.map(name => [name, readFileSync(join(this.#folder, name))])
  }

  protected keep(name: string, octets: Buffer): boolean {
    if (!NAME.test(name)) return false
    mkdirSync(this.#folder, { recursive: true })
    place(join(this.#folder, name), octets)
    return true
  }
}
