import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, it } from 'vitest'

let folder = ''

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'instrument-'))
  writeFileSync(join(folder, 'a.mjs'), `export function f(a) {\n  if (a) return 1\n  return 2\n}\n`)
  writeFileSync(join(folder, 'b.cjs'), `exports.f = function (a) {\n  if (a) return 1\n  return 2\n}\n`)
  const typed = [
    'interface Gone {',
    '  readonly a: number',
    '}',
    '',
    '// A comment.',
    'export function f(a: boolean): number {',
    '  if (a) throw new Error("here")',
    '  return 2 as number',
    '}',
    'export type { Gone }',
  ]
  writeFileSync(join(folder, 'c.mts'), typed.join('\n'))
  writeFileSync(join(folder, 'out.mjs'), 'export const f = a => a')
})

afterAll(() => rmSync(folder, { recursive: true }))

it('instruments ESM, CommonJS and TypeScript as they are loaded, and keeps their lines', () => {
  const main = `
    const { instrumentModules } = await import(${JSON.stringify(new URL('register.ts', import.meta.url).href)})
    const here = ${JSON.stringify(`${folder}/`)}
    const coverage = instrumentModules({ include: [here], exclude: [here + 'out.mjs'] })
    const [a, b, c, out] = await Promise.all(['a.mjs', 'b.cjs', 'c.mts', 'out.mjs'].map(name => import(here + name)))
    coverage.reset()
    a.f(true), b.f(false), out.f(1)
    let stack = ''
    try { c.f(true) } catch (error) { stack = error.stack }
    const hit = []
    for (let i = 0; i < coverage.blocks; i++) {
      const { file, line } = coverage.locationOf(i)
      if (coverage.counters[i] > 0) hit.push(file.slice(here.length) + ':' + line)
    }
    console.log(JSON.stringify({ hit, line: /c\\.mts:(\\d+):/.exec(stack)?.[1] }))`
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const printed = execFileSync(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', main], {
    cwd: root,
    encoding: 'utf8',
  })
  const { hit, line } = JSON.parse(printed) as { hit: string[]; line: string }
  expect(hit.sort()).toEqual(['a.mjs:1', 'a.mjs:2', 'b.cjs:1', 'b.cjs:2', 'c.mts:6', 'c.mts:7'])
  expect(line).toBe('7')
})
