import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { InstrumentedCache } from './cache.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'wiregrade-cache-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

/** Asks a cache of its own, as another thread would, and counts what had to be made. */
function ask(source: string, file: string): { readonly code: string; readonly made: number } {
  let made = 0
  const code = new InstrumentedCache(folder).code(source, file, () => {
    made++
    return `/* ${file} */ ${source}`
  })
  return { code, made }
}

it('makes code once for a source and its file', () => {
  expect(ask('1', '/a.ts')).toEqual({ code: '/* /a.ts */ 1', made: 1 })
  expect(ask('1', '/a.ts')).toEqual({ code: '/* /a.ts */ 1', made: 0 })
  expect(ask('1', '/b.ts').made).toBe(1)
  expect(ask('2', '/a.ts').made).toBe(1)
})

it('takes nothing from a folder that others can write', () => {
  ask('1', '/a.ts')
  chmodSync(folder, 0o777)
  expect(ask('1', '/a.ts').made).toBe(1)
  expect(ask('1', '/a.ts').made).toBe(1)
})
