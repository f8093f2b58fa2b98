import type { Server, Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import type { Channel, Opening } from '../conformance/channel.ts'
import { Unreachable } from '../conformance/peer.ts'
import { failure } from './failure.ts'
import { socketChannel } from './socket-channel.ts'
import type { ClientTls, ServerTls } from './tls.ts'
import { acceptTls, connectTls } from './tls.ts'

export interface DialOptions {
  /** A name or an address; an IPv6 address with or without its brackets. */
  readonly host: string
  readonly port: number
  /** Absent: no TLS. */
  readonly tls?: ClientTls | undefined
  readonly opening?: Opening | undefined
  /** Keeps the ciphertext and the key log, where there is TLS. */
  readonly capture?: boolean | undefined
  /** Milliseconds for TCP and TLS together. */
  readonly timeout: number
}

/**
 * Connects to a server. Throws `Unreachable` when there is no connection to be had, and `Refused` when the server turned
 * the TLS handshake down.
 */
export async function dial(options: DialOptions): Promise<Channel> {
  const deadline = performance.now() + options.timeout
  const socket = await connectTcp(options)
  if (!options.tls) return socketChannel(socket)
  return connectTls(socket, options.tls, {
    ...options,
    where: addressOf(options),
    timeout: Math.max(1, deadline - performance.now()),
  })
}

/** Makes a TCP connection, without TLS and not read from yet. */
export function connectTcp(options: Pick<DialOptions, 'host' | 'port' | 'timeout'>): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port, timeout } = options
    const socket = connect({ host: unbracketed(host), port, noDelay: true, allowHalfOpen: true })
    function give(outcome: () => void): void {
      clearTimeout(timer)
      socket.removeAllListeners('connect').removeAllListeners('error')
      outcome()
    }
    function fail(why: string): void {
      give(() => {
        socket.on('error', () => {})
        socket.destroy()
        reject(new Unreachable(`${addressOf(options)}: ${why}`))
      })
    }
    const timer = setTimeout(() => fail(`no connection within ${Math.round(timeout)} ms`), timeout)
    socket.once('connect', () => give(() => resolve(socket)))
    socket.once('error', error => fail(failure(error)))
  })
}

export interface ListenOptions {
  readonly host: string
  /** 0 for any that is free. */
  readonly port: number
  readonly tls?: ServerTls | undefined
  readonly opening?: Opening | undefined
  readonly capture?: boolean | undefined
  /** Milliseconds that a TLS handshake may take; 10 s when absent. */
  readonly timeout?: number | undefined
  readonly accept: (channel: Channel) => void
  /** Told why a client turned our TLS handshake down, or could not do it. */
  readonly refused?: (reason: string) => void
}

export interface Listener {
  readonly port: number
  /** Stops listening, and drops the connections that are left. */
  close(): Promise<void>
}

const HANDSHAKE_TIMEOUT = 10_000

/** Listens, and hands over each connection as a channel. Throws `Unreachable` where it may not listen. */
export async function listen(options: ListenOptions): Promise<Listener> {
  const sockets = new Set<Socket>()
  const server = createServer({ noDelay: true, allowHalfOpen: true }, socket => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    if (!options.tls) {
      options.accept(socketChannel(socket))
      return
    }
    acceptTls(socket, options.tls, { ...options, timeout: options.timeout ?? HANDSHAKE_TIMEOUT }).then(
      options.accept,
      (thrown: unknown) => options.refused?.(thrown instanceof Error ? thrown.message : String(thrown)),
    )
  })
  const port = await startListening(server, options)
  return {
    port,
    close() {
      for (const socket of sockets) socket.destroy()
      return new Promise(resolve => void server.close(() => resolve()))
    },
  }
}

/** Binds a server; gives the port it got. Throws `Unreachable` where it may not. */
export function startListening(
  server: Server,
  where: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', error => reject(new Unreachable(`cannot listen on ${addressOf(where)}: ${failure(error)}`)))
    server.listen(where.port, unbracketed(where.host), () => {
      server.removeAllListeners('error')
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : where.port)
    })
  })
}

/** `127.0.0.1:80`, `[::1]:80` */
export function addressOf({ host, port }: { readonly host: string; readonly port: number }): string {
  const bare = unbracketed(host)
  return bare.includes(':') ? `[${bare}]:${port}` : `${bare}:${port}`
}

/** An IPv6 address as a URL has it, without the brackets. */
export function unbracketed(host: string): string {
  return host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
}
