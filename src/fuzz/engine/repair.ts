import { APART, type Comparison, EQUAL, GREATER, HELD, LESS, ordered } from '../instrument/compare-log.ts'
import { nearby, type Place, withValue } from './replace.ts'
import type { Trace } from './trace.ts'

/** Inputs tried for each way to mend one comparison. */
const TRIES = 4

/**
 * Children in which a comparison that came out otherwise than the parent's may come out as before: a length or a checksum
 * made to match.
 */
export function* mended(child: Place, was: Comparison, is: Comparison): Generator<Uint8Array> {
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

function wishes(was: Comparison, is: Comparison): (readonly [seen: unknown, wanted: unknown])[] {
  const { left, right, how } = is
  if (typeof left !== 'number' || typeof right !== 'number' || how < LESS || how >= LESS + 4)
    // What held shall hold again; what did not hold is no matter of two values.
    return was.outcome === HELD
      ? [
          [right, left],
          [left, right],
        ]
      : []
  const wanted = was.outcome === HELD ? HELD : APART
  // The same, one less, one more: whichever comes out as it did for the parent.
  const fitting = [0, -1, 1].filter(by => ordered(how, right + by, right) === wanted)
  const by = fitting[0] ?? 0
  return [
    [left, right + by],
    [right, left - by],
  ]
}

/** What a trace shows that repair could mend: equalities between values that are not both constant. */
export function isMendable({ comparisons }: Trace): boolean {
  return comparisons.some(({ how, outcome }) => (how === EQUAL || how > GREATER) && outcome === HELD)
}
