import { addOrigin, originOf, readLineage } from '../campaign/lineage.ts'
import { ItemCarrier } from './item-carrier.ts'
import type { Item, Shelf } from './shelf.ts'

/** Carries where inputs come from between a campaign's folder and Redis, both ways. */
export class OriginCarrier extends ItemCarrier {
  readonly #folder: string

  constructor(shelf: Shelf, folder: string) {
    super(shelf)
    this.#folder = folder
  }

  protected others(carried: ReadonlySet<string>): Item[] {
    const fresh = readLineage(this.#folder).filter(({ name }) => !carried.has(name))
    return fresh.map(origin => [origin.name, Buffer.from(JSON.stringify(origin))])
  }

  protected keep(name: string, octets: Buffer): boolean {
    const origin = originOf(octets.toString('utf8'))
    if (origin?.name !== name) return false
    addOrigin(this.#folder, origin)
    return true
  }
}
