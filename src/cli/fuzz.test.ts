import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CampaignFolder, type KeptFind } from '../fuzz/campaign/folder.ts'
import { obey } from './commands.ts'
import { killCampaign } from './fuzz/kill.fixture.ts'
import { type Ended, heard } from './heard.fixture.ts'
import { UsageError } from './options.ts'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const DECODER = relative('', fileURLToPath(new URL('fuzz/planted.fixture.cjs', import.meta.url)))
const folder = mkdtempSync(join(tmpdir(), 'wiregrade-fuzz-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** What is found here is no regression of ours. */
const KEEP = ['--regressions', join(folder, 'regressions')]

/** A campaign in a process of its own, which is ended in order once there is what it is waited for. */
async function fuzzUntil(isEnough: () => boolean, ...args: readonly string[]): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, 'fuzz', ...args], { stdio: 'pipe' })
  const read = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) child[name].on('data', (text: Buffer) => (read[name] += text))
  const looking = setInterval(() => {
    if (isEnough()) child.kill('SIGINT')
    if (isEnough()) clearInterval(looking)
  }, 100)
  const status = await new Promise<number | null>(resolve => child.once('close', resolve))
  clearInterval(looking)
  return { status, ...read }
}

/** Finds of a campaign that came again, as far as it has come. */
function findsIn(campaign: string): KeptFind[] {
  if (!existsSync(join(campaign, 'campaign.json'))) return []
  return CampaignFolder.at(campaign)
    .finds()
    .filter(({ replay }) => replay !== undefined && replay.again > 0)
}

/** Where a file of this text is. */
function written(name: string, text: string): string {
  writeFileSync(join(folder, name), text)
  return join(folder, name)
}

/** The same in this process, for what needs none of its own. */
function obeyed(...args: readonly string[]): Promise<Ended> {
  return heard(() => obey(['fuzz', ...args, ...KEEP]))
}

const corpus = (campaign: string) => readdirSync(join(campaign, 'corpus')).sort()

/** Campaigns that run at once, while others wait for them: what they are waited for is what they find, however long it takes. */
function campaigns() {
  const [planted, shared] = [join(folder, 'planted'), join(folder, 'shared')]
  const args = [`module:${DECODER}#decode`, '--campaign', planted, '--workers', '2', '--allow', 'Refusal']
  const sharing = (seed: string) => {
    const options = ['--campaign', shared, '--workers', '1', '--seed', seed, '--regressions', join(folder, 'more')]
    const begun = () =>
      CampaignFolder.at(shared)
        .events()
        .filter(({ event }) => event === 'begin').length
    return fuzzUntil(() => findsIn(shared).length > 0 && begun() === 2, `module:${DECODER}#later`, ...options)
  }
  return {
    ...{ planted, shared, args },
    ended: {
      planted: fuzzUntil(() => findsIn(planted).length >= 2, ...args, ...KEEP, '--seed', '1'),
      killed: killCampaign(mkdtempSync(join(folder, 'kill-')), [1200, 1200], 'found'),
      shared: Promise.all([sharing('1'), sharing('2')]),
    },
  }
}

