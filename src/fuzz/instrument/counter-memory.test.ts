import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CounterMemory, HIT_CLASSES } from './counter-memory.ts'

const SIZE = 1 << 16

/** Some counters, most of them near each other, with hits around the borders of classes. */
const entered = fc.array(
  fc.tuple(
    fc.oneof(fc.nat(70), fc.nat(SIZE - 1)),
    fc.oneof(fc.constantFrom(1, 2, 3, 4, 7, 8, 15, 16, 255), fc.nat(255)),
  ),
)

describe('memory of counters', () => {
  it('knows classes of hits', () => {
    const hits = [0, 1, 2, 3, 4, 7, 8, 15, 16, 255]
    expect(hits.map(hit => HIT_CLASSES[hit])).toEqual([0, 1, 2, 4, 8, 8, 16, 16, 32, 32])
  })

  it('says whether any counter is of a class that was not seen', () => {
    const memory = new CounterMemory(SIZE)
    const seen = memory.classes()
    fc.assert(
      fc.property(
        entered,
        entered,
        fc.oneof(fc.integer({ min: 1, max: 80 }), fc.constant(SIZE)),
        (now, before, used) => {
          memory.clear(SIZE)
          seen.fill(0)
          // What is not used is zero.
          const inUse = now.filter(([at]) => at < used)
          for (const [at, hits] of inUse) memory.counters[at] = hits
          for (const [at, hits] of before) seen[at] = (seen[at] as number) | (HIT_CLASSES[hits] as number)
          const classOf = (at: number) => HIT_CLASSES[memory.counters[at] as number] as number
          const isNew = inUse.some(([at]) => (classOf(at) & ~(seen[at] as number)) !== 0)
          expect(memory.shows(used, seen)).toBe(isNew)
          for (const [at] of inUse) seen[at] = (seen[at] as number) | classOf(at)
          expect(memory.shows(used, seen)).toBe(false)
        },
      ),
    )
  })

  it('finds every hit of every counter', () => {
    const memory = new CounterMemory(SIZE)
    const seen = memory.classes()
    for (let at = 0; at < 64; at++)
      for (let hits = 1; hits < 256; hits++) {
        memory.counters[at] = hits
        seen[at] = 63 & ~(HIT_CLASSES[hits] as number)
        expect(memory.shows(64, seen), `${hits} at ${at}`).toBe(true)
        seen[at] = HIT_CLASSES[hits] as number
        expect(memory.shows(64, seen), `${hits} at ${at}`).toBe(false)
        memory.counters[at] = 0
      }
  })

  it('clears so many', () => {
    const memory = new CounterMemory(SIZE)
    memory.counters.fill(1)
    memory.clear(21)
    expect(memory.counters.subarray(0, 21).every(hits => hits === 0)).toBe(true)
    expect(memory.counters.subarray(21).every(hits => hits === 1)).toBe(true)
  })

  it('gives each caller classes of their own, and keeps its counters where they are', () => {
    const memory = new CounterMemory(SIZE)
    const [mine, yours] = [memory.classes(), memory.classes()]
    memory.counters[3] = 1
    mine[3] = 1
    expect(memory.shows(4, mine)).toBe(false)
    expect(memory.shows(4, yours)).toBe(true)
    expect(memory.counters.buffer).toBeInstanceOf(SharedArrayBuffer)
  })
})
