import { describe, expect, it } from 'vitest'
import { KnownError, markKnown, parseKnown } from './known.ts'
import type { Outcome, Verdict } from './verdict.ts'

function verdict(id: string, outcome: Outcome): Verdict {
  return {
    id,
    protocol: 'toy',
    role: 'server',
    suite: 'Toys',
    rule: id.slice(0, id.lastIndexOf('/')),
    level: 'MUST',
    spec: 'toy',
    section: '1',
    text: '',
    when: '',
    outcome,
    expected: '',
    came: '',
    milliseconds: 0,
    transcript: [],
  }
}

const entry = { case: 'toy/1/a/x', outcome: ['fail'], reason: 'It is a toy.' }
const parse = (...entries: unknown[]): unknown => parseKnown(JSON.stringify(entries), 'toy.json')

describe('parseKnown', () => {
  it('reads entries', () => {
    expect(parse(entry, { ...entry, case: 'toy/2/*' })).toEqual([entry, { ...entry, case: 'toy/2/*' }])
    expect(parse()).toEqual([])
  })

  it.each([
    ['not an object', [7], 'toy.json, entry 1: not an object'],
    ['no case', [{ ...entry, case: undefined }], 'toy.json, entry 1: "case" is not the id of a case'],
    ['no reason', [{ ...entry, reason: ' ' }], 'toy.json, entry 1 (toy/1/a/x): no reason is given'],
    ['no outcome', [{ ...entry, outcome: [] }], 'toy.json, entry 1 (toy/1/a/x): "outcome" is not a list of outcomes'],
    [
      'a pass',
      [entry, { ...entry, case: 'b', outcome: ['pass'] }],
      /^toy.json, entry 2 \(b\): outcome "pass" is none of/,
    ],
    ['a mistyped field', [{ ...entry, reasn: '' }], 'toy.json, entry 1 (toy/1/a/x): "reasn" means nothing here'],
    ['a case twice', [entry, entry], "toy.json, entry 2: 'toy/1/a/x' stands in entry 1 already"],
  ])('says where there is %s', (_, entries, message) => {
    expect(() => parse(...entries)).toThrow(message)
    expect(() => parse(...entries)).toThrow(KnownError)
  })

  it('says that a file is no JSON, or no array', () => {
    expect(() => parseKnown('[', 'toy.json')).toThrow(/^toy\.json: not JSON: /)
    expect(() => parseKnown('{}', 'toy.json')).toThrow('toy.json: not an array of entries')
  })
})

describe('markKnown', () => {
  const ids = ['toy/1/a/x', 'toy/1/a/y', 'toy/1/b/x', 'toy/2/c/x']
  const known = (...entries: { case: string; outcome: Outcome[] }[]) => entries.map(one => ({ ...one, reason: 'why' }))

  it('gives the reason to what was expected, and only to that', () => {
    const verdicts = [verdict('toy/1/a/x', 'fail'), verdict('toy/1/a/y', 'crash'), verdict('toy/1/b/x', 'fail')]
    const { verdicts: marked, stale } = markKnown(
      verdicts,
      known({ case: 'toy/1/a/*', outcome: ['fail', 'weak'] }),
      ids,
    )
    expect(marked.map(one => one.known)).toEqual(['why', undefined, undefined])
    expect(stale).toEqual([])
  })

  it('names entries whose case passes or is gone, and not those that did not run', () => {
    const verdicts = [verdict('toy/1/a/x', 'pass'), verdict('toy/1/a/y', 'pass'), verdict('toy/1/b/x', 'skipped')]
    const entries = known(
      { case: 'toy/1/a/x', outcome: ['fail'] },
      { case: 'toy/1/a/*', outcome: ['fail'] },
      { case: 'toy/1/b/x', outcome: ['fail'] },
      { case: 'toy/2/*', outcome: ['fail'] },
      { case: 'toy/3', outcome: ['fail'] },
      { case: 'toy/1/a', outcome: ['fail'] },
    )
    expect(markKnown(verdicts, entries, ids).stale).toEqual([
      { id: 'toy/1/a/x', why: 'the case passes now' },
      { id: 'toy/1/a/*', why: 'all 2 cases pass now' },
      { id: 'toy/3', why: 'there is no such case' },
      { id: 'toy/1/a', why: 'there is no such case' },
    ])
  })

  it('takes nothing but * for a pattern', () => {
    const { verdicts } = markKnown([verdict('toy/1xa', 'fail')], known({ case: 'toy/1.a', outcome: ['fail'] }), [
      'toy/1xa',
    ])
    expect(verdicts[0]?.known).toBeUndefined()
  })
})
