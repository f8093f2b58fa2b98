import { createRequire } from 'node:module'
import { SeededChance } from '../../src/fuzz/chance.ts'
import { Engine } from '../../src/fuzz/engine/engine.ts'
import { Features } from '../../src/fuzz/engine/features.ts'
import { loadPlanted, plantedSubject } from '../../src/fuzz/engine/load-planted.fixture.ts'
import { operations } from '../../src/fuzz/engine/operations.fixture.ts'
import { propertySubject } from '../../src/fuzz/engine/property.ts'
import type { Operation } from '../../src/fuzz/engine/stateful.fixture.ts'
import { instrumentCommonJs } from '../../src/fuzz/instrument/commonjs.ts'
import { Coverage, coverageHere } from '../../src/fuzz/instrument/coverage.ts'
import { ACCEPTED, type FuzzSubject, REFUSED } from '../../src/fuzz/target.ts'
import { atLeast, atMost, type Figure, median, progress, runPart } from './figure.ts'

// npm run bench -- fuzz; where mqtt-packet is: MQTT_PACKET=<folder with node_modules>
// FUZZ_SECONDS shortens the minute for which blocks are counted; then that bar is no bar.
const SECONDS = Number(process.env['FUZZ_SECONDS'] ?? 60)
const MQTT = process.env['MQTT_PACKET']

type Run = (octets: Buffer) => void
interface Decoder {
  readonly name: string
  /** A folder from which the package is found. */
  readonly from: string
  readonly scope: readonly string[]
  readonly blocks: number
  readonly start: (module: never) => Run
}

const HERE = new URL('../../', import.meta.url).pathname

const decoders: Decoder[] = [
  {
    name: 'dns-packet',
    from: HERE,
    scope: [`${HERE}node_modules/dns-packet`, `${HERE}node_modules/@leichtgewicht`],
    blocks: 240,
    start: (module: { decode: Run }) => octets => module.decode(octets),
  },
]
if (MQTT !== undefined) {
  interface Parser {
    on(event: string, listener: (value: unknown) => void): void
    parse(octets: Buffer): void
  }
  decoders.push({
    name: 'mqtt-packet',
    from: `${MQTT}/`,
    scope: [`${MQTT}/node_modules/mqtt-packet`],
    blocks: 290,
    start: (module: { parser(): Parser }) => octets => {
      const parser = module.parser()
      let failure: unknown
      parser.on('packet', () => {})
      parser.on('error', error => {
        failure = error
      })
      parser.parse(octets)
      if (failure !== undefined) throw failure
    },
  })
}

function subjectOf(run: Run): FuzzSubject {
  return {
    seeds: [],
    tokens: [],
    run(input) {
      try {
        run(Buffer.from(input.buffer, input.byteOffset, input.byteLength))
        return ACCEPTED
      } catch {
        return REFUSED
      }
    },
  }
}

/** Loads a package again, apart from what was loaded before. */
function load({ from, scope, name, start }: Decoder): Run {
  const require = createRequire(`${from}package.json`)
  for (const file of Object.keys(require.cache))
    if (scope.some(folder => file.startsWith(folder))) delete require.cache[file]
  return start(require(name) as never)
}

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

/** How much slower inputs run with counters and the scan for what is new: both sides in turn, the best of each. */
function slowdown(plain: Run, counted: Run, coverage: Coverage, inputs: readonly Uint8Array[]): number {
  const features = new Features(coverage)
  const [one, other] = [subjectOf(plain), subjectOf(counted)]
  coverage.log.on = false
  const sides = [
    () => inputs.forEach(input => void one.run(input)),
    () =>
      inputs.forEach(input => {
        coverage.reset()
        other.run(input)
        features.novelty(undefined, false)
      }),
  ]
  // All that can be seen has been seen: so it is while a campaign runs.
  for (const input of inputs) {
    coverage.reset()
    other.run(input)
    features.take(undefined, false)
  }
  const best = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY]
  for (let round = 0; round < 60; round++)
    for (const [i, side] of sides.entries()) {
      const start = performance.now()
      side()
      if (round > 5) best[i] = Math.min(best[i] as number, performance.now() - start)
    }
  return ((best[1] as number) / (best[0] as number) - 1) * 100
}

async function* ofDecoder(decoder: Decoder): AsyncGenerator<Figure> {
  const { name, scope, blocks } = decoder
  const plain = load(decoder)
  const counts: number[] = []
  const rates: number[] = []
  const bare: number[] = []
  const slower: number[] = []
  for (const seed of [1, 2, 3]) {
    progress(`${name}: ${SECONDS} s from nothing, ${seed} of 3`)
    // A process has one coverage: the next round has it to itself.
    const coverage = new Coverage()
    Object.assign(globalThis, { [Symbol.for('wiregrade.coverage')]: coverage })
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
    slower.push(slowdown(plain, counted, coverage, inputs))
    const from = performance.now()
    for (let i = 0; i < 10; i++) for (const input of inputs) subjectOf(plain).run(input)
    bare.push((10_000 * inputs.length) / (performance.now() - from))
  }
  const note = `of ${counts.join(', ')}; plain speed on the same inputs ${Math.round(median(bare))} runs/s`
  yield { ...atLeast(`${name}: blocks after ${SECONDS} s`, median(counts), '', blocks), notes: [note] }
  yield atLeast(`${name}: runs with one worker`, Math.round(median(rates)), '/s', name === 'mqtt-packet' ? 40_000 : 0)
  yield atMost(`${name}: counters and scan`, median(slower), '%', 20)
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
    const subject = propertySubject({ any: operations, holds: planted.run })
    return untilFound(engineFor(subject, coverage, seed), 30_000) / 1000
  })
  yield atMost('8-step property: slowest of five', Math.max(...steps), 's', 1, [steps.map(s => s.toFixed(2)).join(' ')])
  Error.stackTraceLimit = 0
  for (const decoder of decoders) yield* ofDecoder(decoder)
  Error.stackTraceLimit = limit
}

await runPart(import.meta.url, figures)
