import type { FindKind } from '../target.ts'
import { type KeptFind, stands } from './folder.ts'

/** How a campaign stands. */
export interface Status {
  readonly target: string
  /** Since this process has begun, in ms. */
  readonly elapsed: number
  readonly runs: number
  /** Of late. */
  readonly runsPerSecond: number
  readonly workers: number
  /** On how many machines they are, where there may be more than one. */
  readonly machines?: number | undefined
  readonly restarts: number
  readonly corpus: number
  /** Inputs that were there when this process began. */
  readonly resumed: number
  /** Blocks of code that any worker has entered, in sessions before too; 0 where nobody counts. */
  readonly blocks: number
  /** What exactly is behind a target that is no code: `bind9 9.18.24`. */
  readonly server?: string | undefined
  /** States that a server showed, to the worker that saw most. */
  readonly states?: number | undefined
  /** How often servers were started anew. */
  readonly revived?: number | undefined
  /** Since something new came to the corpus, and since the last find, in ms. */
  readonly sinceNew: number
  readonly sinceFind: number | undefined
  /** Runs that came to a find. */
  readonly findings: number
  /** Finds of the folder by kind; those that do not stand are not counted. */
  readonly finds: Readonly<Record<FindKind, number>>
  /** Finds that are being looked at, or wait for it. */
  readonly examined: number
}

/** How a campaign ended, and why. */
export interface Ending extends Status {
  /** `gone`: a server did not come back. `nobody`: no worker of many machines has begun. */
  readonly why: 'time' | 'quiet' | 'runs' | 'stopped' | 'gone' | 'nobody'
  /** Of `gone`: for people. */
  readonly reason?: string | undefined
}

/** How many finds of each kind there are to act upon. */
export function kindsOf(finds: readonly KeptFind[]): Record<FindKind, number> {
  const kinds: Record<FindKind, number> = { crash: 0, law: 0, hang: 0, slow: 0, memory: 0, disagreement: 0 }
  for (const find of finds) if (stands(find)) kinds[find.kind]++
  return kinds
}
