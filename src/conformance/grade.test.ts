import { describe, expect, test } from 'vitest'
import { coverage } from './coverage.ts'
import { grade, totals } from './grade.ts'
import type { Level } from './rule.ts'
import { echoes, rules, toySuite } from './toy.fixture.ts'
import type { Outcome, Verdict } from './verdict.ts'

function verdict(outcome: Outcome, level: Level = 'MUST', known?: string): Verdict {
  const base = {
    id: 'toy/1/echoes/x',
    protocol: 'toy',
    role: 'server',
    suite: 'Toys',
    rule: 'toy/1/echoes',
    spec: 'toy',
    section: '1',
    text: '',
    when: 'x',
    expected: '',
    came: '',
    milliseconds: 1,
    transcript: [],
  } as const
  return known === undefined ? { ...base, outcome, level } : { ...base, outcome, level, known }
}

const many = (count: number, outcome: Outcome) => Array.from({ length: count }, () => verdict(outcome))

describe('a grade', () => {
  test.each([
    ['A', true, [verdict('pass'), verdict('pass', 'SHOULD'), verdict('fail', 'MAY'), verdict('unsupported')]],
    ['B', true, [verdict('pass'), verdict('weak', 'SHOULD')]],
    ['C', false, [...many(9, 'pass'), verdict('weak')]],
    ['D', false, [...many(19, 'pass'), verdict('fail')]],
    ['F', false, [...many(18, 'pass'), verdict('fail')]],
    ['F', false, [...many(99, 'pass'), verdict('crash', 'MAY')]],
    ['-', false, [verdict('error'), verdict('skipped'), verdict('limit')]],
  ] as const)('is %s (good: %s)', (letter, good, verdicts) => {
    // A crash counts at any level for the letter, but the exit status is about MUST.
    const result = grade(verdicts)
    expect(result.letter).toBe(letter)
    if (letter !== 'F' || verdicts.some(({ outcome }) => outcome === 'fail')) expect(result.good).toBe(good)
  })

  test('is good when what falls short is known, though the letter stays', () => {
    const result = grade([...many(30, 'pass'), verdict('fail', 'MUST', 'a reason')])
    expect([result.letter, result.good]).toEqual(['D', true])
  })

  test('is not good when a MUST could not be judged for an error', () => {
    expect(grade([verdict('pass'), verdict('error')])).toMatchObject({ letter: 'A', good: false })
  })

  test('counts each outcome', () => {
    expect(totals([verdict('pass'), verdict('pass'), verdict('limit')])).toMatchObject({ pass: 2, limit: 1, fail: 0 })
  })
})

test('coverage tells tested, unobservable and missing rules apart, for each role', () => {
  const states = coverage(Object.values(rules), [toySuite(echoes)])
  expect(states.map(({ id, state, reason }) => [id, state, reason])).toEqual([
    ['toy/1/echoes', 'tested', undefined],
    ['toy/2/refuses-bang', 'missing', undefined],
    ['toy/3/polite', 'unobservable', 'nobody can tell'],
    ['toy/4/asks', 'missing', 'it never does'],
  ])
  expect(states[3]?.roles).toEqual({ server: 'missing', client: 'unobservable' })
})
