import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SeededChance } from '../chance.ts'
import { Engine } from './engine.ts'
import { loadPlanted } from './load-planted.fixture.ts'
import { OctetRandom } from './octet-random.ts'
import { operations } from './operations.fixture.ts'
import { inventedBy, propertySubject } from './property.ts'
import type { Operation } from './stateful.fixture.ts'

describe('values from octets', () => {
  it('invents the same of the same octets', () => {
    const any = fc.array(fc.record({ a: fc.string(), b: fc.bigInt(), c: fc.double() }))
    const octets = Uint8Array.from({ length: 500 }, (_, i) => ((i + 4) * 89) & 0xff)
    const property = fc.property(any, () => true)
    expect(inventedBy(property, octets)).toEqual(inventedBy(property, octets))
    expect(inventedBy(property, octets)).not.toEqual([[]])
  })

  it('stays in range, and ends', () => {
    const range = fc
      .tuple(fc.integer(), fc.nat())
      .map(([min, more]) => [min, Math.min(min + more, 0x7fffffff)] as const)
    fc.assert(
      fc.property(fc.uint8Array(), range, (octets, [min, max]) => {
        const value = new OctetRandom(octets).nextInt(min, max)
        expect(value).toBeGreaterThanOrEqual(min)
        expect(value).toBeLessThanOrEqual(max)
      }),
      { seed: 1 },
    )
  })

  it('reads an octet where an octet is enough', () => {
    const random = new OctetRandom(Uint8Array.of(5, 1, 2))
    expect([random.nextInt(10, 265), random.nextInt(0, 65535), random.nextInt(0, 3)]).toEqual([15, 258, 0])
  })

  it('ends where an arbitrary waits for another value than zero, too', () => {
    const distinct = fc.uniqueArray(fc.nat(), { minLength: 40 })
    const positive = fc.nat(99).filter(number => number > 0)
    const property = fc.property(distinct, positive, fc.string({ minLength: 1 }), () => true)
    expect(inventedBy(property, new Uint8Array(0))[0]).toHaveLength(40)
    expect(inventedBy(property, new Uint8Array(0))).toEqual(inventedBy(property, new Uint8Array(0)))
  })

  it('is zero for long behind the end, so that little is invented there', () => {
    const random = new OctetRandom(Uint8Array.of(7))
    expect(Array.from({ length: 100 }, () => random.nextInt(0, 255))).toEqual([7, ...new Array(99).fill(0)])
  })
})

it.each([1, 2, 3, 4, 5])('coverage leads to a fault eight operations deep, seed %i', seed => {
  const { coverage, planted } = loadPlanted<{ run: (of: readonly Operation[]) => void }>('stateful.fixture.ts')
  const subject = propertySubject(fc.property(operations, planted.run))
  const engine = new Engine({ subject, coverage, chance: new SeededChance(seed), seeds: [], now: () => 0 })
  let found = false
  while (!found && engine.steps < 300_000) {
    const result = engine.step()
    if (!(result instanceof Promise)) found = result.outcome.kind === 'find'
  }
  expect(found).toBe(true)
})
