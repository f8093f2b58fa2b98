import type { Suite } from '../conformance/case.ts'
import { caseId } from '../conformance/case.ts'
import { coverage } from '../conformance/coverage.ts'
import { grade, totals } from '../conformance/grade.ts'
import type { Peer } from '../conformance/peer.ts'
import type { Rule } from '../conformance/rule.ts'
import { boundRoles } from '../conformance/rule.ts'
import type { Grade, Report, Verdict } from '../conformance/verdict.ts'
import { REPORT_SCHEMA } from './json.ts'

/** All that a report is made from. */
export interface Run {
  readonly version: string
  readonly peer: Pick<Peer, 'name' | 'address' | 'role'>
  /** What TLS agreed on, where there was TLS. */
  readonly security?: string | undefined
  /** Suites of one protocol; those of another role are left out. */
  readonly suites: readonly Suite[]
  /** Which cases were to run, by id, and how that was said. */
  readonly only?: { readonly glob: string; readonly matches: (id: string) => boolean } | undefined
  /** Verdicts with what was known laid over them, in the order of the suites. */
  readonly verdicts: readonly Verdict[]
  readonly stale: Report['stale']
  /** Milliseconds since the epoch. */
  readonly started: number
  readonly milliseconds: number
  readonly concurrency: number
  readonly patience: number
  readonly repeat: number
}

/** Puts the report of a run together. Cases that a stopped run did not come to are `skipped`, and say so. */
export function reportOf(run: Run): Report {
  const suites = run.suites.filter(suite => suite.role === run.peer.role)
  const protocol = suites[0]?.protocol
  if (!protocol) throw new RangeError(`there are no suites for a ${run.peer.role}`)
  const verdicts = withUnreached(run, suites)
  const bound = protocol.rules.filter((rule: Rule) => boundRoles(rule).includes(run.peer.role))
  const { name, address, role } = run.peer
  return {
    $schema: REPORT_SCHEMA,
    tool: { name: 'wiregrade', version: run.version },
    subject: { name, address, role, ...(run.security === undefined ? {} : { security: run.security }) },
    protocol: protocol.name,
    started: new Date(run.started).toISOString(),
    milliseconds: run.milliseconds,
    options: {
      concurrency: run.concurrency,
      patience: run.patience,
      repeat: run.repeat,
      ...(run.only === undefined ? {} : { only: run.only.glob }),
    },
    grade: run.verdicts.length < verdicts.length ? cutShort(run, verdicts) : grade(verdicts),
    totals: totals(verdicts),
    rules: coverage(bound, run.suites),
    specifications: protocol.specifications,
    verdicts,
    stale: run.stale,
  }
}

/** A run that was stopped says nothing of the subject as a whole. */
function cutShort(run: Run, verdicts: readonly Verdict[]): Grade {
  const because = `interrupted: ${run.verdicts.length} of ${verdicts.length} cases were run`
  return { ...grade(verdicts), letter: '-', good: false, because }
}

function withUnreached(run: Run, suites: readonly Suite[]): Verdict[] {
  const judged = new Map(run.verdicts.map(verdict => [verdict.id, verdict]))
  const all: Verdict[] = []
  for (const suite of suites) {
    for (const entry of suite.cases) {
      const id = caseId(entry)
      if (!(run.only?.matches(id) ?? true)) continue
      const { rule, when } = entry
      all.push(
        judged.get(id) ?? {
          id,
          protocol: suite.protocol.name,
          role: suite.role,
          suite: suite.title,
          rule: rule.id,
          level: rule.level,
          spec: rule.spec,
          section: rule.section,
          text: rule.text,
          when,
          outcome: 'skipped',
          expected: 'time to run it',
          came: 'not run: the run was interrupted',
          milliseconds: 0,
          transcript: [],
        },
      )
    }
  }
  return all
}
