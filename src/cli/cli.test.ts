import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../conformance/verdict.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'wiregrade-cli-'))
const PING = 'rfc9113/6.7/*'

interface Ended {
  readonly status: number | string | null
  readonly stdout: string
  readonly stderr: string
}

function start(args: readonly string[]): ChildProcess {
  const env = { ...process.env, COLUMNS: '80', NO_COLOR: '' }
  return spawn(process.execPath, ['--import', 'tsx', MAIN, ...args], { cwd: ROOT, env, stdio: 'pipe' })
}

function wiregrade(...args: readonly string[]): Promise<Ended> {
  return ended(start(args))
}

function ended(child: ChildProcess): Promise<Ended> {
  let stdout = ''
  let stderr = ''
  child.stdout?.on('data', (octets: Buffer) => {
    stdout += octets.toString()
  })
  child.stderr?.on('data', (octets: Buffer) => {
    stderr += octets.toString()
  })
  return new Promise(resolve => {
    child.once('close', (code, signal) => resolve({ status: signal ?? code, stdout, stderr }))
  })
}

/** Starts a server and answers its address. */
async function serving(protocol: string, ...args: readonly string[]): Promise<{ url: string; child: ChildProcess }> {
  const child = start(['serve', protocol, ...args])
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const line = await new Promise<string>((resolve, reject) => {
    lines.once('line', resolve)
    child.stderr?.once('data', (octets: Buffer) => reject(new Error(octets.toString())))
  })
  return { url: /^listening on (\S+)$/.exec(line)?.[1] ?? line, child }
}

let good: Awaited<ReturnType<typeof serving>>
let secure: Awaited<ReturnType<typeof serving>>
let deviant: Awaited<ReturnType<typeof serving>>

beforeAll(async () => {
  const ignored = 'rfc9113/6.7/ping-length'
  ;[good, secure, deviant] = await Promise.all([
    serving('http2'),
    serving('http2', '--tls'),
    serving('http2', '--ignore', ignored),
  ])
}, 180_000)

afterAll(() => {
  for (const server of [good, secure, deviant]) server?.child.kill('SIGKILL')
  rmSync(folder, { recursive: true, force: true })
})

describe.concurrent('wiregrade', { timeout: 30_000 }, () => {
  it('grades its own server: status 0, and the report in every form', async () => {
    const file = (name: string): string => join(folder, 'forms', name)
    const forms = ['--json', file('r.json'), '--junit', file('r.xml'), '--html', file('r.html'), '--md', file('r.md')]
    const { status, stdout, stderr } = await wiregrade('grade', good.url, '--only', PING, ...forms)
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    for (const line of stdout.split('\n'))
      expect(line.length, line).toBeLessThanOrEqual(Math.max(80, file('').length + 20))
    const report = JSON.parse(readFileSync(file('r.json'), 'utf8')) as Report
    expect(report.grade.good).toBe(true)
    expect(report.verdicts.length).toBeGreaterThan(2)
    expect(report.verdicts.every(({ transcript }) => transcript.length > 0)).toBe(true)
    expect(readFileSync(file('r.xml'), 'utf8')).toContain('<testsuites')
    expect(readFileSync(file('r.html'), 'utf8')).toContain('<html')
    expect(readFileSync(file('r.md'), 'utf8')).toContain('of `http2` for the server')
  })

  it('catches the server that breaks a rule: status 1, and nothing but that rule', async () => {
    const { status, stdout, stderr } = await wiregrade('grade', deviant.url, '--only', PING, '--json', '-')
    const report = JSON.parse(stdout) as Report
    const short = report.verdicts.filter(({ outcome }) => outcome !== 'pass').map(({ rule }) => rule)
    expect(status).toBe(1)
    expect(new Set(short)).toEqual(new Set(['rfc9113/6.7/ping-length']))
    expect(stderr).toContain('MUST')
  })

  it('takes what is known for good, and tells what is stale', async () => {
    const known = join(folder, 'known')
    const id = 'rfc9113/6.7/ping-length/a-ping-has-seven-octets'
    const passing = 'rfc9113/6.7/ping-off-stream-zero/a-ping-names-stream-3'
    writeFileSync(
      known,
      JSON.stringify([
        ...['seven', 'nine', 'no'].map(count => ({
          case: `rfc9113/6.7/ping-length/a-ping-has-${count}-octets`,
          outcome: ['fail'],
          reason: 'its author has not read so far',
        })),
        { case: passing, outcome: ['fail'], reason: 'as it once did' },
      ]),
    )
    const { status, stdout } = await wiregrade('grade', deviant.url, '--only', PING, '--known', known, '--json', '-')
    const report = JSON.parse(stdout) as Report
    expect(report.verdicts.find(verdict => verdict.id === id)?.known).toContain('not read so far')
    expect(report.stale.map(entry => entry.id)).toEqual([passing])
    expect(status).toBe(0)
  })

  it('grades over TLS, when told to accept the certificate', async () => {
    const refused = await wiregrade('grade', secure.url, '--only', PING)
    expect(refused.status).toBe(2)
    expect(refused.stderr).toMatch(/^wiregrade .*certificate.*--insecure.*\n$/)
    const { status, stdout } = await wiregrade('grade', secure.url, '--only', PING, '--insecure', '--json', '-')
    expect(status).toBe(0)
    expect((JSON.parse(stdout) as Report).subject.security).toMatch(/^TLSv1\.[23]/)
  })

  it('tells in one line what cannot be done: status 2', async () => {
    const [typed, nobody] = await Promise.all([wiregrade('garde'), wiregrade('grade', 'h2c://127.0.0.1:1')])
    expect(typed).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^wiregrade no command.*\n$/) })
    expect(nobody).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(/^wiregrade no peer.*\n$/) })
  })

  it('ends cleanly on SIGTERM and SIGINT while it serves', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      const { child } = await serving('http2')
      const end = ended(child)
      child.kill(signal)
      expect((await end).status, signal).toBe(0)
    }
  })

  it('does not mind a reader that has seen enough', async () => {
    const child = start(['list', 'rules', '--json'])
    child.stdout?.destroy()
    expect(await ended(child)).toEqual({ status: 0, stdout: '', stderr: '' })
  })
})
