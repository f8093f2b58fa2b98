import type { Socket } from 'node:net'
import type { Arrival, Capture, Channel, Security } from '../conformance/channel.ts'
import { failure } from './failure.ts'
import { OctetQueue } from './octet-queue.ts'
import { Waiting } from './waiting.ts'

export interface SocketChannelOptions {
  readonly security?: Security | undefined
  readonly capture?: Capture | undefined
  /** Called once, when the socket is closed for good. */
  readonly onClose?: () => void
}

/** More than this many octets unread, and the socket is not read from until they are asked for. */
const UNREAD_LIMIT = 1 << 18

/**
 * A channel over a connected socket. Must be called in the turn in which the socket got connected, or octets are lost.
 * Octets that arrived before the connection broke are delivered before the news of it.
 */
export function socketChannel(socket: Socket, options: SocketChannelOptions = {}): Channel {
  const unread = new OctetQueue()
  let ending: Arrival | undefined
  let writable = true

  function ended(arrival: Arrival): void {
    ending ??= arrival
    waiting.wake()
  }

  readOnAfterFailedWrites(socket, () => {
    writable = false
  })
  socket.on('data', (octets: Buffer) => {
    unread.push(octets)
    if (unread.length > UNREAD_LIMIT) socket.pause()
    waiting.wake()
  })
  socket.on('end', () => ended({ kind: 'eof' }))
  socket.on('error', error => ended({ kind: 'reset', reason: failure(error) }))
  socket.on('close', () => {
    writable = false
    ended({ kind: 'reset', reason: 'the connection was closed' })
    options.onClose?.()
  })

  function arrival(): Arrival | undefined {
    const octets = unread.take()
    if (!octets) return ending
    if (socket.isPaused()) socket.resume()
    return { kind: 'octets', octets }
  }
  const waiting = new Waiting(arrival)

  return {
    send(octets) {
      if (writable && !socket.writableEnded) socket.write(octets)
    },
    end() {
      if (writable && !socket.writableEnded) socket.end()
    },
    destroy() {
      unread.clear()
      ending = { kind: 'reset', reason: 'dropped by the tester' }
      socket.destroy()
      waiting.wake()
    },
    receive: patience => waiting.receive(patience),
    now: () => performance.now(),
    local: { address: socket.localAddress ?? '', port: socket.localPort ?? 0 },
    remote: { address: socket.remoteAddress ?? '', port: socket.remotePort ?? 0 },
    security: options.security,
    capture: options.capture,
  }
}

/**
 * A peer that refuses something says why, closes, and so resets what we were about to send. Node would then destroy the
 * socket for the failed write, and lose the reason that waits to be read: so a failed write is one that was done, and
 * only ends our side. What has become of the connection, reading will tell.
 */
export function readOnAfterFailedWrites(socket: Socket, onFailedWrite: () => void): void {
  const write = socket._write.bind(socket)
  const writev = socket._writev?.bind(socket)
  type Done = (error?: Error | null) => void
  const forgiving =
    (done: Done): Done =>
    error => {
      if (error) onFailedWrite()
      done()
    }
  socket._write = (octets, encoding, done) => write(octets, encoding, forgiving(done))
  if (writev) socket._writev = (chunks, done) => writev(chunks, forgiving(done))
}
