import { expect, it } from 'vitest'
import { KnownDisagreementError, knower, parseKnownDisagreements } from './known.ts'

it.each([
  ['{', /file: not JSON/],
  ['{}', /not an array/],
  ['[1]', /entry 1: not an object/],
  ['[{"reason": "x"}]', /entry 1: "disagreement" is not the id/],
  ['[{"disagreement": "a"}]', /entry 1 \(a\): no reason/],
  ['[{"disagreement": "a", "reason": " "}]', /no reason/],
  ['[{"disagreement": "a", "reason": "x", "why": 1}]', /"why" means nothing/],
  ['[{"disagreement": "a", "reason": "x", "wrong": ""}]', /"wrong" names nobody/],
  ['[{"disagreement": "a", "reason": "x"}, {"disagreement": "a", "reason": "y"}]', /entry 2: 'a' stands in entry 1/],
])('%s', (text, message) => {
  expect(() => parseKnownDisagreements(text, 'file')).toThrow(message)
  expect(() => parseKnownDisagreements(text, 'file')).toThrow(KnownDisagreementError)
})

it('gives a disagreement the first entry that is about it', () => {
  const text =
    '[{"disagreement": "rcode/*/c:*", "wrong": "c", "reason": "so"}, {"disagreement": "*", "reason": "rest"}]'
  const mark = knower(parseKnownDisagreements(text, 'file'))
  const found = { aspect: '', camps: [], scene: 0, feature: '', count: 1, said: [] }
  expect(mark({ ...found, id: 'rcode/wild/X/c:Y' }).known).toMatchObject({ wrong: 'c', reason: 'so' })
  expect(mark({ ...found, id: 'aa/wild/X/c:Y' }).known?.reason).toBe('rest')
})

it('knows a disagreement of two by either of them', () => {
  const mark = knower([{ disagreement: 'answer/*/a:other-X', reason: 'so' }])
  const camp = (subject: string, kind: string) => ({ subjects: [subject], value: '', kind })
  const found = { aspect: 'answer', scene: 0, feature: 'f', count: 1, said: [], id: 'answer/f/X/b:other-X' }
  expect(mark({ ...found, camps: [camp('a', 'X'), camp('b', 'other X')] }).known).toBeDefined()
  expect(mark({ ...found, camps: [camp('c', 'X'), camp('b', 'other X')] }).known).toBeUndefined()
})
