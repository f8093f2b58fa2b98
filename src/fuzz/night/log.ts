import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Slice } from './turns.ts'

/** A slice as it is logged: a line each in `night.jsonl`, which is all that it takes to go on. */
export interface LoggedSlice extends Slice {
  readonly runs: number
  /** Inputs in the campaign's folder after it, and blocks of code that were entered in it. */
  readonly corpus: number
  readonly covered: number
}

/** The log of all nights of a folder. Nobody who is killed spoils more than his last line. */
export class NightLog {
  readonly #file: string
  #whole = false

  constructor(path: string) {
    mkdirSync(path, { recursive: true })
    this.#file = join(path, 'night.jsonl')
  }

  /** `at` is in ms since 1970. */
  add(slice: LoggedSlice, at: number): void {
    const line = JSON.stringify({ at, ...slice }, (_, value: unknown) =>
      typeof value === 'number' ? Math.round(value) : value,
    )
    // Somebody may have been killed within the line before.
    appendFileSync(this.#file, `${this.#whole ? '' : '\n'}${line}\n`)
    this.#whole = true
  }

  slices(): LoggedSlice[] {
    if (!existsSync(this.#file)) return []
    return readFileSync(this.#file, 'utf8')
      .split('\n')
      .flatMap(line => {
        try {
          const slice = JSON.parse(line) as LoggedSlice
          return typeof slice.target === 'string' ? [slice] : []
        } catch {
          return []
        }
      })
  }
}
