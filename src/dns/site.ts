import type { Honours } from '../conformance/rule.ts'
import type { Transport } from '../machine.ts'
import type { CookieSecret } from './cookie.ts'
import type { KnownResponses } from './known-responses.ts'
import type { Name } from './name.ts'
import type { RateLimiter } from './rate-limit.ts'
import type { Zone } from './zone.ts'

/** What a server serves, and as whom. */
export interface Site {
  /** By apex in lower case. */
  readonly zones: ReadonlyMap<Name, Zone>
  readonly honours: Honours
  readonly cookies: CookieSecret
  /** What NSID tells; nothing when empty. RFC 5001 §2.3 */
  readonly nsid: Uint8Array
  readonly limits: Limits
  /** Absent: as many datagrams as are asked for. */
  readonly rate?: RateLimiter | undefined
  /** Absent: each response over UDP is made anew. */
  readonly known?: KnownResponses | undefined
  /** A deviant took an update that it refused: from now on the zones are not what they were. */
  spoil(): void
}

/** Bounds, each with its reason. */
export interface Limits {
  /** Octets of a response in a datagram: what crosses nearly every network in one piece. RFC 9715, RFC 6891 §6.2.5 */
  readonly datagram: number
  /** Milliseconds that a connection may stay without a query. RFC 7766 §6.2.3 */
  readonly idle: number
  /** Octets of answers that wait to be read by a client, before it is given no more. */
  readonly unsent: number
}

export const LIMITS: Limits = { datagram: 1232, idle: 10_000, unsent: 4 << 20 }

/** How a query came. */
export interface Via {
  readonly transport: Transport
  /** Of the client, for its cookie. */
  readonly address: string
  /** Seconds since 1970, for cookies. */
  readonly seconds: number
}
