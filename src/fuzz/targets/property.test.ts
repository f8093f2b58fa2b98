import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { uint8 } from '../../wire/integers.ts'
import { SeededChance } from '../chance.ts'
import { Engine } from '../engine/engine.ts'
import { Coverage } from '../instrument/coverage.ts'
import type { FuzzSubject } from '../target.ts'
import { propertyNamed, roundTripTarget } from './property.ts'

const FILE = fileURLToPath(new URL('property.fixture.ts', import.meta.url))

/** Titles of what is found in so many runs, by chance alone. */
async function foundIn(subject: FuzzSubject, runs: number): Promise<string[]> {
  const coverage = new Coverage()
  const engine = new Engine({ subject, coverage, chance: new SeededChance(1), seeds: [], now: () => 0 })
  const titles = new Set<string>()
  for (let run = 0; run < runs; run++) {
    const { outcome } = await engine.step()
    if (outcome.kind === 'find') titles.add(outcome.find.title)
  }
  return [...titles]
}

describe("a property of somebody's", () => {
  it('is broken by the values that inputs invent', async () => {
    const subject = await propertyNamed(`property:${FILE}#late`, []).start()
    expect((await foundIn(subject, 2000)).sort()).toEqual(['RangeError: three', 'TypeError: two'])
    expect(subject.describe?.(Uint8Array.of(2))).toEqual(['[2]'])
  })

  it('refuses what it says, and what it is told to', async () => {
    const subject = await propertyNamed(`property:${FILE}#late`, ['RangeError']).start()
    expect(await subject.run(Uint8Array.of(0))).toEqual({ kind: 'accepted' })
    expect(await subject.run(Uint8Array.of(1))).toEqual({ kind: 'refused' })
    expect(await subject.run(Uint8Array.of(3))).toEqual({ kind: 'refused' })
    expect(await subject.run(Uint8Array.of(2))).toMatchObject({ kind: 'find', find: { kind: 'law' } })
  })

  it('tells where it was broken, and one break from another by that', async () => {
    const subject = await propertyNamed(`property:${FILE}#queue`, []).start()
    // Twenty operations: eight are put in, six of which are kept; two are missed.
    const input = Uint8Array.of(20, ...new Array<number>(8).fill(0), ...new Array<number>(12).fill(1))
    const outcome = await subject.run(input)
    expect(outcome).toMatchObject({ kind: 'find', find: { title: 'Error: one of 2 was lost' } })
    if (outcome.kind === 'find') expect(outcome.find.stack).toContain('property.fixture.ts')
  })

  it('is told from what is none', async () => {
    await expect(propertyNamed(`property:${FILE}#none`, []).start()).rejects.toThrow(
      /exports no property of fast-check none \(it exports .*queue/,
    )
  })
})

describe('the property of a codec', () => {
  it('holds for one that is right, and not for one that is not', async () => {
    const right = roundTripTarget('right', { about: '', codec: uint8 as never })
    expect(await foundIn(await right.start(), 300)).toEqual([])
    const codec = { ...uint8, read: (reader: Parameters<typeof uint8.read>[0]) => uint8.read(reader) & 0x7f }
    const wrong = roundTripTarget('wrong', { about: '', codec: codec as never })
    expect(await foundIn(await wrong.start(), 300)).toContainEqual(
      expect.stringMatching(/^Error: a value comes back otherwise/),
    )
  })
})
