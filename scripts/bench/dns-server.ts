import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { atLeast, type Figure, median, progress, runPart } from './figure.ts'
import { listeningPort, serve } from './peers.ts'

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
`
  .trim()
  .split('\n')

/** Ways to write each name: far more queries in all than our server remembers responses to. */
const CASES = 2048

const ROUNDS = 5
const SECONDS = 2
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

/** A server in a process of its own: one of the children, to be ended in any case. */
interface Serving {
  readonly port: number
  readonly child: ChildProcess
}

async function serving(file: string, children: ChildProcess[]): Promise<Serving> {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', path], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  return { port: await listeningPort(child), child }
}

/** The queries with capital letters where there is a one among the bits of a number. */
function inCase(bits: number): string[] {
  return QUERIES.map(query => {
    const [name, type] = query.split(' ') as [string, string]
    let letters = 0
    return `${name.replace(/[a-z]/g, letter => ((bits >> letters++) & 1 ? letter.toUpperCase() : letter))} ${type}`
  })
}

/**
 * Answers of our server over UDP on loopback, which dnsperf asks: the same questions again and again, and, as resolvers
 * that randomize the case of letters do, ones that are hardly ever the same. Beside it the least that Node can do.
 */
async function* dnsServer(): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'wiregrade-bench-'))
  const [same, other] = [join(folder, 'same'), join(folder, 'other')]
  writeFileSync(same, `${QUERIES.join('\n')}\n`)
  writeFileSync(other, `${Array.from({ length: CASES }, (_, bits) => inCase(bits).join('\n')).join('\n')}\n`)
  const children: ChildProcess[] = []
  try {
    const ours = await serving('./dns-serving.ts', children)
    const echo = await serving('./dns-echo.ts', children)
    const asked = { same: [ours, same], other: [ours, other], echo: [echo, same] } as const
    const loads: Record<keyof typeof asked, Load[]> = { same: [], other: [], echo: [] }
    // Two rounds warm up: the compiler goes on for some seconds.
    for (let round = -1; round <= ROUNDS; round++) {
      for (const [what, [{ port, child }, file]] of entries(asked)) {
        progress(`round ${Math.max(0, round)} of ${ROUNDS}: ${what}`)
        const one = await load(port, file, child.pid)
        if (round > 0) loads[what].push(one)
      }
    }
    progress('')
    const perCore = (what: keyof typeof asked): number => median(loads[what].map(({ perCore }) => perCore))
    const rate = median(loads.same.map(({ rate }) => rate))
    const notes = [
      `questions that are hardly ever the same: ${thousands(perCore('other'))} for each core`,
      `an echo of datagrams, the most that Node has: ${thousands(perCore('echo'))} for each core`,
      `as it was, with others on this machine: ${thousands(rate)} in a second`,
      ...(await others(same)),
    ]
    yield { ...atLeast('answers over UDP, for each core', perCore('same') / 1000, 'thousand/s', 60), notes }
  } finally {
    for (const child of children) {
      child.kill('SIGTERM')
      await once(child, 'exit')
    }
    rmSync(folder, { recursive: true })
  }
}

function entries<Key extends string, Value>(record: Readonly<Record<Key, Value>>): [Key, Value][] {
  return Object.entries(record) as [Key, Value][]
}

await runPart(import.meta.url, dnsServer)
