import { addressOctets } from './address-octets.ts'
import { siphash } from './siphash.ts'

/** Octets of a client's cookie, and of a server's with it. RFC 7873 §4 */
export const CLIENT_COOKIE = 8
const LEAST_SERVER_COOKIE = 8
const MOST_SERVER_COOKIE = 32

/** Octets of both together, as ours are. RFC 9018 §4 */
const COOKIE = 24
const VERSION = 1

/** Seconds that a cookie of ours is taken for, back and ahead, and after which a new one is given. RFC 9018 §4.3 */
const VALID_FOR = 3600
const CLOCK_SKEW = 300
const RENEWED_AFTER = 1800

/** Whether the data of a COOKIE option are of a length that cookies have. RFC 7873 §5.2.2 */
export function isCookieLength(length: number): boolean {
  const server = length - CLIENT_COOKIE
  return server === 0 || (server >= LEAST_SERVER_COOKIE && server <= MOST_SERVER_COOKIE)
}

/** What a server's cookies are made of. */
export interface CookieSecret {
  /** 16 octets that nobody else knows; those behind them are not used. RFC 9018 §4.4 */
  readonly key: Uint8Array
}

/**
 * A client's cookie with one of ours behind it: version, three reserved octets, the time in seconds, and a hash of all of it
 * and of the client's address, as other servers with the same secret make it. RFC 9018 §4
 */
export function cookieFor({ key }: CookieSecret, client: Uint8Array, address: string, seconds: number): Uint8Array {
  const cookie = new Uint8Array(COOKIE)
  cookie.set(client.subarray(0, CLIENT_COOKIE))
  cookie[8] = VERSION
  new DataView(cookie.buffer).setUint32(12, seconds >>> 0)
  cookie.set(hash(key, cookie, address), 16)
  return cookie
}

/** What a cookie is worth. `renew`: it is good, and the client gets another. RFC 9018 §4.3 */
export type CookieWorth = 'good' | 'renew' | 'bad'

/** Whether a cookie is one that we, or one with our secret, gave this client, and not too old. RFC 9018 §4.3 */
export function cookieWorth({ key }: CookieSecret, cookie: Uint8Array, address: string, seconds: number): CookieWorth {
  if (cookie.length !== COOKIE || cookie[8] !== VERSION) return 'bad'
  const given = new DataView(cookie.buffer, cookie.byteOffset, cookie.byteLength).getUint32(12)
  // Serial number arithmetic: the clock of 32 bits may have wrapped. RFC 1982
  const age = (seconds - given) | 0
  if (age > VALID_FOR || age < -CLOCK_SKEW) return 'bad'
  if (Buffer.compare(hash(key, cookie, address), cookie.subarray(16)) !== 0) return 'bad'
  return age > RENEWED_AFTER ? 'renew' : 'good'
}

function hash(key: Uint8Array, cookie: Uint8Array, address: string): Uint8Array {
  return siphash(key, Buffer.concat([cookie.subarray(0, 16), addressOctets(address)]))
}
