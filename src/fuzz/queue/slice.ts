import { runCampaign } from '../campaign/campaign.ts'
import { CannotBegin } from '../campaign/cannot-begin.ts'
import { CampaignFolder } from '../campaign/folder.ts'
import type { Ending, Status } from '../campaign/status.ts'
import type { Bridge } from './bridge.ts'
import type { Slice } from './jobs.ts'
import type { Session } from './session.ts'

/** How often it is told how far it has come, in ms. */
const TELL = 1000

export interface SliceOptions {
  /** The module that a thread runs. */
  readonly entry: URL
  readonly threads: number
  /** How whoever does it is called among workers. */
  readonly name: string
  readonly pieces: boolean
  readonly session: Session
  /** What tells this attempt at the slice from others. */
  readonly attempt: string
  readonly signal: AbortSignal
  onTrouble(error: Error): void
}

/**
 * Searches for a time, in the folder that a bridge keeps in step; until the session is over, or it is told to stop. Throws
 * `CannotBegin` where the target cannot be begun here, and where a server does not come back.
 */
export async function runSlice(slice: Slice, bridge: Bridge, options: SliceOptions): Promise<void> {
  const { entry, threads, pieces, name, session, attempt, signal, onTrouble } = options
  const over = new AbortController()
  let last: Status | undefined
  let ending: Ending
  let telling = Promise.resolve()
  async function tell(): Promise<void> {
    if (last) await session.tell(attempt, last)
    if (await session.isOver()) over.abort()
  }
  const timer = setInterval(() => {
    telling = telling.then(tell).catch(onTrouble)
  }, TELL)
  try {
    ending = await runCampaign({
      folder: CampaignFolder.at(bridge.folder.path),
      entry,
      workers: threads,
      seed: slice.seed,
      pieces,
      name,
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
  await session.tell(attempt, ending)
  if (ending.why === 'gone') throw new CannotBegin(ending.reason ?? 'it did not come back')
}
