import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { atMost, type Figure, progress, runPart } from './figure.ts'
import { listeningPort } from './peers.ts'

const HOSTILE = fileURLToPath(new URL('hostile.ts', import.meta.url))
const BUILD = fileURLToPath(new URL('../build.mjs', import.meta.url))
/** What users run: without what translates the sources. */
const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

const SERVERS = [
  'sends DATA for ever',
  'sends empty DATA for ever',
  'sends CONTINUATION for ever',
  'sends empty CONTINUATION for ever',
  'sends SETTINGS for ever',
  'sends a huge bomb',
  'sends bombs for ever',
  'answers, then is silent',
  'never reads',
  'says nothing',
  'sends an octet at a time',
]

const CLIENTS = [
  'sends DATA for ever',
  'sends empty CONTINUATION for ever',
  'sends bombs for ever',
  'never reads',
  'says nothing',
]

/**
 * Seconds that a run against a hostile peer may take: that nothing comes of it is sure after a dozen cases, each of which
 * may take 10 s or, where it needs two connections, 20 s.
 */
const TIME = 60
const MEGABYTES = 200

/** Milliseconds of patience with a server that answers in the beginning: each case finds out by itself that it is silent. */
const PATIENCE = 500

/** The most memory a process ever had, in MB; nothing once it is gone. */
function peak(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return kilobytes === undefined ? undefined : Number(kilobytes) / 1000
  } catch {
    return undefined
  }
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.exitCode
}

/** Grades a peer that means harm: the run has to end in time, without much memory, and with a report of each form. */
async function* graded(name: string, args: readonly string[]): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'wiregrade-memory-'))
  try {
    progress(name)
    const files = ['json', 'html', 'junit', 'md'].map(form => [`--${form}`, join(folder, form)])
    const started = performance.now()
    const grader = spawn(process.execPath, [MAIN, 'grade', ...args, ...files.flat()], {
      stdio: ['ignore', 'ignore', 'inherit'],
    })
    let most = 0
    const watch = setInterval(() => {
      most = Math.max(most, peak(grader.pid ?? 0) ?? 0)
    }, 20)
    const late = setTimeout(() => grader.kill('SIGKILL'), 2 * TIME * 1000)
    const status = await ended(grader)
    clearInterval(watch)
    clearTimeout(late)
    const seconds = (performance.now() - started) / 1000
    progress('')
    yield atMost(`${name}: time`, seconds, 's', TIME)
    yield atMost(`${name}: memory`, most, 'MB', MEGABYTES)
    const whole = isReport(join(folder, 'json'))
    if (status !== 1 || !whole) {
      const notes = [`exit status ${status}, ${whole ? 'a whole' : 'no whole'} report`]
      yield atMost(`${name}: not graded`, 1, 'run', 0, notes)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function isReport(file: string): boolean {
  try {
    return Array.isArray((JSON.parse(readFileSync(file, 'utf8')) as { verdicts?: unknown }).verdicts)
  } catch {
    return false
  }
}

async function* memory(): AsyncGenerator<Figure> {
  progress('building')
  execFileSync(process.execPath, [BUILD])
  for (const way of SERVERS) {
    const hostile = spawn(process.execPath, ['--import', 'tsx', HOSTILE, way], { stdio: ['ignore', 'pipe', 'inherit'] })
    try {
      const url = `h2c://127.0.0.1:${await listeningPort(hostile)}`
      yield* graded(way, [url, ...(way.startsWith('answers') ? ['--patience', String(PATIENCE)] : [])])
    } finally {
      hostile.kill('SIGKILL')
      await ended(hostile)
    }
  }
  for (const way of CLIENTS) {
    const run = `'${process.execPath}' --import tsx '${HOSTILE}' '${way}' {port}`
    yield* graded(`client ${way}`, ['--role', 'client', '--h2c', '--run', run])
  }
}

await runPart(import.meta.url, memory)
