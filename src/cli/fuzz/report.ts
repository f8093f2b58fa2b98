import { relative } from 'node:path'
import { type CoveredFile, coveredFiles } from '../../fuzz/campaign/covered-files.ts'
import { type CampaignEvent, CampaignFolder, type KeptFind, stands } from '../../fuzz/campaign/folder.ts'
import { octetsOf, readLineage } from '../../fuzz/campaign/lineage.ts'
import { sarif } from '../../fuzz/campaign/sarif.ts'
import { isLive } from '../../fuzz/targets/diff-name.ts'
import { clip } from '../../report/columns.ts'
import { writeWhole } from '../../report/latest.ts'
import { count, visible } from '../../report/visible.ts'
import { toHex } from '../../wire/hex.ts'
import { clock } from '../duration.ts'
import type { Given } from '../options.ts'
import { UsageError } from '../options.ts'
import { version } from '../package.ts'
import { out } from '../terminal.ts'
import { groupLines } from './find-lines.ts'
import { campaignHtml } from './page/page.ts'
import { number } from './screen.ts'
import { describedFor } from './server.ts'

/** Files whose share is told in text, each for itself. */
const FILES = 12

/** `fuzz report CAMPAIGN`: what was tried and what was found, as text, JSON, SARIF or a page. Status 1 when something was found. */
export async function reportCampaign(given: Given): Promise<number> {
  const [, path] = given.words
  const from = path ?? given.text('campaign')
  if (from === undefined) throw new UsageError('fuzz report: of which campaign?')
  const folder = CampaignFolder.at(from)
  const finds = folder.finds()
  const files = [
    ['sarif', () => JSON.stringify(sarif(finds, version), undefined, 2)],
    ['html', () => page(folder, finds)],
    ['json', () => JSON.stringify(summary(folder, finds), undefined, 2)],
  ] as const
  let told = false
  for (const [name, make] of files) {
    const file = given.text(name)
    if (file === '-') out.line(make())
    else if (file !== undefined) await writeWhole(file, `${make()}\n`)
    told ||= file !== undefined
  }
  if (!told) for (const line of text(folder, finds)) out.line(line)
  return finds.some(stands) ? 1 : 0
}

interface Totals {
  readonly sessions: number
  readonly runs: number
  readonly elapsed: number
}

/** Sums up the sessions of the log; one that was killed counts with the last that it told. */
function totals(events: readonly CampaignEvent[]): Totals {
  let [sessions, runs, elapsed] = [0, 0, 0]
  let last = { runs: 0, elapsed: 0 }
  const close = (): void => {
    runs += last.runs
    elapsed += last.elapsed
    last = { runs: 0, elapsed: 0 }
  }
  for (const event of events) {
    if (event.event === 'begin') {
      close()
      sessions++
    } else if (event.event === 'status' || event.event === 'end') {
      last = { runs: Number(event['runs']) || 0, elapsed: Number(event['elapsed']) || 0 }
    }
  }
  close()
  return { sessions, runs, elapsed }
}

/** Blocks that were ever entered, or states that were ever shown; none where nobody watched. */
function most(events: readonly CampaignEvent[], figure: 'blocks' | 'states'): number {
  return events.reduce((most, event) => Math.max(most, Number(event[figure]) || 0), 0)
}

function text(folder: CampaignFolder, finds: readonly KeptFind[]): string[] {
  const events = folder.events()
  const { sessions, runs, elapsed } = totals(events)
  const [blocks, states] = [most(events, 'blocks'), most(events, 'states')]
  const unit = isLive(folder.file.target) ? 'sessions' : 'runs'
  const seen =
    (states > 0 ? `, ${number(states)} states` : '') +
    (blocks > 0 ? `, ${number(blocks)} ${unit === 'runs' ? 'blocks of code' : 'edges'}` : '')
  return [
    out.paint('bold', folder.file.target),
    `${number(runs)} ${unit} in ${clock(elapsed)}, begun ${sessions === 1 ? 'once' : `${number(sessions)} times`}; ${number(folder.kept)} inputs kept${seen}`,
    ...coveredLines(coveredFiles(folder.path)),
    '',
    ...groupLines(finds).flatMap(lines => [...lines, '']),
    foundLine(finds),
  ]
}

function foundLine(finds: readonly KeptFind[]): string {
  const standing = finds.filter(stands).length
  const others = finds.length - standing
  return `${standing === 0 ? 'nothing found' : `finds: ${standing}`}${others > 0 ? `; did not come again: ${others}` : ''}`
}

/** How much of each file was entered, the most first. */
function coveredLines(files: readonly CoveredFile[]): string[] {
  const sorted = [...files].sort((a, b) => b.covered - a.covered)
  const rest = sorted.slice(FILES)
  const sum = (of: 'covered' | 'blocks'): number => rest.reduce((total, file) => total + file[of], 0)
  const line = (name: string, covered: number, blocks: number): string =>
    `  ${`${covered}/${blocks}`.padStart(11)} ${`${Math.floor((100 * covered) / blocks)}`.padStart(3)} %  ${clip(visible(name), 60)}`
  return [
    ...sorted.slice(0, FILES).map(({ file, covered, blocks }) => line(file, covered, blocks)),
    ...(rest.length > 0 ? [line(count(rest.length, 'more file'), sum('covered'), sum('blocks'))] : []),
  ]
}

function page(folder: CampaignFolder, finds: readonly KeptFind[]): string {
  const { target } = folder.file
  const events = folder.events()
  return campaignHtml({
    path: folder.path,
    target,
    ...totals(events),
    corpus: folder.kept,
    events,
    finds,
    describe: input => describedFor(target, input),
    tree: {
      origins: readLineage(folder.path),
      unit: most(events, 'blocks') > 0 ? 'block' : 'state',
      octetsOf: name => octetsOf(folder.path, name),
    },
  })
}

function summary(folder: CampaignFolder, finds: readonly KeptFind[]): object {
  return {
    ...folder.file,
    ...totals(folder.events()),
    corpus: folder.kept,
    covered: coveredFiles(folder.path).map(({ file, covered, blocks, record: { hash } }) => ({
      file,
      hash,
      covered,
      blocks,
    })),
    finds: finds.map(({ input, minimal = input, path, ...find }) => ({
      ...find,
      octets: toHex(minimal),
      replay: find.replay,
      stands: stands(find),
      command: `wiregrade fuzz replay ${relative('', path)}`,
    })),
  }
}
