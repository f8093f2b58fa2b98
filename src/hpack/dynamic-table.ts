import { type Field, fieldSize } from './field.ts'

/**
 * The dynamic table: fields newest first, evicted from the oldest when their sizes sum up to more than the maximum.
 * Entries are known by their number: the first ever inserted is 0, the next 1, and so on. RFC 7541 §2.3.2, §4
 */
export class DynamicTable {
  /** A ring: the entry with number n lies at n modulo its length, a power of two. */
  #ring: (Field | undefined)[] = new Array<Field | undefined>(16).fill(undefined)
  #inserted = 0
  #evicted = 0
  #size = 0
  #maxSize: number
  readonly #onEvict: ((field: Field, number: number) => void) | undefined

  /** `onEvict` is told of each entry that goes, and its number. */
  constructor(maxSize: number, onEvict?: (field: Field, number: number) => void) {
    this.#maxSize = maxSize
    this.#onEvict = onEvict
  }

  /** How many entries there are. */
  get length(): number {
    return this.#inserted - this.#evicted
  }

  /** How many were ever inserted: the number that the next one gets. */
  get inserted(): number {
    return this.#inserted
  }

  /** How many were ever evicted: the number of the oldest there is, if there is one. */
  get evicted(): number {
    return this.#evicted
  }

  /** Octets. RFC 7541 §4.1 */
  get size(): number {
    return this.#size
  }

  /** Octets. RFC 7541 §4.2 */
  get maxSize(): number {
    return this.#maxSize
  }

  /** Evicts what no longer fits. RFC 7541 §4.3 */
  set maxSize(octets: number) {
    this.#maxSize = octets
    this.#evictTo(octets)
  }

  /** The entry at a place counted from the newest, which is 0. */
  at(place: number): Field | undefined {
    return place < this.length ? this.#ring[(this.#inserted - 1 - place) & (this.#ring.length - 1)] : undefined
  }

  /** Inserts an entry, after evicting what it needs; one larger than the table leaves it empty. RFC 7541 §4.4 */
  insert(field: Field): void {
    const size = fieldSize(field)
    this.#evictTo(this.#maxSize - size)
    if (size > this.#maxSize) return
    if (this.length === this.#ring.length) this.#widen()
    this.#ring[this.#inserted++ & (this.#ring.length - 1)] = field
    this.#size += size
  }

  /** All entries, the newest first, as in the RFC's examples. */
  entries(): Field[] {
    return Array.from({ length: this.length }, (_, place) => this.at(place) as Field)
  }

  #evictTo(room: number): void {
    while (this.#size > room && this.#evicted < this.#inserted) {
      const number = this.#evicted++
      const slot = number & (this.#ring.length - 1)
      const field = this.#ring[slot] as Field
      this.#ring[slot] = undefined
      this.#size -= fieldSize(field)
      this.#onEvict?.(field, number)
    }
  }

  #widen(): void {
    const wider = new Array<Field | undefined>(this.#ring.length * 2).fill(undefined)
    for (let n = this.#evicted; n < this.#inserted; n++)
      wider[n & (wider.length - 1)] = this.#ring[n & (this.#ring.length - 1)]
    this.#ring = wider
  }
}
