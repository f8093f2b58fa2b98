/**
 * What was wrong with octets or a value.
 *
 * - `truncated`: the octets end too early; on a stream it means "read more".
 * - `malformed`: no continuation could make these octets valid.
 * - `trailing`: octets are left over after a whole value.
 * - `unencodable`: the value has no encoding.
 */
export type WireErrorCode = 'truncated' | 'malformed' | 'trailing' | 'unencodable'

/** The one error a codec throws; any other throw from a codec is a bug. */
export class WireError extends Error {
  override readonly name = 'WireError'
  readonly code: WireErrorCode
  /** Octets from the start of what was read, or of what was written so far. */
  readonly offset: number
  /** Field path from the outside in, for example `['settings', 2, 'value']`. */
  readonly path: readonly (string | number)[]
  /** The message without code, path and offset. */
  readonly reason: string

  constructor(code: WireErrorCode, reason: string, offset: number, path: readonly (string | number)[] = []) {
    const where = path.length > 0 ? ` in ${path.join('.')}` : ''
    super(`${code}${where} at octet ${offset}: ${reason}`)
    this.code = code
    this.reason = reason
    this.offset = offset
    this.path = path
  }

  /** The same error seen from one level further out. */
  within(step: string | number): WireError {
    return new WireError(this.code, this.reason, this.offset, [step, ...this.path])
  }
}

/** What to throw on for what was thrown inside a named part: a `WireError` learns of its part, a bug stays as it is. */
export function within(step: string | number, thrown: unknown): unknown {
  return thrown instanceof WireError ? thrown.within(step) : thrown
}
