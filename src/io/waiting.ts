import type { Arrival } from '../conformance/channel.ts'

/** Lets one ask for the next arrival at a time, and wait for it. */
export class Waiting {
  readonly #arrival: () => Arrival | undefined
  #answer: (() => void) | undefined

  /** `arrival`: takes what is there. */
  constructor(arrival: () => Arrival | undefined) {
    this.#arrival = arrival
  }

  /** There is something to take. */
  wake(): void {
    this.#answer?.()
  }

  /** What is there, or comes within so many ms, or `silence`. */
  receive(patience: number): Promise<Arrival> {
    const there = this.#arrival()
    if (there) return Promise.resolve(there)
    if (this.#answer) return Promise.reject(new Error('one receive at a time'))
    return new Promise(resolve => {
      const answer = (): void => {
        this.#answer = undefined
        clearTimeout(timer)
        resolve(this.#arrival() ?? { kind: 'silence' })
      }
      this.#answer = answer
      // Timers run before sockets are read. On a busy machine octets may have been there for long when this one
      // fires, so it looks at the sockets once more before it calls that silence.
      const timer = setTimeout(() => setImmediate(() => this.#answer === answer && answer()), patience)
    })
  }
}
