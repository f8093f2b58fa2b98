import type { Chance } from '../target.ts'

/**
 * An input of a target that hears more than one thing: a sequence of pieces, written so that any octets at all are one.
 * The head of a piece is two octets, the first one's two high bits its kind:
 *
 * - 0, 1: octets arrive; the other 14 bits are how many, or fewer where the input ends.
 * - 2: time passes: 6 bits choose how much (`STRIDES`), the second octet is the flow of what comes next.
 * - 3: the end of the other side's octets on a flow.
 */
export type Piece =
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  | { readonly kind: 'time'; readonly stride: number; readonly flow: number }
  | { readonly kind: 'end'; readonly how: number; readonly flow: number }

const HEAD = 2
/** The most octets of one piece. */
export const LONGEST = 0x3fff

/** How much time may pass, in ms; undefined: as much as there is until the next deadline. */
export const STRIDES: readonly (number | undefined)[] = [undefined, 0, 1, 10, 100, 1000, 10_000, 60_000, 600_000]

/** Cuts an input into its pieces, which are views of it. */
export function piecesOf(input: Uint8Array): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at + HEAD <= input.length; ) {
    const head = input[at] as number
    const second = input[at + 1] as number
    at += HEAD
    const low = head & 0x3f
    if (head >= 0xc0) pieces.push({ kind: 'end', how: low, flow: second })
    else if (head >= 0x80) pieces.push({ kind: 'time', stride: low, flow: second })
    else {
      const octets = input.subarray(at, at + (((head & 0x3f) << 8) | second))
      at += octets.length
      pieces.push({ kind: 'octets', octets })
    }
  }
  return pieces
}

/** The input that these pieces are. Octets that are too many for one piece become several. */
export function inputOf(pieces: readonly Piece[]): Uint8Array {
  const parts: Uint8Array[] = []
  for (const piece of pieces) {
    if (piece.kind === 'time') parts.push(Uint8Array.of(0x80 | (piece.stride & 0x3f), piece.flow))
    else if (piece.kind === 'end') parts.push(Uint8Array.of(0xc0 | (piece.how & 0x3f), piece.flow))
    else {
      const { octets } = piece
      for (let at = 0; at === 0 || at < octets.length; at += LONGEST) {
        const part = octets.subarray(at, at + LONGEST)
        parts.push(Uint8Array.of(part.length >> 8, part.length & 0xff), part)
      }
    }
  }
  return Uint8Array.from(Buffer.concat(parts))
}

/** An input of octets that arrive in these pieces. */
export function arrivals(...parts: readonly Uint8Array[]): Uint8Array {
  return inputOf(parts.map(octets => ({ kind: 'octets', octets })))
}

/** Drops, repeats, swaps, splits or joins pieces, lets time pass, or ends something. */
export function mutatePieces(input: Uint8Array, chance: Chance): Uint8Array | undefined {
  const pieces = piecesOf(input)
  const at = chance.below(pieces.length + 1)
  const piece = pieces[at]
  const flow = chance.below(4)
  switch (chance.below(8)) {
    case 0:
      if (pieces.length < 2 || !piece) return undefined
      pieces.splice(at, 1)
      break
    case 1:
      if (!piece) return undefined
      for (let times = chance.oneIn(8) ? 16 : 1; times > 0; times--) pieces.splice(at, 0, piece)
      break
    case 2: {
      const other = chance.below(pieces.length)
      if (!piece || at === other) return undefined
      pieces[at] = pieces[other] as Piece
      pieces[other] = piece
      break
    }
    case 3:
    case 4: {
      if (piece?.kind !== 'octets' || piece.octets.length < 2) return undefined
      const cut = 1 + chance.below(piece.octets.length - 1)
      const [first, second] = [piece.octets.subarray(0, cut), piece.octets.subarray(cut)]
      pieces.splice(at, 1, { kind: 'octets', octets: first }, { kind: 'octets', octets: second })
      break
    }
    case 5: {
      const next = pieces[at + 1]
      if (piece?.kind !== 'octets' || next?.kind !== 'octets') return undefined
      if (piece.octets.length + next.octets.length > LONGEST) return undefined
      const octets = Uint8Array.from(Buffer.concat([piece.octets, next.octets]))
      pieces.splice(at, 2, { kind: 'octets', octets })
      break
    }
    case 6:
      pieces.splice(at, 0, { kind: 'time', stride: chance.below(STRIDES.length), flow })
      break
    default:
      pieces.splice(at, 0, { kind: 'end', how: chance.below(2), flow })
  }
  return inputOf(pieces)
}
