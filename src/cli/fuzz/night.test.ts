import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import type { NightStatus, TargetRecord } from '../../fuzz/night/night.ts'
import { obey } from '../commands.ts'
import { type Ended, heard } from '../heard.fixture.ts'
import { UsageError } from '../options.ts'
import type { Output } from '../terminal.ts'
import { NightScreen, nightLine, nightScreen, nightTable } from './night-screen.ts'

const DECODER = relative('', fileURLToPath(new URL('planted.fixture.cjs', import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'wiregrade-night-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function night(...args: readonly string[]): Promise<Ended> {
  return heard(() => obey(['fuzz', 'night', ...args, '--regressions', join(folder, 'regressions')]))
}

describe('a night', () => {
  it('gives each its turn, finds, tells, and goes on the next time', async () => {
    const [path, more] = [join(folder, 'night'), `module:${DECODER}#later`]
    const args = ['--campaigns', path, '--only', 'codec:http2/p{ing,riority}', '--with', more, '--workers', '2']
    const begin = () => night(...args, '--time', '7s', '--seed', '1', '--json', join(folder, 'night.json'))
    const summary = () => JSON.parse(readFileSync(join(folder, 'night.json'), 'utf8'))
    let first = await begin()
    let said = first.stderr
    // A machine with much to do comes to less in its night, and may look at what it found in the next one.
    for (let nights = 1; nights < 20 && summary().finds[0]?.replay === undefined; nights++) {
      first = await begin()
      said += first.stderr
    }
    expect(first.status).toBe(1)
    expect(first.stdout).toMatch(/crash {2}RangeError: in a promise/)
    expect(first.stdout).toMatch(/wiregrade fuzz replay \S+night\/module-\S+\/crashes\/[0-9a-f]{16}/)
    expect(summary()).toMatchObject({ found: 'crash 1', finds: [{ target: more, replay: { again: 3 } }] })
    expect(said).toMatch(/^ {2}kept as \S+\.hex$/m)
    const turns = (text: string) => text.split('\n').filter(line => line.endsWith('}')).length
    const log = join(path, 'night.jsonl')
    const before = turns(readFileSync(log, 'utf8'))
    expect(before).toBeGreaterThanOrEqual(1)
    // Somebody was killed within a line.
    appendFileSync(log, '{"at":1,"targ')
    const again = await night(...args, '--time', '3s', '--json', '-')
    expect(again.status).toBe(1)
    const { targets } = JSON.parse(again.stdout) as { targets: TargetRecord[] }
    expect(targets.reduce((sum, { slices }) => sum + slices, 0)).toBe(turns(readFileSync(log, 'utf8')))
    expect(turns(readFileSync(log, 'utf8'))).toBeGreaterThanOrEqual(before)
  }, 300_000)

  it('leaves out what cannot begin, and says so', async () => {
    const args = ['--only', 'codec:none', '--with', `module:${DECODER}#nothing`, '--workers', '1', '--time', '20s']
    const { status, stdout, stderr } = await night(...args, '--campaigns', join(folder, 'none'))
    expect(status).toBe(1)
    expect(stderr).toMatch(/is left out: .*exports no function nothing/)
    expect(stdout).toMatch(/^failed: module:.*exports no function nothing/m)
  }, 60_000)

  it.each([
    [['--only', 'codec:dns/mesage'], /no target is like 'codec:dns\/mesage'; did you mean 'codec:dns\/message'/],
    [['--with', 'codec:dns/mesage'], /no target 'codec:dns\/mesage'/],
    [['codec:dns/message'], /'codec:dns\/message' is too much/],
    [['--time', 'long'], /--time is a time such as/],
    [
      ['--only', 'codec:dns/name', '--campaigns', `${DECODER}/there`],
      /the folder \S+ cannot be used: a file stands where a folder is wanted/,
    ],
  ])('refuses %j in one line', async (args, message) => {
    const thrown = await night(...args).catch((error: unknown) => error)
    expect(thrown).toBeInstanceOf(UsageError)
    expect((thrown as Error).message).toMatch(message)
  })
})

const target: TargetRecord = {
  target: `module:${'long/'.repeat(30)}decode.js#decode`,
  ...{ slices: 123, runs: 9_345_678_901, elapsed: 123_456_789, corpus: 123_456, blocks: 1_048_576 },
  finds: { crash: 1234, law: 12, hang: 12, slow: 1, memory: 1, disagreement: 1 },
  failed: undefined,
}
const running = {
  target: target.target,
  elapsed: 12_000,
  runs: 1_885_476,
  runsPerSecond: 157_123,
  corpus: 123_456,
  resumed: 123_000,
}
const status = {
  ...{ elapsed: 123_456_789, left: 7_200_000, runs: 12_345_678_901, runsPerSecond: 157_123.4, slices: 12_345 },
  ...{
    workers: 64,
    targets: Array.from({ length: 112 }, () => target),
    now: Array.from({ length: 64 }, () => running),
  },
} as unknown as NightStatus

describe('the status of a night', () => {
  it('fits in 80 columns', () => {
    const lines = [...nightScreen(status, { paint: (_, text) => text }), ...nightTable(status, 80)]
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80)
    expect(lines.join('\n')).toMatch(/112 of 112 had a turn.*\n.*12,345,678,901.*\n(.*module:.*\n){8} {2}and 56 more/)
  })

  it('is one line where there is no terminal, each half a minute', () => {
    const written: string[] = []
    const output = { live: false, line: (text: string) => void written.push(text) } as unknown as Output
    const display = new NightScreen(output)
    for (let elapsed = 0; elapsed <= 90_000; elapsed += 200) display.show({ ...status, elapsed })
    expect(written).toHaveLength(3)
    expect(nightLine({ ...status, elapsed: 10_000 })).toMatch(/^00:00:10 {2}112 of 112 targets, .*, 2.0 h left$/)
  })
})
