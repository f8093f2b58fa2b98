import type { Confirmed } from '../target.ts'
import { oneAfterAnother } from './server-journal.ts'

const TIMES = 3

/**
 * Plays a session again, each time on a server that was started anew. Where it does nothing by itself, the sessions before
 * it are played too, and the fewest of them that are needed are looked for, by halves from the first on.
 * `replay`: whether the same comes of it again. `before`: sessions up to and with this one, oldest first.
 */
export async function confirm(
  input: Uint8Array,
  before: readonly Uint8Array[],
  transports: number,
  replay: (input: Uint8Array) => Promise<boolean>,
): Promise<Confirmed> {
  const times = await repeated(input)
  if (times > 0) return { input, sessions: 1, times, of: TIMES }
  const all = oneAfterAnother(before, transports)
  if (!(await replay(all))) return { input, sessions: 0, times: 0, of: TIMES }
  const needed = await fewest(before)
  const chain = oneAfterAnother(needed, transports)
  return { input: chain, sessions: needed.length, times: await repeated(chain), of: TIMES }

  async function repeated(session: Uint8Array): Promise<number> {
    let came = 0
    for (let i = 0; i < TIMES; i++) if (await replay(session)) came++
    return came
  }

  /** Takes parts away, large ones first, as long as it comes all the same. */
  async function fewest(sessions: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
    let left = sessions
    for (let size = left.length >> 1; size >= 1; size >>= 1) {
      for (let at = 0; at < left.length && left.length > 1; ) {
        const fewer = left.toSpliced(at, size)
        if (fewer.length > 0 && (await replay(oneAfterAnother(fewer, transports)))) left = fewer
        else at += size
      }
    }
    return left
  }
}
