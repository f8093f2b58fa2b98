import { createSocket } from 'node:dgram'
import { connect as connectTcp, isIP } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { Address } from '../conformance/channel.ts'
import type { FlowEndpoint, FlowOutput } from '../machine.ts'
import type { DriveOptions } from './drive.ts'
import { tell } from './drive.ts'
import type { ClientTls } from './tls.ts'

export interface FlowDriveOptions extends DriveOptions {
  /** Where the servers are that the endpoint knows by number. Addresses, not names. */
  readonly servers: readonly Address[]
  /** For flows over TLS; trust is by the system's certificates unless said. */
  readonly tls?: ClientTls | undefined
}

/** An endpoint on the sockets it asked for. */
export interface FlowsDriven {
  /** Lets out what the endpoint has to say, after it was told to do something from outside. */
  wake(): void
  /** Closes all its sockets. */
  destroy(): void
}

/** What can be sent to, and let go of. */
interface Wire {
  send(octets: Uint8Array): void
  close(): void
}

/** Lets a machine that opens its flows itself have real ones, with the real clock, until it is destroyed. */
export function driveFlows(endpoint: FlowEndpoint, options: FlowDriveOptions): FlowsDriven {
  const wires = new Map<number, Wire>()
  let timer: NodeJS.Timeout | undefined
  let over = false

  function act(does: () => void): void {
    if (over) return
    try {
      does()
      for (const output of endpoint.transmit()) take(output)
      arm()
    } catch (thrown) {
      destroy()
      tell(options, thrown)
    }
  }

  function take(output: FlowOutput): void {
    if ('open' in output) {
      const server = options.servers[output.server]
      if (!server) throw new RangeError(`there is no server ${output.server}`)
      const receive = (what: Uint8Array | 'eof' | 'refused'): void =>
        act(() => wires.has(output.open) && endpoint.receive(output.open, what, performance.now()))
      wires.set(output.open, open(output, server, receive, options.tls))
      return
    }
    const wire = wires.get(output.flow)
    if ('octets' in output) wire?.send(output.octets)
    else {
      wires.delete(output.flow)
      wire?.close()
    }
  }

  function arm(): void {
    clearTimeout(timer)
    const { deadline } = endpoint
    if (deadline === undefined) return
    const wait = Math.min(Math.max(0, deadline - performance.now()), 0x7fff_ffff)
    timer = setTimeout(() => act(() => endpoint.tick(performance.now())), wait)
  }

  function destroy(): void {
    over = true
    clearTimeout(timer)
    for (const wire of wires.values()) wire.close()
    wires.clear()
  }

  act(() => {})
  return { wake: () => act(() => {}), destroy }
}

type Opening = Extract<FlowOutput, { open: number }>
type Receive = (what: Uint8Array | 'eof' | 'refused') => void

function open(opening: Opening, server: Address, receive: Receive, tls: ClientTls | undefined): Wire {
  return opening.transport === 'udp' ? datagrams(opening, server, receive) : stream(opening, server, receive, tls)
}

/** A socket of its own for each flow, at a port that the system chose by chance. RFC 6056 §3 */
function datagrams({ port = 0, anyone }: Opening, server: Address, receive: Receive): Wire {
  const socket = createSocket(isIP(server.address) === 6 ? 'udp6' : 'udp4')
  let ready = false
  let closed = false
  let waiting: Uint8Array[] = []

  function transmit(octets: Uint8Array): void {
    const failed = (error: Error | null): void => void (error && !closed && receive('refused'))
    if (anyone) socket.send(octets, server.port, server.address, failed)
    else socket.send(octets, failed)
  }

  function go(): void {
    ready = true
    for (const octets of waiting) transmit(octets)
    waiting = []
  }

  socket.on('message', octets => !closed && receive(octets))
  // ICMP tells that nobody listens there.
  socket.on('error', () => !closed && receive('refused'))
  socket.bind(port, () => {
    if (closed) return
    // Connected, it takes what that server sends from there, and nothing else.
    if (anyone) go()
    else socket.connect(server.port, server.address, () => !closed && go())
  })
  return {
    send(octets) {
      if (ready) transmit(octets)
      else waiting.push(octets)
    },
    close() {
      if (closed) return
      closed = true
      socket.close()
    },
  }
}

function stream({ transport }: Opening, server: Address, receive: Receive, tls: ClientTls | undefined): Wire {
  const where = { host: server.address, port: server.port }
  const socket =
    transport === 'tls'
      ? connectTls({
          ...where,
          servername: tls?.serverName ?? '',
          rejectUnauthorized: !tls?.insecure,
          ...(tls?.ca === undefined ? {} : { ca: tls.ca }),
          ...(tls?.alpn === undefined ? {} : { ALPNProtocols: [...tls.alpn] }),
        })
      : connectTcp({ ...where, noDelay: true })
  let closed = false
  socket.on('data', (octets: Buffer) => !closed && receive(octets))
  socket.on('end', () => !closed && receive('eof'))
  socket.on('error', () => !closed && receive('refused'))
  return {
    send: octets => void socket.write(octets),
    close() {
      if (closed) return
      closed = true
      socket.end()
      // Nobody reads what a server may still say.
      socket.resume()
      setTimeout(() => socket.destroy(), LINGER).unref()
    },
  }
}

/** How long a server may take to close its side of a stream, in ms. */
const LINGER = 1000
