import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Report } from '../conformance/verdict.ts'
import { which } from '../io/program.ts'

/** The commands with DNS, each as a process of its own, as one types them. */

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'wiregrade-dns-'))
const ZONE = join(folder, 'own.zone')
/** Cases of a header, which every server can be asked. */
const HEADER = 'rfc1035/4.1.1/*'

function wiregrade(...args: readonly string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise(resolve => {
    const options = { cwd: ROOT, env: { ...process.env, COLUMNS: '80', NO_COLOR: '' } }
    execFile(process.execPath, ['--import', 'tsx', MAIN, ...args], options, (error, stdout, stderr) => {
      resolve({ status: error ? Number(error.code) : 0, stdout, stderr })
    })
  })
}

const stops: (() => Promise<number | null>)[] = []

/** Starts a server and answers its address. */
async function serving(...args: readonly string[]): Promise<string> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'serve', 'dns', ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'exit') as Promise<[number | null]>
  stops.push(async () => {
    child.kill('SIGTERM')
    return (await ended)[0]
  })
  const [line] = (await once(createInterface(child.stdout), 'line')) as [string]
  return /^listening on (\S+)$/.exec(line)?.[1] ?? line
}

async function graded(url: string, ...more: readonly string[]): Promise<{ status: number; report: Report }> {
  const { status, stdout } = await wiregrade('grade', url, '--only', HEADER, '--json', '-', ...more)
  return { status, report: JSON.parse(stdout) as Report }
}

let plain = ''
let tls = ''
let https = ''
let own = ''
let deviant = ''

beforeAll(async () => {
  const lines = [
    '$ORIGIN Example.ORG.',
    '$TTL 300',
    '@ SOA ns1 hostmaster 7 3600 600 86400 60',
    ' NS ns1',
    'ns1 A 127.0.0.1',
  ]
  writeFileSync(ZONE, `${lines.join('\n')}\n`)
  ;[plain, tls, https, own, deviant] = await Promise.all([
    serving(),
    serving('--tls'),
    serving('--https'),
    serving('--zone', ZONE),
    serving('--ignore', 'rfc1035/4.1.1/opcode-copied'),
  ])
}, 180_000)

afterAll(async () => {
  const statuses = await Promise.all(stops.map(stop => stop()))
  rmSync(folder, { recursive: true, force: true })
  expect(new Set(statuses)).toEqual(new Set([0]))
})

describe.concurrent('wiregrade and DNS', { timeout: 30_000 }, () => {
  it('grades its own server over UDP and TCP, with captures', async () => {
    expect(plain).toMatch(/^dns:\/\/127\.0\.0\.1:\d+$/)
    const captures = join(folder, 'captures')
    const { status, report } = await graded(plain, '--pcap', captures)
    expect(status).toBe(0)
    expect(report).toMatchObject({
      protocol: 'dns',
      subject: { address: plain, role: 'server' },
      grade: { good: true },
    })
    expect(report.verdicts.some(({ outcome }) => outcome === 'pass')).toBe(true)
    expect(report.verdicts.filter(({ transcript }) => transcript.length > 0)).toHaveLength(readdirSync(captures).length)
  })

  it.each([
    ['tls+dns', () => tls],
    ['https+dns', () => https],
  ])('grades it by %s://, when told to accept the certificate', async (scheme, url) => {
    expect(url()).toMatch(new RegExp(`^${scheme.replace('+', '\\+')}://127\\.0\\.0\\.1:\\d+$`))
    const refused = await wiregrade('grade', url(), '--only', HEADER)
    expect(refused).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^wiregrade .*certificate.*--insecure.*\n$/),
    })
    const { status, report } = await graded(url(), '--insecure')
    expect(status).toBe(0)
    expect(report.subject.security).toMatch(/^TLSv1\.[23]/)
    expect(report.verdicts.some(({ outcome }) => outcome === 'pass')).toBe(true)
  })

  it('asks for the zone that the subject was given, by its file or by its name', async () => {
    const file = await graded(own, '--zone', ZONE)
    const name = await graded(`${own}/example.org`)
    for (const { status, report } of [file, name]) {
      expect(status).toBe(0)
      const asked = report.verdicts.flatMap(({ transcript }) => transcript.flatMap(({ decoded }) => decoded)).join('\n')
      expect(asked).toMatch(/\? example\.org\. SOA/)
      expect(asked).not.toContain('example.test')
    }
  })

  it('catches the server that breaks a rule: status 1', async () => {
    const { status, report } = await graded(deviant)
    expect(status).toBe(1)
    const short = report.verdicts.filter(({ outcome }) => outcome === 'fail' || outcome === 'weak')
    expect(new Set(short.map(({ rule }) => rule))).toContain('rfc1035/4.1.1/opcode-copied')
  })

  it('serves zones that dig finds', async context => {
    if (which('dig') === undefined) return context.skip('dig is not installed')
    const ask = async (url: string, ...args: readonly string[]): Promise<string> => {
      const port = /:(\d+)$/.exec(url)?.[1] ?? ''
      const { stdout } = await promisify(execFile)('dig', ['@127.0.0.1', '-p', port, '+short', ...args])
      return stdout.trim()
    }
    const soa = 'ns1.Example.ORG. hostmaster.Example.ORG. 7 3600 600 86400 60'
    expect(await ask(own, 'example.org', 'SOA', '+notcp')).toBe(soa)
    expect(await ask(own, 'example.org', 'SOA', '+tcp')).toBe(soa)
    expect(await ask(tls, 'www.example.test', '+tls')).toBe('192.0.2.1')
    expect(await ask(https, 'www.example.test', '+https')).toBe('192.0.2.1')
  })

  it('lists, explains and proves cases of the one protocol', async () => {
    const [cases, proved, explained] = await Promise.all([
      wiregrade('list', 'cases', '--protocol', 'dns', '--json'),
      wiregrade('prove', HEADER, '--protocol', 'dns'),
      wiregrade('explain', 'response-bit-set', '--protocol', 'dns'),
    ])
    const protocols = (JSON.parse(cases.stdout) as { protocol: string }[]).map(({ protocol }) => protocol)
    expect(new Set(protocols)).toEqual(new Set(['dns']))
    expect(proved).toMatchObject({ status: 0, stdout: expect.stringMatching(/^(\d+) of \1 cases proven/) })
    expect(explained.stdout).toMatch(/By hand\n +dig @/)
  })
})
