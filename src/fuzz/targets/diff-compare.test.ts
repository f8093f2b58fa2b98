import { describe, expect, it } from 'vitest'
import { type Answer, type Answered, disagreements } from './diff-compare.ts'
import { comparable, Ranked, shown } from './diff-value.ts'

const accepts = (value?: unknown): Answer => ({ kind: 'accepts', value })
const refuses = (sort: string): Answer => ({ kind: 'refuses', why: `${sort}!`, sort })

function among(answers: Readonly<Record<string, Answer>>, comparing: 'accept' | 'value' = 'value') {
  const answered: Answered[] = Object.entries(answers).map(([subject, answer]) => ({ subject, answer }))
  return disagreements(answered, comparing)
}

const ids = (...of: Parameters<typeof among>): string[] => among(...of).map(({ id }) => id)

describe('who disagrees with whom', () => {
  it('nobody, who says the same, says nothing, or refuses for a reason of his own', () => {
    expect(ids({ a: accepts({ x: [1] }), b: accepts({ x: [1] }) })).toEqual([])
    expect(ids({ a: accepts({ x: [1] }), b: accepts(undefined) })).toEqual([])
    expect(ids({ a: refuses('short'), b: refuses('long') })).toEqual([])
  })

  it('names who accepts, and who refuses, by the sort of refusal', () => {
    expect(ids({ a: accepts(1), b: refuses('5 octets left'), c: accepts(1) })).toEqual([
      'a, c accept; b refuses (# octets left)',
    ])
    expect(ids({ a: refuses('x'), b: accepts(1), c: refuses('x') })).toEqual(['b accepts; a, c refuse (x)'])
    expect(ids({ a: refuses('x'), b: accepts(1), c: refuses('y') })).toEqual([
      'b accepts; a refuses (x); c refuses (y)',
    ])
  })

  it('names who makes the same of it: the most first', () => {
    expect(ids({ knot: accepts(1), bind9: accepts(2), nsd: accepts(2) })).toEqual(['bind9 = nsd != knot'])
    expect(ids({ a: accepts(1), b: accepts(2), c: accepts(3) })).toEqual(['a != b != c'])
  })

  it('says where values differ, each place once, and how long lists are before what is in them', () => {
    const [one, other] = [{ list: [{ x: 1, y: [] }, { x: 2 }], z: 1 }, { list: [{ x: 3, y: [] }, { x: 4 }] }]
    expect(ids({ a: accepts(one), b: accepts(other) })).toEqual(['a != b at list.*.x', 'a != b at z (some, nothing)'])
    expect(ids({ a: accepts([1, 2]), b: accepts([2]) })).toEqual(['a != b at length'])
    expect(ids({ a: accepts({ x: [] }), b: accepts({ x: {} }) })).toEqual(['a != b at x'])
  })

  it('says what is said, where that is one of few things', () => {
    const said = (rcode: string | undefined) => accepts([{ '#7': { rcode, aa: true } }])
    expect(ids({ a: said('FORMERR'), b: said('NOTIMP'), c: said('FORMERR') })).toEqual([
      'a = c != b at *.rcode (FORMERR, NOTIMP)',
    ])
    expect(ids({ a: said('FORMERR'), b: said(undefined) })).toEqual(['a != b at *.rcode (FORMERR, nothing)'])
    expect(ids({ a: said('404'), b: said('four') })).toEqual(['a != b at *.rcode'])
  })

  it('says who has nothing to say before what others say', () => {
    const answers = { a: accepts([{ '#7': [1] }]), b: accepts([{ '#7': [2] }]), c: accepts([{}]) }
    expect(ids(answers)).toEqual(['a = b != c at * (some, nothing)', 'a != b at *'])
  })

  it('does not hear on whoever stands apart in what weighs more', () => {
    const said = (rcode: string, aa: boolean) => accepts([new Ranked({ rcode, aa })])
    expect(ids({ a: said('REFUSED', true), b: said('NOERROR', false), c: said('NOERROR', false) })).toEqual([
      'b = c != a at *.rcode (NOERROR, REFUSED)',
    ])
    expect(ids({ a: said('REFUSED', true), b: said('NOERROR', true), c: said('NOERROR', false) })).toEqual([
      'b = c != a at *.rcode (NOERROR, REFUSED)',
      'b != c at *.aa (true, false)',
    ])
    expect(ids({ a: said('REFUSED', true), b: accepts([]) })).toEqual(['a != b at length'])
  })

  it('goes on among those who accept', () => {
    expect(ids({ a: accepts(1), b: accepts(2), c: refuses('x') })).toEqual(['a, b accept; c refuses (x)', 'a != b'])
    expect(ids({ a: accepts(1), b: accepts(2), c: refuses('x') }, 'accept')).toEqual(['a, b accept; c refuses (x)'])
  })

  it('tells what each says, in a line each', () => {
    const [first, second] = among({ a: accepts({ ttl: [7] }), 'long name': accepts({ ttl: [8] }), c: refuses('x') })
    expect(first?.said).toEqual([
      'a          accepts { ttl: [7] }',
      'long name  accepts { ttl: [8] }',
      'c          refuses: x!',
    ])
    expect(second?.said).toEqual(['a          ttl.0: 7', 'long name  ttl.0: 8', 'c          refuses'])
  })
})

describe('values are made comparable', () => {
  it.each([
    [Buffer.from('abc'), '616263'],
    [Uint8Array.of(1, 2).buffer, '0102'],
    [new Uint16Array([1]).subarray(1), ''],
    [5n, 5],
    [1n << 64n, '18446744073709551616'],
    [new Map([['a', 1n]]), { a: 1 }],
    [new Map([[1, 'a']]), [[1, 'a']]],
    [new Set([1, 2n]), [1, 2]],
    [{ a: undefined, b: () => 1, c: null }, { c: null }],
    [
      new (class Point {
        x = 1
      })(),
      { x: 1 },
    ],
    [new Date(0), '1970-01-01T00:00:00.000Z'],
  ])('%o', (value, expected) => {
    expect(comparable(value)).toStrictEqual(expected)
  })

  it('that go round come to an end', () => {
    const round: { self?: unknown } = {}
    round.self = round
    expect(shown(comparable(round))).toContain('(deeper)')
  })

  it('and shown in a line', () => {
    expect(shown(comparable({ a: [1, 'x\n', -0], 'b c': {}, d: null }))).toBe(
      '{ a: [1, "x\\n", -0], "b c": {}, d: null }',
    )
  })
})
