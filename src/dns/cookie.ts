import { createHmac } from 'node:crypto'

/** Octets of a client's cookie, and of a server's with it. RFC 7873 §4 */
export const CLIENT_COOKIE = 8
const LEAST_SERVER_COOKIE = 8
const MOST_SERVER_COOKIE = 32

/** Seconds that a cookie of ours is taken for, back and ahead. RFC 9018 §4.3 */
const VALID_FOR = 3600
const CLOCK_SKEW = 300

/** Whether the data of a COOKIE option are of a length that cookies have. RFC 7873 §5.2.2 */
export function isCookieLength(length: number): boolean {
  const server = length - CLIENT_COOKIE
  return server === 0 || (server >= LEAST_SERVER_COOKIE && server <= MOST_SERVER_COOKIE)
}

/** What a server's cookies are made of. */
export interface CookieSecret {
  /** 16 octets or more that nobody else knows. */
  readonly key: Uint8Array
}

/**
 * A client's cookie with one of ours behind it: version, three reserved octets, the time in seconds, and a hash of all of it
 * and of the client's address. RFC 9018 §4
 */
export function cookieFor({ key }: CookieSecret, client: Uint8Array, address: string, seconds: number): Uint8Array {
  const cookie = new Uint8Array(24)
  cookie.set(client.subarray(0, CLIENT_COOKIE))
  cookie[8] = 1
  new DataView(cookie.buffer).setUint32(12, seconds >>> 0)
  cookie.set(hash(key, cookie.subarray(0, 16), address), 16)
  return cookie
}

/** Whether a cookie is one that we gave this client, and not too old. RFC 9018 §4.3 */
export function isOurs({ key }: CookieSecret, cookie: Uint8Array, address: string, seconds: number): boolean {
  if (cookie.length !== 24 || cookie[8] !== 1) return false
  const given = new DataView(cookie.buffer, cookie.byteOffset, cookie.byteLength).getUint32(12)
  // Serial number arithmetic: the clock of 32 bits may have wrapped. RFC 1982
  const age = (seconds - given) | 0
  if (age > VALID_FOR || age < -CLOCK_SKEW) return false
  return Buffer.compare(hash(key, cookie.subarray(0, 16), address), cookie.subarray(16)) === 0
}

function hash(key: Uint8Array, octets: Uint8Array, address: string): Uint8Array {
  return createHmac('sha256', key).update(octets).update(address).digest().subarray(0, 8)
}
