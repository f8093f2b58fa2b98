import type { Server, Socket } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Channel, Opening } from '../conformance/channel.ts'
import type { Peer } from '../conformance/peer.ts'
import { Refused } from '../conformance/peer.ts'
import type { Endpoint, Transport } from '../machine.ts'
import type { Certificate } from './certificate.ts'
import { certificate } from './certificate.ts'
import { exitOf, firstSign, runClient } from './client-run.ts'
import type { DroppableRun } from './client-runs.ts'
import { ClientRuns } from './client-runs.ts'
import { drive } from './drive.ts'
import { flowClientPeer } from './flow-client-peer.ts'
import type { Folder } from './folder.ts'
import { temporaryFolder } from './folder.ts'
import { serverFor } from './host.ts'
import { socketChannel } from './socket-channel.ts'
import { startListening } from './tcp.ts'
import { acceptTls } from './tls.ts'

export interface ClientPeerOptions {
  /** What the shell runs for each connection; what it may name is in `PLACEHOLDERS`. */
  readonly run: string
  /** What reports call it; the command when absent. */
  readonly name?: string | undefined
  /** Serves TLS, with a certificate of our own, which `{cert}` names. */
  readonly tls: boolean
  /** ALPN protocol names to choose from; `['h2']` when absent. */
  readonly alpn?: readonly string[] | undefined
  /** What the URL asks for; `/` when absent. */
  readonly path?: string | undefined
  /** Keeps the ciphertext and the key log, where there is TLS. */
  readonly capture?: boolean | undefined
  /** Milliseconds that the program may take to connect; 10 s when absent. */
  readonly timeout?: number | undefined
  /** Serves connections after the first: a program may need them, and they are not under test. */
  readonly fallback?: (() => Endpoint) | undefined
  /** What can carry the protocol, the usual first; streams only when absent. */
  readonly transports?: readonly Transport[] | undefined
}

/** What a command may name, and what stands there when it is run. */
export const PLACEHOLDERS = {
  url: 'https://localhost:40001/',
  host: 'localhost',
  port: '40001',
  authority: 'localhost:40001',
  path: '/',
  cert: 'the file of the certificate to trust',
} as const

const TIMEOUT = 10_000
const HOST = 'localhost'

/**
 * A client under test: a program that is run anew for each connection, with a port of its own to connect to. Throws
 * when the command does not say where to connect. Where datagrams come first, and there is no TLS, one that may open
 * several flows.
 */
export function clientPeer(options: ClientPeerOptions): Peer {
  const { run, timeout = TIMEOUT, transports = [] } = options
  if (transports[0] === 'udp' && !options.tls) return flowClientPeer({ ...options, transports })
  if (!/\{(url|port|authority)\}/.test(run)) {
    throw new Error(`the command names no place to connect to: put {url}, {authority} or {port} into '${run}'`)
  }
  const keys = options.tls ? certificate() : undefined
  // Some cases want a certificate of the other kind.
  const rsa = options.tls ? certificate('rsa') : undefined
  const runs = new ClientRuns<Run>(options.name ?? run, () => trustFolder(keys, rsa))

  async function open(opening?: Opening): Promise<Channel> {
    const one = await begin(options, keys, runs.folder)
    runs.add(one)
    try {
      const socket = await firstSign(one.connected, one, timeout)
      const channel = keys
        ? await acceptTls(
            socket,
            { ...(opening?.tls?.certificate === 'rsa' && rsa ? rsa : keys), alpn: options.alpn },
            { opening, capture: options.capture, timeout },
          )
        : socketChannel(socket)
      return {
        ...channel,
        destroy() {
          channel.destroy()
          runs.drop(one)
        },
        exit: patience => exitOf(one, patience),
      }
    } catch (thrown) {
      runs.drop(one)
      throw thrown instanceof Refused ? new Refused(thrown.message) : thrown
    }
  }

  return { ...runs.peer(run), open }
}

/** A program run for one connection, and what listens for it. */
interface Run extends DroppableRun {
  readonly connected: Promise<Socket>
}

async function begin(options: ClientPeerOptions, keys: Certificate | undefined, folder: Folder): Promise<Run> {
  const sockets = new Set<Socket>()
  const later = serverFor(keys && { ...keys, alpn: options.alpn }, socket => {
    const endpoint = options.fallback?.()
    if (endpoint) drive(endpoint, socket)
    else socket.destroy()
  })
  let first: ((socket: Socket) => void) | undefined
  const connected = new Promise<Socket>(resolve => {
    first = resolve
  })
  const accept = (socket: Socket): void => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    socket.on('error', () => {})
    if (first) {
      first(socket)
      first = undefined
    } else {
      later.emit('connection', socket)
    }
  }
  const settings = { noDelay: true, allowHalfOpen: true }
  const servers: Server[] = [createServer(settings, accept)]
  const port = await startListening(servers[0] as Server, { host: '127.0.0.1', port: 0 })
  // `localhost` may be ::1 first; where there is no IPv6, no client gets that idea.
  const six = createServer(settings, accept)
  await startListening(six, { host: '::1', port }).then(
    () => servers.push(six),
    () => {},
  )

  const run = runClient(commandFor(options, port, folder))
  let dropped = false
  return {
    ...run,
    connected,
    get dropped() {
      return dropped
    },
    drop() {
      dropped = true
      run.program.kill()
      for (const server of servers) server.close()
      for (const socket of sockets) socket.destroy()
    },
  }
}

function commandFor(options: ClientPeerOptions, port: number, folder: Folder): string {
  const { path = '/', tls } = options
  const authority = `${HOST}:${port}`
  const values: Record<keyof typeof PLACEHOLDERS, string> = {
    url: `${tls ? 'https' : 'http'}://${authority}${path}`,
    host: HOST,
    port: String(port),
    authority,
    path,
    cert: join(folder.path, 'cert.pem'),
  }
  return options.run.replace(/\{(url|host|port|authority|path|cert)\}/g, (_, name: keyof typeof values) => values[name])
}

function trustFolder(...keys: readonly (Certificate | undefined)[]): Folder {
  const folder = temporaryFolder('client')
  const trusted = keys.flatMap(each => (each ? [each.cert] : []))
  if (trusted.length > 0) folder.write('cert.pem', trusted.join(''))
  return folder
}
