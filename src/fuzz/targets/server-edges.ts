import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { type Coverage, coverageHere } from '../instrument/coverage.ts'

/** Counters of a native server's edges: few, so that a run is read in 2 µs; a power of two. */
export const EDGES = 1 << 14

/** The variable that tells a server, built with native/edge-map.c, which file to count in. */
export const EDGES_VARIABLE = 'WIREGRADE_EDGES'

/**
 * The edges that a server built with native/edge-map.c shows. They are counted among the blocks of this thread, as a
 * module of their own, so that whoever is guided by coverage is guided by them too.
 */
export class EdgeMap {
  readonly #fd: number
  readonly #counters: Uint8ClampedArray
  readonly #read: Uint8Array
  readonly #zeros: Uint8Array

  /** `path`: a file of `size` octets, which the server maps too. */
  constructor(path: string, name: string, size: number = EDGES, coverage: Coverage = coverageHere()) {
    this.#fd = openSync(path, 'r+')
    const places: number[] = new Array(2 * size).fill(0)
    this.#counters = coverage.module({ file: `edges of ${name}`, places, sites: 0, words: [] }).counters
    this.#read = new Uint8Array(size)
    this.#zeros = new Uint8Array(size)
  }

  /** Before a session: nothing was entered. */
  clear(): void {
    writeSync(this.#fd, this.#zeros, 0, this.#zeros.length, 0)
  }

  /** After a session: shows what was entered among the counters of this thread. */
  show(): void {
    readSync(this.#fd, this.#read, 0, this.#read.length, 0)
    this.#counters.set(this.#read)
  }

  /** Counters as of the last `show`. */
  get counters(): Uint8Array {
    return this.#read
  }

  close(): void {
    closeSync(this.#fd)
  }
}
