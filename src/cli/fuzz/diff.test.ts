import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { CampaignFolder } from '../../fuzz/campaign/folder.ts'
import { obey } from '../commands.ts'
import { type Ended, heard } from '../heard.fixture.ts'
import { targetNamed } from './targets.ts'

const DECODERS = relative('', fileURLToPath(new URL('../../fuzz/targets/diff.fixture.cjs', import.meta.url)))
const PAIR = `diff:module:${DECODERS}#same,module:${DECODERS}#planted`
const folder = mkdtempSync(join(tmpdir(), 'wiregrade-diff-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** `fuzz` in this process. */
function fuzz(...args: readonly string[]): Promise<Ended> {
  return heard(() => obey(['fuzz', ...args]))
}

function knownFile(name: string, content: unknown): string {
  const path = join(folder, name)
  writeFileSync(path, JSON.stringify(content))
  return path
}

const search = ['--allow', 'Refusal', '--workers', '1', '--seed', '1']

describe('a campaign on decoders side by side', () => {
  it('finds each way in which they disagree, with the smallest input and what each says', async () => {
    const campaign = join(folder, 'planted')
    const { status, stdout } = await fuzz(PAIR, '--campaign', campaign, ...search, '--runs', '20000')
    expect(status).toBe(1)
    const finds = CampaignFolder.at(campaign).finds()
    expect(finds.map(({ kind, title }) => `${kind}: ${title}`).sort()).toEqual([
      'disagreement: diff.fixture#same != diff.fixture#planted at size',
      'disagreement: diff.fixture#same accepts; diff.fixture#planted refuses (Refusal: no #)',
    ])
    for (const { replay, minimal } of finds) {
      expect(replay).toMatchObject({ again: 3, times: 3 })
      expect(minimal?.filter(octet => octet !== 0)).toHaveLength(1)
    }
    for (const said of ['diff.fixture#same     size: 88', 'diff.fixture#planted  size: 0'])
      expect(stdout).toContain(`  ${said}\n`)
    for (const line of stdout.split('\n'))
      if (!line.includes(relative('', campaign))) expect(line.length).toBeLessThanOrEqual(80)
    const replayed = await fuzz('replay', finds[0]?.path ?? '')
    expect(replayed.status).toBe(1)
    expect(replayed.stdout).toMatch('came 3 of 3 times')
  })

  it('counts what is known, and does not find it', async () => {
    const campaign = join(folder, 'known')
    const known = knownFile('known.json', [
      { disagreement: '*#same != *#planted at size', reason: 'as it should be' },
      { disagreement: '*accepts; *refuses (*)', reason: 'as it is' },
    ])
    const { status, stdout } = await fuzz(PAIR, '--campaign', campaign, ...search, '--runs', '20000', '--known', known)
    expect(stdout).toMatch('2 known, and no finds')
    expect(status).toBe(0)
    expect(readdirSync(join(campaign, 'known'))).toHaveLength(2)
    // Another file, or none, is another campaign.
    await expect(fuzz(PAIR, '--campaign', campaign, ...search, '--time', '1s')).rejects.toThrow(/was begun --known/)
  })

  it('compares only whether they accept, where that is asked', async () => {
    const options = { allow: ['Refusal'], settings: { compare: 'accept' } }
    const subject = await targetNamed(PAIR, options).start()
    expect(await subject.run(Uint8Array.of(1, 88))).toEqual({ kind: 'accepted' })
    expect(await subject.run(Uint8Array.of(77, 1))).toMatchObject({ kind: 'find' })
  })

  it('takes codecs, stateful ones too', async () => {
    const subject = await targetNamed('diff:codec:hpack/fields,codec:hpack/block').start()
    expect(subject.seeds.length).toBeGreaterThan(50)
    expect(await subject.run(Uint8Array.of(0x82))).toMatchObject({
      find: {
        said: [expect.stringMatching(/^hpack\/fields {2}\S+ .*:method/), expect.stringMatching(/^hpack\/block {3}/)],
      },
    })
  })
})

describe('what cannot be compared is refused in words', () => {
  it.each([
    ['diff:codec:dns/name', 'it takes two to disagree'],
    ['diff:codec:dns/name,codec:dns/name', "'codec:dns/name' agrees with itself"],
    ['diff:codec:dns/name,codec:dns/nmae', "no codec 'dns/nmae'; did you mean 'dns/name'?"],
    ['diff:codec:dns/name,machine:dns/server', "'machine:dns/server' is nothing to hold against others"],
  ])('%s', (name, words) => {
    expect(() => targetNamed(name)).toThrow(words)
  })

  it('a known file that says nothing useful, and another way to compare', () => {
    const told = (settings: Readonly<Record<string, string>>) => () => targetNamed(PAIR, { settings })
    expect(told({ compare: 'all' })).toThrow("--compare takes value or accept, not 'all'")
    expect(told({ known: join(folder, 'none.json') })).toThrow('the known file cannot be read')
    expect(told({ known: knownFile('a.json', {}) })).toThrow('a.json: not an array of entries')
    expect(told({ known: knownFile('b.json', [{ disagreement: 'a != b' }]) })).toThrow(
      'b.json, entry 1 (a != b): no reason is given',
    )
  })
})
