import { minimisePieces } from '../campaign/minimise.ts'
import { inputOf, type Piece, piecesOf } from './pieces.ts'
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
  return await minimisePieces(apart, keeps, { tries: Number.POSITIVE_INFINITY, stopped })
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
