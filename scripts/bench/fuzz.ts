import { availableParallelism, loadavg } from 'node:os'
import fc from 'fast-check'
import { SeededChance } from '../../src/fuzz/chance.ts'
import { Engine } from '../../src/fuzz/engine/engine.ts'
import { loadPlanted, plantedSubject } from '../../src/fuzz/engine/load-planted.fixture.ts'
import { operations } from '../../src/fuzz/engine/operations.fixture.ts'
import { propertySubject } from '../../src/fuzz/engine/property.ts'
import type { Operation } from '../../src/fuzz/engine/stateful.fixture.ts'
import { instrumentCommonJs } from '../../src/fuzz/instrument/commonjs.ts'
import { COVERAGE, Coverage, coverageHere } from '../../src/fuzz/instrument/coverage.ts'
import type { FuzzSubject } from '../../src/fuzz/target.ts'
import { atLeast, atMost, type Figure, median, progress, runPart } from './figure.ts'
import { buildCommand, type CampaignSpeed, campaignSpeed } from './fuzz-command.ts'
import { type Decoder, decoders, load, MQTT, subjectOf } from './fuzz-decoders.ts'
import { type Overhead, overheadOf } from './fuzz-overhead.ts'

// npm run bench -- fuzz; how mqtt-packet comes in is said in fuzz-decoders.ts.
// FUZZ_SECONDS shortens the minute for which blocks are counted; then that bar is no bar.
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 60)
/** How long a campaign runs of which the speed is measured, and when that begins. */
const CAMPAIGN = { seconds: 35, warming: 10 }

function engineFor(subject: FuzzSubject, coverage: Coverage, seed: number): Engine {
  return new Engine({ subject, coverage, chance: new SeededChance(seed), seeds: [], now: () => performance.now() })
}

/** Steps until a find or the time is up; milliseconds. */
function untilFound(engine: Engine, most: number): number {
  const start = performance.now()
  for (;;) {
    for (let i = 0; i < 20; i++) {
      const result = engine.step()
      if (result instanceof Promise) throw new Error('a subject that waits')
      if (result.outcome.kind === 'find') return performance.now() - start
    }
    if (performance.now() - start > most) return Number.POSITIVE_INFINITY
  }
}

async function* ofDecoder(decoder: Decoder): AsyncGenerator<Figure> {
  const { name, scope, blocks } = decoder
  const counts: number[] = []
  const rates: number[] = []
  const overheads: Overhead[] = []
  for (const seed of [1, 2, 3]) {
    progress(`${name}: ${SECONDS} s from nothing, ${seed} of 3`)
    // A process has one coverage: the next round has it to itself.
    const coverage = new Coverage()
    Object.assign(globalThis, { [COVERAGE]: coverage })
    if (coverageHere() !== coverage) throw new Error('somebody else counts')
    const stop = instrumentCommonJs({ include: scope })
    const counted = load(decoder)
    stop()
    const engine = engineFor(subjectOf(counted), coverage, seed)
    const start = performance.now()
    while (performance.now() - start < 1000 * SECONDS) for (let i = 0; i < 100; i++) engine.step()
    rates.push((1000 * engine.steps) / (performance.now() - start))
    counts.push(engine.blocks)
    const usual = engine.corpus.map(({ work }) => work).sort((a, b) => a - b)[engine.corpus.length >> 1] ?? 0
    const inputs = engine.corpus.filter(({ work }) => work <= 4 * usual).map(({ input }) => input)
    progress(`${name}: how much slower it is when it is watched, ${seed} of 3`)
    // In new processes each time: two that run the same code are not equally quick.
    for (let pair = 0; pair < 3; pair++) overheads.push(await overheadOf(name, inputs))
  }
  const plain = median(overheads.map(overhead => overhead.plain))
  const own = `${counts.join(', ')}; ${Math.round(median(rates))} runs/s in one thread`
  yield { ...atLeast(`${name}: blocks after ${SECONDS} s`, median(counts), '', blocks), notes: [own] }
  const percents = overheads.map(({ percent }) => percent)
  const notes = [`${percents.map(Math.round).join(', ')}; plain ${Math.round(plain)} runs/s of the processor's time`]
  yield atMost(`${name}: counters and scan`, median(percents), '%', 20, notes)
}

