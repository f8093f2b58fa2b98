import type { Item, Shelf } from './shelf.ts'

/** Carries items that never change between a campaign's folder and a shelf in Redis, both ways, each once. */
export abstract class ItemCarrier {
  readonly #shelf: Shelf
  /** Of which both sides know. */
  readonly #carried = new Set<string>()

  constructor(shelf: Shelf) {
    this.#shelf = shelf
  }

  async carry(): Promise<void> {
    const fresh = this.others(this.#carried)
    await this.#shelf.put(fresh)
    for (const [name] of fresh) this.#carried.add(name)
    for (const [name, octets] of await this.#shelf.follow())
      if (!this.#carried.has(name) && this.keep(name, octets)) this.#carried.add(name)
  }

  /** Redis has come back without what it had. */
  restart(): void {
    this.#shelf.restart()
    this.#carried.clear()
  }

  /** What the folder has besides these. */
  protected abstract others(carried: ReadonlySet<string>): Item[]

  /** Puts an item of somebody else's into the folder; false where it is none. */
  protected abstract keep(name: string, octets: Buffer): boolean
}
