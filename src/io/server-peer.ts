import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Hello } from '../conformance/case.ts'
import type { Channel, Opening } from '../conformance/channel.ts'
import type { Peer } from '../conformance/peer.ts'
import { Unreachable } from '../conformance/peer.ts'
import type { Transport } from '../machine.ts'
import { answersHello } from './hello.ts'
import { addressOf, connectTcp, dial, unbracketed } from './tcp.ts'
import type { ClientTls } from './tls.ts'
import { dialUdp } from './udp.ts'

export interface ServerPeerOptions {
  /** What reports call it; its address when absent. */
  readonly name?: string | undefined
  readonly host: string
  readonly port: number
  /** Absent: no TLS. */
  readonly tls?: ClientTls | undefined
  /** Keeps the ciphertext and the key log, where there is TLS. */
  readonly capture?: boolean | undefined
  /** What it is reached by, the usual first, all at one port; TCP, or TLS where `tls` is given, unless said. */
  readonly transports?: readonly Transport[] | undefined
  /** What shows that it is there; that it takes connections unless said. */
  readonly hello?: ((transport: Transport) => Hello) | undefined
  /** Milliseconds for a connection to come about; 10 s when absent. */
  readonly timeout?: number | undefined
}

const TIMEOUT = 10_000

/** A server at an address. Throws `Unreachable` when its name means nothing. */
export async function serverPeer(options: ServerPeerOptions): Promise<Peer> {
  const { host, port, tls, transports, hello, timeout = TIMEOUT } = options
  const usual = transports?.[0] ?? (tls ? 'tls' : 'tcp')
  const address = addressOf(options)
  const loopback = await isLoopback(host)

  async function open(opening?: Opening): Promise<Channel> {
    const transport = opening?.transport ?? usual
    if (transports && !transports.includes(transport))
      throw new Unreachable(`${address} is not reached by ${transport}`)
    if (transport === 'udp') return await dialUdp({ host, port })
    const secure = transport === 'tls' || transport === 'https'
    const channel = await dial({
      host,
      port,
      tls: secure ? tls : undefined,
      capture: options.capture,
      timeout,
      opening,
    })
    return { ...channel, transport }
  }

  return {
    name: options.name ?? address,
    address,
    role: 'server',
    loopback,
    ...(transports && { transports }),
    open,
    async health() {
      if (hello) {
        if (await answersHello(() => open(), hello(usual), timeout)) return { alive: true }
        return { alive: false, how: `no answer to the shortest question within ${timeout / 1000} s` }
      }
      try {
        const socket = await connectTcp({ host, port, timeout })
        socket.on('error', () => {})
        socket.destroy()
        return { alive: true }
      } catch (thrown) {
        return { alive: false, how: `takes no more connections: ${thrown instanceof Error ? thrown.message : thrown}` }
      }
    },
    close: () => Promise.resolve(),
  }
}

/** Whether a host is this machine, whichever of its addresses is taken. Throws `Unreachable` when it has none. */
export async function isLoopback(host: string): Promise<boolean> {
  const bare = unbracketed(host)
  if (isIP(bare)) return isLoopbackAddress(bare)
  try {
    const addresses = await lookup(bare, { all: true })
    return addresses.every(({ address }) => isLoopbackAddress(address))
  } catch {
    throw new Unreachable(`${bare}: no such host`)
  }
}

/** RFC 1122 §3.2.1.3: 127/8. RFC 4291 §2.5.3: ::1. Mapped into IPv6 too. */
function isLoopbackAddress(address: string): boolean {
  return /^(::ffff:)?127\.\d+\.\d+\.\d+$/i.test(address) || /^(0*:)*:?0*1$/.test(address)
}
