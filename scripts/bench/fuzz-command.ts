import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = new URL('../../', import.meta.url)
/** The command as it is installed: JavaScript, which no loader stands in the way of. */
const COMMAND = fileURLToPath(new URL('dist/src/cli/main.js', ROOT))

/** Makes the command of the source as it is. */
export function buildCommand(): void {
  execFileSync(process.execPath, [fileURLToPath(new URL('scripts/build.mjs', ROOT))], { stdio: 'ignore' })
}

/** What a module is that somebody would fuzz mqtt-packet with. */
function targetText(mqtt: string): string {
  return `const { parser } = require(${JSON.stringify(join(mqtt, 'node_modules/mqtt-packet'))})
exports.decode = octets => {
  const one = parser()
  let failure
  one.on('packet', () => {})
  one.on('error', error => { failure = error })
  one.parse(octets)
  if (failure !== undefined) throw failure
}
`
}

interface Event {
  readonly event: string
  readonly runs: number
  readonly elapsed: number
  readonly blocks: number
}

export interface CampaignSpeed {
  /** Runs in a second, once the code is compiled. */
  readonly perSecond: number
  /** The same of all of it, from when the workers had begun. */
  readonly withWarming: number
  readonly blocks: number
}

/**
 * How quick a campaign of so many workers is, by the command and from its own log. Code is compiled by threads of their own
 * while it warms up, which take the time of four workers and not that of one: `warming` of the seconds are left out.
 */
export async function campaignSpeed(
  mqtt: string,
  workers: number,
  { seconds, warming }: { readonly seconds: number; readonly warming: number },
  seed: number,
): Promise<CampaignSpeed> {
  const folder = mkdtempSync(join(tmpdir(), 'wiregrade-bench-'))
  try {
    const target = join(folder, 'target.cjs')
    const campaign = join(folder, 'campaign')
    writeFileSync(target, targetText(mqtt))
    const allowed = ['Error', 'TypeError', 'RangeError'].flatMap(name => ['--allow', name])
    const words = ['fuzz', `module:${target}#decode`, ...allowed, '--campaign', campaign, '--seed', String(seed)]
    const limits = ['--workers', String(workers), '--time', `${seconds}s`]
    await new Promise<void>(resolve => {
      execFile(process.execPath, [COMMAND, ...words, ...limits], () => resolve())
    })
    const events = readFileSync(join(campaign, 'events.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line) as Event)
      .filter(({ event }) => event === 'status' || event === 'end')
    const [first, last] = [events[0], events.at(-1)]
    const warm = events.find(({ elapsed }) => elapsed >= 1000 * warming)
    if (first === undefined || warm === undefined || last === undefined || warm === last)
      throw new Error('the campaign was too short')
    const since = (event: Event): number => (1000 * (last.runs - event.runs)) / (last.elapsed - event.elapsed)
    return { perSecond: since(warm), withWarming: since(first), blocks: last.blocks }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
