import { readFileSync, readlinkSync } from 'node:fs'

/** A clock tick of /proc, in ms: 100 a second, whatever the kernel does itself. */
const TICK = 10

/** How a thread stands with the machine. */
export interface ThreadTime {
  /** Time of a processor that it has had, in ms, to 10 ms. */
  readonly used: number
  /** It waits for something, and not for a processor. */
  readonly asleep: boolean
}

/** The number that Linux has for the thread that asks; undefined elsewhere. */
export function threadHere(): number | undefined {
  try {
    return Number(/\/task\/(\d+)$/.exec(readlinkSync('/proc/thread-self'))?.[1]) || undefined
  } catch {
    return undefined
  }
}

/** How a thread of this process stands; undefined where nobody knows. */
export function threadTime(thread: number | undefined): ThreadTime | undefined {
  if (thread === undefined) return undefined
  try {
    return parseStat(readFileSync(`/proc/self/task/${thread}/stat`, 'latin1'))
  } catch {
    return undefined
  }
}

/** What proc(5) says of `stat`: the name, which may hold anything, is in parentheses. */
function parseStat(text: string): ThreadTime | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const used = (Number(fields[11]) + Number(fields[12])) * TICK
  return Number.isFinite(used) ? { used, asleep: fields[0] !== 'R' } : undefined
}
