import { describe, expect, it } from 'vitest'
import { areSimilar, placeOf, similarGroups } from './similar.ts'
import type { Find } from './target.ts'

/** A crash by way of these functions, innermost first. */
function crash(title: string, ...names: readonly string[]): Pick<Find, 'kind' | 'title' | 'stack'> {
  const frames = names.map((name, i) => `    at ${name} (/project/node_modules/dns-packet/index.js:${i + 10}:1)`)
  return {
    kind: 'crash',
    title,
    stack: [title, '    at boundsError (node:internal/buffer:86:11)', ...frames].join('\n'),
  }
}

const mx = crash('RangeError: 3 is too much', 'name.decode', 'rmx.decode', 'answer.decode')

describe('similar finds', () => {
  it.each([
    [crash('RangeError: 9 is too much', 'name.decode', 'rns.decode', 'answer.decode'), true],
    [crash('RangeError: 9 is too much', 'rmx.decode', 'answer.decode', 'decodeList'), true],
    [crash('RangeError: 9 is too much', 'name.decode', 'question.decode', 'decodeList'), false],
    [crash('TypeError: 3 is too much', 'name.decode', 'rmx.decode', 'answer.decode'), false],
    [crash('RangeError: 3 is too much', 'name.decode'), true],
    [crash('RangeError: 3 is too much'), false],
    [{ ...mx, kind: 'law' as const }, false],
  ])('%o: %s', (other, expected) => {
    expect([areSimilar(mx, other), areSimilar(other, mx)]).toEqual([expected, expected])
  })

  it('need two frames of three though one comes twice', () => {
    const [round, once] = [crash('E: x', 'read', 'read', 'list'), crash('E: x', 'read', 'other', 'more')]
    expect(areSimilar(round, once)).toBe(false)
  })

  it('are grouped by the first of them; what has no stack is alone', () => {
    const hang = { kind: 'hang' as const, title: 'no end within 500 ms' }
    const other = crash('RangeError: 9', 'name.decode', 'rns.decode', 'answer.decode')
    expect(similarGroups([mx, hang, other, hang])).toEqual([[mx, other], [hang], [hang]])
  })

  it('have a place, which is none of Node’s', () => {
    expect(placeOf(mx)).toEqual({ name: 'name.decode', file: 'dns-packet/index.js', line: 10 })
    expect(placeOf({})).toBeUndefined()
  })
})
