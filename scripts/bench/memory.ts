import type { ChildProcess } from 'node:child_process'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { atMost, type Figure, progress, runPart } from './figure.ts'
import { listeningPort } from './peers.ts'

const HERE = fileURLToPath(new URL('.', import.meta.url))
const BUILD = fileURLToPath(new URL('../build.mjs', import.meta.url))
/** What users run: without what translates the sources. */
const MAIN = fileURLToPath(new URL('../../dist/src/cli/main.js', import.meta.url))

const WAYS = [
  'sends DATA for ever',
  'sends CONTINUATION for ever',
  'sends SETTINGS for ever',
  'sends a compressed bomb for ever',
  'never reads',
  'says nothing',
  'sends an octet at a time',
]

/** Seconds that a run against a hostile server may take: a few connections a lane, each of which may take 10 s. */
const TIME = 60
const MEGABYTES = 200

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
  if (child.exitCode !== null) return child.exitCode
  const [status] = (await once(child, 'exit')) as [number | null]
  return status
}

/** Grades servers that mean harm: the run has to end in time, and without much memory. */
async function* memory(): AsyncGenerator<Figure> {
  progress('building')
  execFileSync(process.execPath, [BUILD])
  for (const way of WAYS) {
    progress(`a server that ${way}`)
    const hostile = spawn(process.execPath, ['--import', 'tsx', `${HERE}hostile.ts`, way], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      const url = `h2c://127.0.0.1:${await listeningPort(hostile)}`
      const started = performance.now()
      const grader = spawn(process.execPath, [MAIN, 'grade', url, '--json', '-'], {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      let most = 0
      const watch = setInterval(() => {
        most = Math.max(most, peak(grader.pid ?? 0) ?? 0)
      }, 50)
      const late = setTimeout(() => grader.kill('SIGKILL'), 2 * TIME * 1000)
      const pieces: Buffer[] = []
      grader.stdout?.on('data', (piece: Buffer) => pieces.push(piece))
      const status = await ended(grader)
      clearInterval(watch)
      clearTimeout(late)
      const seconds = (performance.now() - started) / 1000
      progress('')
      const whole = isReport(Buffer.concat(pieces).toString())
      yield atMost(
        `${way}: time`,
        seconds,
        's',
        TIME,
        whole && status === 1 ? [] : [`status ${status}, ${whole ? 'a whole' : 'no whole'} report`],
      )
      yield atMost(`${way}: memory`, most, 'MB', MEGABYTES)
      if (!whole || status !== 1) yield atMost(`${way}: no report`, 1, '', 0)
    } finally {
      hostile.kill('SIGKILL')
      await ended(hostile)
    }
  }
}

function isReport(text: string): boolean {
  try {
    return Array.isArray((JSON.parse(text) as { verdicts?: unknown }).verdicts)
  } catch {
    return false
  }
}

await runPart(import.meta.url, memory)
