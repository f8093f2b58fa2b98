import { minimisePieces } from '../campaign/minimise.ts'
import { inputOf, LONGEST, type Piece, piecesOf } from './pieces.ts'
import type { SessionForm } from './server-form.ts'
import type { Stage } from './server-session.ts'

export interface SmallerOptions {
  readonly form: SessionForm
  readonly server: Pick<Stage, 'transports'>
  /** Asked before each try. */
  stopped(): boolean
}

/** The smallest session that can be had in time of those that keep something: messages go first, then octets of them. */
export async function smallerSession(
  input: Uint8Array,
  keeps: (session: Uint8Array) => Promise<boolean>,
  { form, server, stopped }: SmallerOptions,
): Promise<Uint8Array> {
  const apart = inMessages(input, form, server)
  return joinedAgain(await minimisePieces(apart, keeps, { tries: Number.POSITIVE_INFINITY, stopped }), server)
}

/** The same session, with what goes out together on a stream as one piece. */
function joinedAgain(input: Uint8Array, { transports }: Pick<Stage, 'transports'>): Uint8Array {
  let flow = 0
  const joined: Piece[] = []
  for (const piece of piecesOf(input)) {
    const last = joined.at(-1)
    if (piece.kind === 'time') flow = piece.flow
    const isSplit = piece.kind === 'octets' && transports[flow % transports.length] !== 'udp'
    if (isSplit && last?.kind === 'octets' && last.octets.length + piece.octets.length <= LONGEST)
      joined[joined.length - 1] = { kind: 'octets', octets: Buffer.concat([last.octets, piece.octets]) }
    else joined.push(piece)
  }
  return inputOf(joined)
}

/** The same session, with each message as a piece: those that stand side by side on a stream go out together all the same. */
export function inMessages(
  input: Uint8Array,
  form: SessionForm,
  { transports }: Pick<Stage, 'transports'>,
): Uint8Array {
  let flow = 0
  return inputOf(
    piecesOf(input).flatMap((piece): Piece[] => {
      if (piece.kind === 'time') flow = piece.flow
      if (piece.kind !== 'octets') return [piece]
      const transport = transports[flow % transports.length] ?? 'tcp'
      return form.messages(piece.octets, transport).map(octets => ({ kind: 'octets', octets }))
    }),
  )
}
