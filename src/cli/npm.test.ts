import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'

/** Whether anyone listens on a port of this machine. */
function listens(port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => resolve(true))
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })
}

it('a server that npm has started ends with npm', async () => {
  const npm = spawn('npm', ['run', '-s', 'wiregrade', '--', 'serve', 'http2'], { stdio: ['ignore', 'pipe', 'ignore'] })
  const [line] = (await once(createInterface(npm.stdout), 'line')) as [string]
  const port = Number(/:(\d+)$/.exec(line)?.[1])
  expect(await listens(port)).toBe(true)
  npm.kill('SIGTERM')
  await expect.poll(() => listens(port), { timeout: 10_000 }).toBe(false)
}, 180_000)
