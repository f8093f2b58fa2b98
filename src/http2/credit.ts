import { data } from './build.ts'
import { broke, hindrance, type Judgement } from './expect.ts'
import { INITIAL_WINDOW_SIZE } from './settings-parameters.ts'
import type { Http2Talk } from './talk.ts'

/** What a connection and each stream begin with, unless SETTINGS say otherwise. RFC 9113 §6.9.2 */
const INITIAL_WINDOW = 65535

/** Octets of DATA that the subject takes on the connection before it gives more credit. RFC 9113 §6.9.1 */
export function connectionCredit(talk: Http2Talk): number {
  return INITIAL_WINDOW + given(talk, 0) - talk.outgoing.flowControlled(0)
}

/** The same of a stream alone. */
export function streamCredit(talk: Http2Talk, stream: number): number {
  const initial = talk.settings.get(INITIAL_WINDOW_SIZE) ?? INITIAL_WINDOW
  return initial + given(talk, stream) - talk.outgoing.flowControlled(stream)
}

function given(talk: Http2Talk, stream: number): number {
  return talk.seen.reduce(
    (sum, seen) => (seen.kind === 'window-update' && seen.stream === stream ? sum + seen.increment : sum),
    0,
  )
}

/**
 * Sends content on a stream as far as the windows allow, and waits for credit where they do not. Says what kept it from
 * the end, if anything did.
 */
export async function sendWithin(
  talk: Http2Talk,
  stream: number,
  octets: number,
  options: { readonly padding?: number; readonly endStream?: boolean } = {},
): Promise<Judgement | undefined> {
  const { padding, endStream = true } = options
  const overhead = padding === undefined ? 0 : padding + 1
  let left = octets
  while (left > 0) {
    const credit = Math.min(connectionCredit(talk), streamCredit(talk, stream))
    const length = Math.min(left, 16384 - overhead, credit - overhead)
    if (length > 0) {
      left -= length
      const shape = padding === undefined ? {} : { padding }
      talk.add(data(stream, new Uint8Array(length).fill(0x77), { ...shape, endStream: endStream && left === 0 }))
      continue
    }
    const seen = await talk.next()
    const problem = hindrance(talk, seen, [stream])
    if (!problem) continue
    if (seen.kind === 'silence') return broke(`no credit after ${octets - left} octets of content`)
    return problem
  }
  return undefined
}
