/** Entered sixteen times or more. */
const MANY = 32

/**
 * Classes of how often a block was entered: 1, 2, 3, 4-7, 8-15, more. One bit each. Were there more classes above, slow
 * inputs would fill the corpus.
 */
export const HIT_CLASSES = Uint8Array.from({ length: 256 }, (_, hits) => {
  if (hits < 4) return [0, 1, 2, 4][hits] as number
  return hits < 8 ? 8 : hits < 16 ? 16 : MANY
})

/** Octets of a page, and the most pages, of WebAssembly. */
const PAGE = 1 << 16
const MOST_PAGES = 1 << 14

/** What is looked at together. */
const LANES = 16

/**
 * Memory for counters of one octet, which other threads can be shown. What is done to all counters after each run is done
 * in WebAssembly, sixteen at a time: no loop of JavaScript's looks at more than four.
 */
export class CounterMemory {
  /** All counters. */
  readonly counters: Uint8Array
  readonly #memory: SharedMemory
  readonly #code: Code

  /** For at least so many counters. */
  constructor(size: number) {
    const pages = Math.ceil(size / PAGE)
    this.#memory = new WebAssembly.Memory({ initial: pages, maximum: MOST_PAGES, shared: true })
    this.#code = new WebAssembly.Instance(codeModule(), { memory: { memory: this.#memory } }).exports
    this.counters = new Uint8Array(this.#memory.buffer)
  }

  /** An octet for each counter, for the classes of hits that were seen of it; every call gives others. */
  classes(): Uint8Array {
    const { length } = this.counters
    const start = PAGE * this.#memory.grow(length / PAGE)
    return new Uint8Array(this.#memory.buffer, start, length)
  }

  /** Sets the first `count` counters to zero. */
  clear(count: number): void {
    this.#code.clear(count)
  }

  /** Whether any of the first `count` counters is of a class that `seen`, which `classes` gave, lacks. */
  shows(count: number, seen: Uint8Array): boolean {
    return this.#code.shows(seen.byteOffset, count) !== 0
  }
}

/** No types of WebAssembly come with those of Node or of the language. */
interface SharedMemory {
  readonly buffer: SharedArrayBuffer
  /** By so many pages; gives how many there were. */
  grow(pages: number): number
}

interface Code {
  readonly clear: (count: number) => void
  readonly shows: (seen: number, count: number) => number
}

interface CodeModule {
  readonly codeModule: true
}

declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number; maximum: number; shared: true }) => SharedMemory
  readonly Module: new (octets: Uint8Array) => CodeModule
  readonly Instance: new (
    module: CodeModule,
    imports: { memory: { memory: SharedMemory } },
  ) => { readonly exports: Code }
}

let compiled: CodeModule | undefined

/** Compiled once in each thread. */
function codeModule(): CodeModule {
  compiled ??= new WebAssembly.Module(assembled())
  return compiled
}

const I32 = 0x7f
const V128 = 0x7b
const I32_CONST = 0x41
const I32_LT_U = 0x49
const I32_ADD = 0x6a
const LOCAL_GET = 0x20
const LOCAL_SET = 0x21
const LOCAL_TEE = 0x22
const LOOP = 0x03
const NO_RESULT = 0x40
const BR_IF = 0x0d
const END = 0x0b
/** Of the first memory, from its beginning; the second zero says that nothing is known of how the address is aligned. */
const V128_LOAD = [0xfd, 0x00, 0, 0]
const V128_CONST = [0xfd, 0x0c]
const I8X16_SWIZZLE = [0xfd, 0x0e]
const I8X16_GT_U = [0xfd, 0x28]
const V128_AND = [0xfd, 0x4e]
const V128_ANDNOT = [0xfd, 0x4f]
const V128_OR = [0xfd, 0x50]
const V128_ANY_TRUE = [0xfd, 0x53]
const MEMORY_FILL = [0xfc, 0x0b, 0]

/** The module (WebAssembly Core Specification 2.0, §5): it imports the memory, and exports the functions of `Code`. */
function assembled(): Uint8Array {
  const count = { clear: 0, shows: 1 }
  const clear = [I32_CONST, 0, I32_CONST, 0, LOCAL_GET, count.clear, ...MEMORY_FILL]

  const [seen, at, fresh, hits] = [0, 2, 3, 4]
  const lanes = (octet: number) => new Array<number>(LANES).fill(octet)
  const shows = [
    ...[LOOP, NO_RESULT],
    // Looked up in a table of sixteen; more gives zero there.
    ...[...V128_CONST, ...HIT_CLASSES.subarray(0, LANES)],
    ...[LOCAL_GET, at, ...V128_LOAD, LOCAL_TEE, hits],
    ...I8X16_SWIZZLE,
    ...[LOCAL_GET, hits, ...V128_CONST, ...lanes(LANES - 1), ...I8X16_GT_U],
    ...[...V128_CONST, ...lanes(MANY), ...V128_AND],
    ...V128_OR,
    // Without what was seen.
    ...[LOCAL_GET, seen, LOCAL_GET, at, I32_ADD, ...V128_LOAD],
    ...V128_ANDNOT,
    ...[LOCAL_GET, fresh, ...V128_OR, LOCAL_SET, fresh],
    ...[LOCAL_GET, at, I32_CONST, LANES, I32_ADD, LOCAL_TEE, at],
    ...[LOCAL_GET, count.shows, I32_LT_U, BR_IF, 0],
    END,
    ...[LOCAL_GET, fresh, ...V128_ANY_TRUE],
  ]

  const types = [
    [0x60, ...list([[I32]]), ...list([])],
    [0x60, ...list([[I32], [I32]]), ...list([[I32]])],
  ]
  const shared = 3
  const memory = [...name('memory'), ...name('memory'), 2, shared, ...leb128(0), ...leb128(MOST_PAGES)]
  const exported = [
    [...name('clear'), 0, 0],
    [...name('shows'), 0, 1],
  ]
  const locals = [
    [1, I32],
    [2, V128],
  ]
  const bodies = [sized([...list([]), ...clear, END]), sized([...list(locals), ...shows, END])]
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...[1, ...sized(list(types))],
    ...[2, ...sized(list([memory]))],
    ...[3, ...sized(list([[0], [1]]))],
    ...[7, ...sized(list(exported))],
    ...[10, ...sized(list(bodies))],
  ])
}

function leb128(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...leb128(value >>> 7)]
}

function list(parts: readonly number[][]): number[] {
  return [...leb128(parts.length), ...parts.flat()]
}

function sized(octets: readonly number[]): number[] {
  return [...leb128(octets.length), ...octets]
}

function name(text: string): number[] {
  return sized([...Buffer.from(text)])
}
