import type { Outcome } from './verdict.ts'

/** What an expectation finds, before its own words for what it wants are put to it. */
export interface Judgement {
  readonly outcome: Outcome
  readonly came: string
}

export const kept = (came: string): Judgement => ({ outcome: 'pass', came })
export const weakly = (came: string): Judgement => ({ outcome: 'weak', came })
export const broke = (came: string): Judgement => ({ outcome: 'fail', came })
