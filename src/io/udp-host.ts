import type { RemoteInfo, Socket } from 'node:dgram'
import type { Connected } from '../conformance/case.ts'
import type { Endpoint } from '../machine.ts'
import type { DriveOptions } from './drive.ts'
import { tell } from './drive.ts'
import type { Host } from './host.ts'
import { addressOf } from './tcp.ts'
import { bindUdp } from './udp.ts'

export interface UdpHostOptions extends DriveOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  /** A fresh endpoint for each address that datagrams come from. Where it throws, the datagram is dropped. */
  readonly endpoint: (connected: Connected) => Endpoint
  /** Addresses remembered at a time; the oldest is forgotten for a new one. 4096 when absent. */
  readonly maxRemotes?: number | undefined
}

const MAX_REMOTES = 4096

/** Octets that wait to be sent, above which answers are dropped: a flood of questions is not to fill our memory. */
const UNSENT_LIMIT = 8 << 20

interface Remote {
  readonly endpoint: Endpoint
  readonly info: RemoteInfo
  timer?: NodeJS.Timeout | undefined
}

/** Listens for datagrams and runs an endpoint for each address that sends them. Throws `Unreachable` where it may not listen. */
export async function hostUdp(options: UdpHostOptions): Promise<Host> {
  const socket = await bindUdp(options)
  const { maxRemotes = MAX_REMOTES } = options
  const remotes = new Map<string, Remote>()
  /** The last remote of each port: found without making a key of its address. */
  const recent = new Map<number, Remote>()

  function remoteOf(info: RemoteInfo): Remote {
    const last = recent.get(info.port)
    if (last?.info.address === info.address) return last
    const remote = remoteByKey(info)
    recent.set(info.port, remote)
    return remote
  }

  function remoteByKey(info: RemoteInfo): Remote {
    const key = `${info.port} ${info.address}`
    const known = remotes.get(key)
    if (known) return known
    const connected: Connected = { transport: 'udp', epoch: performance.timeOrigin, remote: info }
    const remote: Remote = { endpoint: options.endpoint(connected), info }
    remotes.set(key, remote)
    if (remotes.size > maxRemotes) forget(remotes.keys().next().value as string)
    return remote
  }

  function forget(key: string): void {
    const remote = remotes.get(key)
    if (!remote) return
    clearTimeout(remote.timer)
    remotes.delete(key)
    if (recent.get(remote.info.port) === remote) recent.delete(remote.info.port)
  }

  function act(remote: Remote, does: (endpoint: Endpoint) => void): void {
    try {
      does(remote.endpoint)
      transmit(socket, remote)
      arm(remote)
    } catch (thrown) {
      forget(`${remote.info.port} ${remote.info.address}`)
      tell(options, thrown)
    }
  }

  function arm(remote: Remote): void {
    const { deadline } = remote.endpoint
    if (deadline === undefined && remote.timer === undefined) return
    clearTimeout(remote.timer)
    remote.timer =
      deadline === undefined
        ? undefined
        : setTimeout(
            () => act(remote, endpoint => endpoint.tick(performance.now())),
            Math.max(0, deadline - performance.now()),
          )
  }

  socket.on('message', (octets, info) => {
    let remote: Remote
    try {
      remote = remoteOf(info)
    } catch (thrown) {
      tell(options, thrown)
      return
    }
    act(remote, endpoint => endpoint.receive(octets, performance.now()))
  })
  // What could not be sent is lost, as the network may lose it.
  socket.on('error', () => {})
  const { port } = socket.address()
  return {
    port,
    authority: addressOf({ host: options.host, port }),
    close() {
      for (const key of [...remotes.keys()]) forget(key)
      return new Promise(resolve => socket.close(() => resolve()))
    },
  }
}

function transmit(socket: Socket, { endpoint, info }: Remote): void {
  for (const output of endpoint.transmit()) {
    if (output === 'close' || socket.getSendQueueSize() > UNSENT_LIMIT) continue
    // No callback: it would be called on a turn of its own. An error comes to the socket, and is not heeded there.
    socket.send(output, info.port, info.address)
  }
}
