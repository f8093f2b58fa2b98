import { describe, expect, it } from 'vitest'
import { familyOf, type Member } from './family.ts'
import type { Origin } from './lineage.ts'

const origin = (name: string, parent?: string, blocks = 1, at = 0): Origin => ({
  name,
  parent,
  by: 'havoc',
  at,
  blocks,
})

/** `a(b c+2)`: names, children in brackets, hidden ones as a number. */
const drawn = ({ origin: { name }, children, hidden }: Member): string =>
  `${name}${children.length > 0 ? `(${children.map(drawn).join(' ')})` : ''}${hidden > 0 ? `+${hidden}` : ''}`

describe('the tree of inputs', () => {
  it('shows each below what it was made of, those first of which most came', () => {
    const origins = [
      origin('a'),
      origin('b'),
      origin('c', 'b'),
      origin('d', 'b'),
      origin('e', 'd'),
      origin('f', 'gone'),
    ]
    const family = familyOf(origins, 100)
    expect(family.roots.map(drawn)).toEqual(['b(d(e) c)', 'a', 'f'])
    expect(family).toMatchObject({ shown: 6, hidden: 0 })
  })

  it('keeps what brought most, with all that it comes from, and counts the rest', () => {
    const origins = [
      origin('a', undefined, 0),
      origin('b', 'a', 0),
      origin('c', 'b', 9),
      origin('d', 'a', 1),
      origin('e', 'd', 1),
      origin('f', undefined, 2),
      origin('g', undefined, 1),
    ]
    const family = familyOf(origins, 4)
    expect(family.roots.map(drawn)).toEqual(['a(d+1 b(c))'])
    expect(family).toMatchObject({ shown: 4, hidden: 3 })
  })

  it('knows of no circles, whatever it is told', () => {
    const origins = [origin('a', 'b'), origin('b', 'a'), origin('c', 'c')]
    expect(familyOf(origins, 10).roots.map(drawn)).toEqual(['b(a)', 'c'])
  })

  it('finds a parent that was noted after its child', () => {
    expect(familyOf([origin('a', 'b'), origin('b', 'c'), origin('c')], 10).roots.map(drawn)).toEqual(['c(b(a))'])
  })

  it('takes thousands', () => {
    const origins = Array.from({ length: 5000 }, (_, i) => origin(`n${i}`, i > 0 ? `n${i >> 1}` : undefined, i % 7))
    const family = familyOf(origins, 160)
    expect(family.shown).toBeLessThanOrEqual(160)
    expect(family.shown + family.hidden).toBe(5000)
  })
})
