import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { width, wrap } from './columns.ts'
import { hostileReport, NASTY, perfectReport, sampleReport, sampleReports } from './report.fixture.ts'
import { conclusion, progress, redraw, result, table } from './terminal.ts'

describe('result', () => {
  it('tells the grade, the counts, and what falls short by section', () => {
    const lines = result(sampleReport()).split('\n')
    expect(lines.slice(0, 6)).toEqual([
      'nginx 1.22.1  D',
      '2 of 23 MUSTs are broken: rst-idle and field-value-nul',
      'http2 server at h2c://127.0.0.1:21014',
      '',
      'MUST 18/23   SHOULD 1/2   MAY 0/0',
      '19 pass  3 weak  3 fail  1 limit  1 unsupported  1 skipped  in 1.52 s',
    ])
    const at = lines.indexOf('  RFC 9113 §6.4')
    expect(lines.slice(at - 1, at + 4)).toEqual([
      'Broken requirements (2)',
      '  RFC 9113 §6.4',
      '    fail     MUST   RST_STREAM comes on an idle stream',
      '      expected a connection error of type PROTOCOL_ERROR',
      '      came     PING ACK: the connection went on as if nothing had come',
    ])
    expect(lines).toContain('  rfc9113/6.6/push/gone: there is no such case')
  })

  it.each([40, 80, 120])('keeps within %i columns, and never lets a peer act on the terminal', columns => {
    for (const report of sampleReports()) {
      for (const text of [
        result(report, { columns }),
        ...(columns < 80 ? [] : [table(sampleReports(), { columns })]),
      ]) {
        for (const line of text.split('\n')) expect(width(line), line).toBeLessThanOrEqual(columns)
        expect(text).not.toMatch(/[^\P{Cc}\n]|\p{Cs}|[\u202a-\u202e\u2066-\u2069]/u)
      }
    }
  })

  it('uses colour only when told to, and says the same', () => {
    const coloured = result(hostileReport(), { colour: true })
    expect(coloured).toContain('\u001b[31mfail')
    expect(stripVTControlCharacters(coloured)).toBe(result(hostileReport()))
  })
})

describe('table', () => {
  it('shows a peer a row, best first', () => {
    const lines = table([sampleReport(), perfectReport()]).split('\n')
    expect(lines).toEqual([
      'peer          grade   MUST  pass  weak  fail  unsupp.    time',
      'wiregrade         A  24/24    28     0     0        0  1.52 s',
      'nginx 1.22.1      D  18/23    19     3     3        1  1.52 s',
      '',
    ])
  })

  it('ends with how many are short', () => {
    expect(conclusion(sampleReports())).toBe('3 peers, 2 short of a MUST')
    expect(conclusion([perfectReport()])).toBe('1 peer, each keeps every MUST')
  })
})

describe('progress', () => {
  it('is one line that fits, with figures that do not move', () => {
    expect(progress({ name: 'nginx 1.22', done: 123, total: 240, failed: 2 })).toBe('nginx 1.22  123/240  2 failed')
    expect(progress({ name: 'nginx 1.22', done: 3, total: 240, failed: 0 })).toBe('nginx 1.22    3/240')
    expect(width(progress({ name: NASTY, done: 3, total: 240, failed: 2 }, { columns: 40 }))).toBeLessThan(40)
    expect(redraw('x')).toBe('\rx\u001b[K')
  })
})

describe('wrap', () => {
  it('breaks between words, and inside those that are too long', () => {
    expect(wrap('one two three', 8)).toEqual(['one two', 'three'])
    expect(wrap('deadbeefdeadbeef x', 8)).toEqual(['deadbeef', 'deadbeef', 'x'])
    expect(wrap('one two', 6, '> ', '. ')).toEqual(['> one', '. two'])
  })

  it('counts columns, not code units', () => {
    expect(width('🦊é\u0301漢')).toBe(5)
    expect(wrap('🦊🦊🦊', 4)).toEqual(['🦊🦊', '🦊'])
  })
})
