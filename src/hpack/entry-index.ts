import type { Field } from './field.ts'

/** The numbers of the entries that have a name, the newest apart: most names have one value only, and need no map. */
interface Named {
  value: string
  newest: number
  older: Map<string, number> | undefined
}

/** With no more entries than these, looking at each is faster than keeping a map. */
const FEW = 8

/** Finds entries of a dynamic table by name and value, in time that does not grow with the table. */
export class EntryIndex {
  /** All entries while there are few, the oldest first, and the number of that one. */
  #few: Field[] = []
  #first = 0
  /** Where to look first: after what was found last, since the fields of one request come in the order of the last. */
  #next = 0
  /** By name, once there were more. */
  #names: Map<string, Named> | undefined

  /** Takes in an entry just inserted. */
  add(field: Field, number: number): void {
    if (this.#names !== undefined) addTo(this.#names, field, number)
    else {
      if (this.#few.length === 0) this.#first = number
      this.#few.push(field)
      if (this.#few.length > FEW) this.#index()
    }
  }

  /** Forgets an entry just evicted, which is the oldest. */
  delete(field: Field, number: number): void {
    const named = this.#names?.get(field.name)
    if (this.#names === undefined) {
      this.#few.shift()
      this.#first++
    } else if (named?.newest === number) this.#names.delete(field.name)
    else if (named?.older?.get(field.value) === number) named.older.delete(field.value)
  }

  /** The number of an entry with this name and value, or -1. */
  find(name: string, value: string): number {
    if (this.#names !== undefined) {
      const named = this.#names.get(name)
      if (named === undefined) return -1
      return named.value === value ? named.newest : (named.older?.get(value) ?? -1)
    }
    const few = this.#few
    for (let left = few.length, i = this.#next; left > 0; left--, i++) {
      if (i >= few.length) i = 0
      const field = few[i] as Field
      if (field.name !== name || field.value !== value) continue
      this.#next = i + 1
      return this.#first + i
    }
    return -1
  }

  /** The number of the newest entry with this name, or -1. */
  findName(name: string): number {
    if (this.#names !== undefined) return this.#names.get(name)?.newest ?? -1
    for (let i = this.#few.length - 1; i >= 0; i--) if (this.#few[i]?.name === name) return this.#first + i
    return -1
  }

  #index(): void {
    const names = new Map<string, Named>()
    for (const [i, field] of this.#few.entries()) addTo(names, field, this.#first + i)
    this.#names = names
    this.#few = []
  }
}

function addTo(names: Map<string, Named>, field: Field, number: number): void {
  const named = names.get(field.name)
  if (named === undefined) {
    names.set(field.name, { value: field.value, newest: number, older: undefined })
    return
  }
  named.older ??= new Map()
  named.older.set(named.value, named.newest)
  named.value = field.value
  named.newest = number
}
