import { existsSync, readFileSync, statSync } from 'node:fs'
import { relative } from 'node:path'
import { examineFind } from '../../fuzz/campaign/examine-find.ts'
import { Examiner } from '../../fuzz/campaign/examiner.ts'
import { CampaignFolder, campaignAbove, type KeptFind, readFind } from '../../fuzz/campaign/folder.ts'
import { clip } from '../../report/columns.ts'
import { visible } from '../../report/visible.ts'
import type { Given } from '../options.ts'
import { UsageError } from '../options.ts'
import { out } from '../terminal.ts'
import { settingsOf, WORKER } from './campaign.ts'
import { FindNews } from './find-lines.ts'
import { regressionFile, regressionsAt, replayRegressions } from './regressions.ts'
import { takesPieces, targetNamed } from './targets.ts'

/** How often a case is tried again. */
const TIMES = 3

interface Replayed {
  readonly target: string
  readonly allow: readonly string[]
  readonly settings?: Readonly<Record<string, string>> | undefined
  readonly input: Uint8Array
  readonly signature?: string
}

/** `fuzz replay CASE [TARGET]`: what comes of one input, or of each of several. Status 1 when it is a find. */
export async function replayCase(given: Given): Promise<number> {
  const [, path, of] = given.words
  if (path === undefined) throw new UsageError('fuzz replay: which case? a folder of a find, or a file and a target')
  const several = regressionsAt(given.words.slice(1))
  if (several) return await replayRegressions(several, given)
  const { target, allow, settings, input, signature } = caseAt(path, of, given)
  const named = targetNamed(target, { allow, settings })
  const examiner = new Examiner(WORKER, { target, allow, settings })
  try {
    const { finds, lines } = await examiner.look(input, TIMES)
    const found = finds.filter(find => find !== undefined)
    out.line(`${target}, ${input.length} octets: ${Buffer.from(input.subarray(0, 256)).toString('hex')}`)
    // Who says what an input means might not come back from it either.
    if (!found.some(({ kind }) => kind === 'hang' || kind === 'memory')) {
      // What it takes a server to tell is told by whoever starts one.
      const describe = named.deterministic ? (await named.start()).describe : undefined
      for (const line of describe?.(input) ?? lines ?? []) out.line(`  ${line.slice(0, 1000)}`)
    }
    const [first] = found
    if (!first) {
      out.line(`nothing comes of it, ${TIMES} times of ${TIMES}`)
      return 0
    }
    out.line(`${out.paint('red', first.kind)}  ${first.title}`)
    for (const line of first.said ?? []) out.line(clip(`  ${visible(line)}`, out.width))
    for (const line of first.stack?.split('\n').slice(1) ?? []) out.line(line)
    const other = signature !== undefined && signature !== first.signature ? ', and it is another find than before' : ''
    out.line(`came ${found.length} of ${TIMES} times${other}`)
    return 1
  } finally {
    await examiner.stop()
  }
}

function caseAt(path: string, named: string | undefined, given: Given): Replayed {
  if (!existsSync(path)) throw new UsageError(`fuzz: there is no case at ${path}`)
  if (statSync(path).isDirectory()) {
    const find = readFind(path)
    if (!find) throw new UsageError(`fuzz: ${path} is no find: its input is not there`)
    return { ...find, input: find.minimal ?? find.input }
  }
  const content = readFileSync(path)
  const allow = given.all('allow')
  const settings = settingsOf(given)
  if (path.endsWith('.hex')) {
    const regression = regressionFile(path)
    return { ...regression, allow: [...regression.allow, ...allow], settings }
  }
  const campaign = campaignAbove(path)
  const file = campaign === undefined ? undefined : CampaignFolder.at(campaign).file
  const target = named ?? file?.target
  if (target === undefined) throw new UsageError('fuzz: of which target? fuzz replay FILE TARGET')
  return { target, allow: file?.allow ?? allow, settings: file?.settings ?? settings, input: Uint8Array.from(content) }
}

/** `fuzz minimise CASE|CAMPAIGN`: looks for smaller inputs that do the same. */
export async function minimiseCases(given: Given): Promise<number> {
  const [, path] = given.words
  const campaign = path === undefined ? undefined : campaignAbove(path)
  if (path === undefined) throw new UsageError('fuzz minimise: which find, or which campaign?')
  if (campaign === undefined) throw new UsageError(`fuzz minimise: no find and no campaign at ${path}`)
  const folder = CampaignFolder.at(campaign)
  const find = readFind(path)
  const finds = find ? [find] : folder.finds()
  if (given.has('queue')) {
    const chores = finds.map(({ id }) => ({ kind: 'minimise', id }) as const)
    return (await import('./queue.ts')).queueChores(given, chores, folder)
  }
  const examiner = new Examiner(WORKER, folder.file)
  try {
    for (const each of finds) {
      const { replay, minimal, script } = await examineFind(examiner, each, {
        pieces: takesPieces(folder.file.target),
        onOther: (other, input) => void folder.addFind(other, input, Date.now()),
      })
      folder.addReplay(each, replay, minimal, script)
      const told: KeptFind = { ...each, replay, minimal }
      out.line(new FindNews(given).of(told, campaign) ?? '')
    }
    out.line(`the smallest input of each is in ${relative('', campaign)}, beside the one that was found`)
    return 0
  } finally {
    await examiner.stop()
  }
}
