import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { median } from './figure.ts'

/** Runs each side in turn, a slice at a time, and takes the median of how often each ran in a second. */
export async function sideBySide(sides: readonly (() => unknown)[]): Promise<readonly number[]> {
  const SLICES = 25
  const SLICE_MS = 15
  const rates: number[][] = sides.map(() => [])
  for (let slice = -5; slice < SLICES; slice++)
    for (const [i, run] of sides.entries()) {
      await setImmediate() // the streams of hpack.js leave work for the next tick, which must not pile up
      const start = performance.now()
      let runs = 0
      let spent = 0
      while (spent < SLICE_MS) {
        for (let n = 0; n < 20; n++) run()
        runs += 20
        spent = performance.now() - start
      }
      if (slice >= 0) rates[i]?.push(runs / (spent / 1000)) // before that, the compiler warms up
    }
  return rates.map(median)
}

/**
 * Octets of memory that one run allocates, beside and outside the heap. Run it often before: code that is not compiled yet
 * allocates more.
 */
export function allocated(run: () => unknown): number {
  // Few enough that nothing is collected meanwhile.
  const RUNS = 500
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const samples: number[] = []
  for (let sample = 0; sample < 9; sample++) {
    collect()
    const before = process.memoryUsage()
    for (let i = 0; i < RUNS; i++) run()
    const after = process.memoryUsage()
    samples.push((after.heapUsed - before.heapUsed + (after.arrayBuffers - before.arrayBuffers)) / RUNS)
  }
  return Math.round(median(samples))
}
