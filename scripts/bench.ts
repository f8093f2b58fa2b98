import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** Runs every bench, or those that are named: `npm run bench -- suite codecs`. Each prints its figures beside their bars. */
const PARTS = {
  codecs: 'codec ratios, in one process',
  dns: 'DNS messages against dns-packet, in one process',
  'dns-server': 'answers of our DNS server in a second, over UDP',
  suite: 'time of the full suite',
  requests: 'requests of our server in a second',
  memory: 'hostile servers: time and memory',
  fuzz: 'the fuzz engine: planted faults, blocks, speed (some minutes)',
  'fuzz-watch': 'how long a stuck worker stays so',
  'fuzz-server': 'sessions in a second with a native server, and a planted overflow (some minutes)',
  'fuzz-queue': 'a worker of many machines is killed: how long until its slice runs again',
  steadiness: 'verdicts that change from run to run (some minutes)',
} as const

/** Who ends this ends the part that runs. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const named = process.argv.slice(2)
const unknown = named.find(name => !(name in PARTS))
if (unknown !== undefined) {
  console.error(`bench: no part '${unknown}' (${Object.keys(PARTS).join(', ')})`)
  process.exit(2)
}

for (const [name, about] of Object.entries(PARTS)) {
  if (named.length > 0 && !named.includes(name)) continue
  const file = fileURLToPath(new URL(`./bench/${name}.ts`, import.meta.url))
  if (!existsSync(file)) throw new Error(`no ${file}`)
  console.log(`\n${name}: ${about}`)
  // A process each: no part runs on what another has left in memory.
  const child = spawn(process.execPath, ['--import', 'tsx', file], { stdio: 'inherit' })
  const end = (signal: NodeJS.Signals): void => {
    child.kill(signal)
    process.exit(1)
  }
  for (const signal of SIGNALS) process.on(signal, end)
  const [status] = (await once(child, 'exit')) as [number | null]
  for (const signal of SIGNALS) process.off(signal, end)
  if (status !== 0) process.exitCode = 1
}
