import { describe, expect, it } from 'vitest'
import type { Protocol, Suite } from '../conformance/case.ts'
import { caseId, suite } from '../conformance/case.ts'
import { rulebook } from '../conformance/rule.ts'
import type { Outcome, Verdict } from '../conformance/verdict.ts'
import { reportOf } from './report-of.ts'

const rules = rulebook('rfc1', {
  greets: { section: '1', level: 'MUST', role: 'server', text: 'A server greets.' },
  smiles: { section: '2', level: 'SHOULD', role: 'both', text: 'It smiles.' },
  listens: { section: '3', level: 'MUST', role: 'client', text: 'A client listens.' },
})
const protocol = { name: 'hello', rules: Object.values(rules), specifications: {} } as unknown as Protocol
const suites: Suite[] = [
  suite(protocol, 'server', 'Manners', [
    { rule: rules.greets, when: 'someone comes', steps: [] },
    { rule: rules.smiles, when: 'someone comes', steps: [] },
  ]),
  suite(protocol, 'client', 'Manners', [{ rule: rules.listens, when: 'it is greeted', steps: [] }]),
]

function verdict(index: number, outcome: Outcome): Verdict {
  const entry = suites[0]?.cases[index]
  if (!entry) throw new RangeError(`no case ${index}`)
  const { rule, when } = entry
  const { id, level, spec, section, text } = rule
  const told = { rule: id, level, spec, section, text, when, expected: '', came: '', milliseconds: 1, transcript: [] }
  return { id: caseId(entry), protocol: 'hello', role: 'server', suite: 'Manners', outcome, ...told }
}

const run = {
  version: '1.2.3',
  peer: { name: 'peer', address: 'h2c://127.0.0.1:1', role: 'server' as const },
  suites,
  stale: [],
  started: Date.UTC(2025, 2, 4, 5, 6, 7, 89),
  milliseconds: 12,
  concurrency: 4,
  patience: 2000,
  repeat: 1,
}

describe('reportOf', () => {
  it('grades, counts, and tells how much of the specification was tested for the role', () => {
    const report = reportOf({ ...run, verdicts: [verdict(0, 'pass'), verdict(1, 'fail')] })
    expect(report.grade).toMatchObject({ letter: 'B', good: true, must: { passed: 1, judged: 1 } })
    expect(report.totals).toMatchObject({ pass: 1, fail: 1, skipped: 0 })
    expect(report.started).toBe('2025-03-04T05:06:07.089Z')
    expect(report.rules.map(rule => [rule.id, rule.roles])).toEqual([
      ['rfc1/1/greets', { server: 'tested' }],
      ['rfc1/2/smiles', { server: 'tested', client: 'missing' }],
    ])
  })

  it('does not grade by what an interrupted run has seen', () => {
    const report = reportOf({ ...run, verdicts: [verdict(0, 'pass')] })
    expect(report.grade).toMatchObject({ letter: '-', good: false, because: 'interrupted: 1 of 2 cases were run' })
    expect(report.verdicts.map(({ outcome }) => outcome)).toEqual(['pass', 'skipped'])
  })

  it('asks for no more than was chosen', () => {
    const only = { glob: 'rfc1/1', matches: (id: string) => id.startsWith('rfc1/1/') }
    const report = reportOf({ ...run, only, verdicts: [verdict(0, 'pass')] })
    expect(report.verdicts).toHaveLength(1)
    expect(report.options.only).toBe('rfc1/1')
    expect(report.grade.letter).toBe('A')
  })
})
