import { progress as line, redraw } from '../report/terminal.ts'
import { err } from './terminal.ts'

/** Milliseconds between two drawings: fast enough to live, slow enough to cost nothing. */
const FRAME = 50

interface Run {
  done: number
  total: number
  failed: number
}

/** One line at the foot of the terminal that tells how far runs have come; silent where there is no terminal. */
export class Progress {
  readonly #runs = new Map<string, Run>()
  #drawn = 0
  #shown = false

  /** A run has come this far. */
  update(name: string, run: Readonly<Run>): void {
    this.#runs.set(name, { ...run })
    this.#draw()
  }

  /** A run has ended and is not shown any more. */
  end(name: string): void {
    this.#runs.delete(name)
    if (this.#runs.size === 0) this.clear()
  }

  /** Takes the line away, so that others can be written. */
  clear(): void {
    if (this.#shown) err.raw(redraw(''))
    this.#shown = false
    this.#drawn = 0
  }

  #draw(): void {
    if (!err.live) return
    const now = performance.now()
    if (now - this.#drawn < FRAME) return
    this.#drawn = now
    this.#shown = true
    const sum = { done: 0, total: 0, failed: 0 }
    for (const run of this.#runs.values()) {
      sum.done += run.done
      sum.total += run.total
      sum.failed += run.failed
    }
    const name = [...this.#runs.keys()].join(', ')
    err.raw(redraw(line({ name, ...sum }, { colour: err.colour, columns: err.width })))
  }
}
