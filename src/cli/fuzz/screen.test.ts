import { describe, expect, it } from 'vitest'
import type { Status } from '../../fuzz/campaign/status.ts'
import { briefly, clock, durationOf } from '../duration.ts'
import type { Output } from '../terminal.ts'
import { FuzzScreen, oneLine, screen } from './screen.ts'

const status: Status = {
  target: `module:${'long/'.repeat(30)}decode.js#decode`,
  elapsed: 123_456_789,
  runs: 12_345_678_901,
  runsPerSecond: 157_123.4,
  workers: 64,
  restarts: 123_456,
  corpus: 1_234_567,
  resumed: 1_234_567,
  blocks: 1_048_576,
  sinceNew: 7_200_000,
  sinceFind: 3_599_000,
  findings: 1,
  finds: { crash: 1234, law: 0, hang: 12, slow: 1, memory: 0, disagreement: 0 },
  examined: 12,
}

describe('the status', () => {
  it('fits in 80 columns', () => {
    const lines = screen(status, { paint: (_, text) => text })
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80)
    expect(lines.join('\n')).toContain('12,345,678,901')
    expect(lines.join('\n')).toMatch(/crashes +1234 +laws +0 +hangs +12/)
  })

  it('tells of a server by its states', () => {
    const server: Status = {
      ...status,
      target: 'server:bind9',
      server: 'bind9 9.18.24',
      states: 1234,
      blocks: 16_384,
      revived: 17,
    }
    const shown = screen({ ...server, restarts: 1 }, { paint: (_, text) => text })
    for (const line of shown) expect(line.length, line).toBeLessThanOrEqual(80)
    expect(shown.join('\n')).toMatch(/server:bind9 {2}\(bind9 9\.18\.24\)/)
    expect(shown.join('\n')).toMatch(/sessions +12,345,678,901/)
    expect(shown.join('\n')).toMatch(/states +1,234, 16,384 edges +last find .*restarts +17 *\n/)
    expect(shown.join('\n')).toContain('1 worker replaced; looking at 12')
    expect(shown.join('\n')).not.toMatch(/laws|slow/)
    expect(oneLine({ ...server, blocks: 0 })).toContain('sessions (157,123/s), corpus 1,234,567, states 1,234, found:')
  })

  it('is one line where there is no terminal, each ten seconds', () => {
    const written: string[] = []
    const output = { live: false, line: (text: string) => void written.push(text) } as unknown as Output
    const display = new FuzzScreen(output)
    for (let elapsed = 0; elapsed <= 30_000; elapsed += 200) display.show({ ...status, elapsed })
    expect(written).toHaveLength(3)
    expect(oneLine({ ...status, elapsed: 10_000 })).toMatch(
      /^00:00:10 {2}12,345,678,901 runs .*found: crash 1234, hang 12, slow 1$/,
    )
  })

  it('is drawn over itself on a terminal, and makes room for lines that stay', () => {
    const written: string[] = []
    const output = {
      live: true,
      raw: (text: string) => void written.push(text),
      line: (line: string) => void written.push(`${line}\n`),
      paint: (_: string, shown: string) => shown,
    } as unknown as Output
    const display = new FuzzScreen(output)
    display.show(status)
    display.show(status)
    expect(written.join('').split('\u001b[6A')).toHaveLength(2)
    display.say('found')
    expect(written.join('').endsWith('\u001b[6A\u001b[Jfound\n')).toBe(true)
  })
})

describe('durations', () => {
  it.each([
    ['8h', 28_800_000],
    ['30m', 1_800_000],
    ['1h30m', 5_400_000],
    ['90', 90_000],
    ['500ms', 500],
    ['1.5s', 1500],
  ])('%s', (typed, expected) => {
    expect(durationOf('--time', typed)).toBe(expected)
  })

  it('are told', () => {
    expect(() => durationOf('--time', 'soon')).toThrow("--time is a time such as 90s, 30m or 8h, not 'soon'")
    expect([clock(3_725_000), clock(90_061_000)]).toEqual(['01:02:05', '1d 01:01:01'])
    expect([briefly(900), briefly(61_000), briefly(5_400_000)]).toEqual(['0 s', '1 min', '1.5 h'])
  })
})
