import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import type { KeptFind } from './campaign/folder.ts'
import { keepRegression, parseRegression } from './regression.ts'

const folder = mkdtempSync(join(tmpdir(), 'wiregrade-regression-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const find: KeptFind = {
  ...{ id: '0123456789abcdef', target: 'module:./decode.cjs#decode', allow: ['Refusal'], kind: 'crash' },
  ...{ title: 'TypeError: no kind 2', signature: 'x', found: '2026-01-02T03:04:05.678Z', path: '/nowhere' },
  stack: `TypeError: no kind 2\n    at decode (${process.cwd()}/src/decode.cjs:9:13)\n    at node:internal/x:1:1`,
  input: Uint8Array.of(0x41, 2, 3, 4),
  minimal: Uint8Array.of(0x41, 2, 3),
  replay: { again: 3, times: 3 },
}

it('is what came of the smallest input, where, and when', () => {
  const path = keepRegression(find, join(folder, 'kept')) ?? ''
  expect(path).toBe(join(folder, 'kept', 'module-decode.cjs-decode-0123456789abcdef.hex'))
  expect(parseRegression(path, readFileSync(path, 'utf8'))).toEqual({
    target: find.target,
    allow: ['Refusal'],
    about: ['crash: TypeError: no kind 2', 'in decode, src/decode.cjs:9', 'found 2026-01-02, came again 3 of 3 times'],
    input: find.minimal,
  })
})

it('is never written over', () => {
  const path = keepRegression(find, folder) ?? ''
  const text = readFileSync(path, 'utf8')
  expect(keepRegression({ ...find, title: 'another', minimal: undefined }, folder)).toBeUndefined()
  expect(readFileSync(path, 'utf8')).toBe(text)
  expect(readdirSync(folder).filter(name => name.endsWith('.part'))).toEqual([])
})
