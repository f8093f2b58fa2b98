import type { Honours } from '../../conformance/rule.ts'
import { honoursAll } from '../../conformance/rule.ts'
import type { Name } from '../name.ts'

/** What a stub resolver may spend and keep. */
export interface StubLimits {
  /**
   * Queries for one question, aliases and all: servers that contradict one another must not keep it busy. RFC 1034
   * §5.3.3
   */
  readonly queries: number
  /** Aliases followed for one question: more than any sane zone has. RFC 1034 §3.6.2 */
  readonly aliases: number
  /** Messages that are no response, after which a flow is given up for TCP: somebody is guessing. RFC 5452 §9.3 */
  readonly strangers: number
  /** Answers kept at a time. */
  readonly cached: number
  /** Seconds that an answer is kept at most: a week. RFC 1035 §7.3 */
  readonly ttl: number
  /** Seconds that a negative answer is kept at most: three hours. RFC 2308 §5 */
  readonly negativeTtl: number
}

export interface StubOptions {
  /** How many servers there are, asked in this order. */
  readonly servers: number
  /** So many octets that nobody can guess; identifiers and cookies are made of them. */
  readonly entropy: (octets: number) => Uint8Array
  /**
   * Milliseconds for the first query to a server; doubled each time that all have been asked. RFC 1035 §4.2.1 wants
   * 2000.
   */
  readonly timeout: number
  /** How often each server is asked before the question is given up. */
  readonly rounds: number
  /**
   * The octets that a response in a datagram may have, by EDNS; 0: no EDNS. 1232 goes through any network. RFC 6891
   * §6.2.5
   */
  readonly payload: number
  /** Sends cookies, where there is EDNS. RFC 7873 */
  readonly cookies: boolean
  /**
   * Mixes upper and lower case at random: more to guess for who forges responses. What comes back otherwise is asked by
   * TCP.
   */
  readonly mixedCase: boolean
  /** Milliseconds that a connection without queries is kept for the next one. RFC 7766 §6.2.3 */
  readonly idle: number
  /** The first transport: TCP, or TLS, in place of UDP. RFC 7766 §5, RFC 7858 */
  readonly transport: 'udp' | 'tcp' | 'tls'
  /** Domains that relative names are tried in. RFC 1123 §6.1.4.3 */
  readonly search: readonly Name[]
  /** A relative name with as many dots is tried as it stands first. */
  readonly ndots: number
  readonly limits: StubLimits
  readonly honours: Honours
}

export const STUB_LIMITS: StubLimits = {
  queries: 16,
  aliases: 16,
  strangers: 32,
  cached: 4096,
  ttl: 7 * 86400,
  negativeTtl: 3 * 3600,
}

export const STUB_DEFAULTS = {
  servers: 1,
  timeout: 2000,
  rounds: 2,
  payload: 1232,
  cookies: true,
  mixedCase: false,
  idle: 5000,
  transport: 'udp',
  search: [],
  ndots: 1,
  limits: STUB_LIMITS,
  honours: honoursAll,
} as const satisfies Omit<StubOptions, 'entropy'>

/** The options in full. */
export function stubOptions(given: Pick<StubOptions, 'entropy'> & Partial<StubOptions>): StubOptions {
  return { ...STUB_DEFAULTS, ...given }
}
