import type * as BullMQ from 'bullmq'
import type { Replay } from '../campaign/folder.ts'
import { type CampaignName, CHORES, PREFIX, SLICES } from './keys.ts'

/** Which campaign a job is of, and who has asked for it. */
export interface JobOfCampaign {
  readonly of: CampaignName
  readonly session: string
}

/** So much of a search. */
export interface Slice extends JobOfCampaign {
  readonly kind: 'slice'
  /** In ms. */
  readonly time: number
  readonly runs?: number | undefined
  readonly seed: number
  /** Somebody has begun it, and handed it back. */
  readonly returned?: boolean | undefined
}

/** What is done once, beside searching. */
export type ChoreAsked =
  | { readonly kind: 'minimise'; readonly id: string }
  | { readonly kind: 'prune' }
  /** Inputs, in Base64, that once were finds. */
  | { readonly kind: 'regression'; readonly inputs: readonly string[] }

export type Chore = JobOfCampaign & ChoreAsked

/** What comes of a chore. */
export type Done =
  | { readonly kind: 'minimise'; readonly replay: Replay; readonly octets: number }
  | { readonly kind: 'prune'; readonly kept: number; readonly aside: number }
  | { readonly kind: 'regression'; readonly tried: number; readonly finds: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * Who holds a job says so every RENEW ms; who has not for LOCK ms is taken for dead, which is looked for every CHECK ms, and
 * its job is handed out anew: within LOCK + 2 * CHECK, where the bar is 10 s.
 */
const LOCK = 4500
const RENEW = 1500
const CHECK = 1000
/** A slice is not to blame for the death of its worker; a chore that has ended so many may be. */
const DEATHS = { [SLICES]: 1_000_000, [CHORES]: 2 } as const

type QueueName = keyof typeof DEATHS

export function openQueue<Data>(
  bullmq: typeof BullMQ,
  connection: BullMQ.ConnectionOptions,
  name: QueueName,
): BullMQ.Queue<Data> {
  return new bullmq.Queue<Data>(name, {
    connection,
    prefix: PREFIX,
    defaultJobOptions: { removeOnComplete: true, removeOnFail: true, attempts: 1 },
  })
}

export function holdingOptions(connection: BullMQ.ConnectionOptions, name: QueueName): BullMQ.WorkerOptions {
  return {
    connection,
    prefix: PREFIX,
    concurrency: 1,
    lockDuration: LOCK,
    lockRenewTime: RENEW,
    stalledInterval: CHECK,
    maxStalledCount: DEATHS[name],
    // Seconds: how long an idle worker waits before it asks again.
    drainDelay: 2,
    runRetryDelay: 1000,
  }
}

/** A job that somebody has begun and not ended: whoever is left takes it, however busy. */
export function isOrphan({ stalledCounter, data }: Pick<BullMQ.Job<Slice>, 'stalledCounter' | 'data'>): boolean {
  return stalledCounter > 0 || data.returned === true
}
