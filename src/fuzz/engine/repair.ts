import { type Comparison, EQUAL, GREATER, LESS } from '../instrument/compare-log.ts'
import { nearby, type Place, withValue } from './replace.ts'
import { divergence, holds, type Trace } from './trace.ts'

/** Inputs tried for each way to mend one comparison. */
const TRIES = 4

/**
 * Children in which the first comparison that came out otherwise than the parent's may come out as before: a length or a
 * checksum made to match. Nothing where both went the same way, or where it is the comparison that was to be changed.
 */
export function* mended(child: Place, parentTrace: Trace, childTrace: Trace, except?: number): Generator<Uint8Array> {
  const { at, isTurned } = divergence(parentTrace, childTrace, except)
  if (!isTurned) return
  const [was, is] = [parentTrace[at] as Comparison, childTrace[at] as Comparison]
  for (const [seen, wanted] of wishes(was, is)) yield* first(TRIES, withValue(child, seen, wanted))
  if (typeof is.left !== 'number' || typeof is.right !== 'number') return
  for (const [seen, wanted] of wishes(was, is))
    yield* first(TRIES, nearby(child.input, seen as number, wanted as number))
}

function* first<T>(count: number, of: Generator<T>): Generator<T> {
  let left = count
  for (const one of of) {
    if (left-- === 0) return
    yield one
  }
}

/** The site of the comparison that broke. */
export function brokenSite(parentTrace: Trace, childTrace: Trace, except?: number): number | undefined {
  const { at, isTurned } = divergence(parentTrace, childTrace, except)
  return isTurned ? parentTrace[at]?.site : undefined
}

/** Whether a child has got farther along its parent's way than at the last try. */
export function isFarther(parentTrace: Trace, before: Trace, after: Trace, except?: number): boolean {
  return divergence(parentTrace, after, except).at > divergence(parentTrace, before, except).at
}

function wishes(was: Comparison, is: Comparison): (readonly [seen: unknown, wanted: unknown])[] {
  const { left, right, how } = is
  if (typeof left !== 'number' || typeof right !== 'number' || how < LESS || how >= LESS + 4)
    // What held shall hold again; what did not hold is no matter of two values.
    return holds(was) === true
      ? [
          [right, left],
          [left, right],
        ]
      : []
  const wanted = holds(was) === true
  // The same, one less, one more: whichever comes out as it did for the parent.
  const fitting = [0, -1, 1].filter(by => holds({ ...is, left: right + by }) === wanted)
  const by = fitting[0] ?? 0
  return [
    [left, right + by],
    [right, left - by],
  ]
}

/** What a trace shows that repair could mend: equalities between values that are not both constant. */
export function isMendable(trace: Trace): boolean {
  return trace.some(comparison => (comparison.how === EQUAL || comparison.how > GREATER) && holds(comparison) === true)
}
