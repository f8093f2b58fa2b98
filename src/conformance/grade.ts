import type { Level } from './rule.ts'
import type { Grade, Outcome, Tally, Verdict } from './verdict.ts'

/** Outcomes that say something about the subject. */
const JUDGED: ReadonlySet<Outcome> = new Set(['pass', 'weak', 'fail', 'unstable', 'crash'])

/** Outcomes that fall short of a rule, or leave open whether they do. */
const SHORT: ReadonlySet<Outcome> = new Set(['weak', 'fail', 'unstable', 'crash', 'error'])

/** Whether a verdict keeps the exit status from being 0: a MUST that does not pass and was not known not to. */
export function fallsShort(verdict: Verdict): boolean {
  return verdict.level === 'MUST' && verdict.known === undefined && SHORT.has(verdict.outcome)
}

/** Sums verdicts up in one letter, its reason, and how much was kept of each level. */
export function grade(verdicts: readonly Verdict[]): Grade {
  const judged = verdicts.filter(verdict => JUDGED.has(verdict.outcome))
  const musts = judged.filter(verdict => verdict.level === 'MUST')
  const failed = musts.filter(verdict => verdict.outcome !== 'pass' && verdict.outcome !== 'weak').length
  const weak = musts.filter(verdict => verdict.outcome === 'weak').length
  const crashed = judged.filter(verdict => verdict.outcome === 'crash').length
  const should = tally(judged, 'SHOULD')
  const short = verdicts.filter(fallsShort).length
  const { letter, because } = letterOf({ judged: musts.length, failed, weak, crashed, should })
  return {
    letter,
    good: musts.length > 0 && short === 0,
    because,
    must: tally(judged, 'MUST'),
    should,
    may: tally(judged, 'MAY'),
  }
}

/** How many verdicts have each outcome. */
export function totals(verdicts: readonly Verdict[]): Record<Outcome, number> {
  const count: Record<Outcome, number> = {
    pass: 0,
    weak: 0,
    fail: 0,
    crash: 0,
    unstable: 0,
    unsupported: 0,
    limit: 0,
    error: 0,
    skipped: 0,
  }
  for (const { outcome } of verdicts) count[outcome] += 1
  return count
}

function tally(judged: readonly Verdict[], level: Level): Tally {
  const ofLevel = judged.filter(verdict => verdict.level === level)
  return { passed: ofLevel.filter(verdict => verdict.outcome === 'pass').length, judged: ofLevel.length }
}

function letterOf(sum: {
  readonly judged: number
  readonly failed: number
  readonly weak: number
  readonly crashed: number
  readonly should: Tally
}): Pick<Grade, 'letter' | 'because'> {
  const { judged, failed, weak, crashed, should } = sum
  if (judged === 0) return { letter: '-', because: 'no MUST could be judged' }
  if (crashed > 0) return { letter: 'F', because: `the subject died in ${cases(crashed)}` }
  const of = `of ${judged} MUST cases`
  if (failed * 20 > judged) return { letter: 'F', because: `${failed} ${of} fail` }
  if (failed > 0) return { letter: 'D', because: `${failed} ${of} ${failed === 1 ? 'fails' : 'fail'}` }
  if (weak > 0) return { letter: 'C', because: `${weak} ${of} ${weak === 1 ? 'is' : 'are'} kept only weakly` }
  const missed = should.judged - should.passed
  if (missed > 0)
    return {
      letter: 'B',
      because: `every MUST is kept; ${cases(missed)} of a SHOULD ${missed === 1 ? 'is' : 'are'} not`,
    }
  return { letter: 'A', because: 'every MUST and SHOULD is kept' }
}

function cases(count: number): string {
  return count === 1 ? '1 case' : `${count} cases`
}
