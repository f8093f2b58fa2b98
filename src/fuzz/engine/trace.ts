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

/**
 * The first comparison of a child's that came out otherwise than its parent's, both having gone the same way until there;
 * undefined where there is none. One site may be left out of account.
 */
export function divergence(parent: Trace, child: Trace, except = -1): number | undefined {
  for (let i = 0; i < parent.length && i < child.length; i++) {
    const [was, is] = [parent[i] as Comparison, child[i] as Comparison]
    if (was.site !== is.site) return undefined
    if (was.site !== except && holds(was) !== holds(is)) return i
  }
  return undefined
}
