import type { Transport } from './machine.ts'

/** A way to reach a server, as the scheme of a URL names it: what is spoken, and what carries it. */
export interface Scheme {
  /** By the protocol's own name. */
  readonly protocol: string
  /** What may carry it, all at one port, the usual first. */
  readonly transports: readonly Transport[]
  /** Where servers listen unless their URL says otherwise. */
  readonly port: number
  /** What is offered by ALPN; without it there is no TLS. */
  readonly alpn?: string
  /** There is nothing to speak unless the server chooses it by ALPN. */
  readonly alpnNeeded?: true
  /** For people: `HTTP/2 without TLS`. */
  readonly about: string
}

/** Every scheme; for each protocol the usual first. */
export const SCHEMES = {
  /** RFC 9113 §3.3 */
  h2c: { protocol: 'http2', transports: ['tcp'], port: 80, about: 'HTTP/2 without TLS' },
  /** RFC 9113 §3.2 */
  https: {
    protocol: 'http2',
    transports: ['tls'],
    port: 443,
    alpn: 'h2',
    alpnNeeded: true,
    about: 'HTTP/2 over TLS',
  },
  /** RFC 1035 §4.2 */
  dns: { protocol: 'dns', transports: ['udp', 'tcp'], port: 53, about: 'DNS over UDP and TCP' },
  /** RFC 7858 §3.1. Many servers know nothing of its ALPN name, which RFC 7858 did not have. */
  'tls+dns': { protocol: 'dns', transports: ['tls'], port: 853, alpn: 'dot', about: 'DNS over TLS' },
  /** RFC 8484 §5.2 */
  'https+dns': {
    protocol: 'dns',
    transports: ['https'],
    port: 443,
    alpn: 'h2',
    alpnNeeded: true,
    about: 'DNS over HTTPS',
  },
} as const satisfies Readonly<Record<string, Scheme>>

export type SchemeName = keyof typeof SCHEMES

/** The names of all schemes, or of a protocol's. */
export function schemeNames(protocol?: string): SchemeName[] {
  const names = Object.keys(SCHEMES) as SchemeName[]
  return protocol === undefined ? names : names.filter(name => SCHEMES[name].protocol === protocol)
}

/** The scheme of a name. */
export function schemeOf(name: SchemeName): Scheme {
  return SCHEMES[name]
}
