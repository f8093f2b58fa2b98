import { runCampaign } from '../campaign/campaign.ts'
import { CampaignFolder } from '../campaign/folder.ts'
import type { Status } from '../campaign/status.ts'
import type { Bridge } from './bridge.ts'
import type { Slice } from './jobs.ts'
import type { Session } from './session.ts'

/** How often it is told how far it has come, in ms. */
const TELL = 1000

export interface SliceOptions {
  /** The module that a thread runs. */
  readonly entry: URL
  readonly threads: number
  readonly pieces: boolean
  readonly session: Session
  /** What tells this attempt at the slice from others. */
  readonly attempt: string
  readonly signal: AbortSignal
  onTrouble(error: Error): void
}

/** Searches for a time, in the folder that a bridge keeps in step; until the session is over, or it is told to stop. */
export async function runSlice(slice: Slice, bridge: Bridge, options: SliceOptions): Promise<void> {
  const { entry, threads, pieces, session, attempt, signal, onTrouble } = options
  const over = new AbortController()
  let last: Status | undefined
  let telling = Promise.resolve()
  async function tell(): Promise<void> {
    if (last) await session.tell(attempt, last)
    if (await session.isOver()) over.abort()
  }
  const timer = setInterval(() => {
    telling = telling.then(tell).catch(onTrouble)
  }, TELL)
  try {
    last = await runCampaign({
      folder: CampaignFolder.at(bridge.folder.path),
      entry,
      workers: threads,
      seed: slice.seed,
      pieces,
      time: slice.time,
      runs: slice.runs,
      signal: AbortSignal.any([signal, over.signal]),
      examine: false,
      onStatus: status => {
        last = status
      },
    })
  } finally {
    clearInterval(timer)
  }
  await telling
  await session.tell(attempt, last)
}
