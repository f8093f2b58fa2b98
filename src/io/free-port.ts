import type { Server } from 'node:net'
import { createServer } from 'node:net'
import { threadId } from 'node:worker_threads'

/** Below the range that systems take the ports of outgoing connections from, so that none of those gets there first. */
const FIRST = 20_000
const COUNT = 12_000

// Processes that run side by side look in different places, and so do threads: what one has let go of for its server to
// take would be free to the other.
let next = (process.pid * 101 + threadId * 2551) % COUNT

/** Ports of 127.0.0.1 that nobody listens on, all different, none given out twice by this thread for long. */
export async function freePorts(count: number): Promise<number[]> {
  const held: { port: number; server: Server }[] = []
  try {
    for (let tries = 0; held.length < count; tries++) {
      if (tries > 200 + count) throw new Error('found no free port on 127.0.0.1')
      const port = FIRST + next
      next = (next + 1) % COUNT
      const server = await hold(port)
      if (server) held.push({ port, server })
    }
    return held.map(one => one.port)
  } finally {
    await Promise.all(held.map(({ server }) => new Promise(resolve => server.close(resolve))))
  }
}

function hold(port: number): Promise<Server | undefined> {
  return new Promise(resolve => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
