import { availableParallelism } from 'node:os'
import { join, relative } from 'node:path'
import { setTimeout as later } from 'node:timers/promises'
import type { TargetSpec } from '../../fuzz/campaign/job.ts'
import { QueueWorker } from '../../fuzz/queue/queue-worker.ts'
import { pathNameOf } from '../../fuzz/target-name.ts'
import { subjectsOf } from '../../fuzz/targets/diff-name.ts'
import { moduleFileOf } from '../../fuzz/targets/module.ts'
import type { Given } from '../options.ts'
import { UsageError } from '../options.ts'
import { version } from '../package.ts'
import { err } from '../terminal.ts'
import { pathBelowHere, WORKER } from './campaign.ts'
import { connected, isShared, NOT_SHARED } from './queue.ts'
import { takesPieces, targetNamed } from './targets.ts'

/** How long handing back may take, in ms. */
const LAST = 20_000
const LAST_WITHOUT = 3000

/** `fuzz worker --queue redis://...`: takes jobs of any campaign until it is told to stop. */
export async function queueWorker(given: Given): Promise<number> {
  if (given.words.length > 1) throw new UsageError('fuzz worker: it takes what the queue has, and no target')
  if (!given.has('queue')) throw new UsageError('fuzz worker: --queue redis://HOST:PORT says whose work it does')
  const threads = given.count('workers', { least: 1, most: 256 }) ?? availableParallelism()
  const say = (line: string): void => err.line(line)
  const connection = await connected(given, say)
  const { redis, bullmq, shown } = connection
  const folder = given.text('campaigns') ?? '.campaigns'
  const worker = new QueueWorker({
    redis,
    bullmq,
    entry: WORKER,
    threads,
    version,
    folderOf: target => join(folder, pathNameOf(target)),
    refusal,
    takesPieces,
    say,
  })
  await worker.start()
  say(
    `worker ${worker.name}: ${threads} threads, jobs from ${shown}, what it finds in ${relative('', folder) || '.'} too`,
  )
  await told()
  say('stopping: what it has begun goes back to the queue; once more to leave at once')
  // A Redis that is away is not waited for: what was found is in the folder, and goes there from it the next time.
  const stopped = worker.stop().then(() => true)
  const inOrder = await Promise.race([stopped, later(redis.status === 'ready' ? LAST : LAST_WITHOUT, false)])
  if (!inOrder) say(`not all of it has gone to ${shown}: what is missing there goes from the folder the next time`)
  connection.close()
  return 0
}

/** The first SIGINT or SIGTERM; a second one does not wait. */
function told(): Promise<void> {
  return new Promise(done => {
    let count = 0
    const hear = (): void => {
      if (++count > 1) process.exit(130)
      done()
    }
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, hear)
  })
}

/**
 * Why a target is not worked on here; undefined where it is. Who can write to Redis may not have any file of this machine
 * run, or read: files are taken from below the working folder.
 */
export function refusal({ target, allow, settings = {} }: TargetSpec): string | undefined {
  if (!isShared(target)) return NOT_SHARED
  const code = subjectsOf(target).map(moduleFileOf)
  for (const file of [...code, settings['program'], settings['known']])
    if (file !== undefined && pathBelowHere(file) === undefined) return `${file} is outside of the worker's folder`
  try {
    targetNamed(target, { allow, settings })
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}
