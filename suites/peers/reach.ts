import type { Protocol } from '../../src/conformance/case.ts'
import type { Peer } from '../../src/conformance/peer.ts'
import { honoursAll } from '../../src/conformance/rule.ts'
import { clientPeer } from '../../src/io/client-peer.ts'
import { serverPeer } from '../../src/io/server-peer.ts'
import type { SchemeName } from '../../src/schemes.ts'
import { schemeOf } from '../../src/schemes.ts'

/** Where a server is, and what is known of it. */
export interface Server {
  readonly name?: string | undefined
  readonly host: string
  readonly port: number
  readonly protocol: Protocol
  /** Where it serves what, by the protocol's own names. */
  readonly resources: Readonly<Record<string, string>>
  /** Takes any certificate. */
  readonly insecure?: boolean | undefined
  /** The name asked for by TLS; the host's unless said. */
  readonly serverName?: string | undefined
  /** Keeps the ciphertext and the key log, where there is TLS. */
  readonly capture?: boolean | undefined
}

/** A server as a scheme reaches it. Throws `Unreachable` when its name means nothing. */
export async function serverBy(name: SchemeName, server: Server): Promise<Peer> {
  const { protocol, resources, insecure, serverName, ...where } = server
  const { transports, alpn } = schemeOf(name)
  // That somebody takes connections is told by connecting; of datagrams only an answer tells.
  const asks = transports[0] === 'udp'
  return await serverPeer({
    ...where,
    transports,
    ...(alpn !== undefined && { tls: { insecure, serverName, alpn: [alpn] } }),
    ...(asks && { hello: transport => protocol.hello(transport, resources) }),
  })
}

/** One server that listens at several places, for different transports; the first place is the usual. */
export function joined(first: Peer, ...others: readonly Peer[]): Peer {
  const places = [first, ...others]
  return {
    ...first,
    transports: places.flatMap(({ transports = [] }) => transports),
    open(opening) {
      const wanted = opening?.transport
      const place = wanted === undefined ? first : places.find(({ transports }) => transports?.includes(wanted))
      return (place ?? first).open(opening)
    },
  }
}

/** How a client is run. */
export interface Client {
  /** What the shell runs, with the placeholders of a client peer in it. */
  readonly run: string
  readonly name?: string | undefined
  readonly protocol: Protocol
  readonly capture?: boolean | undefined
}

/** Whether a command says where it is to go: one that may send datagrams has no URL to go to. */
export function namesPlace(name: SchemeName, run: string): boolean {
  const datagrams = schemeOf(name).transports.includes('udp')
  return (datagrams ? /\{(port|authority)\}/ : /\{(url|port|authority)\}/).test(run)
}

/** A client that speaks by a scheme. */
export function clientBy(scheme: SchemeName, { protocol, ...client }: Client): Peer {
  const { transports, alpn } = schemeOf(scheme)
  return clientPeer({
    ...client,
    transports,
    tls: alpn !== undefined,
    ...(alpn !== undefined && { alpn: [alpn] }),
    // What it opens beside the connection under test is served as any server would.
    fallback: () => protocol.subject('server', honoursAll).connect({ transport: transports[0] }),
  })
}