describe('a campaign', () => {
  let begun: ReturnType<typeof campaigns>
  beforeAll(() => {
    begun = campaigns()
  })

  it('finds what is planted, once each, makes it small, and says how to have it again', async () => {
    const { planted: campaign, args, ended } = begun
    const { status, stdout, stderr } = await ended.planted
    expect(status).toBe(1)
    const finds = findsIn(campaign)
    expect(finds.map(({ kind, title }) => `${kind} ${title}`).sort()).toEqual([
      expect.stringMatching(/^crash TypeError: no kind \d+$/),
      expect.stringMatching(/^hang no end within 500 ms, around .*planted\.fixture\.cjs:\d+$/),
    ])
    for (const { minimal, replay } of finds) {
      expect(minimal).toHaveLength(3)
      expect(replay).toEqual({ again: 3, times: 3 })
    }
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80 + campaign.length)
    const replay = /wiregrade fuzz replay (\S+)/.exec(stdout)?.[1] ?? ''
    expect(await obeyed('replay', replay)).toMatchObject({
      status: 1,
      stdout: expect.stringMatching('came 3 of 3 times'),
    })
    // Each is kept, as CI tries them; and not twice.
    const kept = readdirSync(join(folder, 'regressions'))
    expect(kept).toHaveLength(2)
    for (const name of kept) expect(stdout + stderr).toContain(name)
    const tried = await obeyed('replay', join(folder, 'regressions'))
    expect(tried.status).toBe(1)
    expect(tried.stdout).toMatch(/^again {2}\S+\.hex: crash: TypeError: no kind \d+$/m)
    expect(tried.stdout).toMatch(/^again {2}\S+\.hex: hang: no end within 500 ms/m)
    expect(tried.stdout).toMatch(/^2 of 2 come again$/m)
    const report = await obeyed('report', campaign, '--json', '-')
    expect(report.status).toBe(1)
    expect(JSON.parse(report.stdout)).toMatchObject({
      sessions: 1,
      allow: ['Refusal'],
      finds: [{ replay: {}, stands: true }, {}],
    })
    const entered = [
      { file: DECODER, hash: expect.any(String), covered: expect.any(Number), blocks: expect.any(Number) },
    ]
    expect(JSON.parse(report.stdout)).toMatchObject({ covered: entered })
    expect((await obeyed('report', campaign)).stdout).toMatch(/^ +\d+\/\d+ +\d+ % {2}\S*planted\.fixture\.cjs$/m)
    const page = await obeyed('report', campaign, '--html', '-')
    expect(page.stdout).toMatch(/<h3>Crash: TypeError: no kind \d+<\/h3>/)
    const scan = JSON.parse((await obeyed('report', campaign, '--sarif', '-')).stdout)
    expect(scan).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: 'crash' }, { ruleId: 'hang' }] }] })
    // It goes on where it was: nothing is found anew.
    const again = await obeyed(...args, '--time', '1s')
    expect(again.status).toBe(1)
    // What was entered before counts from the beginning on.
    const blocks = CampaignFolder.at(campaign)
      .events()
      .flatMap(event => Number(event['blocks'] ?? []) || [])
    expect(blocks).toEqual([...blocks].sort((a, b) => a - b))
    expect(again.stderr).not.toMatch('not looked at yet')
  }, 180_000)

  it('does the same with the same seed and one worker', async () => {
    const run = (name: string): Promise<number> => {
      const limits = ['--workers', '1', '--seed', '7', '--runs', '3000']
      return obey(['fuzz', `module:${DECODER}#later`, '--campaign', join(folder, name), ...limits, ...KEEP])
    }
    await heard(async () => Math.max(...(await Promise.all([run('one'), run('other')]))))
    const [one, other] = [corpus(join(folder, 'one')), corpus(join(folder, 'other'))]
    expect(one).toEqual(other)
    expect(one?.length).toBeGreaterThan(0)
    // Nothing is lost by pruning: what is left and what is set aside are all that there was.
    expect((await obeyed('prune', join(folder, 'one'))).status).toBe(0)
    const aside = readdirSync(join(folder, 'one', 'pruned'))
    expect([...corpus(join(folder, 'one')), ...aside].sort()).toEqual(other)
    expect(corpus(join(folder, 'one')).length).toBeGreaterThan(0)
  }, 180_000)

  it('can share its folder, and loses nothing when it is killed', async () => {
    const { owed, finds, inputs, lost } = await begun.ended.killed
    expect(lost).toEqual([])
    expect(owed).toBeGreaterThan(0)
    expect(finds).toBeGreaterThan(0)
    expect(inputs).toBeGreaterThan(0)
    const [one, other] = await begun.ended.shared
    expect([one.status, other.status]).toEqual([1, 1])
    expect(CampaignFolder.at(begun.shared).finds()).toMatchObject([{ title: 'RangeError: in a promise' }])
  }, 180_000)
})

