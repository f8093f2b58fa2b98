import { describe, expect, it } from 'vitest'
import { SeededChance } from '../chance.ts'
import { Coverage } from '../instrument/coverage.ts'
import { ACCEPTED, type FuzzSubject } from '../target.ts'
import { Engine, type StepResult } from './engine.ts'
import { loadPlanted, plantedSubject } from './load-planted.fixture.ts'

type Planted = Readonly<Record<string, (octets: Uint8Array) => void>>

function engineOf(name: string, seed: number): Engine {
  const { coverage, planted } = loadPlanted<Planted>('planted.fixture.ts')
  const subject = plantedSubject(planted[name] as (octets: Uint8Array) => void)
  return new Engine({ subject, coverage, chance: new SeededChance(seed), seeds: [], now: () => 0 })
}

function run(engine: Engine, most: number): StepResult | undefined {
  while (engine.steps < most) {
    const result = engine.step() as StepResult
    if (result.outcome.kind === 'find') return result
  }
  return undefined
}

describe('what is planted is found', () => {
  it.each([
    'lengthGuardedMagic',
    'stringMagic',
    'byteChain',
    'crcGuarded',
    'eightSteps',
    'eightStepsByTable',
    'nestedLengths',
    'digits',
    'sumGuarded',
  ])('%s', name => {
    expect(run(engineOf(name, 1), 60_000)?.outcome).toMatchObject({ kind: 'find', find: { title: name } })
  })
})

it('ends an input at each place, as its lengths say then', () => {
  const coverage = new Coverage()
  const { counters } = coverage.module({ file: 'a.js', places: [1, 0, 2, 0], sites: 0, words: [] })
  const subject: FuzzSubject = {
    seeds: [],
    tokens: [],
    run(input) {
      counters[0] = 1
      if (input.length > 3 && input[0] === input.length - 1) counters[1] = 1
      return ACCEPTED
    },
  }
  const seeds = [Uint8Array.of(4, 97, 98, 99, 100)]
  const engine = new Engine({ subject, coverage, chance: new SeededChance(1), seeds, now: () => 0 })
  const cut: string[] = []
  while (engine.steps < 2000) {
    const { by, input } = engine.step() as StepResult
    if (by === 'cut') cut.push(input.join())
  }
  expect(cut).toEqual(expect.arrayContaining(['3,97,98,99', '2,97,98', '1,97', '0']))
})

it('does the same from the same seed', () => {
  const hex = (seed: number) => {
    const engine = engineOf('eightSteps', seed)
    return Array.from({ length: 3000 }, () => Buffer.from((engine.step() as StepResult).input).toString('hex'))
  }
  expect(hex(5)).toEqual(hex(5))
  expect(hex(5)).not.toEqual(hex(6))
})

it('keeps what is new, once, and takes in what others found', () => {
  const engine = engineOf('byteChain', 1)
  engine.add(Uint8Array.of(0x13, 0x37, 0xca, 0))
  let imported: StepResult | undefined
  while (imported === undefined && engine.steps < 100) {
    const result = engine.step() as StepResult
    if (result.by === 'import') imported = result
  }
  expect(imported).toMatchObject({ fresh: true })
  expect(engine.corpus).toContain(imported?.entry)
  expect(engine.blocks).toBeGreaterThan(3)
})

it('waits for subjects that take their time', async () => {
  const { coverage } = loadPlanted<Planted>('planted.fixture.ts')
  const subject: FuzzSubject = {
    seeds: [Uint8Array.of(1)],
    tokens: [],
    run: async () => ACCEPTED,
    states: () => [1, 2],
  }
  const engine = new Engine({ subject, coverage, chance: new SeededChance(1), seeds: [], now: () => 0 })
  const first = await engine.step()
  expect(first).toMatchObject({ fresh: true, by: 'seed', outcome: ACCEPTED })
  for (let i = 0; i < 50; i++) expect((await engine.step()).fresh).toBe(false)
})
