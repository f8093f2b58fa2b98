import { err, type Output } from './terminal.ts'

/** How something stands, in both forms. */
interface Forms<S> {
  /** Lines that take each other's place on a terminal. */
  readonly lines: (status: S, output: Output) => readonly string[]
  /** The line that is written now and then where there is none. */
  readonly line: (status: S) => string
  /** How often that is, in ms. */
  readonly every: number
}

/** A status that is drawn over itself on a terminal, and lines where there is none. */
export class LiveScreen<S extends { readonly elapsed: number }> {
  readonly #forms: Forms<S>
  readonly #output: Output
  #drawn = 0
  #plain = 0

  constructor(forms: Forms<S>, output: Output = err) {
    this.#forms = forms
    this.#output = output
  }

  show(status: S): void {
    if (this.#output.live) this.#redraw(this.#forms.lines(status, this.#output))
    else if (status.elapsed - this.#plain >= this.#forms.every) {
      this.#plain = status.elapsed
      this.#output.line(this.#forms.line(status))
    }
  }

  /** A line that stays, above the status. */
  say(line: string): void {
    this.clear()
    this.#output.line(line)
  }

  clear(): void {
    if (this.#drawn > 0) this.#output.raw(`\u001b[${this.#drawn}A\u001b[J`)
    this.#drawn = 0
  }

  #redraw(lines: readonly string[]): void {
    const up = this.#drawn > 0 ? `\u001b[${this.#drawn}A` : ''
    this.#output.raw(`${up}${lines.map(line => `${line}\u001b[K\n`).join('')}\u001b[J`)
    this.#drawn = lines.length
  }
}
