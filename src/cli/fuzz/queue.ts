import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join, relative } from 'node:path'
import type { CampaignFolder, KeptFind } from '../../fuzz/campaign/folder.ts'
import type { Ending, Status } from '../../fuzz/campaign/status.ts'
import { Bridge } from '../../fuzz/queue/bridge.ts'
import { commandCampaign } from '../../fuzz/queue/commander.ts'
import { haveDone } from '../../fuzz/queue/have-done.ts'
import type { ChoreAsked } from '../../fuzz/queue/jobs.ts'
import { nameOf } from '../../fuzz/queue/keys.ts'
import { parseRegression } from '../../fuzz/regression.ts'
import { subjectsOf } from '../../fuzz/targets/diff-name.ts'
import { connectRedis, type RedisConnection, RedisError } from '../../io/redis.ts'
import { durationOf } from '../duration.ts'
import type { Given } from '../options.ts'
import { UsageError } from '../options.ts'
import { err, out } from '../terminal.ts'
import { stopBySignal } from './stop.ts'

/** Targets that any machine can have: what listens at an address is one, and in one place. */
export function isShared(target: string): boolean {
  return !subjectsOf(target).some(name => name.startsWith('url:'))
}

export const NOT_SHARED = 'url: is in one place, and not for many machines'

/** How long a slice is unless said, in ms. */
const SLICE = 60_000
const REGRESSIONS = 'vectors/regressions'

export interface QueueOptions {
  readonly folder: CampaignFolder
  readonly seed: number
  readonly time?: number | undefined
  readonly untilQuiet?: number | undefined
  readonly runs?: number | undefined
  readonly signal: AbortSignal
  onStatus(status: Status): void
  onFind(find: KeptFind): void
  say(line: string): void
}

/** `fuzz TARGET --queue redis://...`: a campaign whose work is done by `fuzz worker`s, wherever they are. */
export async function queueCampaign(given: Given, options: QueueOptions): Promise<Ending> {
  if (!isShared(options.folder.file.target)) throw new UsageError(`fuzz: --queue: ${NOT_SHARED}`)
  if (given.has('workers')) throw new UsageError('fuzz: --workers is for fuzz worker, where --queue is given')
  const typed = given.text('slice')
  const slice = typed === undefined ? SLICE : durationOf('fuzz: --slice', typed)
  if (slice < 1000) throw new UsageError('fuzz: --slice is a second at least')
  const connection = await connected(given, options.say)
  try {
    const { redis, bullmq } = connection
    const regressions = regressionsOf(options.folder.file.target)
    return await commandCampaign({ ...options, redis, bullmq, slice, regressions })
  } finally {
    connection.close()
  }
}

/** Has chores done by workers; what comes of them is in the folder then. Status 0 when all went well. */
export async function queueChores(
  given: Given,
  chores: readonly ChoreAsked[],
  folder: CampaignFolder,
): Promise<number> {
  const connection = await connected(given, line => err.line(line))
  const stopping = stopBySignal(line => err.line(line))
  const { redis } = connection
  const bridge = new Bridge({ redis, folder: folder.path, name: 'commander', say: line => err.line(line) })
  try {
    await bridge.carry()
    const all = chores.map(chore => haveDone(connection, chore, nameOf(folder.file), stopping.signal))
    const done = await Promise.all(all)
    await bridge.close()
    const failed = done.flatMap(each => (each?.kind === 'failed' ? [each.reason] : []))
    for (const reason of failed) err.line(`not done: ${reason}`)
    for (const each of done)
      if (each?.kind === 'prune') out.line(`${each.kept} inputs stay, ${each.aside} are set aside (in pruned/)`)
    return failed.length > 0 ? 2 : stopping.signal.aborted ? 130 : 0
  } finally {
    bridge.leave()
    stopping.done()
    connection.close()
  }
}

/** The connection that `--queue` names. Throws `UsageError` where there is none. */
export async function connected(given: Given, say: (line: string) => void): Promise<RedisConnection> {
  try {
    return await connectRedis(given.text('queue') ?? '', {
      onGone: why => say(`${why}: waiting for it; what was found is in the folder`),
      onBack: () => say(`Redis is back; on ${hostname()} it goes on`),
    })
  } catch (error) {
    throw error instanceof RedisError ? new UsageError(`fuzz: ${error.message}`) : error
  }
}

/** Inputs that once were finds of this target. */
function regressionsOf(target: string): Uint8Array[] {
  if (!existsSync(REGRESSIONS)) return []
  return readdirSync(REGRESSIONS)
    .filter(name => name.endsWith('.hex'))
    .map(name => parseRegression(relative('', join(REGRESSIONS, name)), readFileSync(join(REGRESSIONS, name), 'utf8')))
    .filter(regression => regression.target === target)
    .map(({ input }) => input)
}
