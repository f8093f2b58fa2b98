import {
  CASE,
  type CompareLog,
  type Comparison,
  EQUAL,
  GREATER,
  GREATER_OR_EQUAL,
  LESS,
  LESS_OR_EQUAL,
  UNEQUAL,
} from '../instrument/compare-log.ts'

/** One comparison of a run, and what came of it. */
export interface Step extends Comparison {
  /** Whether its sides stood to each other as they were asked to; undefined where that is not known. */
  readonly held: boolean | undefined
}

/** What a run compared, in order. */
export type Trace = readonly Step[]

const LONGEST = 1024
/** So much of octets counts. */
const OCTETS = 256

/** What the last run compared; octets are copied, for they may be the input's. */
export function traceOf(log: CompareLog): Trace {
  return Array.from({ length: Math.min(log.size, LONGEST) }, (_, i) => stepAt(log, i))
}

/** One of the comparisons of the last run. */
export function stepAt(log: CompareLog, at: number): Step {
  const how = log.hows[at] as number
  const [left, right] = [kept(log.lefts[at]), kept(log.rights[at])]
  return { site: log.sites[at] as number, how, left, right, held: holds(how, left, right) }
}

function kept(value: unknown): unknown {
  return value instanceof Uint8Array ? Uint8Array.from(value.subarray(0, OCTETS)) : told(value)
}

/** Nothing is told of objects. */
function told(value: unknown): unknown {
  return typeof value === 'object' || typeof value === 'function' ? undefined : value
}

/** Whether two values stand to each other as they were asked to; undefined where that is not known. */
export function holds(how: number, left: unknown, right: unknown): boolean | undefined {
  if (how === EQUAL || how === UNEQUAL || how === CASE) return isSame(left, right)
  if (!isNumeric(left) || !isNumeric(right)) return undefined
  if (how === LESS) return left < right
  if (how === LESS_OR_EQUAL) return left <= right
  if (how === GREATER) return left > right
  if (how === GREATER_OR_EQUAL) return left >= right
  return undefined
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}

function isSame(left: unknown, right: unknown): boolean {
  if (left === right) return true
  if (typeof left !== 'object' || typeof right !== 'object') return told(left) === told(right)
  if (!(left instanceof Uint8Array && right instanceof Uint8Array))
    return !(left instanceof Uint8Array || right instanceof Uint8Array)
  return Buffer.compare(left.subarray(0, OCTETS), right.subarray(0, OCTETS)) === 0
}

/** Where a child leaves its parent's way: how many comparisons they share; Infinity where it does not. */
export interface Divergence {
  readonly at: number
  /** Whether it is that a comparison came out otherwise; else that quite another one follows. */
  readonly isTurned: boolean
}

/** Holds the last run against its parent's way; this is done after most runs. One site may be left out of account. */
export function divergence(way: Trace, { size, sites, hows, lefts, rights }: CompareLog, except = -1): Divergence {
  const length = Math.min(size, LONGEST)
  const shared = Math.min(length, way.length)
  for (let at = 0; at < shared; at++) {
    const { site, held } = way[at] as Step
    if (site !== sites[at]) return { at, isTurned: false }
    if (site !== except && held !== holds(hows[at] as number, lefts[at], rights[at])) return { at, isTurned: true }
  }
  return { at: length < way.length ? length : Number.POSITIVE_INFINITY, isTurned: false }
}
