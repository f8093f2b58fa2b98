import type { FindKind } from '../target.ts'
import type { KeptFind } from './folder.ts'

/** How a campaign stands. */
export interface Status {
  readonly target: string
  /** Since this process has begun, in ms. */
  readonly elapsed: number
  readonly runs: number
  /** Of late. */
  readonly runsPerSecond: number
  readonly workers: number
  readonly restarts: number
  readonly corpus: number
  /** Inputs that were there when this process began. */
  readonly resumed: number
  /** Blocks of code that any worker has entered, in sessions before too; 0 where nobody counts. */
  readonly blocks: number
  /** Since something new came to the corpus, and since the last find, in ms. */
  readonly sinceNew: number
  readonly sinceFind: number | undefined
  /** Runs that came to a find. */
  readonly findings: number
  /** Finds of the folder by kind; those that did not come again are not counted. */
  readonly finds: Readonly<Record<FindKind, number>>
  /** Finds that are being looked at, or wait for it. */
  readonly examined: number
}

/** How a campaign ended, and why. */
export interface Ending extends Status {
  readonly why: 'time' | 'quiet' | 'runs' | 'stopped'
}

/** How many finds of each kind there are, but for those that did not come again. */
export function kindsOf(finds: readonly KeptFind[]): Record<FindKind, number> {
  const kinds: Record<FindKind, number> = { crash: 0, law: 0, hang: 0, slow: 0, memory: 0, disagreement: 0 }
  for (const { kind, replay } of finds) if (replay?.again !== 0) kinds[kind]++
  return kinds
}
