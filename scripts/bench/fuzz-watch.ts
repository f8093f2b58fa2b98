import { fileURLToPath } from 'node:url'
import { WORKER } from '../../src/cli/fuzz/campaign.ts'
import { WATCH } from '../../src/fuzz/campaign/limits.ts'
import { type Stuck, Thread } from '../../src/fuzz/campaign/thread.ts'
import { atMost, type Figure, median, progress, runPart } from './figure.ts'

const ROUNDS = 9
const DECODER = fileURLToPath(new URL('../../src/cli/fuzz/planted.fixture.cjs', import.meta.url))

/** Milliseconds from the beginning of a run that never ends until its worker is gone, and its input is known. */
async function freed(): Promise<number> {
  const input = Uint8Array.of(1, 2, 3)
  let begun = 0
  let timer: NodeJS.Timeout | undefined
  let thread: Thread | undefined
  const stuck = await new Promise<Stuck>((resolve, reject) => {
    const made = new Thread({
      entry: WORKER,
      job: { mode: 'examine', target: `module:${DECODER}#endless`, allow: [], seed: 0, inputs: [] },
      onMessage: message => {
        if (message.kind === 'failed') reject(new Error(message.message))
        if (message.kind === 'ready') made.post({ kind: 'try', id: 1, input, times: 1 })
      },
      onStuck: resolve,
    })
    thread = made
    // As often as a campaign looks; the beginning is seen as soon as it can be.
    let next = 0
    timer = setInterval(() => {
      const now = performance.now()
      if (begun === 0 && made.shared.beat % 2 === 1) begun = now
      if (now < next) return
      next = now + WATCH
      made.watch(now, process.memoryUsage.rss())
    }, 1)
  }).finally(() => clearInterval(timer))
  const elapsed = performance.now() - begun
  if (stuck.how !== 'hang' || Buffer.compare(stuck.input ?? new Uint8Array(), input) !== 0)
    throw new Error(`it was ended otherwise: ${stuck.how}, ${stuck.reason}`)
  await thread?.stop()
  return elapsed
}

/** How long a worker that is stuck stays so. */
async function* fuzzWatch(): AsyncGenerator<Figure> {
  const times: number[] = []
  for (let round = 1; round <= ROUNDS; round++) {
    progress(`stuck worker, round ${round} of ${ROUNDS}`)
    times.push(await freed())
  }
  progress('')
  const range = `${Math.round(Math.min(...times))} to ${Math.round(Math.max(...times))} ms`
  yield atMost('a stuck worker is freed in', Math.round(median(times)), 'ms', 600, [`${ROUNDS} rounds: ${range}`])
}

await runPart(import.meta.url, fuzzWatch)
