/** Text put into a source, which keeps its own characters and lines. */
export class Edits {
  readonly #source: string
  readonly #closing = new Map<number, string>()
  readonly #opening = new Map<number, string>()

  constructor(source: string) {
    this.#source = source
  }

  /** Puts text around a part. What encloses it is put around later, and so stands outside. */
  around(from: number, to: number, before: string, after: string): void {
    this.#opening.set(from, before + (this.#opening.get(from) ?? ''))
    this.after(to, after)
  }

  /** Puts text behind a place and what was put there before, and in front of what begins there. */
  after(at: number, text: string): void {
    this.#closing.set(at, (this.#closing.get(at) ?? '') + text)
  }

  /** A part of the source with the edits in it and right around it, as they are so far. */
  text(from: number, to: number): string {
    let text = this.#opening.get(from) ?? ''
    let done = from
    for (let at = from + 1; at < to; at++) {
      const [closing, opening] = [this.#closing.get(at), this.#opening.get(at)]
      if (closing === undefined && opening === undefined) continue
      text += this.#source.slice(done, at) + (closing ?? '') + (opening ?? '')
      done = at
    }
    return text + this.#source.slice(done, to) + (to > from ? (this.#closing.get(to) ?? '') : '')
  }

  /** The whole. */
  done(): string {
    const text = this.text(0, this.#source.length)
    return (this.#closing.get(0) ?? '') + text
  }

  /** Places of what was put in, in order, with its length. */
  *shifts(): Generator<readonly [at: number, by: number]> {
    const places = new Set([...this.#closing.keys(), ...this.#opening.keys()])
    for (const at of [...places].sort((a, b) => a - b))
      yield [at, (this.#closing.get(at)?.length ?? 0) + (this.#opening.get(at)?.length ?? 0)]
  }
}
