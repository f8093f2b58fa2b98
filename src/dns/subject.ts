import type { Connected, Subject } from '../conformance/case.ts'
import { type Honours, honoursAll } from '../conformance/rule.ts'
import type { Endpoint } from '../machine.ts'
import { httpsEndpoint } from './https-server.ts'
import { KnownResponses } from './known-responses.ts'
import type { Name } from './name.ts'
import { RateLimiter, type RateLimits } from './rate-limit.ts'
import { datagramEndpoint, StreamEndpoint } from './server.ts'
import type { Limits, Site } from './site.ts'
import { LIMITS } from './site.ts'
import type { Zone } from './zone.ts'

export interface ServerOptions {
  readonly zones: readonly Zone[]
  readonly honours?: Honours
  /** 16 octets or more that only this server knows; the same for as long as its cookies are to be good. */
  readonly secret: Uint8Array
  /** What NSID tells. RFC 5001 §2.3 */
  readonly nsid?: string
  readonly limits?: Partial<Limits>
  /** Absent: as many datagrams as are asked for. */
  readonly rate?: Partial<RateLimits> | undefined
  /**
   * Remembers what it said over UDP, for whoever asks the same: for a server that is to be fast. Without it what was asked
   * before does not show in what is done, as proofs and fuzzing want it. A deviant never remembers.
   */
  readonly remembers?: boolean
}

/** Our own authoritative server: UDP, TCP, TLS and HTTPS, all of the same zones. */
export function dnsServer(options: ServerOptions): Subject {
  const { honours = honoursAll, secret, nsid = '', limits, rate, remembers = false } = options
  const zones = new Map<Name, Zone>(options.zones.map(zone => [zone.apex, zone]))
  const site: Site = {
    zones,
    honours,
    cookies: { key: secret },
    nsid: Buffer.from(nsid, 'utf8'),
    limits: { ...LIMITS, ...limits },
    rate: rate && new RateLimiter(rate),
    known: remembers && honours === honoursAll ? new KnownResponses() : undefined,
    spoil: () => zones.clear(),
  }
  return {
    connect(connected: Connected = {}): Endpoint {
      if (connected.transport === 'udp') return datagramEndpoint(site, connected)
      if (connected.security?.alpn === 'h2' || connected.transport === 'https') return httpsEndpoint(site, connected)
      return new StreamEndpoint(site, connected)
    },
  }
}
