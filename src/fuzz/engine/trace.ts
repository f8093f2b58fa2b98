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

/** What a run compared, in order. */
export type Trace = readonly Comparison[]

const LONGEST = 1024

/** What the last run compared; octets are copied, for they may be the input's. */
export function traceOf(log: CompareLog): Trace {
  const trace: Comparison[] = []
  for (let i = 0; i < log.size && i < LONGEST; i++)
    trace.push({
      site: log.sites[i] as number,
      how: log.hows[i] as number,
      left: kept(log.lefts[i]),
      right: kept(log.rights[i]),
    })
  return trace
}

function kept(value: unknown): unknown {
  if (value instanceof Uint8Array) return Uint8Array.from(value.subarray(0, 256))
  return typeof value === 'object' || typeof value === 'function' ? undefined : value
}

/** Whether two values stand to each other as they were asked to; undefined where that is not known. */
export function holds({ how, left, right }: Comparison): boolean | undefined {
  if (how === EQUAL || how === UNEQUAL || how === CASE) return sameValue(left, right)
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

function sameValue(left: unknown, right: unknown): boolean {
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right) === 0
  return left === right
}

/** Where a child leaves its parent's way: how many comparisons they share; Infinity where it does not. */
export interface Divergence {
  readonly at: number
  /** Whether it is that a comparison came out otherwise; else that quite another one follows. */
  readonly isTurned: boolean
}

/** One site may be left out of account. */
export function divergence(parent: Trace, child: Trace, except = -1): Divergence {
  for (let i = 0; i < parent.length && i < child.length; i++) {
    const [was, is] = [parent[i] as Comparison, child[i] as Comparison]
    if (was.site !== is.site) return { at: i, isTurned: false }
    if (was.site !== except && holds(was) !== holds(is)) return { at: i, isTurned: true }
  }
  return { at: child.length < parent.length ? child.length : Number.POSITIVE_INFINITY, isTurned: false }
}
