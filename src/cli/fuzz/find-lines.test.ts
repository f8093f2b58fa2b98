import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { KeptFind } from '../../fuzz/campaign/folder.ts'
import { sarif } from '../../fuzz/campaign/sarif.ts'
import type { Given } from '../options.ts'
import { FindNews, findLines, groupLines } from './find-lines.ts'
import { findsPart } from './page/finds.ts'

/** A crash in a decoder of records; it is a server's, which is not kept as a regression. */
function crash(id: string, record: string, more: Partial<KeptFind> = {}): KeptFind {
  const title = `RangeError: The value of "offset" is out of range. It must be >= 0 and <= 12. Received ${id}`
  const frames = [record, 'answer.decode', 'decode'].map(
    name => `    at ${name} (/x/node_modules/dns-packet/index.js:7:1)`,
  )
  return {
    ...{ kind: 'crash', title, stack: [title, ...frames].join('\n'), signature: id, id, target: 'server:x', allow: [] },
    ...{ found: '2026-01-01T00:00:00.000Z', path: `/c/crashes/${id}`, input: Uint8Array.of(1, 2), ...more },
  }
}

const given = { text: () => undefined } as unknown as Given
const [mx, ns] = [crash('0123456789abcdef', 'rmx.decode'), crash('123456789abcdef0', 'rns.decode')]
const again = { replay: { again: 3, times: 3 }, minimal: Uint8Array.of(1) }

describe('finds', () => {
  it('say where, in 80 columns', () => {
    expect(findLines(mx)[1]).toBe('  at rmx.decode (dns-packet/index.js:7)')
    for (const line of groupLines([mx, ns]).flat()) expect(line.length, line).toBeLessThanOrEqual(80)
  })

  it('that are similar are under one heading with their count', () => {
    const hang: KeptFind = { ...mx, kind: 'hang', title: 'no end within 500 ms', stack: undefined }
    const groups = groupLines([mx, hang, ns])
    expect(groups).toHaveLength(2)
    expect(groups[0]?.[0]).toMatch(/^crash {2}RangeError: .*… {2}\(2 alike\)$/)
    expect(groups[0]?.at(-1)).toBe('    crashes/123456789abcdef0  rns.decode (dns-packet/index.js:7)')
    expect(findsPart([mx, hang, ns]).html).toMatch(
      /<p class="place">at rmx\.decode \(dns-packet\/index\.js:7\)<\/p>[\s\S]*<summary>1 like it<\/summary>[\s\S]*at rns\.decode/,
    )
  })

  it('that are like one before are told in one short line, once', () => {
    const news = new FindNews(given)
    expect(news.of(mx, '/c')?.split('\n')).toHaveLength(2)
    expect(news.of(ns, '/c')).toBe('crash  at rns.decode (dns-packet/index.js:7) (like 0123456789abcdef)')
    expect(news.of({ ...mx, ...again }, '/c')).toMatch(/came again 3 of 3 times\n {2}wiregrade fuzz replay /)
    expect(news.of({ ...ns, ...again }, '/c')).toBeUndefined()
  })

  it('of code are kept as regressions, those of properties too', () => {
    const regressions = mkdtempSync(join(tmpdir(), 'wiregrade-kept-'))
    const news = new FindNews({ text: () => regressions } as unknown as Given)
    try {
      for (const target of ['codec:dns/name', 'property:dns/name', 'property:./some.ts#all']) {
        const said = news.of({ ...mx, ...again, target }, '/c')
        const path = said?.match(/^ {2}kept as (\S+)$/m)?.[1] as string
        expect(readFileSync(path, 'utf8')).toMatch(`target: ${target}\n`)
      }
      expect(news.of({ ...mx, ...again }, '/c')).not.toMatch('kept as')
    } finally {
      rmSync(regressions, { recursive: true })
    }
  })

  it('that did not come again are told so, and that they happened where that is certain', () => {
    const gone = { replay: { again: 0, times: 3 } }
    expect(findLines({ ...mx, ...gone })).toContain('  2 octets; did not come again')
    const certain: KeptFind = { ...mx, ...gone, certain: true }
    expect(findLines(certain)).toContain('  2 octets; did not come again, but was no accident')
    const { html } = findsPart([{ ...ns, ...gone }, certain])
    expect(html).toMatch(/Finds <span class="count">1<\/span>[\s\S]*class="found"[\s\S]*class="found fleeting"/)
    expect(findsPart([{ ...mx, ...gone }]).html).toMatch('Nothing was found that came again.')
    expect(findsPart([]).html).toMatch('Nothing was found.')
    expect(sarif([mx, { ...mx, ...gone }, certain], '1')).toMatchObject({
      runs: [{ results: [{ level: 'error' }, { level: 'note' }, { level: 'error' }] }],
    })
  })

  it('that did not come again stand for no others', () => {
    const news = new FindNews(given)
    news.of(mx, '/c')
    news.of({ ...mx, replay: { again: 0, times: 3 } }, '/c')
    expect(news.of(ns, '/c')).toMatch(/^crash {2}RangeError/)
  })
})
