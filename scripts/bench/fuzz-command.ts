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

/**
 * Runs a second of a campaign of so many workers, by the command and from its own log, once the workers have begun; and the
 * blocks that it reached.
 */
export async function campaignSpeed(
  mqtt: string,
  workers: number,
  seconds: number,
  seed: number,
): Promise<{ readonly perSecond: number; readonly blocks: number }> {
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
    if (first === undefined || last === undefined || first === last) throw new Error('the campaign was too short')
    return {
      perSecond: (1000 * (last.runs - first.runs)) / (last.elapsed - first.elapsed),
      blocks: last.blocks,
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
