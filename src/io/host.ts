import { constants } from 'node:crypto'
import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { createServer as createTlsServer, connect as secureConnect } from 'node:tls'
import type { Connected } from '../conformance/case.ts'
import { Unreachable } from '../conformance/peer.ts'
import type { Endpoint } from '../machine.ts'
import type { Driven, DriveOptions } from './drive.ts'
import { drive, tell } from './drive.ts'
import { failure } from './failure.ts'
import { addressOf, connectTcp, startListening } from './tcp.ts'
import type { ClientTls, ServerTls } from './tls.ts'

/** What TLS agreed on. */
type Agreed = NonNullable<Connected['security']>

export interface HostOptions extends DriveOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  readonly tls?: ServerTls | undefined
  /** A fresh endpoint for each connection. Where it throws, the connection is dropped. */
  readonly endpoint: (connected: Connected) => Endpoint
  /** Connections at a time; more are dropped as they come. 1000 when absent: file descriptors are not endless. */
  readonly maxConnections?: number | undefined
}

export interface Host {
  readonly port: number
  /** `127.0.0.1:8080`, `[::1]:8080` */
  readonly authority: string
  /** Stops listening, asks endpoints to leave, gives them `grace` ms (100 when absent) for it, then drops what is left. */
  close(grace?: number): Promise<void>
}

const MAX_CONNECTIONS = 1000

/** Milliseconds: Node would hold a client that stops in the middle of its handshake for two minutes. */
const HANDSHAKE_TIMEOUT = 10_000

/** Listens and runs a fresh endpoint on every connection. Throws `Unreachable` where it may not listen. */
export async function hostEndpoint(options: HostOptions): Promise<Host> {
  const connections = new Set<Driven>()
  const sockets = new Set<Socket>()

  function start(socket: Socket, security: Agreed | undefined): void {
    let endpoint: Endpoint
    try {
      const remote = { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 }
      endpoint = options.endpoint({ security, epoch: performance.timeOrigin, remote })
    } catch (thrown) {
      socket.on('error', () => {})
      socket.destroy()
      tell(options, thrown)
      return
    }
    const driven = drive(endpoint, socket, options)
    connections.add(driven)
    void driven.closed.then(() => connections.delete(driven))
  }

  const server = serverFor(options.tls, start)
  server.maxConnections = options.maxConnections ?? MAX_CONNECTIONS
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  const port = await startListening(server, options)
  // A connection that cannot be accepted is lost; the server goes on.
  server.on('error', thrown => tell(options, thrown))
  return {
    port,
    authority: addressOf({ host: options.host, port }),
    async close(grace = 100) {
      const stopped = new Promise<void>(resolve => void server.close(() => resolve()))
      let leaving = false
      for (const driven of connections) if (driven.shutdown()) leaving = true
      const timer = setTimeout(
        () => {
          for (const socket of sockets) socket.destroy()
        },
        leaving ? grace : 0,
      )
      await stopped
      clearTimeout(timer)
    },
  }
}

/** A server that does not listen yet: connections come to it by its event `connection` as well. */
export function serverFor(
  tls: ServerTls | undefined,
  start: (socket: Socket, security: Agreed | undefined) => void,
): Server {
  if (!tls) return createServer({ noDelay: true, allowHalfOpen: true }, socket => start(socket, undefined))
  const alpn = [...(tls.alpn ?? ['h2'])]
  const secure = createTlsServer({
    cert: tls.cert,
    key: tls.key,
    ALPNProtocols: alpn,
    noDelay: true,
    allowHalfOpen: true,
    handshakeTimeout: HANDSHAKE_TIMEOUT,
    // RFC 9113 §9.2.1
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    ...(tls.ciphers === undefined ? {} : { ciphers: tls.ciphers }),
  })
  secure.on('secureConnection', socket =>
    start(socket, {
      alpn: socket.alpnProtocol || undefined,
      version: socket.getProtocol() ?? 'unknown',
      cipher: socket.getCipher().standardName,
    }),
  )
  // A handshake that fails is the client's affair: it has been told by an alert.
  secure.on('tlsClientError', (_error, socket) => socket.destroy())
  return secure
}

export interface ConnectOptions extends DriveOptions {
  readonly host: string
  readonly port: number
  readonly tls?: ClientTls | undefined
  /** Milliseconds for TCP and TLS together. */
  readonly timeout: number
  readonly endpoint: Endpoint
}

/** Connects and runs an endpoint on the connection. Throws `Unreachable` when there is none. */
export async function connectEndpoint(options: ConnectOptions): Promise<Driven> {
  const deadline = performance.now() + options.timeout
  const socket = await connectTcp(options)
  const ready = options.tls ? await secured(socket, options.tls, options, deadline - performance.now()) : socket
  return drive(options.endpoint, ready, options)
}

function secured(socket: Socket, tls: ClientTls, options: ConnectOptions, timeout: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const secure = secureConnect({
      socket,
      host: options.host,
      servername: tls.serverName ?? '',
      rejectUnauthorized: !tls.insecure,
      ALPNProtocols: [...(tls.alpn ?? ['h2'])],
      ...(tls.ca === undefined ? {} : { ca: tls.ca }),
    })
    const timer = setTimeout(() => secure.destroy(new Error('no TLS handshake in time')), Math.max(1, timeout))
    secure.once('error', error => {
      clearTimeout(timer)
      reject(new Unreachable(`${addressOf(options)}: ${failure(error)}`))
    })
    secure.once('secureConnect', () => {
      clearTimeout(timer)
      secure.removeAllListeners('error')
      resolve(secure)
    })
  })
}
