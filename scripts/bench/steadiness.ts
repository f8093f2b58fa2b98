import type { ChildProcess } from 'node:child_process'
import { spawn } from 'node:child_process'
import { availableParallelism } from 'node:os'
import type { Verdict } from '../../src/conformance/verdict.ts'
import { atMost, type Figure, progress, runPart } from './figure.ts'
import { changed, gradeOnce, type Served, serve } from './peers.ts'

/** All that are named in the environment, or these. */
const PEERS = process.env['STEADINESS_PEERS']?.split(',') ?? ['nghttpd', 'apache2', 'node', 'bind9', 'knot', 'nsd']
const RUNS = Number(process.env['STEADINESS_RUNS'] ?? 10)

/** Keeps every core busy with a child each until it is told to stop; a child whose parent is no more stops by itself. */
function load(): () => void {
  const busy = `process.stdin.resume().on('end', () => process.exit())
    const turn = () => { for (let i = 0; i < 1e7; i++); setImmediate(turn) }
    turn()`
  const children: ChildProcess[] = Array.from({ length: availableParallelism() }, () =>
    spawn(process.execPath, ['-e', busy], { stdio: ['pipe', 'ignore', 'ignore'] }),
  )
  const stop = (): void => {
    for (const child of children) child.kill('SIGKILL')
  }
  process.once('exit', stop)
  return stop
}

async function runs(served: Served, how: string): Promise<(readonly Verdict[])[]> {
  const all: (readonly Verdict[])[] = []
  for (let run = 0; run < RUNS; run++) {
    progress(`${served.name}, ${how}: run ${run + 1} of ${RUNS}`)
    all.push((await gradeOnce(served)).verdicts)
  }
  progress('')
  return all
}

/** How many verdicts change from run to run, on an idle machine and on one whose every core is busy. */
async function* steadiness(): AsyncGenerator<Figure> {
  for (const name of PEERS) {
    const served = await serve(name)
    if (!served) {
      console.log(`skip  ${name}: not installed (scripts/peers ${name})`)
      continue
    }
    try {
      const idle = await runs(served, 'idle')
      const stop = load()
      const busy = await runs(served, 'busy').finally(stop)
      const differing = changed([...idle, ...busy])
      yield atMost(`${name}, ${RUNS} idle and ${RUNS} busy runs differ`, differing.length, 'verdicts', 0, differing)
    } finally {
      await served.peer.close()
    }
  }
}

await runPart(import.meta.url, steadiness)
