import { describe, expect, it } from 'vitest'
import { FIRST, LEAST, MOST, type Slice, Turns } from './turns.ts'

const targets = Array.from({ length: 12 }, (_, i) => `codec:${i}`)

function slice(target: string, inputs: number, more: Partial<Slice> = {}): Slice {
  return { target, elapsed: 22_000, searched: 20_000, inputs, blocks: 0, finds: 0, ...more }
}

/** Who has the turn, one after the other, where each finds so much in each of its slices. */
function turnsOf(turns: Turns, count: number, yields: (target: string) => number = () => 0): string[] {
  return Array.from({ length: count }, () => {
    const { target = '' } = turns.next() ?? {}
    turns.tell(slice(target, yields(target)))
    return target
  })
}

const times = (of: readonly string[], target: string): number => of.filter(each => each === target).length

describe('whose turn is next', () => {
  it('is everybody once, in the order of the seed', () => {
    const first = turnsOf(new Turns(targets, 1), 12)
    expect([...first].sort()).toEqual([...targets].sort())
    expect(turnsOf(new Turns(targets, 1), 12)).toEqual(first)
    expect(turnsOf(new Turns(targets, 2), 12)).not.toEqual(first)
  })

  it('goes round where all find alike', () => {
    for (const found of [0, 5]) {
      const all = turnsOf(new Turns(targets, 1), 60, () => found)
      for (const target of targets) expect(times(all, target)).toBe(5)
    }
  })

  it('comes sooner to those that find', () => {
    const all = turnsOf(new Turns(targets, 1), 600, target =>
      target === 'codec:3' ? 10 : target === 'codec:4' ? 3 : 0,
    )
    expect(times(all, 'codec:3')).toBeGreaterThan(times(all, 'codec:4'))
    expect(times(all, 'codec:4')).toBeGreaterThan(2 * times(all, 'codec:5'))
  })

  it('lets nobody wait for more rounds than the best has points', () => {
    const most = Math.log2(1 + 1000 / (22 / 60))
    const all = turnsOf(new Turns(targets, 1), 2000, target => (/:[0-5]$/.test(target) ? 1000 : 0))
    for (const target of targets) {
      const at = all.flatMap((each, place) => (each === target ? [place] : []))
      const waits = at.map((place, i) => place - (at[i - 1] ?? 0))
      expect(Math.max(...waits)).toBeLessThanOrEqual((most + 2) * targets.length)
      expect(at.at(-1)).toBeGreaterThan(2000 - (most + 2) * targets.length)
    }
  })

  it('forgets what was long ago: who found much once is as the others later', () => {
    const turns = new Turns(targets, 1)
    turnsOf(turns, 12, target => (target === 'codec:3' ? 10_000 : 0))
    turnsOf(turns, 240)
    expect(times(turnsOf(turns, 120), 'codec:3')).toBeLessThan(16)
  })

  it('takes a block for more than an input, and a find for more than a block', () => {
    const turns = new Turns(['a', 'b', 'c'], 1)
    for (let i = 0; i < 3; i++) turns.next()
    turns.tell(slice('a', 3))
    turns.tell(slice('b', 0, { blocks: 3 }))
    turns.tell(slice('c', 0, { finds: 3 }))
    expect([turns.next(), turns.next(new Set(['c'])), turns.next(new Set(['b', 'c']))]).toMatchObject([
      { target: 'c' },
      { target: 'b' },
      { target: 'a' },
    ])
  })

  it('is never of one that is busy, or was dropped', () => {
    const turns = new Turns(['a', 'b'], 1)
    expect(turns.next(new Set(['a']))?.target).toBe('b')
    expect(turns.next(new Set(['a', 'b']))).toBeUndefined()
    turns.drop('a')
    expect(turns.next(new Set(['b']))).toBeUndefined()
  })

  it('goes on as it was when the slices of before are told', () => {
    const before = turnsOf(new Turns(targets, 1), 30, target => Number(target.slice(6)))
    const resumed = new Turns(targets, 1)
    for (const target of before) resumed.tell(slice(target, Number(target.slice(6))))
    expect(resumed.next()?.time).toBe(LEAST)
  })
})

describe('a slice', () => {
  it('is short at first, then as long as its beginning is worth', () => {
    const turns = new Turns(['a'], 1)
    expect(turns.next()?.time).toBe(FIRST)
    for (const [idle, time] of [
      [500, LEAST],
      [3000, 30_000],
      [30_000, MOST],
    ] as const) {
      turns.tell(slice('a', 0, { elapsed: 20_000 + idle }))
      expect(turns.next()?.time).toBe(time)
    }
  })
})
