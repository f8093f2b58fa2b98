import { rfc7873 } from '../rules/client.ts'
import type { StubOptions } from './options.ts'

/** What a resolver remembers of a server. */
export interface ServerState {
  /** Eight octets that only this server is told. RFC 7873 §4.1 */
  readonly clientCookie: Uint8Array
  /** What it gave us in return. */
  serverCookie?: Uint8Array | undefined
  /** It has given a cookie with an answer, so that one without is forged. RFC 7873 §5.3 */
  givesCookies: boolean
  /** Until when it is asked without EDNS, as it knows none. RFC 6891 §7 */
  plainUntil: number
}

/** How long a server counts as one without EDNS, in ms: it may be replaced by a better one. */
export const PLAIN_FOR = 15 * 60_000

/** One state for each server; a cookie for each is made of entropy. */
export function serverStates({ servers, entropy, honours }: StubOptions): readonly ServerState[] {
  const common = entropy(8)
  return Array.from({ length: servers }, () => ({
    clientCookie: honours(rfc7873.clientCookiePerServer) ? entropy(8) : common,
    givesCookies: false,
    plainUntil: 0,
  }))
}
