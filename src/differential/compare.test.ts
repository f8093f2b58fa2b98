import { describe, expect, it } from 'vitest'
import { idOf, type Said, shapeOf, splitsOf } from './compare.ts'

function said(subject: string, rcode: string, answer?: string): Said {
  return { subject, aspects: { rcode: { value: rcode }, answer: answer === undefined ? undefined : { value: answer } } }
}

describe('splitsOf', () => {
  it('finds nothing where all agree', () => {
    expect(splitsOf([said('a', 'X', '1'), said('b', 'X', '1')])).toEqual([])
  })

  it('puts the largest camp first, and of camps alike whoever was named first', () => {
    const camps = (all: readonly Said[]): string[] =>
      splitsOf(all)[0]?.camps.map(({ subjects }) => subjects.join()) ?? []
    expect(camps([said('a', 'X'), said('b', 'Y'), said('c', 'Y')])).toEqual(['b,c', 'a'])
    expect(camps([said('a', 'X'), said('b', 'Y')])).toEqual(['a', 'b'])
  })

  it('hears whoever stands apart no more', () => {
    const splits = splitsOf([said('a', 'X', '1'), said('b', 'X', '2'), said('c', 'X', '1'), said('d', 'Y', '3')])
    expect(splits.map(({ aspect }) => aspect)).toEqual(['rcode', 'answer'])
    expect(splits[1]?.camps.flatMap(({ subjects }) => subjects)).toEqual(['a', 'c', 'b'])
  })

  it('takes what says nothing of an aspect as in agreement', () => {
    expect(splitsOf([said('a', 'X', '1'), said('b', 'X'), said('c', 'X', '1')])).toEqual([])
  })

  it('names it by who stands apart and how, not by who does not', () => {
    const [split] = splitsOf([said('a', 'X'), said('b', 'X'), said('c', 'NO DATA')])
    expect(split && shapeOf(split)).toBe('rcode/X/c:NO DATA')
    expect(split && idOf(split, 'wild card')).toBe('rcode/wild-card/X/c:NO-DATA')
  })

  it('tells values of one kind apart', () => {
    const one = (subject: string, value: string): Said => ({ subject, aspects: { answer: { value, kind: 'A' } } })
    const [split] = splitsOf([one('a', '1'), one('b', '1'), one('c', '2')])
    expect(split && shapeOf(split)).toBe('answer/A/c:other A')
  })
})
