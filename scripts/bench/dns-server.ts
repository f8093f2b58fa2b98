import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { atLeast, type Figure, median, progress, runPart } from './figure.ts'
import { listeningPort, serve } from './peers.ts'

const SERVING = fileURLToPath(new URL('./dns-serving.ts', import.meta.url))

/** What is asked in turn: all that the zone of the suites has an answer, a referral or a refusal for. */
const QUERIES = `
www.example.test A
www.example.test AAAA
example.test MX
example.test NS
example.test SOA
nobody.example.test A
www.example.test TXT
www.elsewhere.example A
`.trimStart()

const ROUNDS = 5
const SECONDS = 3
/** Ticks of the clock that Linux counts a process's time by, in a second. */
const TICKS = 100

interface Load {
  /** Answers in a second. */
  readonly rate: number
  /** Answers in a second that the server was running for: what one core gives when nobody else wants it. */
  readonly perCore: number
}

/** Seconds of a processor that a process has used. */
function used(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / TICKS
}

async function load(port: number, file: string, pid?: number): Promise<Load> {
  const before = pid === undefined ? 0 : used(pid)
  const args = ['-s', '127.0.0.1', '-p', String(port), '-d', file, '-l', String(SECONDS), '-c', '8', '-q', '200']
  const { stdout } = await promisify(execFile)('dnsperf', args, { timeout: 60_000 })
  const spent = pid === undefined ? Number.NaN : used(pid) - before
  const answers = Number(/Queries completed:\s+(\d+)/.exec(stdout)?.[1])
  const rate = Number(/Queries per second:\s+([\d.]+)/.exec(stdout)?.[1])
  const lost = Number(/Queries lost:\s+(\d+)/.exec(stdout)?.[1])
  if (!(rate > 0) || lost > answers / 100) throw new Error(`dnsperf: not all were answered\n${stdout}`)
  return { rate, perCore: answers / spent }
}

const thousands = (rate: number): string => `${(rate / 1000).toFixed(1)} thousand`

/** How many answers other servers of the same zone give, as a scale; they may take several cores. */
async function others(file: string): Promise<string[]> {
  const notes: string[] = []
  for (const name of ['knot', 'nsd']) {
    const served = await serve(name)
    if (!served) continue
    const port = Number(/:(\d+)$/.exec(served.addressed.authority)?.[1])
    try {
      notes.push(`${name}: ${thousands((await load(port, file)).rate)} in a second`)
    } finally {
      await served.peer.close()
    }
  }
  return notes
}

/** Answers of our server over UDP on loopback, which dnsperf asks. */
async function* dnsServer(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'wiregrade-bench-'))
  const file = join(folder, 'queries')
  writeFileSync(file, QUERIES)
  const child = spawn(process.execPath, ['--import', 'tsx', SERVING], { stdio: ['ignore', 'pipe', 'inherit'] })
  try {
    const port = await listeningPort(child)
    const loads: Load[] = []
    // Two rounds warm up: the compiler goes on for some seconds.
    for (let round = -1; round <= ROUNDS; round++) {
      progress(`round ${Math.max(0, round)} of ${ROUNDS}`)
      const one = await load(port, file, child.pid)
      if (round > 0) loads.push(one)
    }
    progress('')
    const rate = median(loads.map(({ rate }) => rate))
    const perCore = median(loads.map(({ perCore }) => perCore))
    const notes = [`as it was, with others on this machine: ${thousands(rate)} in a second`, ...(await others(file))]
    yield { ...atLeast('answers over UDP, for each core', perCore / 1000, 'thousand/s', 60), notes }
  } finally {
    child.kill('SIGTERM')
    await once(child, 'exit')
    rmSync(folder, { recursive: true })
  }
}

await runPart(import.meta.url, dnsServer)
