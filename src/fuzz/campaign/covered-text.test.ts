import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { COVERAGE, Coverage } from '../instrument/coverage.ts'
import { instrument } from '../instrument/instrument.ts'
import { mergeCoverage } from './coverage-file.ts'
import { coveredFiles } from './covered-files.ts'
import { COVERED, coveredText, UNCOVERED } from './covered-text.ts'
import { hashOf } from './folder.ts'

const root = mkdtempSync(join(tmpdir(), 'wiregrade-covered-test-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

/** Runs a script that is instrumented, and marks what was never entered: `if (a) «b()»`. */
function marked(text: string): string {
  const coverage = new Coverage()
  new Function('globalThis', instrument(text, { file: 'a.js', type: 'commonjs' }))({ [COVERAGE]: coverage })
  const places = coverage.modules[0]?.places ?? []
  const marks = coveredText(text, 'a.js', places, block => coverage.counters[block] !== 0)
  return [...text]
    .map((character, at) => {
      const [is, was] = [marks[at] === UNCOVERED, marks[at - 1] === UNCOVERED]
      return (is && !was ? '«' : !is && was ? '»' : '') + character
    })
    .join('')
}

describe('the text with what was entered of it', () => {
  it.each([
    'if (true) { one() } else «{ two() }»; function one() {}',
    'function f(a) { return a ? «1» : 22 }; f(0)',
    'let a = 0; if (a) «{ a = 1 }»; a = 2',
    'let a = 1; «if» (a) a = 2; a = 3',
    'let a = 1; if (a) a = 2; else «if (a > 1) a = 3;» a = 4',
    'let a = 0; if (a) «a = 2;» else if (a > 1) «a = 3;» a = 4',
    'const f = a => a || «7»; f(1)',
    'function b() «{ return a => a ?? 1 }»; let c',
    'switch (2) { «case 1: a(); break;» case 2: }',
    'try { throw 1 } catch { one() } function one() { for (const a of []) «one(a);» }',
  ])('marks %s', text => {
    expect(marked(text.replace(/[«»]/g, ''))).toBe(text)
  })

  it('marks TypeScript where it was written', () => {
    const text = 'interface A { a: number }\nexport function f(a: A): number {\n  return a.a > 1 ? 1 : 2\n}\n'
    const place = (of: string): [number, number] => {
      const lines = text.slice(0, text.indexOf(of)).split('\n')
      return [lines.length, lines.at(-1)?.length ?? 0]
    }
    const marks = coveredText(text, 'a.ts', [...place('{\n'), ...place('1 :'), ...place('2\n')], block => block !== 2)
    expect(text.slice(marks.indexOf(COVERED), marks.lastIndexOf(COVERED) + 1)).toMatch(/^\{\n {2}return[\s\S]*\}$/)
    expect(text.slice(marks.indexOf(UNCOVERED), marks.lastIndexOf(UNCOVERED) + 1)).toBe('2')
  })

  it('marks the places alone of what it cannot read', () => {
    expect([...coveredText('what is ( this', 'a.js', [1, 8], () => true)].indexOf(COVERED)).toBe(8)
  })
})

describe('the files that a campaign has entered', () => {
  it('have their text while it is what was entered, those first of which much is left', () => {
    const path = mkdtempSync(join(root, 'c-'))
    const record = (name: string, text: string, covered: number, hash = hashOf(text)) => {
      writeFileSync(join(path, name), text)
      const bits = Buffer.from([covered]).toString('base64')
      return {
        format: 1,
        file: `pkg/${name}`,
        at: join(path, name),
        hash,
        places: [1, 0, 1, 1, 1, 2],
        covered: bits,
      } as const
    }
    mergeCoverage(path, [
      record('full.js', 'full', 0b111),
      record('half.js', 'half', 0b1),
      record('old.js', 'new', 0b11, 'other'),
      { ...record('old.js', 'new', 0b1, 'older') },
      { ...record('gone.js', 'gone', 0b111), at: join(path, 'nowhere.js') },
    ])
    expect(
      coveredFiles(path).map(({ file, covered, blocks, others, text }) => [file, covered, blocks, others, text]),
    ).toEqual([
      ['pkg/old.js', 2, 3, 1, { missing: 'changed' }],
      ['pkg/half.js', 1, 3, 0, 'half'],
      ['pkg/full.js', 3, 3, 0, 'full'],
      ['pkg/gone.js', 3, 3, 0, { missing: 'not here' }],
    ])
  })
})
