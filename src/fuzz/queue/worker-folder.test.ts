import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { CannotBegin } from '../campaign/cannot-begin.ts'
import { workerFolder } from './worker-folder.ts'

const target = 'module:./decode.cjs#decode'
let root: string

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'wiregrade-worker-'))
})
afterAll(() => rmSync(root, { recursive: true }))

it('keeps campaigns apart that are told different things', () => {
  const path = join(root, 'decode')
  const told = [
    { target, allow: [] },
    { target, allow: ['Refusal'] },
    { target, allow: [], settings: { known: 'known.json' } },
  ]
  const folders = told.map(of => workerFolder(path, of, '1'))
  expect(folders.map(({ file: { allow, settings } }) => ({ target, allow, ...(settings && { settings }) }))).toEqual(
    told,
  )
  expect(folders[0]?.path).toBe(path)
  expect(new Set(folders.map(folder => folder.path)).size).toBe(3)
  // Each goes on where it was.
  expect(told.map(of => workerFolder(path, of, '2').path)).toEqual(folders.map(folder => folder.path))
})

it('leaves alone what is no campaign', () => {
  const path = join(root, 'taken')
  mkdirSync(path)
  writeFileSync(join(path, 'mine'), '')
  expect(workerFolder(path, { target, allow: [] }, '1').path).toMatch(/\/taken-[0-9a-f]{8}$/)
  expect(readdirSync(path)).toEqual(['mine'])
})

it('says why there is none', () => {
  const file = join(root, 'file')
  writeFileSync(file, '')
  const make = (): unknown => workerFolder(join(file, 'below'), { target, allow: [] }, '1')
  expect(make).toThrow(CannotBegin)
  expect(make).toThrow(/file\/below-[0-9a-f]{8} cannot be used: a file stands where a folder is wanted/)
})
