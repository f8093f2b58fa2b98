import type { Socket } from 'node:net'
import { connect, createServer } from 'node:net'
import { honoursAll } from '../../src/conformance/rule.ts'
import { blockOf, indexed, literal } from '../../src/hpack/representation.ts'
import { continuation, data, headers, octetsOf, settings } from '../../src/http2/build.ts'
import { subjectEndpoint } from '../../src/http2/endpoint.ts'
import { PREFACE } from '../../src/http2/interpreter.ts'
import { fieldBlock } from '../../src/http2/requests.ts'
import { drive } from '../../src/io/drive.ts'

/*
 * A peer that means harm: `tsx hostile.ts <how>` is a server, `tsx hostile.ts <how> <port>` a client that connects there.
 * The server treats its first two connections as any good server would, and the others as `how` says. It says where it
 * listens. Both end by themselves after five minutes.
 */

const [how = '', port] = process.argv.slice(2)
const client = port !== undefined

/** What it begins with, and the fields that it then sends. */
const greeting = client ? octetsOf(PREFACE, settings()) : octetsOf(settings())
const fields = fieldBlock(
  client
    ? [
        [':method', 'GET'],
        [':scheme', 'http'],
        [':authority', 'localhost'],
        [':path', '/'],
      ]
    : [[':status', '200']],
)
const NOTHING = new Uint8Array(0)
const PIECE = new Uint8Array(16384)

/** Sends the same again and again, as fast as it is taken. */
function endlessly(socket: Socket, first: Uint8Array, again: Uint8Array): void {
  socket.write(Buffer.concat([greeting, first]))
  const more = (): void => {
    while (!socket.destroyed && socket.write(again)) {
      // Until the buffers are full.
    }
  }
  socket.on('drain', more)
  more()
  socket.resume()
}

function often(octets: Uint8Array): Uint8Array {
  return Buffer.concat(Array.from({ length: 1000 }, () => octets))
}

/** HEADERS that are neither the first nor the last of a response. */
function interim(...more: readonly Uint8Array[]): Uint8Array {
  return octetsOf(headers(1, Buffer.concat([client ? fields : fieldBlock([[':status', '103']]), ...more])))
}

const fuse = literal('x-bomb', 'w'.repeat(4000), { indexing: 'incremental' })
const charge = (size: number): Uint8Array => blockOf(...Array.from({ length: size }, () => indexed(62)))

const open = octetsOf(headers(1, fields))
const unfinished = octetsOf(headers(1, fields, { endHeaders: false }))
const carryOn = (octets: Uint8Array): Uint8Array => octetsOf(continuation(1, octets, { endHeaders: false }))

const WAYS: Readonly<Record<string, (socket: Socket) => void>> = {
  'sends DATA for ever': socket => endlessly(socket, open, octetsOf(data(1, PIECE))),
  'sends empty DATA for ever': socket => endlessly(socket, open, often(octetsOf(data(1, NOTHING)))),
  'sends CONTINUATION for ever': socket => endlessly(socket, unfinished, carryOn(PIECE)),
  'sends empty CONTINUATION for ever': socket => endlessly(socket, unfinished, often(carryOn(NOTHING))),
  'sends SETTINGS for ever': socket => endlessly(socket, NOTHING, octetsOf(settings())),
  'sends a huge bomb': socket => endlessly(socket, NOTHING, interim(blockOf(fuse), charge(12_000))),
  // Each list is a little under a MiB, so that none of them is refused for its size.
  'sends bombs for ever': socket => endlessly(socket, interim(blockOf(fuse)), interim(charge(240))),
  'answers, then sends 2 MB': socket => {
    answerOnce(socket, () => {
      for (let sent = 0; sent < 2 << 20; sent += PIECE.length) socket.write(octetsOf(data(1, PIECE)))
      socket.end()
    })
  },
  'answers, then is silent': socket => answerOnce(socket, () => {}),
  'never reads': socket => {
    socket.pause()
  },
  'says nothing': socket => {
    socket.resume()
  },
  'sends an octet at a time': socket => {
    const octets = Buffer.concat([greeting, open, octetsOf(data(1, PIECE))])
    let at = 0
    const timer = setInterval(() => {
      if (socket.destroyed || at === octets.length) clearInterval(timer)
      else socket.write(octets.subarray(at, ++at))
    }, 20)
    socket.resume()
  },
}

/** Answers what comes first as any good server would, and only that. */
function answerOnce(socket: Socket, then: () => void): void {
  const endpoint = subjectEndpoint('server', honoursAll)
  socket.once('data', octets => {
    endpoint.receive(octets, 0)
    for (const output of endpoint.transmit()) if (output !== 'close') socket.write(output)
    socket.resume()
    then()
  })
}

const way = WAYS[how]
if (!way) {
  console.error(`one of: ${Object.keys(WAYS).join(', ')}`)
  process.exit(2)
}

if (client) {
  const socket = connect({ port: Number(port), host: '127.0.0.1', noDelay: true }, () => way(socket))
  socket.on('error', () => {})
} else {
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
}
setTimeout(() => process.exit(1), 300_000).unref()
