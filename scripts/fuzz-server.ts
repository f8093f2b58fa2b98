import { randomInt } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { serverTargetNamed } from '../src/cli/fuzz-server.ts'
import { SeededChance } from '../src/fuzz/chance.ts'
import { Engine } from '../src/fuzz/engine/engine.ts'
import { coverageHere } from '../src/fuzz/instrument/coverage.ts'
import type { Find } from '../src/fuzz/target.ts'
import { SessionLoop } from '../src/fuzz/targets/server-loop.ts'

/**
 * Fuzzes a live server, with a corpus in memory: `node --import tsx scripts/fuzz-server.ts bind9 --minutes 5`, or a URL on
 * this machine. `--program FILE` runs that in place of the one installed, with its edges if it was built with
 * src/fuzz/native/edge-map.c. `--engine` takes the engine that code is fuzzed with instead of a plain loop. Ends with status 1 where something was found, each find once, in files of `--out`.
 */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string' },
    out: { type: 'string', default: 'reports/latest/fuzz-server' },
    program: { type: 'string' },
    mine: { type: 'boolean', default: false },
    quiet: { type: 'boolean', default: false },
    engine: { type: 'boolean', default: false },
  },
})
const [named = ''] = positionals
const name = named.includes('://') ? `url:${named}` : `server:${named}`
const seed = Number(values.seed ?? randomInt(2 ** 31))
const SECOND = 1000
const REPORT = 30 * SECOND

const target = serverTargetNamed(name, {
  mine: values.mine,
  ...(values.program !== undefined && { program: values.program }),
})
const began = performance.now()
const subject = await target.start()
const finds = new Map<string, number>()
let stopped = false
process.once('SIGINT', () => {
  stopped = true
})

try {
  const ready = performance.now()
  const until = ready + Number(values.minutes) * 60 * SECOND
  const chance = new SeededChance(seed)
  const engine = values.engine
    ? new Engine({ subject, coverage: coverageHere(), chance, seeds: [], now: () => performance.now() })
    : new SessionLoop({ subject, chance })
  console.log(`${name}: ready in ${Math.round(ready - began)} ms, ${subject.seeds.length} seeds, --seed ${seed}`)
  const kinds = new Map<string, number>()
  const states = new Set<number>()
  let told = ready

  const status = (): string => {
    const seconds = (performance.now() - ready) / SECOND
    const outcomes = [...kinds].map(([kind, count]) => `${count} ${kind}`).join(', ')
    const rate = Math.round(engine.steps / seconds)
    return `${Math.round(seconds)} s: ${engine.steps} sessions (${rate}/s; ${outcomes}), corpus ${engine.corpus.length}, ${states.size} states, ${engine.blocks} edges, ${finds.size} finds`
  }

  while (!stopped && performance.now() < until) {
    const { input, outcome } = await engine.step()
    for (const state of subject.states?.() ?? []) states.add(state)
    kinds.set(outcome.kind, (kinds.get(outcome.kind) ?? 0) + 1)
    if (outcome.kind === 'find') await tell(Uint8Array.from(input), outcome.find)
    if (!values.quiet && performance.now() > told + REPORT) {
      told = performance.now()
      console.log(status())
    }
  }
  console.log(status())
  for (const [signature, times] of finds) console.log(`${times} x ${signature}`)
} finally {
  await subject.stop()
}
if (finds.size > 0) process.exitCode = 1

async function tell(input: Uint8Array, find: Find): Promise<void> {
  const times = finds.get(find.signature) ?? 0
  finds.set(find.signature, times + 1)
  if (times > 0) return
  console.log(`FIND ${find.kind}: ${find.title}`)
  const folder = join(values.out, named.replace(/\W+/g, '-'))
  mkdirSync(folder, { recursive: true })
  const file = join(folder, `${find.kind}-${finds.size}`)
  writeFileSync(`${file}.first`, input)
  const { input: needed, sessions, times: came, of } = await subject.confirm(input, find)
  writeFileSync(file, needed)
  const lines = subject.describe?.(needed) ?? []
  writeFileSync(`${file}.txt`, [find.title, find.signature, ...lines, find.stack ?? ''].join('\n'))
  console.log(`  ${came} of ${of} times, by ${sessions} sessions: ${file}`)
  for (const line of lines.slice(0, 12)) console.log(`  ${line.slice(0, 160)}`)
}
