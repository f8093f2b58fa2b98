import { describe, expect, it } from 'vitest'
import { code, markdown, prose } from './markdown.ts'
import { matrix, nameAndVersion } from './matrix.ts'
import { largeReport, NASTY, perfectReport, sampleReport, sampleReports } from './report.fixture.ts'

/** How many columns each row of a table has: an escaped bar is no end of a cell. */
function widths(table: readonly string[]): number[] {
  return table.map(line => line.replace(/\\./g, '').split('|').length - 2)
}

function tables(text: string): string[][] {
  return text
    .split(/\n(?!\|)/)
    .map(block => block.split('\n').filter(line => line.startsWith('|')))
    .filter(block => block.length > 0)
}

describe('markdown', () => {
  it('leaves nothing of hostile text that Markdown or HTML would act on', () => {
    expect(prose('<b>')).toBe('\\<b\\>')
    expect(prose('@someone closes #1, see https://example.org/ and www.example.org')).toBe(
      '&#64;someone closes \\#1, see https&#58;//example.org/ and www&#46;example.org',
    )
    expect(prose('a\nb\u001b[2J')).toBe('a\\\\u\\{a\\}b\\\\u\\{1b\\}\\[2J')
    expect(code('a ``b`` | c')).toBe('``` a ``b`` \\| c ```')
    expect(code(' ')).toBe('(nothing)')
    for (const text of [prose(NASTY), code(NASTY)]) expect(text).not.toMatch(/\p{Cc}|\p{Cs}/u)
  })

  it('says grade, tallies, failures with evidence, and stale entries', () => {
    const text = markdown([sampleReport()])
    expect(text).toContain('## nginx 1.22.1: D\n\n2 of 23 MUSTs are broken: rst-idle and field-value-nul.\n')
    expect(text).toContain('| 18 of 23 | 1 of 2 | 0 of 0 | 19 | 3 | 3 | 1 | 1 | 1 |')
    expect(text).toContain(
      [
        '- **fail** [RFC 9113 §6.4](https://www.rfc-editor.org/rfc/rfc9113#section-6.4) MUST, when RST\\_STREAM comes on an idle stream',
        '  - expected `a connection error of type PROTOCOL_ERROR`',
        '  - came `PING ACK: the connection went on as if nothing had come`',
      ].join('\n'),
    )
    expect(text).toContain('  - known: nginx reads no content where it serves a file\n')
    expect(text).toContain('- `rfc9113/6.6/push/gone`: there is no such case')
  })

  it('says little of a subject without a flaw', () => {
    expect(markdown([perfectReport()]).split('\n').length).toBeLessThan(12)
  })

  it('stays short enough for a comment, however much fails', () => {
    expect(markdown([largeReport('nginx', 3000)]).length).toBeLessThan(65_536)
  })
})

describe('matrix', () => {
  it('gives every row of a table the same columns, whatever the names', () => {
    const found = tables(matrix(sampleReports()))
    expect(found).toHaveLength(2)
    for (const table of found) expect(new Set(widths(table)).size).toBe(1)
  })

  it('lists a peer a row, and each case that one of them does not pass', () => {
    const text = matrix(sampleReports())
    expect(text).toContain('| nginx | 1.22.1 | **D** | 18 of 23 | 1 of 2 | 19 | 3 | 3 | 1 | 2 | 1.52 |')
    expect(text).toContain('| `rst-idle` RST\\_STREAM comes on an idle stream | MUST | ✓ | **fail** | ✓ |')
    expect(text).toContain('| **fail**° |')
    expect(text).not.toContain('data-padding')
    expect(text).toContain('- ✓ pass: the rule was kept')
    expect(text).toContain('- weak: the breach was refused')
  })

  it('is the same for peers in any order', () => {
    expect(matrix([...sampleReports()].reverse())).toBe(matrix(sampleReports()))
  })

  it('has no second table when all pass', () => {
    expect(tables(matrix([perfectReport()]))).toHaveLength(1)
  })

  it('has a section for each protocol, by title, and one legend', () => {
    const other = sampleReports().map(report => ({ ...report, protocol: 'dns' }))
    const titles: Readonly<Record<string, string>> = { http2: 'HTTP/2', dns: 'DNS' }
    const text = matrix([...sampleReports(), ...other], protocol => titles[protocol] ?? protocol)
    expect(text.match(/^##+ .*/gm)).toEqual([
      '## DNS',
      '### What is not passed by all',
      '## HTTP/2',
      '### What is not passed by all',
      '## Legend',
    ])
    // Peers of one protocol stand in the tables of that alone.
    const found = tables(text)
    expect(found).toHaveLength(4)
    expect(found[0]?.length).toBe(sampleReports().length + 2)
    for (const table of found) expect(new Set(widths(table)).size).toBe(1)
  })

  it('takes a version off a name', () => {
    expect(nameAndVersion('nginx 1.22.1')).toEqual(['nginx', '1.22.1'])
    expect(nameAndVersion('Node v20.20.2')).toEqual(['Node', 'v20.20.2'])
    expect(nameAndVersion('127.0.0.1:8080')).toEqual(['127.0.0.1:8080', ''])
  })
})
