import { inputOf, piecesOf } from '../targets/pieces.ts'

/** How much may be spent on making an input smaller. */
export interface MinimiseBudget {
  /** Inputs that may be tried. */
  readonly tries: number
  /** Asked before each of them. */
  stopped(): boolean
}

type Keeps<T> = (candidate: T) => Promise<boolean>

/** The smallest input that can be had, within a budget, of those that keep something: by octets alone. */
export function minimise(input: Uint8Array, keeps: Keeps<Uint8Array>, budget: MinimiseBudget): Promise<Uint8Array> {
  return smallest(input, bounded(keeps, budget))
}

/** The same for an input that is a sequence of pieces: first whole pieces go, then octets within each. */
export async function minimisePieces(
  input: Uint8Array,
  keeps: Keeps<Uint8Array>,
  budget: MinimiseBudget,
): Promise<Uint8Array> {
  const tried = bounded(keeps, budget)
  let pieces = await shortest(piecesOf(input), left => tried(inputOf(left)))
  for (const [at, piece] of pieces.entries()) {
    if (piece.kind !== 'octets') continue
    const swapped = (octets: Uint8Array) => pieces.with(at, { kind: 'octets', octets })
    pieces = swapped(await smallest(piece.octets, octets => tried(inputOf(swapped(octets)))))
  }
  const whole = inputOf(pieces)
  return whole.length < input.length || (await tried(whole)) ? whole : input
}

function bounded(keeps: Keeps<Uint8Array>, budget: MinimiseBudget): Keeps<Uint8Array> {
  let left = budget.tries
  return async candidate => left-- > 0 && !budget.stopped() && (await keeps(candidate))
}

/** Leaves out what can be left out, then makes octets 0 that may be 0. */
async function smallest(input: Uint8Array, keeps: Keeps<Uint8Array>): Promise<Uint8Array> {
  let best = Uint8Array.from(await shortest([...input], left => keeps(Uint8Array.from(left))))
  for (const [at, octet] of best.entries()) {
    if (octet === 0) continue
    const plain = best.with(at, 0)
    if (await keeps(plain)) best = plain
  }
  return best
}

/** Leaves out runs of items, long ones first and from the end, once more as long as something comes of it. */
async function shortest<T>(items: readonly T[], keeps: Keeps<readonly T[]>): Promise<readonly T[]> {
  let best = items
  for (let before = Number.POSITIVE_INFINITY; best.length < before; ) {
    before = best.length
    for (let run = best.length; run >= 1; run = Math.floor(run / 2)) {
      for (let end = best.length; end > 0; end -= run) {
        const left = best.toSpliced(Math.max(0, end - run), Math.min(run, end))
        if (await keeps(left)) best = left
      }
    }
  }
  return best
}
