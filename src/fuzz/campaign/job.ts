import type { Coverage } from '../instrument/coverage.ts'
import type { Confirmed, Find, Outcome } from '../target.ts'
import type { KeptFind } from './folder.ts'
import type { StateEdge } from './state-graph.ts'

/** What it takes to find a target again: kept with a campaign, and with each find. */
export interface TargetSpec {
  /** `codec:dns/message`, `server:bind9` */
  readonly target: string
  /** Names of errors that are refusals. */
  readonly allow: readonly string[]
  /** What else the target is told, by the names of options. */
  readonly settings?: Readonly<Record<string, string>> | undefined
}

/** What a worker is started with. */
export interface Job extends TargetSpec {
  /** To look for inputs, to try those that it is given, or to say which of them show what no other does. */
  readonly mode: 'search' | 'examine' | 'prune'
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
  /** To try a find again, by the subject's own way, and make it smaller for so many ms. */
  | {
      readonly kind: 'confirm'
      readonly id: number
      readonly input: Uint8Array
      readonly find: Find
      readonly before: readonly Uint8Array[]
      readonly time: number
    }
  /** There is no time any more to make anything smaller. */
  | { readonly kind: 'hurry' }
  /** An input that was thought deadly was not: it may be tried. */
  | { readonly kind: 'harmless'; readonly input: Uint8Array }

export type FromWorker =
  | {
      readonly kind: 'ready'
      readonly watched: WatchedCode
      /** What one run may take, in ms. */
      readonly patience?: number | undefined
      /** It has started something, and is waited for until that has ended. */
      readonly orderly?: boolean
      /** Linux's number for its thread. */
      readonly thread?: number | undefined
      /** What exactly is tried: `bind9 9.18.24`. */
      readonly title?: string | undefined
    }
  /** More code was loaded. */
  | { readonly kind: 'code'; readonly watched: WatchedCode }
  /** It cannot begin, or not go on; the message is for the user. */
  | { readonly kind: 'failed'; readonly message: string }
  /** The folder of the campaign fails it; the message is for the user. */
  | { readonly kind: 'unusable'; readonly message: string }
  /** An input that is worth keeping, and new to the folder. */
  | { readonly kind: 'input'; readonly octets: Uint8Array }
  | { readonly kind: 'find'; readonly find: KeptFind }
  /** It took much time or memory, which may have been an accident. */
  | { readonly kind: 'suspect'; readonly what: 'slow' | 'memory'; readonly input: Uint8Array }
  | { readonly kind: 'tried'; readonly id: number; readonly tried: Tried }
  | { readonly kind: 'confirmed'; readonly id: number; readonly confirmed: ConfirmedFind }
  /** Which states followed which, since this was last told. */
  | { readonly kind: 'states'; readonly edges: readonly StateEdge[] }
  /** Which of its inputs are worth keeping: their places in the list. */
  | { readonly kind: 'worth'; readonly places: readonly number[] }
  /** Something was thrown while nobody was there to catch it, of which nobody knows what it belongs to. */
  | { readonly kind: 'trouble'; readonly reason: string }
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

/** A find that was tried again, as people are told of it. */
export interface ConfirmedFind extends Confirmed {
  /** The input for people. */
  readonly lines: readonly string[]
  /** A program that does the same, where there can be one. */
  readonly script?: string | undefined
}

/** What came of an input that was tried some times. */
export interface Tried {
  readonly outcomes: readonly Outcome[]
  /** The least of all times, in ms. */
  readonly elapsed: number
  /** The least that it allocated, in octets. */
  readonly allocated: number
  /** The input for people, where it takes a subject that was started to tell. */
  readonly lines?: readonly string[] | undefined
}