/** Whole campaigns, of one worker and of four in turns. */
async function* ofCampaigns(mqtt: string): AsyncGenerator<Figure> {
  const one: CampaignSpeed[] = []
  const four: CampaignSpeed[] = []
  progress('the command is built')
  buildCommand()
  for (const round of [1, 2, 3])
    for (const [workers, speeds] of [
      [1, one],
      [4, four],
    ] as const) {
      progress(`mqtt-packet: a campaign, workers ${workers}, ${round} of 3`)
      speeds.push(await campaignSpeed(mqtt, workers, CAMPAIGN, round))
    }
  const ratios = (of: (speed: CampaignSpeed) => number): number[] =>
    four.map((speed, i) => of(speed) / of(one[i] as CampaignSpeed))
  const load = `load of the machine ${loadavg()[0]?.toFixed(1)}, cores ${availableParallelism()}`
  const perSecond = Math.round(median(one.map(speed => speed.perSecond)))
  yield { ...atLeast('mqtt-packet: campaign of one worker', perSecond, '/s', 40_000), notes: [shown(one), load] }
  const times = ratios(speed => speed.perSecond)
  const warming = ratios(speed => speed.withWarming)
  const each = [times, warming].map(all => all.map(ratio => ratio.toFixed(2)).join(', '))
  const notes = [shown(four), `${each[0]} times; with warming ${each[1]}`]
  yield { ...atLeast('mqtt-packet: four workers, as many times', median(times), '', 3), notes }
}

/** Each with how it was while it warmed up, and what it reached. */
function shown(speeds: readonly CampaignSpeed[]): string {
  const rates = speeds.map(({ perSecond, withWarming }) => `${Math.round(perSecond)} (${Math.round(withWarming)})`)
  return `${rates.join(', ')} runs/s (with warming); blocks ${speeds.map(({ blocks }) => blocks).join(', ')}`
}

async function* figures(): AsyncGenerator<Figure> {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = 0
  const { planted } = loadPlanted<Record<string, (octets: Uint8Array) => void>>('planted.fixture.ts')
  const times: number[] = []
  const notes: string[] = []
  for (const name of Object.keys(planted)) {
    const own: number[] = []
    for (const seed of [1, 2, 3, 4, 5]) {
      progress(`${name}, ${seed} of 5`)
      const loaded = loadPlanted<typeof planted>('planted.fixture.ts')
      const subject = plantedSubject(loaded.planted[name] as (octets: Uint8Array) => void)
      own.push(untilFound(engineFor(subject, loaded.coverage, seed), 30_000))
    }
    times.push(...own)
    notes.push(`${name.padEnd(20)} ${own.map(ms => (ms / 1000).toFixed(2)).join(' ')} s`)
  }
  const found = (100 * times.filter(ms => ms <= 30_000).length) / times.length
  yield { ...atLeast('planted: found within 30 s', found, '%', 95), notes }
  yield atMost('planted: median', median(times) / 1000, 's', 1)

  const steps = [1, 2, 3, 4, 5].map(seed => {
    progress(`eight operations, ${seed} of 5`)
    const { coverage, planted } = loadPlanted<{ run: (of: readonly Operation[]) => void }>('stateful.fixture.ts')
    const subject = propertySubject(fc.property(operations, planted.run))
    return untilFound(engineFor(subject, coverage, seed), 30_000) / 1000
  })
  yield atMost('8-step property: slowest of five', Math.max(...steps), 's', 1, [steps.map(s => s.toFixed(2)).join(' ')])
  Error.stackTraceLimit = 0
  for (const decoder of decoders) yield* ofDecoder(decoder)
  if (MQTT !== undefined) yield* ofCampaigns(MQTT)
  Error.stackTraceLimit = limit
}

await runPart(import.meta.url, figures)
