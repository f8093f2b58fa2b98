import { WINDOW_SIZE_LIMIT } from './settings-parameters.ts'
/** What every window starts with. RFC 9113 §6.9.2 */
export const INITIAL_WINDOW = 65535

/** How much we may send. May be negative after a settings change. RFC 9113 §6.9.1, §6.9.2 */
export class SendWindow {
  size: number

  constructor(size: number) {
    this.size = size
  }

  /** Adds credit; false, and nothing added, when the window would exceed 2^31-1. RFC 9113 §6.9.1 */
  widen(octets: number): boolean {
    if (this.size + octets > WINDOW_SIZE_LIMIT) return false
    this.size += octets
    return true
  }
}

/**
 * How much the peer may send. Credit goes back once half of the window has been consumed, so that it is never sent in tiny
 * steps (RFC 9113 §6.9.1).
 */
export class ReceiveWindow {
  /** What the peer has left. Negative when it sent too much, or before it knows of a reduction. */
  size: number
  /** What it is filled up to. */
  #target: number
  #consumed = 0

  constructor(size: number) {
    this.size = size
    this.#target = size
  }

  /** Accounts for a DATA frame's payload; false when it is more than the peer was allowed. */
  take(octets: number): boolean {
    this.size -= octets
    return this.size >= 0
  }

  /** These octets are done with. The credit that is now due to the peer, most often 0. */
  consume(octets: number): number {
    this.#consumed += octets
    if (this.#consumed === 0 || this.#consumed * 2 < this.#target) return 0
    const credit = Math.min(this.#consumed, this.#target - this.size)
    this.#consumed = 0
    if (credit <= 0) return 0
    this.size += credit
    return credit
  }

  /** Our SETTINGS_INITIAL_WINDOW_SIZE has changed by this much. RFC 9113 §6.9.2 */
  adjust(difference: number): void {
    this.size += difference
    this.#target += difference
  }
}
