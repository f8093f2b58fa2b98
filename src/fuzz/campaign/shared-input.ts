const HEAD = 64
/** The most octets of an input that are kept for the watchdog: who hangs on more is told with what is kept. */
export const INPUT_LIMIT = 1 << 20

const BEAT = 0
const LENGTH = 1

/**
 * What a worker is doing, in memory that outlives it: the input it tries, and figures. The input is there before it is
 * tried, so that whoever ends a worker that does not come back knows what it was.
 */
export class SharedInput {
  readonly memory: SharedArrayBuffer
  readonly #words: Int32Array
  readonly #figures: Float64Array
  readonly #input: Uint8Array

  constructor(memory = new SharedArrayBuffer(HEAD + INPUT_LIMIT)) {
    this.memory = memory
    this.#words = new Int32Array(memory, 0, 4)
    this.#figures = new Float64Array(memory, 16, 6)
    this.#input = new Uint8Array(memory, HEAD)
  }

  /** `isCounted`: it is a run of its own, and not one that was done before. */
  begin(input: Uint8Array, isCounted = true): void {
    const length = Math.min(input.length, INPUT_LIMIT)
    this.#input.set(length === input.length ? input : input.subarray(0, length))
    this.#words[LENGTH] = length
    if (isCounted) this.#figures[0] = this.runs + 1
    Atomics.add(this.#words, BEAT, 1)
  }

  end(): void {
    Atomics.add(this.#words, BEAT, 1)
  }

  /** How many inputs were begun: whoever is ended in the midst of one has done it too. */
  get runs(): number {
    return this.#figures[0] as number
  }

  /** Odd while an input is tried; another number for each. */
  get beat(): number {
    return Atomics.load(this.#words, BEAT)
  }

  /** The input as it was last tried: a copy. */
  get input(): Uint8Array {
    return Uint8Array.from(this.#input.subarray(0, this.#words[LENGTH]))
  }

  /** What a worker says of itself, and its runs. */
  get figures(): Required<Figures> & { readonly runs: number } {
    const [runs = 0, blocks = 0, corpus = 0, finds = 0, states = 0, restarts = 0] = this.#figures
    return { runs, blocks, corpus, finds, states, restarts }
  }

  tell({ blocks, corpus, finds, states = 0, restarts = 0 }: Figures): void {
    this.#figures[1] = blocks
    this.#figures[2] = corpus
    this.#figures[3] = finds
    this.#figures[4] = states
    this.#figures[5] = restarts
  }
}

export interface Figures {
  /** Blocks of code that were entered; 0 where nobody counts. */
  readonly blocks: number
  readonly corpus: number
  /** Runs that came to a find, new or not. */
  readonly finds: number
  /** States that a server showed. */
  readonly states?: number
  /** How often what is behind the target was started anew. */
  readonly restarts?: number
}

/** An input as a key of sets, so that those that are deadly are known before they are begun. */
export function keyOf(input: Uint8Array): string {
  return Buffer.from(input.buffer, input.byteOffset, input.byteLength).toString('latin1')
}
