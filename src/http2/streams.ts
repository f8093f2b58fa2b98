import type { Role } from '../conformance/rule.ts'
import type { Stream } from './stream.ts'
import { follows, type StreamState, type Transition } from './stream-state.ts'

/** How a closed stream came to be so. `skipped`: a higher one was opened first (RFC 9113 §5.1.1). `forgotten`: long ago. */
export type Closing = 'skipped' | 'ended' | 'reset sent' | 'reset received' | 'forgotten'

const CLOSINGS: readonly Closing[] = ['skipped', 'ended', 'reset sent', 'reset received']

/** How many closed streams of each side are remembered. */
const REMEMBERED = 1024

/** The streams of a connection: those that live, and how the latest closed ones ended, in bounded memory. */
export class Streams {
  readonly live = new Map<number, Stream>()
  /** Closed ones with content that is not consumed yet, so that the connection still owes credit for it. RFC 9113 §6.9.1 */
  readonly unread = new Map<number, Stream>()
  readonly #ownParity: 0 | 1
  /** Of streams that we open or promise, and of those of the peer. */
  readonly own: Side
  readonly peer: Side

  constructor(role: Role) {
    this.#ownParity = role === 'server' ? 0 : 1
    this.own = new Side(role === 'server' ? 2 : 1)
    this.peer = new Side(role === 'server' ? 1 : 2)
  }

  /** Whether it bears a number that only we may open. RFC 9113 §5.1.1 */
  isOwn(id: number): boolean {
    return (id & 1) === this.#ownParity
  }

  side(id: number): Side {
    return this.isOwn(id) ? this.own : this.peer
  }

  /** RFC 9113 §5.1 */
  state(id: number): StreamState {
    return this.live.get(id)?.state ?? (id > this.side(id).last ? 'idle' : 'closed')
  }

  /** How many are promised and have not begun. */
  reserved(state: 'reserved (local)' | 'reserved (remote)'): number {
    let count = 0
    for (const stream of this.live.values()) if (stream.state === state) count++
    return count
  }

  /** How a closed stream was closed. */
  closing(id: number): Closing {
    return this.side(id).closing(id)
  }

  /** Takes a stream out of the idle state, which closes the lower idle ones of its side. RFC 9113 §5.1.1 */
  add(stream: Stream, transition: Transition): void {
    this.side(stream.id).open(stream.id)
    this.live.set(stream.id, stream)
    this.move(stream, transition)
  }

  /** Takes an arrow of Figure 2; one that is not allowed leaves the state. RFC 9113 §5.1 */
  move(stream: Stream, transition: Transition): void {
    const { id, state } = stream
    const next = follows(state, transition)
    if (next === undefined || next === state) return
    stream.state = next
    const side = this.side(id)
    if (next === 'closed') {
      this.live.delete(id)
      if (stream.unconsumed > 0) this.unread.set(id, stream)
      side.close(id, transition)
      if (active(state)) side.active--
    } else if (active(next) && !active(state)) side.active++
  }
}

/** Only these count against SETTINGS_MAX_CONCURRENT_STREAMS. RFC 9113 §5.1.2 */
function active(state: StreamState): boolean {
  return state === 'open' || state === 'half-closed (local)' || state === 'half-closed (remote)'
}

/** What is kept of the streams that one of the endpoints opens. */
export class Side {
  /** The highest that was opened or promised. */
  last = 0
  /** How many of them are open or half-closed. */
  active = 0
  readonly #first: number
  readonly #closings = new Uint8Array(REMEMBERED)

  constructor(first: 1 | 2) {
    this.#first = first
  }

  /** The identifier of the next stream. RFC 9113 §5.1.1 */
  get next(): number {
    return this.last === 0 ? this.#first : this.last + 2
  }

  open(id: number): void {
    if (id <= this.last) return
    const from = Math.max(this.next, id - 2 * REMEMBERED)
    for (let skipped = from; skipped <= id; skipped += 2) this.#closings[slot(skipped)] = 0
    this.last = id
  }

  close(id: number, transition: Transition): void {
    if (id <= this.last - 2 * REMEMBERED) return
    this.#closings[slot(id)] = transition === 'send RST_STREAM' ? 2 : transition === 'receive RST_STREAM' ? 3 : 1
  }

  closing(id: number): Closing {
    if (id <= this.last - 2 * REMEMBERED) return 'forgotten'
    return CLOSINGS[this.#closings[slot(id)] as number] as Closing
  }
}

function slot(id: number): number {
  return (id >> 1) & (REMEMBERED - 1)
}
