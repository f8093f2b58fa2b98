import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { boundRoles, type Rule } from '../conformance/rule.ts'
import { rfc7541 } from '../hpack/rules.ts'
import { limits, rfc8441, rfc9110, rfc9113, rfc9218 } from './rules.ts'

/** The sections of each specification that hold requirements, from its table of contents. */
const SECTIONS: Readonly<Record<string, readonly string[]>> = {
  rfc9113: [
    ...['3.1', '3.2', '3.3', '3.4', '4.1', '4.2', '4.3', '4.3.1'],
    ...['5.1', '5.1.1', '5.1.2', '5.2', '5.2.1', '5.2.2', '5.2.3', '5.3', '5.3.1', '5.3.2'],
    ...['5.4', '5.4.1', '5.4.2', '5.4.3', '5.5'],
    ...['6.1', '6.2', '6.3', '6.4', '6.5', '6.5.1', '6.5.2', '6.5.3', '6.6', '6.7', '6.8'],
    ...['6.9', '6.9.1', '6.9.2', '6.9.3', '6.10', '7'],
    ...['8.1', '8.1.1', '8.2', '8.2.1', '8.2.2', '8.2.3', '8.3', '8.3.1', '8.3.2', '8.4', '8.4.1', '8.4.2'],
    ...['8.5', '8.6', '8.7', '9.1', '9.1.1', '9.2', '9.2.1', '9.2.2', '9.2.3'],
    ...['10.1', '10.2', '10.3', '10.4', '10.5', '10.5.1', '10.5.2', '10.6', '10.7', '10.8', '10.9'],
  ],
  rfc7541: [
    '2.1',
    '2.2',
    '2.3',
    '2.3.1',
    '2.3.2',
    '2.3.3',
    '3.1',
    '3.2',
    '4.1',
    '4.2',
    '4.3',
    '4.4',
    '5.1',
    '5.2',
    '6.1',
  ].concat(['6.2', '6.2.1', '6.2.2', '6.2.3', '6.3', '7.1', '7.1.3']),
  rfc8441: ['3', '4', '5'],
  rfc9218: ['2.1', '2.1.1', '4', '4.1', '4.2', '5', '7', '7.1', '10'],
  rfc9110: ['6.6.1', '8.6', '9.1', '9.3.2', '10.1.1', '15.2', '15.3.5', '15.4.5', '15.5.6'],
  // Our own rules stand under the section of RFC 9113 that asks for such limits.
  wiregrade: ['10.5', '10.5.1'],
}

const books: Readonly<Record<string, Readonly<Record<string, Rule>>>> = {
  rfc9113,
  rfc7541,
  rfc8441,
  rfc9218,
  rfc9110,
  limits,
}
const rules = Object.values(books).flatMap(book => Object.values(book))

test('ids are unique', () => {
  expect(new Set(rules.map(rule => rule.id)).size).toBe(rules.length)
})

test('no two rules say the same', () => {
  expect(new Set(rules.map(rule => rule.text)).size).toBe(rules.length)
})

test('RFC 9113 loses no rule where its parts are joined', async () => {
  const folder = new URL('./rules/', import.meta.url)
  const parts = await Promise.all(
    readdirSync(folder).map(name => import(new URL(name, folder).href) as Promise<Record<string, unknown>>),
  )
  const names = parts
    .flatMap(part => Object.values(part))
    .flatMap(book => (typeof book === 'object' && book !== null ? Object.values(book as Record<string, Rule>) : []))
    .filter(rule => rule.spec === 'rfc9113')
  expect(names.map(rule => rule.id).sort()).toEqual(
    Object.values(rfc9113)
      .map(rule => rule.id)
      .sort(),
  )
})

describe.each(Object.entries(books))('%s', (_, book) => {
  test.each(Object.entries(book))('%s', (_name, rule) => {
    expect(SECTIONS[rule.spec]).toContain(rule.section)
    expect(rule.id).toMatch(/^[a-z0-9]+\/[0-9.]+\/[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(rule.text.length).toBeGreaterThanOrEqual(20)
    expect(rule.text).not.toMatch(/\.$/)
    expect(rule.text).toMatch(/^[A-Z0-9]/)
    const bound: readonly string[] = boundRoles(rule)
    for (const [role, why] of Object.entries(rule.unobservable ?? {})) {
      expect(bound).toContain(role)
      expect(why.length).toBeGreaterThanOrEqual(20)
    }
  })
})

test('sections of RFC 9113 go up', () => {
  const numbers = Object.values(rfc9113).map(rule => rule.section.split('.').map(Number))
  const weight = ([chapter = 0, section = 0, part = 0]: number[]) => chapter * 10_000 + section * 100 + part
  const weights = numbers.map(weight)
  expect(weights).toEqual(weights.toSorted((a, b) => a - b))
})
