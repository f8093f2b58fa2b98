import type { Socket } from 'node:net'
import { createServer } from 'node:net'
import { honoursAll } from '../../src/conformance/rule.ts'
import { blockOf, indexed, literal } from '../../src/hpack/representation.ts'
import { continuation, data, headers, octetsOf, settings } from '../../src/http2/build.ts'
import { subjectEndpoint } from '../../src/http2/endpoint.ts'
import { fieldBlock } from '../../src/http2/requests.ts'
import { drive } from '../../src/io/drive.ts'

/*
 * A server that begins well and then means harm: `tsx hostile.ts <how>`. Its first connection is served as any good server
 * would, the others are treated as `how` says. It says where it listens, and ends by itself after five minutes.
 */

const OK = fieldBlock([[':status', '200']])
const PIECE = new Uint8Array(16384)
const greeting = octetsOf(settings())

/** Sends the same again and again, as fast as it is taken. */
function endlessly(socket: Socket, first: Uint8Array, again: Uint8Array): void {
  socket.write(first)
  const more = (): void => {
    while (!socket.destroyed && socket.write(again)) {
      // Until the buffers are full.
    }
  }
  socket.on('drain', more)
  more()
  socket.resume()
}

const bomb = blockOf(
  literal('x-bomb', 'w'.repeat(4000), { indexing: 'incremental' }),
  ...Array.from({ length: 12_000 }, () => indexed(62)),
)

const WAYS: Readonly<Record<string, (socket: Socket) => void>> = {
  'sends DATA for ever': socket => endlessly(socket, octetsOf(settings(), headers(1, OK)), octetsOf(data(1, PIECE))),
  'sends CONTINUATION for ever': socket =>
    endlessly(
      socket,
      octetsOf(settings(), headers(1, OK, { endHeaders: false })),
      octetsOf(continuation(1, PIECE, { endHeaders: false })),
    ),
  'sends SETTINGS for ever': socket => endlessly(socket, greeting, greeting),
  'sends a compressed bomb for ever': socket =>
    endlessly(socket, greeting, octetsOf(headers(1, Buffer.concat([fieldBlock([[':status', '103']]), bomb])))),
  'never reads': socket => {
    socket.pause()
  },
  'says nothing': socket => {
    socket.resume()
  },
  'sends an octet at a time': socket => {
    const octets = octetsOf(settings(), headers(1, OK), data(1, PIECE))
    let at = 0
    const timer = setInterval(() => {
      if (socket.destroyed || at === octets.length) clearInterval(timer)
      else socket.write(octets.subarray(at, ++at))
    }, 20)
    socket.resume()
  },
}

const way = WAYS[process.argv[2] ?? '']
if (!way) {
  console.error(`one of: ${Object.keys(WAYS).join(', ')}`)
  process.exit(2)
}

let connections = 0
const server = createServer({ noDelay: true, allowHalfOpen: true }, socket => {
  socket.on('error', () => {})
  // The first asks whether there is anyone, the second whether they speak HTTP/2.
  if (++connections <= 2) drive(subjectEndpoint('server', honoursAll), socket)
  else way(socket)
})
server.listen(0, '127.0.0.1', () => {
  const address = server.address()
  console.log(`127.0.0.1:${typeof address === 'object' ? address?.port : ''}`)
})
setTimeout(() => process.exit(1), 300_000).unref()
