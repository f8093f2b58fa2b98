import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { CampaignFolder, type KeptFind, stands, unusable } from '../../fuzz/campaign/folder.ts'
import { type NightStatus, runNight, type TargetRecord } from '../../fuzz/night/night.ts'
import { pathNameOf } from '../../fuzz/target-name.ts'
import { writeWhole } from '../../report/latest.ts'
import { clock, durationOf } from '../duration.ts'
import { glob } from '../glob.ts'
import { didYouMean } from '../nearest.ts'
import type { Given } from '../options.ts'
import { UsageError } from '../options.ts'
import { version } from '../package.ts'
import { err, out } from '../terminal.ts'
import { WORKER } from './campaign.ts'
import { FindNews, groupLines } from './find-lines.ts'
import { foundIn, NightScreen, nightLine, nightTable } from './night-screen.ts'
import { stopBySignal } from './stop.ts'
import { listedTargets, takesPieces, targetNamed } from './targets.ts'

/** A night, in ms. */
const NIGHT = 8 * 3_600_000

/**
 * `fuzz night`: every target of the catalogue, a worker a core, most time for what still finds. Status 1 when something
 * was found, or a target could not be tried.
 */
export async function fuzzNight(given: Given): Promise<number> {
  if (given.words.length > 1) throw new UsageError(`fuzz night: '${given.words[1]}' is too much (--only, --with)`)
  const targets = targetsOf(given)
  const typed = given.text('time')
  const time = typed === undefined ? NIGHT : durationOf('fuzz: --time', typed)
  const workers = given.count('workers', { least: 1, most: 256 }) ?? availableParallelism()
  const seed = given.count('seed', { least: 0, most: 0x7fffffff }) ?? Date.now() % 1_000_000
  const path = given.text('campaigns') ?? join('.campaigns', 'night')
  makeFolder(path)
  const campaignPath = (target: string): string => join(path, pathNameOf(target))
  const open = (target: string): CampaignFolder =>
    CampaignFolder.open(campaignPath(target), { target, allow: given.all('allow'), version }, Date.now())
  const display = new NightScreen()
  const news = new FindNews(given)
  const until = `for ${clock(time)}`
  err.line(
    `fuzz night: ${targets.length} targets, seed ${seed}, workers ${workers}, ${until}, in ${relative('', path)}`,
  )
  const stopping = stopBySignal(line => display.say(line))
  try {
    const ending = await runNight({
      ...{ path, targets, open, pieces: takesPieces, entry: WORKER, workers, seed, time, signal: stopping.signal },
      onStatus: status => display.show(status),
      onFind: find => {
        // Before it was looked at it may be an accident: on a machine with much to do anybody seems to hang.
        if (find.replay && find.replay.again > 0) {
          const told = news.of(find, campaignPath(find.target))
          if (told !== undefined) display.say(`${find.target}:\n${told}`)
        }
      },
      onFailure: (target, reason, dropped) =>
        display.say(dropped ? `${target} is left out: ${reason}` : `${target}: ${reason}`),
    })
    display.clear()
    const finds = ending.targets.filter(({ slices }) => slices > 0).flatMap(({ target }) => findsOf(open(target)))
    const json = given.text('json')
    if (json === '-') out.line(summary(ending, finds))
    else if (json !== undefined) await writeWhole(json, `${summary(ending, finds)}\n`)
    if (json !== '-') for (const line of endLines(ending, finds, path)) out.line(line)
    const failed = ending.targets.some(target => target.failed !== undefined)
    return finds.length > 0 || failed ? 1 : stopping.signal.aborted ? 130 : 0
  } finally {
    display.clear()
    stopping.done()
  }
}

/** The catalogue, or what `--only` takes of it, and what is named besides. Throws `UsageError`. */
function targetsOf(given: Given): string[] {
  const all = listedTargets().map(({ name }) => name)
  const named = given.all('with')
  for (const name of named) targetNamed(name, { allow: given.all('allow') })
  const only = given.text('only')
  const chosen = only === undefined ? all : all.filter(glob(only))
  if (chosen.length === 0 && named.length === 0) {
    throw new UsageError(
      `fuzz night: no target is like '${only}'${didYouMean(only ?? '', all)} (wiregrade list targets)`,
    )
  }
  return [...new Set([...chosen, ...named])]
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw new UsageError(`fuzz night: ${(unusable(path, error) as Error).message}`)
  }
}

function findsOf(folder: CampaignFolder): KeptFind[] {
  return folder.finds().filter(stands)
}

function endLines(ending: NightStatus, finds: readonly KeptFind[], path: string): string[] {
  const targets = [...new Set(finds.map(({ target }) => target))]
  const last = ending.left > 0 ? 'stopped' : 'the time is over'
  return [
    ...nightTable(ending, out.width),
    '',
    ...targets.flatMap(target => [
      ...groupLines(finds.filter(find => find.target === target)).flatMap(lines => [`${target}:`, ...lines, '']),
    ]),
    nightLine(ending),
    `over all nights: ${totals(ending.targets)}`,
    `ended: ${last}; the campaigns are in ${relative('', path) || '.'}`,
  ]
}

function totals(targets: readonly TargetRecord[]): string {
  const sum = (of: 'runs' | 'elapsed'): number => targets.reduce((total, target) => total + target[of], 0)
  return `${sum('runs').toLocaleString('en-US')} runs in ${clock(sum('elapsed'))} of work`
}

function summary(ending: NightStatus, finds: readonly KeptFind[]): string {
  const { elapsed, runs, slices, workers, targets } = ending
  return JSON.stringify(
    {
      ...{ elapsed: Math.round(elapsed), runs, slices, workers, found: foundIn(ending) },
      targets: targets.map(target => ({ ...target, elapsed: Math.round(target.elapsed) })),
      finds: finds.map(({ target, id, kind, title, found, replay, path }) => ({
        ...{ target, id, kind, title, found, replay, command: `wiregrade fuzz replay ${relative('', path)}` },
      })),
    },
    undefined,
    2,
  )
}
