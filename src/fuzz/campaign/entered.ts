import { readFileSync } from 'node:fs'
import type { Coverage } from '../instrument/coverage.ts'
import { hashOf } from './folder.ts'
import type { WatchedCode } from './job.ts'

/** Which blocks inputs of this worker have entered, in memory that its campaign looks into. */
export class Entered {
  readonly #coverage: Coverage
  readonly #blocks: Uint8Array
  readonly #hashes: (string | undefined)[] = []

  constructor(coverage: Coverage) {
    this.#coverage = coverage
    this.#blocks = new Uint8Array(new SharedArrayBuffer(coverage.counters.length))
  }

  /** Whether modules were loaded since the code was told. */
  get hasMore(): boolean {
    return this.#hashes.length < this.#coverage.modules.length
  }

  /** The code as it is known now, for others. */
  code(): WatchedCode {
    const { counters, blocks, modules } = this.#coverage
    for (const { file } of modules.slice(this.#hashes.length)) this.#hashes.push(hashOfFile(file))
    return { counters, blocks, modules: [...modules], hashes: [...this.#hashes], entered: this.#blocks }
  }

  /** An input showed these features, eight for each block (see `Features`): how many blocks are new. */
  showed(features: Iterable<number>): number {
    let count = 0
    for (const feature of features) count += this.#enter(feature >>> 3)
    return count
  }

  /** What the counters show was entered by an input. */
  counted(): void {
    const { counters, blocks } = this.#coverage
    for (let block = 0; block < blocks; block++) if (counters[block] !== 0) this.#enter(block)
  }

  #enter(block: number): number {
    // Behind the blocks there are states, which are no code.
    if (block >= this.#coverage.blocks || this.#blocks[block] !== 0) return 0
    this.#blocks[block] = 1
    return 1
  }
}

function hashOfFile(file: string): string | undefined {
  try {
    return hashOf(readFileSync(file))
  } catch {
    return undefined
  }
}
