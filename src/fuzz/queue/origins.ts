import { addOrigin, originOf, readLineage } from '../campaign/lineage.ts'
import type { Shelf } from './shelf.ts'

/** Carries where inputs come from between a campaign's folder and Redis, both ways. */
export class OriginCarrier {
  readonly #shelf: Shelf
  readonly #folder: string
  /** Inputs of which both sides know. */
  readonly #known = new Set<string>()

  constructor(shelf: Shelf, folder: string) {
    this.#shelf = shelf
    this.#folder = folder
  }

  async carry(): Promise<void> {
    const fresh = readLineage(this.#folder).filter(({ name }) => !this.#known.has(name))
    await this.#shelf.put(fresh.map(origin => [origin.name, Buffer.from(JSON.stringify(origin))]))
    for (const { name } of fresh) this.#known.add(name)
    for (const [name, text] of await this.#shelf.follow()) {
      const origin = originOf(text.toString('utf8'))
      if (origin?.name !== name || this.#known.has(name)) continue
      this.#known.add(name)
      addOrigin(this.#folder, origin)
    }
  }

  /** Redis has come back without what it had. */
  restart(): void {
    this.#shelf.restart()
    this.#known.clear()
  }
}
