import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { codecs } from '../../catalog.ts'
import { Examiner } from '../../fuzz/campaign/examiner.ts'
import { SeededChance } from '../../fuzz/chance.ts'
import { parseRegression, regressionText } from '../../fuzz/regression.ts'
import type { Chance, FuzzSubject, Outcome } from '../../fuzz/target.ts'
import { loadVectors, runVectors, vectorsFolder } from '../../vectors.ts'
import { UsageError } from '../options.ts'
import { WORKER } from './campaign.ts'
import { listedTargets, targetNamed } from './targets.ts'

const SEED = 20261121
/** Runs of each target besides its seeds: some seconds in all. Campaigns look longer. */
const RUNS = { 'codec:': 150, 'machine:': 100 } as const

const names = listedTargets().map(({ name }) => name)
const regressions = join(vectorsFolder(), 'regressions')
const files = existsSync(regressions)
  ? readdirSync(regressions, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.hex'))
  : []

/** Changes a seed by structure, or some of its octets. */
function changed({ seeds, mutate }: FuzzSubject, chance: Chance): Uint8Array {
  let input: Uint8Array = chance.pick(seeds)
  if (chance.oneIn(2)) input = mutate?.(input, chance) ?? input
  input = Uint8Array.from(input)
  for (let times = chance.below(4); times > 0 && input.length > 0; times--)
    input[chance.below(input.length)] = chance.below(256)
  return chance.oneIn(8) ? input.slice(0, chance.below(input.length + 1)) : input
}

function problem(outcome: Outcome, input: Uint8Array): string | undefined {
  if (outcome.kind !== 'find') return undefined
  return `${outcome.find.stack ?? outcome.find.title}\n${Buffer.from(input).toString('hex')}`
}

describe(`every target of the catalogue (seed ${SEED})`, () => {
  it.each(names)('%s', async name => {
    const subject = await targetNamed(name).start()
    const chance = new SeededChance(SEED)
    expect(subject.seeds.length).toBeGreaterThan(0)
    for (const input of subject.seeds) expect(problem(await subject.run(input), input)).toBeUndefined()
    const runs = name.startsWith('codec:') ? RUNS['codec:'] : RUNS['machine:']
    for (let run = 0; run < runs; run++) {
      const input = changed(subject, chance)
      const before = Uint8Array.from(input)
      expect(problem(await subject.run(input), input)).toBeUndefined()
      expect(input).toEqual(before)
    }
  })

  it('has a codec for each, and machines', () => {
    expect(names.filter(name => name.startsWith('codec:'))).toHaveLength(Object.keys(codecs).length)
    expect(names).toEqual(
      expect.arrayContaining(['machine:http2/server', 'machine:http2/client', 'machine:dns/server']),
    )
  })

  it('does the same with the same input', async () => {
    for (const name of ['machine:http2/server', 'machine:dns/client', 'codec:hpack/fields']) {
      const subject = await targetNamed(name).start()
      const once = await Promise.all(subject.seeds.map(seed => subject.run(seed)))
      expect(await Promise.all(subject.seeds.map(seed => subject.run(seed)))).toEqual(once)
    }
  })

  it('can be told to people', async () => {
    const subject = await targetNamed('machine:http2/server').start()
    expect(subject.describe?.(subject.seeds[0] as Uint8Array).join('\n')).toMatch(/SETTINGS/)
  })
})

describe('what once was a find is none any more', () => {
  // In a worker under watch: what hung once may hang again.
  it.each(files)(
    '%s',
    async file => {
      const { target, allow, input } = parseRegression(file, readFileSync(join(regressions, file), 'utf8'))
      const examiner = new Examiner(WORKER, { target, allow })
      const { finds } = await examiner.look(input, 1)
      await examiner.stop()
      expect(finds).toEqual([undefined])
    },
    60_000,
  )

  it('vectors of regressions', () => {
    const own = new Map([...loadVectors()].filter(([name]) => name.startsWith('regressions/')))
    for (const result of runVectors(own, codecs)) expect(result.problem, result.vector.id).toBeUndefined()
  })

  it('is written as it is read', () => {
    const regression = {
      target: 'codec:dns/name',
      allow: ['Refusal', 'RangeError'],
      about: ['what it was'],
      input: Uint8Array.from({ length: 99 }, (_, i) => i),
    }
    expect(parseRegression('x', regressionText(regression))).toEqual(regression)
    expect(() => parseRegression('x.hex', '00')).toThrow('x.hex names no target')
    expect(() => parseRegression('x.hex', 'target: a\nzz')).toThrow('x.hex')
  })
})

it('says which target may be meant', () => {
  expect(() => targetNamed('codec:dns/mesage')).toThrow(UsageError)
  expect(() => targetNamed('codec:dns/mesage')).toThrow("did you mean 'codec:dns/message'")
})
