import { setTimeout as later } from 'node:timers/promises'

const FOR_EVER = 0x7fffffff

/** Waits so many ms, or until it is told to stop. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  return later(ms, undefined, { signal }).catch(() => {})
}

/** Waits for something, unless it is told to stop, or for longer than so many ms: Redis may be away. */
export async function orStopped(what: Promise<unknown>, signal?: AbortSignal, most?: number): Promise<void> {
  what.catch(() => {})
  const over = new AbortController()
  const either = AbortSignal.any([over.signal, ...(signal ? [signal] : [])])
  try {
    await Promise.race([what, pause(most ?? FOR_EVER, either)])
  } finally {
    over.abort()
  }
}
