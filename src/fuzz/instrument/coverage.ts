import { CompareLog } from './compare-log.ts'
import { CounterMemory } from './counter-memory.ts'

/** Where instrumented code finds the counters of its thread. No symbol: code may call something of its own `Symbol`. */
export const COVERAGE = 'wiregrade.coverage'

/** What a module is told about by its instrumentation. */
export interface ModuleMap {
  readonly file: string
  /** Line and column (from 1 and from 0) of each block, one after another. */
  readonly places: readonly number[]
  /** How many comparisons are watched. */
  readonly sites: number
  /** What the code compares with: strings and numbers that say something. */
  readonly words: readonly (string | number)[]
}

/** What a module gets: its own counters, the number of its first comparison, and the log. */
export interface ModuleCounters {
  readonly counters: Uint8ClampedArray
  readonly work: Int32Array
  readonly site: number
  readonly log: CompareLog
}

export interface Place {
  readonly file: string
  /** From 1. */
  readonly line: number
  /** From 0. */
  readonly column: number
}

/** Blocks in all; modules that are loaded later are not counted. */
const BLOCKS = 1 << 20

/**
 * Counts how often each block of instrumented code was entered since `reset`, up to 255: counters stand in the order in
 * which modules were loaded, without gaps, in memory that other threads can be shown.
 */
export class Coverage {
  readonly #memory = new CounterMemory(BLOCKS)
  readonly counters: Uint8Array = this.#memory.counters
  /** How many counters are in use: it grows as modules are loaded. */
  blocks = 0
  /** Turns of loops, calls of callbacks, and sizes of what was made, since `reset`: what a run costs, the same on every machine. */
  readonly work = new Int32Array(1)
  readonly log = new CompareLog(this.work)
  readonly modules: (ModuleMap & { readonly first: number; readonly site: number })[] = []
  #sites = 0

  reset(): void {
    this.#memory.clear(this.blocks)
    this.work[0] = 0
  }

  /** An octet for each block, for the classes of hits (`HIT_CLASSES`) that were seen of it; every call gives others. */
  classes(): Uint8Array {
    return this.#memory.classes()
  }

  /** Whether a block was entered as often as `seen`, which `classes` gave, does not say. */
  shows(seen: Uint8Array): boolean {
    return this.#memory.shows(this.blocks, seen)
  }

  /** Instrumented code calls it as it is loaded. The same file loaded again is counted apart. */
  module(map: ModuleMap): ModuleCounters {
    const count = map.places.length / 2
    const first = this.blocks
    const site = this.#sites
    const { buffer } = this.counters
    const fits = first + count <= this.counters.length
    const counters = fits ? new Uint8ClampedArray(buffer, first, count) : new Uint8ClampedArray(count)
    if (fits) {
      this.blocks += count
      this.modules.push({ ...map, first, site })
    }
    this.#sites += map.sites
    return { counters, work: this.work, site, log: this.log }
  }

  /** Where a block begins, in the file as it was written. */
  locationOf(block: number): Place | undefined {
    const module = this.modules.findLast(({ first }) => first <= block)
    const [line, column] = module?.places.slice(2 * (block - module.first), 2 * (block - module.first) + 2) ?? []
    if (module === undefined || line === undefined || column === undefined) return undefined
    return { file: module.file, line, column }
  }
}

/** The coverage of this thread, which instrumented code reports to. Made when it is first asked for. */
export function coverageHere(): Coverage {
  const here = globalThis as { [COVERAGE]?: Coverage }
  here[COVERAGE] ??= new Coverage()
  return here[COVERAGE]
}
