import type { Field } from './field.ts'

/** The numbers of the entries that have a name, the newest apart: most names have one value only, and need no map. */
interface Named {
  value: string
  newest: number
  older: Map<string, number> | undefined
}

/** Finds entries of a dynamic table by name and value, in time that does not grow with the table. */
export class EntryIndex {
  readonly #names = new Map<string, Named>()

  /** Takes in an entry just inserted. */
  add(field: Field, number: number): void {
    const named = this.#names.get(field.name)
    if (named === undefined) {
      this.#names.set(field.name, { value: field.value, newest: number, older: undefined })
      return
    }
    named.older ??= new Map()
    named.older.set(named.value, named.newest)
    named.value = field.value
    named.newest = number
  }

  /** Forgets an entry just evicted. */
  delete(field: Field, number: number): void {
    const named = this.#names.get(field.name)
    if (named === undefined) return
    if (named.newest === number) this.#names.delete(field.name)
    else if (named.older?.get(field.value) === number) named.older.delete(field.value)
  }

  /** The number of an entry with this name and value, or -1. */
  find(name: string, value: string): number {
    const named = this.#names.get(name)
    if (named === undefined) return -1
    return named.value === value ? named.newest : (named.older?.get(value) ?? -1)
  }

  /** The number of the newest entry with this name, or -1. */
  findName(name: string): number {
    return this.#names.get(name)?.newest ?? -1
  }
}
