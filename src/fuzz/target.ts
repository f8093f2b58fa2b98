/** Something that inputs are tried on: a codec, a machine, somebody's module, a server, several of these side by side. */
export interface Target {
  /** `codec:dns/message`: how the command line names it, and a worker finds it again. */
  readonly name: string
  /** One line for people. */
  readonly about: string
  /** Whether the same input always does the same: so for code in this process, not for a server. */
  readonly deterministic: boolean
  /**
   * Milliseconds that the watchdog leaves one run; 500 unless said. What speaks to a server tells a hang by itself, and has
   * to start it anew: it is given as much as that may take.
   */
  readonly patience?: number | undefined
  /** Makes it ready, in the worker that will try inputs on it. Throws an `Error` whose message a user can act on. */
  start(): Promise<FuzzSubject>
}

/** A target that is ready. */
export interface FuzzSubject {
  /** Tries one input, which must not be kept or changed. Never throws: a throw of the target's is what came of it. */
  run(input: Uint8Array): Outcome | Promise<Outcome>
  /** Inputs to begin with: vectors, invented values, what a specification shows. */
  readonly seeds: readonly Uint8Array[]
  /** Octets that mean something to the target: constants of its code, words of its specification. */
  readonly tokens: readonly Uint8Array[]
  /**
   * Changes an input by what is known of its structure: a field gets a boundary value, a length lies, a message is
   * dropped, repeated, swapped. Undefined where it makes nothing of it.
   */
  readonly mutate?: ((input: Uint8Array, chance: Chance) => Uint8Array | undefined) | undefined
  /** Where black-box targets show states: numbers that are counted as coverage, as of the last run. */
  readonly states?: (() => readonly number[]) | undefined
  /** An input for people: messages and fields, one line each. */
  describe?(input: Uint8Array): readonly string[]
  /** Ends what was started for it. A worker is waited for until it has. */
  stop?(): Promise<void>

  // What follows is for subjects that are not deterministic: servers, and several of these side by side.

  /** What it is just now: `bind9 9.18.24`. */
  readonly title?: string | undefined
  /** How often what is behind it was started anew. */
  readonly restarts?: number | undefined
  /** Counters of a native server's edges as of the last run, where it shows them. */
  readonly edges?: Uint8Array | undefined
  /** What followed what in the last run: for each flow the states it went through, in words for people. */
  paths?(): readonly (readonly string[])[]
  /** Inputs up to and with the one of the last find, oldest first: a find may come of several. */
  readonly before?: readonly Uint8Array[] | undefined
  /** Tries a find again on a subject started anew, some times, and makes its input as small as there is time for. */
  confirm?(input: Uint8Array, find: Find, options?: ConfirmOptions): Promise<Confirmed>
  /** From now on answers are waited for so long that the same input shows the same, however busy the machine is. */
  unhurried?(): void
  /** Starts what is behind it anew; what its end brought to light. */
  renew?(): Promise<Find | undefined>
  /** A program of its own, for plain Node, that does what an input does: for whoever has to mend the server. */
  script?(input: Uint8Array, about: readonly string[]): string
}

export interface ConfirmOptions {
  /** Inputs up to and with this one, oldest first, as of the find; those since the last start unless said. */
  readonly before?: readonly Uint8Array[] | undefined
  /** Asked before each try at something smaller: there is no time for more. Without it nothing is made smaller. */
  stopped?(): boolean
}

/** What is left of a find when it is looked for again. */
export interface Confirmed {
  /** The input that it comes of: as found, smaller, or one that does what several did. */
  readonly input: Uint8Array
  /** How many inputs that is; 0 where it does not come again at all. */
  readonly sessions: number
  /** How often it came, of how many times. */
  readonly times: number
  readonly of: number
  /** What each of several subjects says of it. */
  readonly said?: readonly string[] | undefined
}

/** What came of an input. `known`: what would be a find, had not somebody said that it is none, and why. */
export type Outcome =
  /** It was taken. */
  | { readonly kind: 'accepted'; readonly known?: readonly Find[] }
  /** It was refused as it should be: by a `WireError`, an error response, a close. */
  | { readonly kind: 'refused'; readonly known?: readonly Find[] }
  | { readonly kind: 'find'; readonly find: Find }

/**
 * - `crash`: a throw that is no refusal, or the death of a process.
 * - `law`: what was read does not come back as it was, or an invariant of a machine is broken.
 * - `hang`: no end within the watchdog's patience. `slow`, `memory`: more of it than the input's length explains.
 * - `disagreement`: subjects of one protocol differ.
 */
export type FindKind = 'crash' | 'law' | 'hang' | 'slow' | 'memory' | 'disagreement'

/** Something that should not have come of an input. */
export interface Find {
  readonly kind: FindKind
  /** One line: `TypeError: Cannot read properties of undefined`. */
  readonly title: string
  /** The stack as it was thrown, where there is one. */
  readonly stack?: string | undefined
  /** What each of several subjects says, one line each. */
  readonly said?: readonly string[] | undefined
  /** It was a fault whether it comes again or not: what a sanitizer reported, a process ended by a fault of its own. */
  readonly certain?: true | undefined
  /** Others that the same input shows besides. */
  readonly also?: readonly Find[] | undefined
  /** Finds with the same signature are one: made by triage from kind, type of error and top frames. */
  readonly signature: string
}

/** Chance that can be had again from its seed. */
export interface Chance {
  /** A whole number from 0 up to, not with, `below`; below 2^32. */
  below(below: number): number
  /** True once in so many times. */
  oneIn(times: number): boolean
  /** One of some things, of which there is at least one. */
  pick<T>(of: readonly T[]): T
}

export const ACCEPTED: Outcome = { kind: 'accepted' }
export const REFUSED: Outcome = { kind: 'refused' }
