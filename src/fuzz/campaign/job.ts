import type { Coverage } from '../instrument/coverage.ts'
import type { Outcome } from '../target.ts'
import type { KeptFind } from './folder.ts'

/** What a worker is started with. */
export interface Job {
  /** To look for inputs, to try those that it is given, or to say which of them show what no other does. */
  readonly mode: 'search' | 'examine' | 'prune'
  readonly target: string
  readonly allow: readonly string[]
  readonly seed: number
  /** Of a `SharedInput`. */
  readonly memory: SharedArrayBuffer
  /** The campaign's folder, for one that searches: what it finds is there before anybody else hears of it. */
  readonly folder?: string | undefined
  /** Inputs to begin with, besides the target's own seeds. */
  readonly inputs: readonly Uint8Array[]
  /** Inputs that ended a worker before: they are not tried again. */
  readonly deadly?: readonly Uint8Array[] | undefined
  /** Ends by itself after so many runs. */
  readonly runs?: number | undefined
}

export type ToWorker =
  | { readonly kind: 'inputs'; readonly inputs: readonly Uint8Array[] }
  | { readonly kind: 'stop' }
  | { readonly kind: 'try'; readonly id: number; readonly input: Uint8Array; readonly times: number }

export type FromWorker =
  | { readonly kind: 'ready'; readonly watched: WatchedCode }
  /** More code was loaded. */
  | { readonly kind: 'code'; readonly watched: WatchedCode }
  /** It cannot begin; the message is for the user. */
  | { readonly kind: 'failed'; readonly message: string }
  /** An input that is worth keeping, and new to the folder. */
  | { readonly kind: 'input'; readonly octets: Uint8Array }
  | { readonly kind: 'find'; readonly find: KeptFind }
  /** It took much time or memory, which may have been an accident. */
  | { readonly kind: 'suspect'; readonly what: 'slow' | 'memory'; readonly input: Uint8Array }
  | { readonly kind: 'tried'; readonly id: number; readonly tried: Tried }
  /** Which of its inputs are worth keeping: their places in the list. */
  | { readonly kind: 'worth'; readonly places: readonly number[] }
  /** It has done all its runs. */
  | { readonly kind: 'done' }

/** What code is watched, and the counters of its blocks, which outlive the worker. */
export interface WatchedCode {
  readonly counters: Uint8Array
  readonly blocks: number
  readonly modules: Coverage['modules']
  /** The hash of the text of each module, where it can be read. */
  readonly hashes: readonly (string | undefined)[]
  /** Not zero for each block that any input has entered; it outlives the worker too. */
  readonly entered: Uint8Array
}

/** What came of an input that was tried some times. */
export interface Tried {
  readonly outcomes: readonly Outcome[]
  /** The least of all times, in ms. */
  readonly elapsed: number
  /** The least that it allocated, in octets. */
  readonly allocated: number
}
