import type { CompareLog, Comparison } from '../instrument/compare-log.ts'

/** What a run compared, in order. */
export interface Trace {
  readonly comparisons: readonly Comparison[]
  /** The site and the outcome of each, as in the log. */
  readonly steps: Int32Array
}

const LONGEST = 1024
/** So much of octets is kept. */
const OCTETS = 256

/** What the last run compared; octets are copied, for they may be the input's. */
export function traceOf(log: CompareLog): Trace {
  const length = Math.min(log.size, LONGEST)
  return { comparisons: Array.from({ length }, (_, i) => comparisonAt(log, i)), steps: log.steps.slice(0, length) }
}

/** One of the comparisons of the last run. */
export function comparisonAt(log: CompareLog, at: number): Comparison {
  const comparison = log.entry(at)
  return { ...comparison, left: kept(comparison.left), right: kept(comparison.right) }
}

function kept(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value.subarray(0, OCTETS))
  return typeof value === 'object' || typeof value === 'function' ? undefined : value
}

/** Where a child leaves its parent's way: how many comparisons they share; Infinity where it does not. */
export interface Divergence {
  readonly at: number
  /** Whether it is that a comparison came out otherwise; else that quite another one follows. */
  readonly isTurned: boolean
}

/** Holds the last run against its parent's way. One site may be left out of account. */
export function divergence(way: Trace, log: CompareLog, except = -1): Divergence {
  const [was, is] = [way.steps, log.steps]
  const length = Math.min(log.size, LONGEST)
  const shared = Math.min(length, was.length)
  for (let at = 0; at < shared; at++) {
    if (was[at] === is[at]) continue
    const site = (was[at] as number) >> 2
    if (site !== (is[at] as number) >> 2) return { at, isTurned: false }
    if (site !== except) return { at, isTurned: true }
  }
  return { at: length < was.length ? length : Number.POSITIVE_INFINITY, isTurned: false }
}
