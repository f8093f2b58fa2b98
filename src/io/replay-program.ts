/** What a program does that plays a session again, step by step. Each names a flow. */
export type ReplayStep =
  | { readonly open: number; readonly by: 'udp' | 'tcp' | 'tls' }
  | { readonly send: number; readonly hex: string }
  /** Until something comes, or for a while. */
  | { readonly wait: number }
  /** Our end of the stream: what still comes is read. */
  | { readonly end: number }
  | { readonly drop: number }

export interface Replay {
  readonly steps: readonly ReplayStep[]
  /** What shows that the server still lives. */
  readonly hello: { readonly by: 'udp' | 'tcp' | 'tls'; readonly hex: string }
  /** What TLS offers. */
  readonly alpn?: string | undefined
  /** What it shows, a line each, for whoever reads it. */
  readonly about: readonly string[]
}

/**
 * A session with a server as a program for plain Node, which needs nothing else: `node replay.mjs HOST PORT`. It shows what
 * comes back, and says whether the server still answers then: with status 1 where it does not.
 */
export function replayProgram({ steps, hello, alpn, about }: Replay): string {
  return `${about.map(line => `// ${line.replace(/[\r\n\u2028\u2029]+/g, ' ')}\n`).join('')}//
// node replay.mjs HOST PORT
${HEAD}
const ALPN = ${JSON.stringify(alpn ?? null)}
// Milliseconds that an answer is waited for, and at the end.
const WAIT = 50
const LAST = 3000
// What shows that it lives.
const HELLO = ${JSON.stringify(hello)}
const steps = [
${steps.map(step => `  ${JSON.stringify(step)},\n`).join('')}]
${RUNNER}`
}

const HEAD = `\
import dgram from 'node:dgram'
import net from 'node:net'
import tls from 'node:tls'

const [host, port] = process.argv.slice(2)
if (port === undefined) {
  console.error('node replay.mjs HOST PORT')
  process.exit(2)
}`

/** The part that is the same in all of them. */
const RUNNER = `
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

function open(by, name) {
  const flow = { over: false, unread: 0, wake: () => {} }
  const hear = octets => {
    flow.unread++
    if (name !== undefined) console.log(name + ' < ' + octets.toString('hex').slice(0, 400))
    flow.wake()
  }
  const over = why => {
    if (!flow.over && name !== undefined) console.log(name + ' ' + why)
    flow.over = true
    flow.wake()
  }
  return new Promise(resolve => {
    if (by === 'udp') {
      const socket = dgram.createSocket(net.isIPv6(host) ? 'udp6' : 'udp4')
      socket.on('message', hear)
      socket.on('error', error => over(error.message))
      flow.send = octets => socket.send(octets)
      flow.end = () => {}
      flow.drop = () => socket.close()
      socket.connect(Number(port), host, () => resolve(flow))
      return
    }
    const at = { host, port: Number(port) }
    const secure = { ...at, rejectUnauthorized: false, servername: 'localhost', ALPNProtocols: ALPN ? [ALPN] : [] }
    const socket = by === 'tls' ? tls.connect(secure, () => resolve(flow)) : net.connect(at, () => resolve(flow))
    socket.on('data', hear)
    socket.on('end', () => over('closed'))
    socket.on('error', error => {
      over(error.message)
      resolve(flow)
    })
    flow.send = octets => socket.write(octets)
    flow.end = () => socket.end()
    flow.drop = () => socket.destroy()
  })
}

// Until something has come, or the time is over.
async function heard(flow, ms) {
  const arrival = new Promise(resolve => {
    flow.wake = resolve
  })
  if (flow.unread === 0 && !flow.over) await Promise.race([arrival, pause(ms)])
  if (flow.unread === 0) return false
  flow.unread--
  return true
}

const flows = new Map()
for (const step of steps) {
  const number = Object.values(step)[0]
  if ('open' in step) flows.set(number, await open(step.by, step.by + ' ' + number))
  const flow = flows.get(number)
  if ('send' in step && !flow.over) {
    console.log('flow ' + number + ' > ' + step.hex.slice(0, 400))
    flow.send(Buffer.from(step.hex, 'hex'))
  } else if ('wait' in step) await heard(flow, WAIT)
  else if ('end' in step) {
    flow.end()
    while (!flow.over && (await heard(flow, WAIT)));
    flow.drop()
  } else if ('drop' in step) flow.drop()
}
const last = await open(HELLO.by)
if (!last.over) last.send(Buffer.from(HELLO.hex, 'hex'))
const lives = await heard(last, LAST)
console.log(lives ? 'it still answers' : 'it does not answer any more')
process.exit(lives ? 0 : 1)
`
