import { existsSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { threadHere, threadTime } from './thread-time.ts'

describe.skipIf(!existsSync('/proc/thread-self'))('the time of a thread', () => {
  it('grows as it works, and not faster than the clock', () => {
    const thread = threadHere()
    const before = threadTime(thread)
    const began = performance.now()
    let now = before
    while ((now?.used ?? 0) - (before?.used ?? 0) < 50 && performance.now() - began < 20_000) now = threadTime(thread)
    const elapsed = performance.now() - began
    expect(now).toMatchObject({ asleep: false })
    const used = (now?.used ?? 0) - (before?.used ?? 0)
    expect(used).toBeGreaterThanOrEqual(50)
    // Two ticks may be counted that began before.
    expect(used).toBeLessThanOrEqual(elapsed + 20)
  }, 30_000)

  it('is nobody’s where there is no thread', () => {
    expect([threadTime(undefined), threadTime(0)]).toEqual([undefined, undefined])
  })
})
