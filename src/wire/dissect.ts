import type { Codec } from './codec.ts'
import { WireError } from './errors.ts'
import { Reader } from './reader.ts'

/** One part of a dissected value: where it lies, how it is called, what it is. */
export interface Row {
  /** Octets from the start. */
  readonly offset: number
  /** The octets it lies in, a view; parts smaller than an octet share it. */
  readonly octets: Uint8Array
  /** From the outside in, for example `['payload', 'parameters', 0, 'id']`. */
  readonly path: readonly (string | number)[]
  /** What was read; `undefined` where reading did not get. */
  readonly value: unknown
}

export interface Dissection<T> {
  /** The innermost parts, in order. On an error the octets after the last of them follow, with an empty path. */
  readonly rows: readonly Row[]
  /** What the octets are, when they could be read. */
  readonly value?: T
  /** Why they could not, or that octets are left over. */
  readonly error?: WireError
}

/** Takes octets apart by a codec and says where each part of the value lies, as far as reading gets. */
export function dissect<T>(codec: Pick<Codec<T>, 'read'>, octets: Uint8Array): Dissection<T> {
  const trace: Trace = { path: [], rows: [] }
  const reader = new TracingReader(trace, octets, 0, octets.length)
  try {
    const value = codec.read(reader)
    if (trace.rows.length === 0 && reader.offset > 0) row(trace, octets, [], value, 0, reader.offset)
    if (reader.remaining === 0) return { rows: trace.rows, value }
    const error = new WireError('trailing', `${reader.remaining} octets left over`, reader.offset)
    unread(trace, octets)
    return { rows: trace.rows, value, error }
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    unread(trace, octets)
    return { rows: trace.rows, error }
  }
}

/** Adds what lies after the last part that was read. */
function unread(trace: Trace, octets: Uint8Array): void {
  const from = trace.rows.reduce((end, { offset, octets }) => Math.max(end, offset + octets.length), 0)
  if (from < octets.length) row(trace, octets, [], undefined, from, octets.length)
}

interface Trace {
  readonly path: (string | number)[]
  readonly rows: Row[]
}

/** A reader that remembers. Only `dissect` makes one, so that all other reading pays nothing for it. */
class TracingReader extends Reader {
  readonly #trace: Trace
  /** Of each part that was entered and not left: where it begins, and how many rows there were before it. */
  readonly #entered: { readonly from: number; readonly rows: number }[] = []

  constructor(trace: Trace, octets: Uint8Array, start: number, end: number) {
    super(octets, start, end)
    this.#trace = trace
  }

  override sub(length: number): Reader {
    const start = this.offset
    this.take(length)
    return new TracingReader(this.#trace, this.octets, start, start + length)
  }

  override field<T>(name: string | number, codec: Pick<Codec<T>, 'read'>): T {
    this.enter(name)
    const value = super.field(name, codec)
    this.leave(value)
    return value
  }

  override enter(name: string | number): void {
    this.#entered.push({ from: this.offset, rows: this.#trace.rows.length })
    this.#trace.path.push(name)
  }

  override leave(value: unknown): void {
    const { path, rows } = this.#trace
    const entered = this.#entered.pop()
    if (entered?.rows === rows.length) row(this.#trace, this.octets, path, value, entered.from, this.offset)
    path.pop()
  }

  override note(name: string | number, value: unknown, from: number, to: number): void {
    row(this.#trace, this.octets, [...this.#trace.path, name], value, from, to)
  }
}

function row(
  trace: Trace,
  octets: Uint8Array,
  path: readonly (string | number)[],
  value: unknown,
  from: number,
  to: number,
): void {
  trace.rows.push({ offset: from, octets: octets.subarray(from, to), path: [...path], value })
}