it('replays several cases at once, a line for each', async () => {
  const cases = mkdtempSync(join(folder, 'cases-'))
  const [ping, bad, other] = ['ping', 'bad', 'other'].map(name => join(cases, `${name}.hex`)) as [
    string,
    string,
    string,
  ]
  writeFileSync(ping, 'target: codec:http2/ping\n# was short\n00\n')
  writeFileSync(other, `target: module:${DECODER}#decode\nallow: Refusal\n430000\n`)
  expect(await obeyed('replay', ping, other)).toMatchObject({
    status: 0,
    stdout: expect.stringMatching(/^(gone {3}\S+\.hex\n){2}nothing comes of 2 cases\n$/),
  })
  expect((await obeyed('replay', ping)).stdout).toMatch('nothing comes of it, 3 times of 3')
  writeFileSync(bad, `target: module:${DECODER}#decode\n410203\n`)
  const { status, stdout } = await obeyed('replay', cases)
  expect(status).toBe(1)
  expect(stdout).toMatch(/^again {2}\S+bad\.hex: crash: TypeError: no kind 2$/m)
  expect(stdout).toMatch(/^1 of 3 come again$/m)
}, 60_000)

describe('what cannot be done is told in one line', () => {
  it.each([
    [['module:/nowhere.js#x'], /no file \/nowhere\.js/],
    [[`module:${DECODER}#nothing`], /exports no function nothing \(it exports decode, /],
    [['codec:dns/name', '--time', 'long'], /--time is a time such as 90s/],
    [['replay', '/nowhere'], /no case at \/nowhere/],
    [['replay', '/nowhere', '/nothing'], /no case at \/nowhere/],
    [['replay', mkdtempSync(join(folder, 'empty-'))], /no find and no regression \(\.hex\) in /],
    [
      ['replay', DECODER, `module:${written('throws.cjs', 'throw new Error("no configuration")')}`],
      /fuzz: no configuration$/,
    ],
    [['report', folder], /is no campaign/],
    [['codec:dns/name', '--time', '0'], /more than no time at all/],
    [['codec:dns/name', '--campaign', ''], /the folder '' cannot be used: it is not there, or cannot be made/],
    [['codec:dns/name', '--campaign', DECODER], /cannot be used: a file stands where a folder is wanted/],
    [['codec:dns/name', 'more'], /'more' is too much/],
    [['import', '/nowhere', 'codec:dns/name'], /nothing at \/nowhere/],
  ])(
    '%j',
    async (args, message) => {
      const own =
        args[0]?.includes(':') && !args.includes('--campaign') ? ['--campaign', mkdtempSync(join(folder, 'none-'))] : []
      const thrown = await obeyed(...args, ...own).catch((error: unknown) => error)
      expect(thrown).toBeInstanceOf(UsageError)
      expect((thrown as Error).message).toMatch(message)
      expect((thrown as Error).message).not.toContain('\n')
    },
    20_000,
  )
})

it('ends in order when its folder is taken away', async () => {
  const campaign = join(folder, 'gone')
  const ended = obeyed('codec:http2/ping', '--campaign', campaign, '--workers', '1', '--time', '60s')
  const taken = setInterval(() => {
    const begun = existsSync(join(campaign, 'corpus')) && corpus(campaign).length > 0
    if (begun) renameSync(campaign, join(folder, 'elsewhere'))
  }, 100)
  const thrown = await ended.catch((error: unknown) => error).finally(() => clearInterval(taken))
  expect(thrown).toBeInstanceOf(UsageError)
  expect((thrown as Error).message).toMatch(
    /gone (is no campaign: there is no campaign\.json in it|cannot be used: it is not there)/,
  )
}, 60_000)

it('leaves no worker and no part behind', () => {
  for (const name of readdirSync(folder)) {
    if (!existsSync(join(folder, name, 'corpus')) || name.startsWith('kill-')) continue
    expect(corpus(join(folder, name)).filter(file => file.endsWith('.part'))).toEqual([])
  }
})
