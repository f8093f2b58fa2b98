import { spawn } from 'node:child_process'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { CampaignFolder, hashOf } from '../../fuzz/campaign/folder.ts'

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url))
const DECODER = fileURLToPath(new URL('steady.fixture.cjs', import.meta.url))
/** What is older than this when somebody is killed has to be there still, in ms. */
const AGE = 1000

/** What was lost, and what there was to lose. */
export interface Loss {
  readonly kills: number
  /** Finds that were older than a second when their campaign was killed. */
  readonly owed: number
  readonly finds: number
  readonly inputs: number
  readonly lost: readonly string[]
}

/**
 * Kills a campaign again and again, each time that many ms after it has begun, or after it has found something new, and looks
 * for what is not there.
 */
export async function killCampaign(
  folder: string,
  after: readonly number[],
  since: 'begun' | 'found' = 'begun',
): Promise<Loss> {
  const campaign = join(folder, 'campaign')
  const journal = join(folder, 'journal')
  const lost: string[] = []
  const owed = new Set<string>()
  let inputs = new Set<string>()
  let finds = 0
  for (const [kill, delay] of after.entries()) {
    const began = Date.now()
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        MAIN,
        'fuzz',
        `module:${DECODER}#decode`,
        '--campaign',
        campaign,
        '--workers',
        '2',
        '--regressions',
        join(folder, 'regressions'),
      ],
      { stdio: 'ignore', env: { ...process.env, WIREGRADE_JOURNAL: journal } },
    )
    const ended = new Promise(resolve => child.once('exit', resolve))
    const before = sizeOf(campaign)
    while (sizeOf(campaign) === before && child.exitCode === null) await sleep(5)
    while (since === 'found' && left(campaign).finds.size <= finds && child.exitCode === null) await sleep(50)
    await sleep(delay)
    child.kill('SIGKILL')
    const killed = Date.now()
    await ended
    const { finds: names, inputs: now, torn } = left(campaign)
    lost.push(...torn.map(name => `kill ${kill}: ${name} is not whole`))
    for (const name of inputs) if (!now.has(name)) lost.push(`kill ${kill}: the input ${name}`)
    // What was younger when its own campaign was killed is owed by nobody.
    for (const { at, name } of journalOf(journal)) if (at > began && at < killed - AGE) owed.add(name)
    for (const name of owed) if (!names.has(name)) lost.push(`kill ${kill}: ${name}`)
    finds = names.size
    inputs = now
  }
  return { kills: after.length, owed: owed.size, finds, inputs: inputs.size, lost }
}

/** Of the log of events, which grows when a campaign begins. */
function sizeOf(campaign: string): number {
  return statSync(join(campaign, 'events.jsonl'), { throwIfNoEntry: false })?.size ?? 0
}

function left(campaign: string): { finds: Set<string>; inputs: Set<string>; torn: string[] } {
  let folder: CampaignFolder
  try {
    folder = CampaignFolder.at(campaign)
  } catch {
    // Killed before it had begun.
    return { finds: new Set(), inputs: new Set(), torn: [] }
  }
  const inputs = new Set<string>()
  const torn: string[] = []
  for (const name of readdirSync(join(campaign, 'corpus'))) {
    if (name.startsWith('.')) continue
    inputs.add(name)
    if (hashOf(readFileSync(join(campaign, 'corpus', name))) !== name) torn.push(name)
  }
  const finds = new Set(folder.finds().map(({ title }) => title.split(':')[0] ?? ''))
  return { finds, inputs, torn }
}

function journalOf(path: string): { readonly at: number; readonly name: string }[] {
  try {
    return readFileSync(path, 'utf8')
      .split('\n')
      .filter(line => line.endsWith('}'))
      .map(line => JSON.parse(line) as { at: number; name: string })
  } catch {
    return []
  }
}
