import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { Examiner } from '../../fuzz/campaign/examiner.ts'
import { CampaignFolder, type KeptFind, readFind } from '../../fuzz/campaign/folder.ts'
import type { TargetSpec } from '../../fuzz/campaign/job.ts'
import { keepRegression, parseRegression, type Regression, regressionOf } from '../../fuzz/regression.ts'
import type { Find } from '../../fuzz/target.ts'
import { moduleFileOf } from '../../fuzz/targets/module.ts'
import { clip } from '../../report/columns.ts'
import { count, visible } from '../../report/visible.ts'
import type { Given } from '../options.ts'
import { UsageError } from '../options.ts'
import { out } from '../terminal.ts'
import { pathBelowHere, settingsOf, WORKER } from './campaign.ts'
import { targetNamed } from './targets.ts'

/** Where this project, or another that does as it does, has the regressions of its codecs and machines. */
const VECTORS = join('vectors', 'regressions')

/** How often an input is tried again. */
const TIMES = 3

/**
 * Writes a find that has been looked at as a regression, where its target always does the same: into `--regressions`, else
 * into `vectors/regressions` where that is there and the code is in the working directory, else beside the finds of its
 * campaign. Answers a line that says where; none where it is no regression, or is there already.
 */
export function keepAsRegression(find: KeptFind, campaign: string, given: Given): [] | [line: string] {
  if (!/^(codec|machine|module|property):/.test(find.target) || !find.replay || find.replay.again === 0) return []
  const ours = existsSync(VECTORS) && isHere(find.target)
  const folder = given.text('regressions') ?? (ours ? VECTORS : join(campaign, 'regressions'))
  try {
    const path = keepRegression(find, folder)
    return path === undefined ? [] : [`  kept as ${relative('', path)}`]
  } catch (error) {
    return [`  could not be kept in ${folder}: ${(error as Error).message}`]
  }
}

/** Whether a target's code is in the working directory, and not somebody's package there. */
function isHere(target: string): boolean {
  const file = moduleFileOf(target)
  if (file === undefined) return true
  const path = pathBelowHere(file)
  return path !== undefined && existsSync(path) && !path.split('/').includes('node_modules')
}

interface Filed extends Pick<Regression, 'target' | 'allow' | 'input'> {
  readonly path: string
  /** What its target is told besides, where it was found so. */
  readonly settings?: TargetSpec['settings']
}

/**
 * What `fuzz replay` was given, when it is several cases: regression files, folders of them, campaigns. Undefined where it is
 * one case. Throws `UsageError`.
 */
export function regressionsAt(paths: readonly string[]): Filed[] | undefined {
  const [first] = paths
  if (first === undefined) return undefined
  const one = paths.length === 1 && !isFolderOfMany(first)
  if (one || (paths.length === 2 && !existsSync(paths[1] as string) && /^[a-z]+:/.test(paths[1] as string)))
    return undefined
  const cases = paths.flatMap(path => casesIn(path))
  if (cases.length === 0) throw new UsageError(`fuzz: no find and no regression (.hex) in ${paths.join(', ')}`)
  return cases
}

function casesIn(path: string): Filed[] {
  if (!existsSync(path)) throw new UsageError(`fuzz: there is no case at ${path}`)
  if (!statSync(path).isDirectory()) return [regressionFile(path)]
  const find = readFind(path)
  if (find) return [{ ...regressionOf(find), settings: find.settings, path }]
  if (existsSync(join(path, 'campaign.json'))) {
    const finds = CampaignFolder.at(path).finds()
    return finds.map(each => ({ ...regressionOf(each), settings: each.settings, path: each.path }))
  }
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.hex'))
  return names.sort().map(name => regressionFile(join(path, name)))
}

function isFolderOfMany(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory() && !existsSync(join(path, 'find.json'))
}

/** Reads one file. Throws `UsageError` that names it. */
export function regressionFile(path: string): Filed {
  try {
    return { ...parseRegression(path, readFileSync(path, 'utf8')), path }
  } catch (error) {
    if (error instanceof SyntaxError) throw new UsageError(`fuzz: ${error.message}`)
    throw error
  }
}

/** Tries each, with a line for each. Status 1 when one is a find still. */
export async function replayRegressions(cases: readonly Filed[], given: Given): Promise<number> {
  const allow = given.all('allow')
  const groups = new Map<string, Filed[]>()
  for (const one of cases) {
    const each = { ...one, settings: one.settings ?? settingsOf(given) }
    targetNamed(each.target, each)
    const key = JSON.stringify([each.target, each.allow, each.settings])
    groups.set(key, [...(groups.get(key) ?? []), each])
  }
  const left = [...groups.values()]
  let again = 0
  async function lane(): Promise<void> {
    for (let group = left.shift(); group; group = left.shift()) {
      const found = await replayGroup(group, allow)
      again += found
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, lane))
  out.line(again > 0 ? `${again} of ${cases.length} come again` : `nothing comes of ${count(cases.length, 'case')}`)
  return again > 0 ? 1 : 0
}

/** Cases of one target; how many come again. */
async function replayGroup(group: readonly Filed[], allow: readonly string[]): Promise<number> {
  const [first] = group
  if (!first) return 0
  const { target, settings } = first
  const examiner = new Examiner(WORKER, { target, settings, allow: [...new Set([...first.allow, ...allow])] })
  let again = 0
  try {
    for (const { path, input } of group) {
      const { finds } = await examiner.look(input, TIMES)
      const find = finds.find(each => each !== undefined)
      if (find) again++
      out.line(told(path, find))
    }
  } finally {
    await examiner.stop()
  }
  return again
}

function told(path: string, find: Find | undefined): string {
  const where = relative('', path)
  return find
    ? `${out.paint('red', 'again')}  ${where}: ${clip(visible(`${find.kind}: ${find.title}`), 160)}`
    : `gone   ${where}`
}
