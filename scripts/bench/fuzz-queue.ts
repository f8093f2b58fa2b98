import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { keptIn, QueueLab, withoutRedis } from '../../src/cli/fuzz/queue.fixture.ts'
import { atMost, type Figure, progress, runPart } from './figure.ts'

const DECODER = fileURLToPath(new URL('../../src/cli/fuzz/steady.fixture.cjs', import.meta.url))
const ROUNDS = 5
/** When in its slice a worker is killed, in ms: the first, and how much later each that follows. */
const KILL = 3000
const LATER = 700
/** What was found so long before somebody was killed has to be there still, in ms. */
const AGE = 1000

interface Round {
  /** Until another has begun the slice again, in s. */
  readonly again: number
  readonly owed: number
  readonly lost: number
}

/** Two workers, of which one is killed within its slice. */
async function round(number: number): Promise<Round> {
  const lab = await QueueLab.open()
  try {
    const [command, first, second] = ['command', 'first', 'second'].map(name => lab.machine(name, DECODER))
    if (!command || !first || !second) throw new Error('no machines')
    const workers = [first, second].map(machine => lab.fuzz(machine, 'worker', '--workers', '1'))
    await Promise.all(workers.map(worker => worker.until(/jobs from/)))
    const commander = lab.fuzz(command, 'module:./decode.cjs#decode')
    await Promise.all(workers.map(worker => worker.until(/a slice of/)))
    await sleep(KILL + number * LATER)
    workers[0]?.kill('SIGKILL')
    const [killed, at] = [performance.now(), Date.now()]
    await workers[1]?.until(/begun by another/)
    const again = (performance.now() - killed) / 1000
    await sleep(AGE)
    const owed = keptIn(first, at - AGE)
    const there = keptIn(command)
    commander.kill('SIGINT')
    await commander.ended
    return { again, owed: owed.size, lost: [...owed].filter(name => !there.has(name)).length }
  } finally {
    await lab.close()
  }
}

/** How long it takes until the slice of a worker that was killed runs again, and what is lost with it. */
async function* fuzzQueue(): AsyncGenerator<Figure> {
  const why = withoutRedis()
  if (why !== undefined) {
    console.log(`skipped: ${why}`)
    return
  }
  const rounds: Round[] = []
  for (let number = 0; number < ROUNDS; number++) {
    progress(`kill -9, round ${number + 1} of ${ROUNDS}`)
    rounds.push(await round(number))
  }
  progress('')
  const times = rounds.map(({ again }) => again)
  const sum = (of: 'owed' | 'lost'): number => rounds.reduce((total, each) => total + each[of], 0)
  yield atMost('slice of a killed worker runs again', Math.max(...times), 's', 10, [
    `${ROUNDS} times: ${times.map(time => time.toFixed(1)).join(', ')} s`,
  ])
  yield atMost('inputs and finds lost with it', sum('lost'), '', 0, [`of ${sum('owed')} older than a second`])
}

await runPart(import.meta.url, fuzzQueue)
