import type { Subject } from '../conformance/case.ts'
import { Unreachable } from '../conformance/peer.ts'
import { TLS12_CIPHERS } from '../http2/tls.ts'
import { certificate } from '../io/certificate.ts'
import type { Host } from '../io/host.ts'
import { hostEndpoint } from '../io/host.ts'
import type { ServerTls } from '../io/tls.ts'
import { hostUdp } from '../io/udp-host.ts'
import type { Transport } from '../machine.ts'
import type { SchemeName } from '../schemes.ts'
import { schemeOf } from '../schemes.ts'

export interface HostingOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** Told what the subject threw. */
  readonly onThrow: (thrown: unknown) => void
}

/** How often a port that is free for streams may turn out not to be for datagrams. */
const ATTEMPTS = 20

/** Runs a subject where a scheme reaches it: all that carries it is at one port. Throws `Unreachable` where it may not listen. */
export async function hostSubject(subject: Subject, name: SchemeName, options: HostingOptions): Promise<Host> {
  const { transports } = schemeOf(name)
  if (!transports.includes('udp')) return await streams(subject, name, options)
  for (let attempt = 1; ; attempt++) {
    const host = await streams(subject, name, options)
    try {
      const endpoint = subject.connect.bind(subject)
      return both(host, await hostUdp({ ...options, port: host.port, endpoint }))
    } catch (thrown) {
      await host.close()
      if (!(thrown instanceof Unreachable) || options.port !== 0 || attempt === ATTEMPTS) throw thrown
    }
  }
}

function streams(subject: Subject, name: SchemeName, options: HostingOptions): Promise<Host> {
  const { transports, alpn } = schemeOf(name)
  const transport = transports.find((each): each is Exclude<Transport, 'udp'> => each !== 'udp')
  return hostEndpoint({
    ...options,
    ...(alpn !== undefined && { tls: tlsFor(alpn) }),
    endpoint: connected => subject.connect({ ...connected, transport }),
  })
}

function tlsFor(alpn: string): ServerTls {
  return { ...certificate('rsa'), alpn: [alpn], ...(alpn === 'h2' && { ciphers: TLS12_CIPHERS }) }
}

function both(one: Host, other: Host): Host {
  return {
    ...one,
    async close(grace) {
      await Promise.all([one.close(grace), other.close(grace)])
    },
  }
}
