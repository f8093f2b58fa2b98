import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { Features } from '../../src/fuzz/engine/features.ts'
import { instrumentCommonJs } from '../../src/fuzz/instrument/commonjs.ts'
import { coverageHere } from '../../src/fuzz/instrument/coverage.ts'
import { median } from './figure.ts'
import { decoders, load, subjectOf } from './fuzz-decoders.ts'

/** How often each side runs all inputs, and how often before that counts. */
const ROUNDS = 60
const WARM = 15
/** The least runs of one round. */
const RUNS = 5000

export interface Overhead {
  /** Runs in a second of the processor. */
  readonly plain: number
  /** By how much counters and the scan for what is new are slower, in percent. */
  readonly percent: number
}

/**
 * How much slower inputs run with counters and the scan. Each side has a process to itself, for code that is loaded twice in
 * one is slower the second time; they run in turns, and it is the time of the processor that counts.
 */
export async function overheadOf(decoder: string, inputs: readonly Uint8Array[]): Promise<Overhead> {
  const sides = ['plain', 'counted'].map(kind =>
    fork(fileURLToPath(import.meta.url), [decoder, kind], { execArgv: ['--import', 'tsx'], serialization: 'advanced' }),
  )
  try {
    const times: number[][] = [[], []]
    for (const side of sides) await ask(side, inputs)
    for (let round = 0; round < WARM + ROUNDS; round++)
      for (const [i, side] of sides.entries()) {
        const time = await ask(side, 'go')
        if (round >= WARM) times[i]?.push(time)
      }
    const [plain = Number.NaN, counted = Number.NaN] = times.map(median)
    return { plain: (1000 * repeats(inputs) * inputs.length) / plain, percent: (counted / plain - 1) * 100 }
  } finally {
    for (const side of sides) side.kill()
  }
}

async function ask(side: ChildProcess, what: readonly Uint8Array[] | 'go'): Promise<number> {
  const answer = once(side, 'message')
  side.send(what)
  return (await answer)[0] as number
}

function repeats({ length }: readonly Uint8Array[]): number {
  return Math.ceil(RUNS / length)
}

/** One side, in its process: given inputs, then told to run them. Answers with the processor's milliseconds. */
function serve(name: string | undefined, kind: string | undefined): void {
  const decoder = decoders.find(one => one.name === name)
  if (decoder === undefined) throw new Error(`no decoder ${name}`)
  Error.stackTraceLimit = 0
  const coverage = coverageHere()
  if (kind === 'counted') instrumentCommonJs({ include: decoder.scope })
  const subject = subjectOf(load(decoder))
  const features = new Features(coverage)
  let inputs: readonly Uint8Array[] = []

  function all(each: (input: Uint8Array) => void): void {
    for (let left = repeats(inputs); left > 0; left--) for (const input of inputs) each(input)
  }

  process.on('message', (message: readonly Uint8Array[] | 'go') => {
    if (message !== 'go') inputs = message
    const start = process.cpuUsage()
    if (kind === 'plain') all(input => void subject.run(input))
    else
      all(input => {
        coverage.reset()
        subject.run(input)
        // Once all that can be seen has been seen, as while a campaign runs.
        if (message === 'go') features.novelty(undefined, false)
        else features.take(undefined, false)
      })
    const { user, system } = process.cpuUsage(start)
    process.send?.((user + system) / 1000)
  })
}

if (process.send !== undefined && process.argv[1] === fileURLToPath(import.meta.url)) {
  process.on('disconnect', () => process.exit())
  serve(process.argv[2], process.argv[3])
}
