import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { CampaignFolder } from './folder.ts'
import { unbegun } from './unbegun.ts'

const root = mkdtempSync(join(tmpdir(), 'wiregrade-unbegun-'))
afterAll(() => rmSync(root, { recursive: true, force: true }))

const ABOUT = { target: 'url:dns://127.0.0.1:1', allow: [], version: '0' }
const BEGIN = { at: 1, event: 'begin' }

function opened(path: string): CampaignFolder {
  const folder = CampaignFolder.open(path, ABOUT, 1)
  folder.begin(BEGIN)
  return folder
}

describe('a campaign that could not begin', () => {
  it('leaves nothing behind, above it neither', () => {
    const { takeAway } = unbegun(join(root, 'a', 'b', 'c'))
    opened(join(root, 'a', 'b', 'c'))
    takeAway()
    expect(existsSync(join(root, 'a'))).toBe(false)
  })

  it('leaves a folder that was there', () => {
    mkdirSync(join(root, 'mine'))
    const { takeAway } = unbegun(join(root, 'mine'))
    opened(join(root, 'mine'))
    takeAway()
    expect(readdirSync(join(root, 'mine'))).toEqual([])
  })

  it('leaves a campaign that was there', () => {
    opened(join(root, 'old'))
    const before = readdirSync(join(root, 'old'))
    const { takeAway } = unbegun(join(root, 'old'))
    opened(join(root, 'old'))
    takeAway()
    expect(readdirSync(join(root, 'old'))).toEqual(before)
  })

  it.each([
    ['has begun there', (folder: CampaignFolder) => folder.begin(BEGIN)],
    ['has put an input there', (folder: CampaignFolder) => void folder.addInput(Uint8Array.of(1))],
    ['has put a file there', (folder: CampaignFolder) => writeFileSync(join(folder.path, 'notes.txt'), 'mine')],
  ])('leaves all where somebody else %s meanwhile', (what, does) => {
    const path = join(root, what)
    const { takeAway } = unbegun(path)
    does(opened(path))
    takeAway()
    expect(readdirSync(path)).toEqual(expect.arrayContaining(['campaign.json', 'corpus', 'events.jsonl']))
  })
})
