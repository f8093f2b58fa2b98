import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import type { Find } from '../target.ts'
import { CampaignError, CampaignFolder, campaignAbove, readFind, stands } from './folder.ts'
import { place, placeFolder } from './whole-file.ts'

const base = mkdtempSync(join(tmpdir(), 'wiregrade-folder-'))
afterAll(() => rmSync(base, { recursive: true }))

const begin = { target: 'codec:a', allow: [], version: '1' }
const crash: Find = { kind: 'crash', title: 'TypeError: x', signature: 'crash | x' }
const octets = (...list: number[]) => Uint8Array.from(list)

describe('the folder of a campaign', () => {
  it('keeps each input once, whoever finds it', () => {
    const one = CampaignFolder.open(join(base, 'inputs'), begin, 0)
    const other = CampaignFolder.open(join(base, 'inputs'), begin, 0)
    expect(one.addInput(octets(1))).toBe(true)
    expect(one.addInput(octets(1))).toBe(false)
    expect(other.addInput(octets(1))).toBe(false)
    expect(other.addInput(octets(2))).toBe(true)
    expect(one.newInputs()).toEqual([octets(2)])
    expect(one.newInputs()).toEqual([])
    expect(CampaignFolder.at(join(base, 'inputs')).newInputs()).toHaveLength(2)
  })

  it('keeps the first input of each find, and the smallest of those that came of it', () => {
    const folder = CampaignFolder.open(join(base, 'finds'), begin, 0)
    const find = folder.addFind(crash, octets(1, 2, 3), 1000)
    expect(find).toMatchObject({ ...crash, target: 'codec:a', found: '1970-01-01T00:00:01.000Z' })
    expect(folder.addFind(crash, octets(9), 2000)).toBeUndefined()
    expect(folder.addFind({ ...crash, kind: 'hang' }, octets(9), 2000)).toBeDefined()
    if (!find) throw new Error('no find')
    folder.addReplay(find, { again: 3, times: 3 }, octets(1, 2))
    folder.addReplay(find, { again: 0, times: 3 }, octets(1))
    folder.addReplay(find, { again: 0, times: 3 }, octets(1, 2, 3))
    expect(readFind(find.path)).toMatchObject({ input: octets(1, 2, 3), minimal: octets(1), replay: { again: 3 } })
    expect(folder.finds().map(({ kind }) => kind)).toEqual(['crash', 'hang'])
    expect(campaignAbove(find.path)).toBe(join(base, 'finds'))
  })

  it('tells finds to act upon from those that may have been an accident', () => {
    const [came, gone] = [3, 0].map(again => ({ again, times: 3 }))
    expect([undefined, came, gone].map(replay => stands({ replay }))).toEqual([true, true, false])
    expect(stands({ replay: gone, certain: true })).toBe(true)
  })

  it('is of one target, and of nothing else', () => {
    const path = join(base, 'targets')
    CampaignFolder.open(path, begin, 0)
    expect(() => CampaignFolder.open(path, { ...begin, target: 'codec:b' }, 0)).toThrow(
      `${path} is a campaign on codec:a, not on codec:b`,
    )
    mkdirSync(join(base, 'other'))
    writeFileSync(join(base, 'other', 'letter.txt'), '')
    expect(() => CampaignFolder.open(join(base, 'other'), begin, 0)).toThrow(CampaignError)
    expect(() => CampaignFolder.at(join(base, 'nowhere'))).toThrow(/is no campaign/)
  })

  it('has a log that can be read whoever was killed while he wrote', () => {
    const folder = CampaignFolder.open(join(base, 'log'), begin, 0)
    folder.begin({ at: 1, event: 'begin' })
    writeFileSync(join(folder.path, 'events.jsonl'), '{"at":2,"eve', { flag: 'a' })
    folder.begin({ at: 3, event: 'begin' })
    folder.log({ at: 4, event: 'end', why: 'time' })
    expect(folder.events().map(({ at }) => at)).toEqual([1, 3, 4])
  })

  it('sweeps away what somebody who was killed has left half-done, and nobody else', () => {
    const path = join(base, 'parts')
    CampaignFolder.open(path, begin, 0)
    for (const name of ['.old.1.1.part', '.new.1.1.part']) writeFileSync(join(path, 'corpus', name), '')
    utimesSync(join(path, 'corpus', '.old.1.1.part'), 0, 0)
    CampaignFolder.open(path, begin, Date.now())
    expect(readdirSync(join(path, 'corpus'))).toEqual(['.new.1.1.part'])
  })
})

describe('putting in place', () => {
  it('overwrites nothing', () => {
    expect(place(join(base, 'file'), 'one')).toBe(true)
    expect(place(join(base, 'file'), 'two')).toBe(false)
    expect(placeFolder(join(base, 'folder'), { a: 'one' })).toBe(true)
    expect(placeFolder(join(base, 'folder'), { a: 'two' })).toBe(false)
    expect(readdirSync(base).filter(name => name.endsWith('.part'))).toEqual([])
  })
})
