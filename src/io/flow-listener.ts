import type { Socket as Datagrams, RemoteInfo } from 'node:dgram'
import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import type { Address, Arrival, Flow } from '../conformance/channel.ts'
import { failure } from './failure.ts'
import { freePorts } from './free-port.ts'
import { readOnAfterFailedWrites } from './socket-channel.ts'
import { startListening } from './tcp.ts'
import { bindUdp } from './udp.ts'
import { Waiting } from './waiting.ts'

/**
 * Waits for one client at one port, over UDP and TCP, at several addresses; all that comes is one queue of arrivals.
 */
export interface FlowListener {
  /** Where it listens: 127.0.0.1 and 127.0.0.2, and ::1 where there is IPv6, at the same port. */
  readonly servers: readonly [Address, Address, ...Address[]]
  /** An address of ours at another port. */
  readonly stray: Address
  /** Fulfilled when the first datagram or connection has come. */
  readonly first: Promise<void>
  /** Who sent it. */
  remote(): Address | undefined
  send(octets: Uint8Array, flow?: Flow): void
  end(flow?: Flow): void
  /** Breaks a connection. */
  reset(flow: Flow): void
  receive(patience: number): Promise<Arrival>
  /** The client has ended: once all is read that it sent, `receive` says so. */
  over(): void
  close(): void
}

/** Octets of arrivals that wait to be asked for; what comes when there are more is dropped. */
const UNREAD_LIMIT = 4 << 20

const HOSTS = ['127.0.0.1', '127.0.0.2'] as const
const ATTEMPTS = 20

interface Sockets {
  readonly address: Address
  readonly datagrams: Datagrams
  readonly server: Server
}

/** Throws `Unreachable` where no port can be had. */
export async function listenForFlows(): Promise<FlowListener> {
  const [first, second, ...rest] = await bindAll()
  const stray = await bindUdp({ host: HOSTS[0], port: 0 })
  stray.on('error', () => {})
  return listener([first, second, ...rest], stray)
}

/** The same port everywhere, so that a client told of one port can go to each. */
async function bindAll(): Promise<[Sockets, Sockets, ...Sockets[]]> {
  let problem: unknown
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const [port = 0] = await freePorts(1)
    const bound: Sockets[] = []
    try {
      for (const host of HOSTS) bound.push(await bindBoth(host, port))
      await bindBoth('::1', port).then(
        six => bound.push(six),
        () => {},
      )
      return bound as [Sockets, Sockets]
    } catch (thrown) {
      problem = thrown
      for (const one of bound) close(one)
    }
  }
  throw problem
}

async function bindBoth(host: string, port: number): Promise<Sockets> {
  const datagrams = await bindUdp({ host, port })
  // What could not be sent is lost, as the network may lose it.
  datagrams.on('error', () => {})
  const server = createServer({ noDelay: true, allowHalfOpen: true })
  try {
    await startListening(server, { host, port })
  } catch (thrown) {
    datagrams.close()
    throw thrown
  }
  return { address: { address: host, port }, datagrams, server }
}

function close({ datagrams, server }: Pick<Sockets, 'datagrams' | 'server'>): void {
  datagrams.close()
  server.close()
}

function listener(bound: readonly [Sockets, Sockets, ...Sockets[]], stray: Datagrams): FlowListener {
  const flows = new Map<string, Flow>()
  const connections = new Map<number, Socket>()
  const unread: Arrival[] = []
  let kept = 0
  let last: Flow | undefined
  let ending: Arrival | undefined
  let closed = false
  let begun: (() => void) | undefined
  const first = new Promise<void>(resolve => {
    begun = resolve
  })
  const strayAt: Address = { address: HOSTS[0], port: stray.address().port }

  function keep(arrival: Arrival): void {
    const octets = arrival.kind === 'octets' ? arrival.octets.length : 0
    if (kept + octets > UNREAD_LIMIT) return
    kept += octets
    unread.push(arrival)
    begun?.()
    waiting.wake()
  }

  function flowOf(transport: 'udp' | 'tcp', subject: Address, tester: Address): Flow {
    const key = `${transport} ${subject.address} ${subject.port} ${tester.address} ${tester.port}`
    let flow = flows.get(key)
    // A port that is used again is the same flow over datagrams, and another connection.
    if (!flow || transport === 'tcp') {
      flow = { id: flows.size + 1, transport, subject, tester }
      flows.set(transport === 'tcp' ? `${key} ${flow.id}` : key, flow)
    }
    return flow
  }

  function accept(socket: Socket, tester: Address): void {
    const flow = flowOf('tcp', { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }, tester)
    connections.set(flow.id, socket)
    readOnAfterFailedWrites(socket, () => {})
    socket.on('data', (octets: Buffer) => keep({ kind: 'octets', octets, flow }))
    socket.on('end', () => keep({ kind: 'eof', flow }))
    socket.on('error', error => keep({ kind: 'reset', reason: failure(error), flow }))
    begun?.()
  }

  for (const { address, datagrams, server } of bound) {
    datagrams.on('message', (octets: Buffer, { address: host, port }: RemoteInfo) =>
      keep({ kind: 'octets', octets, flow: flowOf('udp', { address: host, port }, address) }),
    )
    server.on('connection', socket => accept(socket, address))
  }

  function arrival(): Arrival | undefined {
    const next = unread.shift()
    if (!next) return ending
    if (next.kind === 'octets') kept -= next.octets.length
    if ('flow' in next && next.flow) last = next.flow
    return next
  }
  const waiting = new Waiting(arrival)

  function socketAt({ address, port }: Address): Datagrams | undefined {
    if (address === strayAt.address && port === strayAt.port) return stray
    return bound.find(one => one.address.address === address && one.address.port === port)?.datagrams
  }

  return {
    servers: bound.map(one => one.address) as [Address, Address],
    stray: strayAt,
    first,
    remote: () => flows.values().next().value?.subject,
    send(octets, flow = last) {
      if (closed || !flow) return
      if (flow.transport === 'udp') {
        socketAt(flow.tester)?.send(octets, flow.subject.port, flow.subject.address, () => {})
        return
      }
      const socket = connections.get(flow.id)
      if (socket && !socket.writableEnded && !socket.destroyed) socket.write(octets)
    },
    end(flow = last) {
      if (flow) connections.get(flow.id)?.end()
    },
    reset(flow) {
      connections.get(flow.id)?.resetAndDestroy()
    },
    receive: patience => waiting.receive(patience),
    over() {
      // Two rounds of the event loop: what the client sent before it ended is in our sockets by now.
      setImmediate(() =>
        setImmediate(() => {
          ending ??= { kind: 'eof' }
          waiting.wake()
        }),
      )
    },
    close() {
      if (closed) return
      closed = true
      unread.length = 0
      ending = { kind: 'reset', reason: 'dropped by the tester' }
      for (const one of bound) close(one)
      for (const socket of connections.values()) socket.destroy()
      stray.close()
      waiting.wake()
    },
  }
}
