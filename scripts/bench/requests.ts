import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { GREETING } from '../../src/http2/site.ts'
import { atMost, type Figure, median, progress, runPart } from './figure.ts'
import { listeningPort } from './peers.ts'

const MAIN = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** Node's own server with the same answer. */
const NODES = `
  const server = require('node:http2').createServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/plain', 'content-length': ${GREETING.length} })
    response.end(${JSON.stringify(GREETING)})
  })
  server.listen(0, '127.0.0.1', () => console.log('127.0.0.1:' + server.address().port))
`

const REQUESTS = 20_000
const ROUNDS = 5

/** Requests in a second, as h2load counts them: 4 connections with 32 streams each. */
async function perSecond(port: number): Promise<number> {
  const args = ['-n', String(REQUESTS), '-c', '4', '-m', '32', `http://127.0.0.1:${port}/`]
  const { stdout } = await promisify(execFile)('h2load', args, { timeout: 60_000 })
  const [, rate] = /finished in .*?, ([\d.]+) req\/s/.exec(stdout) ?? []
  const [, succeeded] = /(\d+) succeeded/.exec(stdout) ?? []
  if (rate === undefined || Number(succeeded) !== REQUESTS) throw new Error(`h2load: not all succeeded\n${stdout}`)
  return Number(rate)
}

/** How many times more requests Node's own HTTP/2 server answers than ours, both one process, measured in turns. */
async function* requests(): AsyncGenerator<Figure> {
  const stdio = ['ignore', 'pipe', 'inherit'] as const
  const servers = [
    spawn(process.execPath, ['--import', 'tsx', MAIN, 'serve', 'http2'], { stdio: [...stdio] }),
    spawn(process.execPath, ['-e', NODES], { stdio: [...stdio] }),
  ]
  try {
    const ports = await Promise.all(servers.map(listeningPort))
    const rates: number[][] = ports.map(() => [])
    // The first round warms up both.
    for (let round = 0; round <= ROUNDS; round++) {
      progress(`round ${round} of ${ROUNDS}`)
      for (const [which, port] of ports.entries()) {
        const rate = await perSecond(port)
        if (round > 0) rates[which]?.push(rate)
      }
    }
    progress('')
    const [ours = 0, nodes = 0] = rates.map(median)
    const notes = [`ours ${Math.round(ours)}, Node's ${Math.round(nodes)} requests/s`]
    yield atMost("Node's requests/s over ours", nodes / ours, 'times', 3, notes)
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ENOENT') throw thrown
    console.log('skip  h2load is not installed (Debian: nghttp2-client)')
  } finally {
    for (const server of servers) server.kill('SIGKILL')
    await Promise.all(servers.map(server => server.exitCode ?? server.signalCode ?? once(server, 'exit')))
  }
}

await runPart(import.meta.url, requests)
