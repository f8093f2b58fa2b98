import { UsageError } from './options.ts'

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** `8h`, `30m`, `1h30m`, `90` (seconds): in ms. Throws `UsageError` that names the option. */
export function durationOf(option: string, typed: string): number {
  const whole = /^(?:\d+(?:\.\d+)?(?:ms|s|m|h|d))+$|^\d+$/.test(typed)
  if (!whole) throw new UsageError(`${option} is a time such as 90s, 30m or 8h, not '${typed}'`)
  let sum = /^\d+$/.test(typed) ? Number(typed) * UNITS.s : 0
  for (const [, number, unit] of typed.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d)/g)) {
    sum += Number(number) * UNITS[unit as keyof typeof UNITS]
  }
  if (sum === 0) throw new UsageError(`${option} is more than no time at all, not '${typed}'`)
  return sum
}

/** `00:12:34`, with days in front where there are some. */
export function clock(elapsed: number): string {
  const seconds = Math.floor(elapsed / 1000)
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60]
  const days = Math.floor(seconds / 86_400)
  return (days > 0 ? `${days}d ` : '') + parts.map(part => String(part).padStart(2, '0')).join(':')
}

/** `3 s`, `12 min`, `5.2 h`: how long something is ago. */
export function briefly(elapsed: number): string {
  if (elapsed < 60_000) return `${Math.floor(elapsed / 1000)} s`
  return elapsed < 3_600_000 ? `${Math.floor(elapsed / 60_000)} min` : `${(elapsed / 3_600_000).toFixed(1)} h`
}
