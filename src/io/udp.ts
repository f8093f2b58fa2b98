import type { Socket, SocketOptions } from 'node:dgram'
import { createSocket } from 'node:dgram'
import { lookup as lookupLater } from 'node:dns'
import { lookup } from 'node:dns/promises'
import { isIP } from 'node:net'
import type { Arrival, Channel } from '../conformance/channel.ts'
import { Unreachable } from '../conformance/peer.ts'
import { failure } from './failure.ts'
import { DatagramQueue } from './octet-queue.ts'
import { addressOf, unbracketed } from './tcp.ts'
import { Waiting } from './waiting.ts'

/** Octets of unread datagrams that are kept; what comes when there are more is lost, as the network may lose it. */
const UNREAD_LIMIT = 4 << 20

/** What the kernel keeps for us while we are busy, in octets. */
const RECEIVE_BUFFER = 1 << 20

/**
 * A channel of datagrams to a server, from a port of its own. Only what the server sends from there arrives. Throws
 * `Unreachable` when the host means nothing; that nobody listens shows as an arrival, once something was sent.
 */
export async function dialUdp(options: { readonly host: string; readonly port: number }): Promise<Channel> {
  const { port } = options
  const { address, family } = await resolved(options)
  const socket = createSocket({ type: family === 6 ? 'udp6' : 'udp4', recvBufferSize: RECEIVE_BUFFER })
  await new Promise<void>((resolve, reject) => {
    socket.once('error', error => reject(new Unreachable(`${addressOf(options)}: ${failure(error)}`)))
    socket.connect(port, address, () => {
      socket.removeAllListeners('error')
      resolve()
    })
  })
  return datagramChannel(socket)
}

/** The address to send to. */
async function resolved({ host }: { readonly host: string }): Promise<{ address: string; family: number }> {
  const bare = unbracketed(host)
  const family = isIP(bare)
  if (family !== 0) return { address: bare, family }
  try {
    return await lookup(bare)
  } catch {
    throw new Unreachable(`${bare}: no such host`)
  }
}

function datagramChannel(socket: Socket): Channel {
  const unread = new DatagramQueue()
  let ending: Arrival | undefined
  let closed = false

  function ended(error: Error): void {
    ending ??= { kind: 'reset', reason: failure(error) }
    waiting.wake()
  }

  socket.on('message', octets => {
    if (unread.length < UNREAD_LIMIT) unread.push(octets)
    waiting.wake()
  })
  // ICMP tells that nobody listens there.
  socket.on('error', ended)
  const local = socket.address()
  const remote = socket.remoteAddress()

  function arrival(): Arrival | undefined {
    const octets = unread.take()
    return octets ? { kind: 'octets', octets } : ending
  }
  const waiting = new Waiting(arrival)

  return {
    send(octets) {
      if (!closed) socket.send(octets, error => error && !closed && ended(error))
    },
    end() {},
    destroy() {
      if (closed) return
      closed = true
      unread.clear()
      ending = { kind: 'reset', reason: 'dropped by the tester' }
      socket.close()
      waiting.wake()
    },
    receive: patience => waiting.receive(patience),
    now: () => performance.now(),
    transport: 'udp',
    local: { address: local.address, port: local.port },
    remote: { address: remote.address, port: remote.port },
  }
}

/**
 * What an address means is known at once, and was an address the last time: the lookup of Node makes each datagram wait
 * for a turn of its own.
 */
function literals(): NonNullable<SocketOptions['lookup']> {
  let last = { host: '', family: 0 }
  return (host, options, done) => {
    if (host !== last.host) last = { host, family: isIP(host) }
    if (last.family === 0) lookupLater(host, options, done)
    else done(null, host, last.family)
  }
}

/** Binds a socket. Throws `Unreachable` where it may not. */
export function bindUdp(where: { readonly host: string; readonly port: number }): Promise<Socket> {
  const host = unbracketed(where.host)
  const socket = createSocket({
    type: host.includes(':') ? 'udp6' : 'udp4',
    // The address is one family's alone, as it is for TCP.
    ipv6Only: host.includes(':'),
    recvBufferSize: RECEIVE_BUFFER,
    lookup: literals(),
  })
  return new Promise((resolve, reject) => {
    socket.once('error', error => reject(new Unreachable(`cannot listen on ${addressOf(where)}: ${failure(error)}`)))
    socket.bind(where.port, host, () => {
      socket.removeAllListeners('error')
      resolve(socket)
    })
  })
}
