import type { Socket } from 'node:net'
import type { Endpoint } from '../machine.ts'

export interface DriveOptions {
  /** Told what the endpoint threw; its connection is dropped. A warning of the process when absent. */
  readonly onThrow?: ((thrown: unknown) => void) | undefined
}

/** Tells of a bug that is not to end the process. */
export function tell({ onThrow }: DriveOptions, thrown: unknown): void {
  if (onThrow) onThrow(thrown)
  else process.emitWarning(thrown instanceof Error ? thrown : String(thrown))
}

/** An endpoint on its socket. */
export interface Driven {
  /** Asks the endpoint to leave, if it can; whether it can. */
  shutdown(): boolean
  /** Lets out what the endpoint has to say, after it was told to do something from outside. */
  wake(): void
  destroy(): void
  /** Fulfilled when the socket is closed for good. */
  readonly closed: Promise<void>
}

/** Unsent octets above which the endpoint is neither asked for more nor given anything to answer. */
const UNSENT_LIMIT = 1 << 20

/** How long a peer may leave unsent octets unread, or, after we closed, leave the connection open, in ms. */
const STALL_LIMIT = 30_000
const LINGER = 1000

/** Octets up to which copying many writes into one costs less than handing all of them to the kernel. */
const JOINED = 1 << 17

/** Puts an endpoint on a connected socket, with the real clock, until the connection ends. */
export function drive(endpoint: Endpoint, socket: Socket, options: DriveOptions = {}): Driven {
  let timer: NodeJS.Timeout | undefined
  /** When `timer` fires. */
  let armed = Number.POSITIVE_INFINITY
  let over = false
  let stalled = false
  let guard: NodeJS.Timeout | undefined

  function act(does: () => void): void {
    if (over) return
    try {
      does()
      if (!stalled) transmit()
      if (!over) arm()
    } catch (thrown) {
      over = true
      socket.destroy()
      tell(options, thrown)
    }
  }

  function transmit(): void {
    const output = endpoint.transmit()
    if (output.length === 0) return
    const closing = output.at(-1) === 'close'
    write(output.filter(one => one !== 'close'))
    if (closing) finish()
    else if (socket.writableLength > UNSENT_LIMIT) stall()
  }

  function write(chunks: readonly Uint8Array[]): void {
    const [first] = chunks
    if (first === undefined) return
    if (chunks.length === 1) {
      socket.write(first)
      return
    }
    let total = 0
    for (const chunk of chunks) total += chunk.length
    if (total <= JOINED) {
      socket.write(Buffer.concat(chunks, total))
      return
    }
    socket.cork()
    for (const chunk of chunks) socket.write(chunk)
    socket.uncork()
  }

  /** The peer does not read: it gets no more to answer, and is dropped if it stays like that. */
  function stall(): void {
    stalled = true
    socket.pause()
    guard = setTimeout(() => socket.destroy(), STALL_LIMIT)
  }

  socket.on('drain', () => {
    if (!stalled) return
    stalled = false
    clearTimeout(guard)
    socket.resume()
    act(() => {})
  })

  /** We said our last: reading on until the peer ends too keeps a reset from overtaking what we said. */
  function finish(): void {
    over = true
    clearTimeout(timer)
    guard = setTimeout(() => socket.destroy(), STALL_LIMIT)
    socket.resume()
    socket.end(() => {
      clearTimeout(guard)
      if (socket.readableEnded) socket.destroy()
      else guard = setTimeout(() => socket.destroy(), LINGER)
    })
  }

  function arm(): void {
    const { deadline } = endpoint
    // A timer that fires too early costs little; setting one anew for every arrival would cost more.
    if (deadline === undefined || armed <= deadline) return
    clearTimeout(timer)
    armed = deadline
    timer = setTimeout(expire, Math.min(Math.max(0, deadline - performance.now()), 0x7fff_ffff))
  }

  function expire(): void {
    armed = Number.POSITIVE_INFINITY
    const { deadline } = endpoint
    const now = performance.now()
    if (deadline !== undefined && deadline <= now) act(() => endpoint.tick(now))
    else if (!over) arm()
  }

  socket.on('data', (octets: Buffer) => act(() => endpoint.receive(octets, performance.now())))
  socket.on('end', () => {
    if (!over) act(() => endpoint.receive('eof', performance.now()))
    else if (socket.writableFinished) socket.destroy()
  })
  socket.on('error', () => {})
  const closed = new Promise<void>(resolve => {
    socket.on('close', () => {
      over = true
      clearTimeout(timer)
      clearTimeout(guard)
      resolve()
    })
  })
  act(() => {})
  return {
    shutdown() {
      act(() => endpoint.shutdown?.(performance.now()))
      return endpoint.shutdown !== undefined
    },
    wake: () => act(() => {}),
    destroy: () => void socket.destroy(),
    closed,
  }
}
