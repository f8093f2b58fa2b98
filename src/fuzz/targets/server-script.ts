import type { Transport } from '../../machine.ts'
import { toHex } from '../../wire/hex.ts'
import { piecesOf } from './pieces.ts'
import type { Stage } from './server-session.ts'

export interface ScriptOptions {
  readonly server: Pick<Stage, 'transports' | 'hello'>
  /** What TLS offers. */
  readonly alpn?: string | undefined
  /** What it shows, a line each, for whoever reads it. */
  readonly about: readonly string[]
}

/** What a script does, step by step: as `play` does it. */
type Step =
  | { readonly open: number; readonly by: 'udp' | 'tcp' | 'tls' }
  | { readonly send: number; readonly hex: string }
  | { readonly wait: number }
  | { readonly end: number }
  | { readonly drop: number }

/**
 * A session as a program for plain Node, which needs nothing else: `node replay.mjs HOST PORT`. It shows what comes back,
 * and says whether the server still answers then.
 */
export function sessionScript(input: Uint8Array, { server, alpn, about }: ScriptOptions): string {
  const [usual = 'tcp'] = server.transports
  const steps = stepsOf(input, server).map(step => `  ${JSON.stringify(step)},\n`)
  return `${about.map(line => `// ${line.replace(/[\r\n\u2028\u2029]+/g, ' ')}\n`).join('')}//
// node replay.mjs HOST PORT
import dgram from 'node:dgram'
import net from 'node:net'
import tls from 'node:tls'

const [host, port] = process.argv.slice(2)
if (port === undefined) {
  console.error('node replay.mjs HOST PORT')
  process.exit(2)
}
const ALPN = ${JSON.stringify(alpn ?? null)}
// Milliseconds that an answer is waited for, and at the end.
const WAIT = 50
const LAST = 3000
// What shows that it lives.
const HELLO = ${JSON.stringify({ by: carried(usual), hex: toHex(server.hello(usual).octets) })}
const steps = [
${steps.join('')}]
${RUNNER}`
}

function carried(transport: Transport): 'udp' | 'tcp' | 'tls' {
  return transport === 'udp' || transport === 'tcp' ? transport : 'tls'
}

function stepsOf(input: Uint8Array, { transports, hello }: ScriptOptions['server']): Step[] {
  const steps: Step[] = []
  const flows = new Map<number, { readonly transport: Transport; unsent: Uint8Array[]; open: boolean }>()
  let current = 0

  function flush(number: number): void {
    const flow = flows.get(number)
    if (!flow || flow.unsent.length === 0) return
    steps.push({ send: number, hex: toHex(Uint8Array.from(Buffer.concat(flow.unsent))) })
    flow.unsent = []
  }

  function settle(number: number): void {
    const flow = flows.get(number)
    if (!flow?.open) return
    flush(number)
    flow.open = false
    if (flow.transport !== 'udp') steps.push({ end: number })
    else steps.push({ send: number, hex: toHex(hello('udp').octets) }, { wait: number }, { end: number })
  }

  for (const piece of piecesOf(input)) {
    if (piece.kind === 'octets') {
      let flow = flows.get(current)
      if (!flow) {
        const transport = transports[current % transports.length] ?? 'tcp'
        flow = { transport, unsent: [], open: true }
        flows.set(current, flow)
        steps.push({ open: current, by: carried(transport) })
      }
      if (!flow.open) continue
      flow.unsent.push(piece.octets)
      if (flow.transport === 'udp') flush(current)
    } else if (piece.kind === 'time') {
      flush(current)
      if (flows.get(current)?.open) steps.push({ wait: current })
      current = piece.flow
    } else if (piece.how === 1) {
      flush(piece.flow)
      const flow = flows.get(piece.flow)
      if (flow?.open) steps.push({ drop: piece.flow })
      if (flow) flow.open = false
    } else settle(piece.flow)
  }
  for (const number of flows.keys()) settle(number)
  return steps
}

/** The part that is the same in all of them. */
const RUNNER = `
const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

function open(by, name) {
  const flow = { over: false, heard: 0, wake: () => {} }
  const hear = octets => {
    flow.heard++
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

// Until something comes, or the time is over.
async function heard(flow, ms) {
  const before = flow.heard
  const arrival = new Promise(resolve => {
    flow.wake = resolve
  })
  if (!flow.over) await Promise.race([arrival, pause(ms)])
  return flow.heard > before
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
const answered = heard(last, LAST)
if (!last.over) last.send(Buffer.from(HELLO.hex, 'hex'))
const lives = await answered
console.log(lives ? 'it still answers' : 'it does not answer any more')
process.exit(lives ? 0 : 1)
`
