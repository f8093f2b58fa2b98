import { addressOctets } from './address-octets.ts'
import { HEADER_LENGTH } from './message.ts'
import { RCODE } from './mnemonics.ts'

/**
 * How many like responses one network gets by datagrams, so that nobody is flooded by answers to questions that were asked
 * in his name: response rate limiting, as BIND, Knot and NSD have it.
 */
export interface RateLimits {
  /** Like responses a second to one network. */
  readonly perSecond: number
  /** Seconds for which what was not used, or was used too much, counts. */
  readonly window: number
  /** Of responses too many every so many-th is sent truncated, so that whoever did ask can ask over TCP; none if 0. */
  readonly slip: number
  /** Networks and kinds of response remembered; the one that is longest unused is forgotten first. */
  readonly remembered: number
}

export const RATE_LIMITS: RateLimits = { perSecond: 20, window: 15, slip: 2, remembered: 100_000 }

interface Account {
  /** Responses that may be sent now; below zero where there were too many. */
  credit: number
  /** Milliseconds. */
  at: number
  /** Responses too many so far. */
  refused: number
}

/** Counts responses, and says which are too many. */
export class RateLimiter {
  readonly #limits: RateLimits
  readonly #accounts = new Map<string, Account>()

  constructor(limits: Partial<RateLimits> = {}) {
    this.#limits = { ...RATE_LIMITS, ...limits }
  }

  /** What is to be sent of a response to an address, at a time in ms: all of it, an empty one with TC, or nothing. */
  limited(response: Uint8Array, address: string, now: number): Uint8Array | undefined {
    const account = this.#account(keyOf(response, address), now)
    account.credit -= 1
    if (account.credit >= 0) return response
    account.credit = Math.max(account.credit, -this.#limits.window * this.#limits.perSecond)
    account.refused += 1
    const { slip } = this.#limits
    return slip > 0 && account.refused % slip === 0 ? truncatedAlone(response) : undefined
  }

  #account(key: string, now: number): Account {
    const { perSecond, remembered } = this.#limits
    const known = this.#accounts.get(key)
    const account = known ?? { credit: perSecond, at: now, refused: 0 }
    account.credit = Math.min(perSecond, account.credit + ((now - account.at) / 1000) * perSecond)
    account.at = now
    // Set anew, it is the last to be forgotten.
    if (known) this.#accounts.delete(key)
    this.#accounts.set(key, account)
    if (this.#accounts.size > remembered) this.#accounts.delete(this.#accounts.keys().next().value as string)
    return account
  }
}

/** Like responses: to one network of 24 or 56 bits, of one code, and, where there is an answer, to one name. */
function keyOf(response: Uint8Array, address: string): string {
  const octets = addressOctets(address)
  const network = octets.subarray(0, octets.length === 4 ? 3 : 7).join('.')
  const rcode = (response[3] ?? 0) & 0xf
  // Names that do not exist are made up at will: they are alike.
  const name = rcode === RCODE.NOERROR ? Buffer.from(question(response)).toString('latin1').toLowerCase() : ''
  return `${network} ${rcode} ${name}`
}

/** The question section of a response of ours: one name without pointers, type and class. */
function question(response: Uint8Array): Uint8Array {
  let at = HEADER_LENGTH
  while (at < response.length && (response[at] as number) !== 0) at += (response[at] as number) + 1
  return response.subarray(HEADER_LENGTH, Math.min(response.length, at + 5))
}

/** Header and question, with TC. RFC 1035 §4.1.1 */
function truncatedAlone(response: Uint8Array): Uint8Array {
  const asked = ((response[4] ?? 0) << 8) | (response[5] ?? 0)
  const alone = response.slice(0, HEADER_LENGTH + (asked === 1 ? question(response).length : 0))
  alone[2] = (alone[2] as number) | 0x02
  alone.fill(0, 6, HEADER_LENGTH)
  return alone
}
