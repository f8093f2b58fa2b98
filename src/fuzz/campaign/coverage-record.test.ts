import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { bitsOf, hasBit, type ModuleCoverage, mergeCoverage, readCoverage, versionOf } from './coverage-file.ts'
import { CoverageRecord } from './coverage-record.ts'
import type { WatchedCode } from './job.ts'
import { addOrigin, readLineage } from './lineage.ts'

const root = mkdtempSync(join(tmpdir(), 'wiregrade-coverage-test-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const campaign = () => mkdtempSync(join(root, 'c-'))
const PLACES = Array.from({ length: 20 }, (_, block) => [block + 1, 0]).flat()

/** A worker that watches one module of ten blocks, behind another of two. */
function code(entered: readonly number[], hash = 'one'): WatchedCode {
  const blocks = new Uint8Array(64)
  for (const block of entered) blocks[2 + block] = 1
  const module = (file: string, first: number, places: number[]) => ({
    file,
    first,
    places,
    site: 0,
    sites: 0,
    words: [],
  })
  return {
    counters: new Uint8Array(64),
    blocks: 12,
    modules: [module('/else/b.js', 0, [1, 0, 2, 0]), module(join(process.cwd(), 'src/a.ts'), 2, PLACES.slice(0, 20))],
    hashes: ['other', hash],
    entered: blocks,
  }
}

const blocksOf = (record: ModuleCoverage): number[] =>
  Array.from({ length: record.places.length / 2 }, (_, block) => block).filter(block => hasBit(bitsOf(record), block))

const told = (path: string): [string, string, number[]][] =>
  readCoverage(path)
    .map((record): [string, string, number[]] => [record.file, record.hash, blocksOf(record)])
    .sort()

describe('the record of what was covered', () => {
  it('keeps what workers entered, by module, and nothing of what none entered', () => {
    const path = campaign()
    const record = new CoverageRecord(path)
    record.watch({}, code([0, 9]))
    expect(record.blocks).toBe(2)
    expect(record.save()).toBe(true)
    expect(told(path)).toEqual([['src/a.ts', 'one', [0, 9]]])
  })

  it('counts what others entered, then and now', () => {
    const path = campaign()
    const first = new CoverageRecord(path)
    first.watch({}, code([0, 1]))
    first.save()
    const [one, other] = [new CoverageRecord(path), new CoverageRecord(path)]
    one.watch({}, code([1, 2]))
    other.watch({}, code([8]))
    expect(one.blocks).toBe(3)
    one.save()
    other.save()
    expect(other.blocks).toBeLessThanOrEqual(4)
    other.collect()
    expect(other.blocks).toBe(4)
    expect(told(path)).toEqual([['src/a.ts', 'one', [0, 1, 2, 8]]])
    // Who has nothing to say hears it all the same.
    expect(one.save()).toBe(true)
    expect(one.blocks).toBe(4)
  })

  it('keeps what a worker entered that is no more, and sees more code as it is loaded', () => {
    const path = campaign()
    const record = new CoverageRecord(path)
    const worker = {}
    const watched = code([0])
    record.watch(worker, { ...watched, modules: watched.modules.slice(0, 1) })
    record.watch(worker, watched)
    watched.entered[0] = 1
    record.forget(worker)
    watched.entered[1] = 1
    record.save()
    expect(told(path)).toEqual([
      ['/else/b.js', 'other', [0]],
      ['src/a.ts', 'one', [0]],
    ])
  })

  it('never puts one version of a module in the place of another', () => {
    const path = campaign()
    for (const hash of ['one', 'two']) {
      const record = new CoverageRecord(path)
      record.watch({}, code(hash === 'one' ? [1] : [2], hash))
      expect(record.blocks).toBe(1)
      record.save()
    }
    expect(told(path)).toEqual([
      ['src/a.ts', 'one', [1]],
      ['src/a.ts', 'two', [2]],
    ])
  })

  it('leaves alone what it cannot read, and writes it anew', () => {
    const path = campaign()
    const record = new CoverageRecord(path)
    record.watch({}, code([3]))
    record.save()
    const [name = ''] = readdirSync(join(path, 'coverage'))
    const file = join(path, 'coverage', name)
    writeFileSync(file, readFileSync(file).subarray(0, 40))
    expect(told(path)).toEqual([])
    const next = new CoverageRecord(path)
    next.watch({}, code([4]))
    next.save()
    expect(told(path)).toEqual([['src/a.ts', 'one', [4]]])
    expect(readdirSync(join(path, 'coverage'))).toEqual([name])
  })

  it('waits for who is at it, but not for who was killed', async () => {
    const path = campaign()
    mergeCoverage(path, [])
    const lock = join(path, 'coverage', '.lock.part')
    writeFileSync(lock, '')
    const record = new CoverageRecord(path)
    record.watch({}, code([5]))
    expect(record.save()).toBe(false)
    const finishing = record.finish()
    rmSync(lock)
    await finishing
    expect(told(path)).toEqual([['src/a.ts', 'one', [5]]])
    writeFileSync(lock, '')
    utimesSync(lock, 0, 0)
    const next = new CoverageRecord(path)
    next.watch({}, code([6]))
    expect(next.save()).toBe(true)
    expect(told(path)).toEqual([['src/a.ts', 'one', [5, 6]]])
  })

  it('names a version by file, text and blocks', () => {
    const about = { file: 'a.js', hash: 'h', places: [1, 2] }
    const others = [
      { ...about, file: 'b.js' },
      { ...about, hash: 'i' },
      { ...about, places: [1, 3] },
    ]
    expect(new Set([about, { ...about }, ...others].map(versionOf)).size).toBe(4)
  })
})

describe('where inputs come from', () => {
  it('is noted a line each, and a torn line takes no other with it', () => {
    const path = campaign()
    const origin = { name: 'a', by: 'seed', at: 1, blocks: 3 }
    addOrigin(path, origin)
    appendFileSync(join(path, 'lineage.jsonl'), '\n{"name":"torn","by')
    addOrigin(path, { name: 'b', parent: 'a', by: 'havoc', at: 2, blocks: 1 })
    addOrigin(path, { ...origin, by: 'again' })
    expect(readLineage(path)).toEqual([
      { ...origin, parent: undefined },
      { name: 'b', parent: 'a', by: 'havoc', at: 2, blocks: 1 },
    ])
    expect(readLineage(campaign())).toEqual([])
  })
})
