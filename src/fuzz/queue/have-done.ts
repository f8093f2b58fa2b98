import type * as BullMQ from 'bullmq'
import type { Redis } from 'ioredis'
import { type Chore, type ChoreAsked, type Done, openQueue } from './jobs.ts'
import { type CampaignName, CHORES } from './keys.ts'
import { newSession, Session } from './session.ts'
import { pause } from './waiting.ts'

/** How often it is looked whether it is done, in ms. */
const LOOK = 500
const GIVEN_UP: Done = { kind: 'failed', reason: 'every worker that took it has died' }

/** Has one chore done by whoever is free; undefined where it is stopped before anybody has. */
export async function haveDone(
  { redis, bullmq }: { readonly redis: Redis; readonly bullmq: typeof BullMQ },
  chore: ChoreAsked,
  of: CampaignName,
  signal: AbortSignal,
): Promise<Done | undefined> {
  const id = newSession()
  const queue = openQueue<Chore>(bullmq, redis, CHORES)
  const session = new Session(redis, id)
  try {
    const jobId = `${id}-1`
    await queue.add(chore.kind, { ...chore, of, session: id }, { jobId })
    for (;;) {
      const done = await session.outcome(jobId)
      if (done || signal.aborted) return done
      if (!(await queue.getJob(jobId))) return (await session.outcome(jobId)) ?? GIVEN_UP
      await pause(LOOK, signal)
    }
  } finally {
    await session.end()
    await queue.close()
  }
}
