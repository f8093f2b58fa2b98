import type { Transport } from '../../machine.ts'
import type { Chance } from '../target.ts'
import { inputOf, LONGEST, mutatePieces, type Piece, piecesOf } from './pieces.ts'
import type { SessionForm } from './server-form.ts'

/** Messages that are kept to be put into sessions. */
const POOL = 512

/** A message, and what it was sent by. */
interface Spare {
  readonly octets: Uint8Array
  readonly transport: Transport
}

/** Changes sessions by what is known of their form: messages and their fields, besides where they are cut and wait. */
export class SessionMutator {
  readonly #form: SessionForm
  readonly #transports: readonly Transport[]
  #pool: Spare[] = []

  /** `seeds`: sessions whose messages may be put into others. */
  constructor(form: SessionForm, transports: readonly Transport[], seeds: readonly Uint8Array[]) {
    this.#form = form
    this.#transports = transports
    const known = new Set<string>()
    for (const seed of seeds) {
      for (const { octets, transport } of located(seed, transports)) {
        for (const message of form.messages(octets, transport)) {
          const key = `${transport} ${Buffer.from(message).toString('latin1')}`
          if (known.has(key) || message.length === 0 || message.length > LONGEST) continue
          known.add(key)
          this.#pool.push({ octets: message, transport })
        }
      }
    }
    // Evenly taken, as neighbours are much alike.
    const every = Math.ceil(this.#pool.length / POOL)
    if (every > 1) this.#pool = this.#pool.filter((_, i) => i % every === 0)
  }

  mutate(input: Uint8Array, chance: Chance): Uint8Array | undefined {
    const way = chance.below(8)
    if (way < 2) return mutatePieces(input, chance)
    const pieces = piecesOf(input)
    const places = located(input, this.#transports)
    if (places.length === 0) return this.#begun(chance)
    const place = chance.pick(places)
    const messages = this.#form.messages(place.octets, place.transport)
    const at = chance.below(messages.length + 1)
    const changed = way < 5 ? this.#fieldChanged(messages, at, place, chance) : this.#moved(messages, at, place, chance)
    if (changed === undefined) return undefined
    // Each datagram is a piece; on streams those that go out together stay together.
    const parts = place.transport === 'udp' ? changed : [Buffer.concat(changed)]
    pieces.splice(place.at, 1, ...parts.map((octets): Piece => ({ kind: 'octets', octets })))
    return inputOf(pieces)
  }

  #begun(chance: Chance): Uint8Array | undefined {
    if (this.#pool.length === 0) return undefined
    const { octets, transport } = chance.pick(this.#pool)
    return inputOf([
      { kind: 'time', stride: 0, flow: this.#transports.indexOf(transport) },
      { kind: 'octets', octets },
    ])
  }

  #fieldChanged(messages: readonly Uint8Array[], at: number, { transport }: Spare, chance: Chance) {
    const message = messages[at]
    const changed = message && this.#form.change?.(message, transport, chance)
    return changed && messages.with(at, changed)
  }

  /** A message left out, repeated, put elsewhere, or one put in that another session has. */
  #moved(messages: readonly Uint8Array[], at: number, { transport }: Spare, chance: Chance): Uint8Array[] | undefined {
    const message = messages[at]
    const way = chance.below(8)
    if (way >= 4 || message === undefined) {
      const spare = this.#spare(transport, chance)
      if (spare === undefined) return undefined
      return messages.toSpliced(at, way === 4 && message !== undefined ? 1 : 0, spare)
    }
    if (way === 0) return messages.length > 1 ? messages.toSpliced(at, 1) : undefined
    if (way === 1) {
      const times = chance.oneIn(8) ? 8 : 1
      return messages.toSpliced(at, 0, ...Array.from({ length: times }, () => message))
    }
    return messages.toSpliced(at, 1).toSpliced(chance.below(messages.length), 0, message)
  }

  #spare(transport: Transport, chance: Chance): Uint8Array | undefined {
    for (let tries = 0; tries < 8 && this.#pool.length > 0; tries++) {
      const spare = chance.pick(this.#pool)
      if (spare.transport === transport) return spare.octets
    }
    return undefined
  }
}

/** The pieces of octets of a session: where they stand, and what carries them. */
function located(input: Uint8Array, transports: readonly Transport[]): (Spare & { readonly at: number })[] {
  let flow = 0
  return piecesOf(input).flatMap((piece, at) => {
    if (piece.kind === 'time') flow = piece.flow
    if (piece.kind !== 'octets') return []
    return [{ at, octets: piece.octets, transport: transports[flow % transports.length] as Transport }]
  })
}
