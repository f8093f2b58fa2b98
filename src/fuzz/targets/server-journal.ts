import { inputOf, type Piece, piecesOf } from './pieces.ts'

/** Flows that one input can name. */
const FLOWS = 256

/** The last sessions since a server was started, for what only comes of several. */
export class Journal {
  readonly #last: Uint8Array[] = []
  readonly #most: number

  constructor(most = 200) {
    this.#most = most
  }

  add(input: Uint8Array): void {
    if (this.#last.length >= this.#most) this.#last.shift()
    this.#last.push(input.slice())
  }

  /** The server was started anew. */
  clear(): void {
    this.#last.length = 0
  }

  /** Oldest first. */
  get sessions(): readonly Uint8Array[] {
    return [...this.#last]
  }
}

/**
 * One session that does what several did, one after the other: each has flows of its own there, which are ended before the
 * next begins. As many of the last as have room. `transports`: how many there are, as a flow is carried by its number
 * modulo that.
 */
export function oneAfterAnother(sessions: readonly Uint8Array[], transports: number): Uint8Array {
  let pieces: Piece[] = []
  let room = FLOWS / transports
  // From the last: where there is not room for all, the first are left out.
  const chosen: Piece[][] = []
  for (const session of sessions.toReversed()) {
    const own = piecesOf(session)
    const wanted = new Set([0, ...own.flatMap(piece => (piece.kind === 'octets' ? [] : [piece.flow]))]).size
    if (wanted > room) break
    room -= wanted
    chosen.unshift(own)
  }
  let next = 0
  for (const own of chosen) {
    const names = new Map<number, number>()
    const renamed = (flow: number): number => {
      const known = names.get(flow)
      if (known !== undefined) return known
      const name = next++ * transports + (flow % transports)
      names.set(flow, name)
      return name
    }
    pieces = [...pieces, { kind: 'time', stride: 1, flow: renamed(0) }]
    for (const piece of own) pieces.push(piece.kind === 'octets' ? piece : { ...piece, flow: renamed(piece.flow) })
    for (const flow of names.values()) pieces.push({ kind: 'end', how: 0, flow })
  }
  return inputOf(pieces)
}
