import type { Case, Suite, TalkOptions } from './case.ts'
import { caseId } from './case.ts'
import { features } from './features.ts'
import type { Peer } from './peer.ts'
import type { CaseOptions } from './run-case.ts'
import { runCase } from './run-case.ts'
import { ALIVE, BOUNDED, type Verdict } from './verdict.ts'

export interface RunOptions extends Omit<CaseOptions, 'features'> {
  /** How many cases run side by side. */
  readonly concurrency: number
  /** How often each case runs. */
  readonly repeat: number
  /** Which cases run, by id; all of them when absent. */
  readonly only?: (id: string) => boolean
  /** Told each verdict as it comes. */
  readonly onVerdict?: (verdict: Verdict, done: number, total: number) => void
  /** Stops taking new cases when aborted; what has been judged is returned. */
  readonly signal?: AbortSignal
}

/** Silence shorter than this is not silence, even on a machine whose every core is busy. */
export const PATIENCE = 2000

/** What a talk needs to know when nobody says otherwise. */
export const TALK_DEFAULTS = {
  patience: PATIENCE,
  octetLimit: 3 << 20,
  headers: [],
  resources: {},
} as const satisfies Partial<TalkOptions>

/** How long one connection of a case may take: some silences after one another, and never less than 5 s. */
export function timeLimit(patience: number): number {
  return Math.max(5000, 5 * patience)
}

interface Job {
  readonly suite: Suite
  readonly entry: Case
}

/** Runs the cases of suites against a peer, some side by side; verdicts come in the order of the suites. */
export async function run(suites: readonly Suite[], peer: Peer, options: RunOptions): Promise<Verdict[]> {
  const jobs: Job[] = []
  for (const suite of suites) {
    for (const entry of suite.cases) {
      if (suite.role === peer.role && (options.only?.(caseId(entry)) ?? true)) jobs.push({ suite, entry })
    }
  }
  const first = jobs[0]
  if (!first) return []
  const caseOptions: CaseOptions = { ...options, features: features(first.suite, peer, options) }
  const verdicts: (Verdict | undefined)[] = new Array(jobs.length)
  let next = 0
  let done = 0
  let gone: string | undefined
  let hopeless = 0

  async function lane(): Promise<void> {
    while (next < jobs.length && !options.signal?.aborted) {
      const index = next++
      const job = jobs[index] as Job
      const verdict = gone === undefined ? await repeated(job, peer, caseOptions, options.repeat) : unreached(job, gone)
      if (verdict.outcome === 'crash' && gone === undefined) gone = await revive(peer, verdict)
      hopeless = isHopeless(verdict) ? hopeless + 1 : 0
      if (hopeless === HOPELESS)
        gone ??= `${HOPELESS} cases in a row came to nothing, so the rest was not run: ${verdict.came}`
      verdicts[index] = verdict
      options.onVerdict?.(verdict, ++done, jobs.length)
    }
  }

  await Promise.all(Array.from({ length: Math.min(options.concurrency, jobs.length) }, lane))
  return verdicts.filter(verdict => verdict !== undefined)
}

async function repeated(job: Job, peer: Peer, options: CaseOptions, times: number): Promise<Verdict> {
  let verdict = await runCase(job.suite, job.entry, peer, options)
  if (times <= 1) return verdict
  const outcomes = [verdict.outcome]
  let milliseconds = verdict.milliseconds
  while (outcomes.length < times && verdict.outcome !== 'crash') {
    const again = await runCase(job.suite, job.entry, peer, options)
    milliseconds += again.milliseconds
    outcomes.push(again.outcome)
    // The evidence kept is that of the first run that disagrees.
    if (again.outcome !== verdict.outcome && outcomes.slice(0, -1).every(outcome => outcome === outcomes[0]))
      verdict = again
  }
  const steady = outcomes.every(outcome => outcome === outcomes[0])
  const outcome = steady || verdict.outcome === 'crash' ? verdict.outcome : 'unstable'
  return { ...verdict, outcome, repeats: outcomes, milliseconds }
}

/** So many cases in a row in which a subject did not even begin, or did not end: no other will find out more. */
const HOPELESS = 12

function isHopeless({ outcome, expected }: Verdict): boolean {
  return (outcome === 'fail' || outcome === 'error') && (expected.startsWith(ALIVE) || expected === BOUNDED)
}

/** After a crash: starts the subject again if it is ours to start; says why the rest cannot be judged if not. */
async function revive(peer: Peer, verdict: Verdict): Promise<string | undefined> {
  const gone = `the subject died in ${verdict.id}: ${verdict.came}`
  if (!peer.revive) return gone
  try {
    await peer.revive()
    return undefined
  } catch (thrown) {
    return `${gone}, and could not be started again: ${thrown instanceof Error ? thrown.message : String(thrown)}`
  }
}

function unreached(job: Job, why: string): Verdict {
  const { rule, when } = job.entry
  return {
    id: caseId(job.entry),
    protocol: job.suite.protocol.name,
    role: job.suite.role,
    suite: job.suite.title,
    rule: rule.id,
    level: rule.level,
    spec: rule.spec,
    section: rule.section,
    text: rule.text,
    when,
    outcome: 'error',
    expected: 'a subject to run against',
    came: why,
    milliseconds: 0,
    transcript: [],
  }
}
