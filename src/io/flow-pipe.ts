import type { Address, Arrival, Channel, Exit, Flow } from '../conformance/channel.ts'
import type { FlowEndpoint, FlowOutput } from '../machine.ts'

/** A client in memory may say how it fared, as a program does by its exit status and its output. */
export interface FlowProgram extends FlowEndpoint {
  /** Undefined as long as it goes on. */
  readonly exitCode?: number | undefined
  readonly stdout?: string | undefined
}

export interface FlowPipeOptions {
  /** Ports differ with it from run to run; 1 when absent. */
  readonly seed?: number | undefined
  /** Told what the endpoint threw: in memory that is how a subject dies. */
  readonly onThrow?: (thrown: unknown) => void
}

/**
 * Where a client in memory finds us: two servers, and somebody else. Addresses and ports as a capture may show them.
 */
export const SERVERS: readonly Address[] = [
  { address: '127.0.0.1', port: 53 },
  { address: '127.0.0.2', port: 53 },
]
const STRAY: Address = { address: '127.0.0.1', port: 50000 }
const SUBJECT = '127.0.0.1'

/** RFC 6335 §6: where ports are taken from that nobody asked for by number. */
const FIRST_PORT = 49152
const PORTS = 16384

/** How often the clock jumps within one `receive` before an endpoint that only ever sets deadlines counts as silent. */
const JUMPS = 10_000

interface Open {
  readonly flow: Flow
  readonly anyone: boolean
  /** The subject, or a stream's tester, has let go of it. */
  closed: boolean
}

/**
 * A channel to a client in memory that opens its flows itself. As with `pipe`, its clock is simulated and stands still
 * while octets go to and fro; when the client has nothing to say, it jumps. The same sends bring the same arrivals in
 * every run.
 */
export function flowPipe(endpoint: FlowProgram, options: FlowPipeOptions = {}): Channel {
  const flows = new Map<number, Open>()
  const unread: Arrival[] = []
  const freePort = ports(options.seed ?? 1)
  let time = 0
  let ending: Arrival | undefined
  let last: Flow | undefined

  function drive(act: () => void): void {
    if (ending) return
    try {
      act()
      for (const output of endpoint.transmit()) take(output)
      if (endpoint.exitCode !== undefined) ending = { kind: 'eof' }
    } catch (thrown) {
      ending = { kind: 'reset', reason: `the endpoint threw ${String(thrown)}` }
      options.onThrow?.(thrown)
    }
  }

  function take(output: FlowOutput): void {
    if ('open' in output) {
      const { transport, server, port = freePort() } = output
      const tester = SERVERS[server]
      if (!tester) throw new RangeError(`there is no server ${server}`)
      const flow: Flow = { id: flows.size + 1, transport, subject: { address: SUBJECT, port }, tester }
      flows.set(output.open, { flow, anyone: output.anyone === true, closed: false })
      return
    }
    const open = flows.get(output.flow)
    if (!open || open.closed) return
    const { flow } = open
    if ('octets' in output) unread.push({ kind: 'octets', octets: output.octets.slice(), flow })
    else {
      open.closed = true
      // Nobody hears of it over datagrams.
      if (flow.transport !== 'udp') unread.push({ kind: 'eof', flow })
    }
  }

  /** Lets time pass until there is something to take, or until then. */
  function pass(until: number, enough: () => boolean): void {
    for (let jumps = 0; jumps < JUMPS && !enough() && !ending; jumps++) {
      const { deadline } = endpoint
      if (deadline === undefined || deadline > until) break
      time = Math.max(time, deadline)
      drive(() => endpoint.tick(time))
    }
    if (!enough() && !ending) time = Math.max(time, until)
  }

  function arrival(patience: number): Arrival {
    pass(time + patience, () => unread.length > 0)
    const first = unread.shift()
    if (first && 'flow' in first && first.flow) last = first.flow
    return first ?? ending ?? { kind: 'silence' }
  }

  /** What the subject still listens on of what a flow names. */
  function listening(flow: Flow): [number, Open][] {
    return [...flows].filter(([, open]) => {
      const same = open.flow.transport === flow.transport && open.flow.subject.port === flow.subject.port
      return same && !open.closed && (open.anyone || sameAddress(open.flow.tester, flow.tester))
    })
  }

  function tell(flow: Flow | undefined, what: Uint8Array | 'eof' | 'refused'): void {
    const to = flow ?? last
    if (!to) return
    for (const [id, open] of listening(to)) {
      drive(() => endpoint.receive(id, what, time))
      if (what === 'refused') open.closed = true
    }
  }

  drive(() => {})
  return {
    send: (octets, flow) => tell(flow, octets.slice()),
    end(flow = last) {
      if (flow && flow.transport !== 'udp') tell(flow, 'eof')
    },
    destroy(flow) {
      if (flow) {
        tell(flow, 'refused')
        return
      }
      unread.length = 0
      ending = { kind: 'reset', reason: 'dropped by the tester' }
    },
    receive: patience => Promise.resolve(arrival(patience)),
    now: () => time,
    local: SERVERS[0] as Address,
    remote: { address: SUBJECT, port: 0 },
    servers: SERVERS,
    stray: STRAY,
    transport: 'udp',
    exit(patience): Promise<Exit | undefined> {
      pass(time + patience, () => endpoint.exitCode !== undefined)
      const code = endpoint.exitCode
      if (code === undefined) return Promise.resolve(undefined)
      return Promise.resolve({ code, signal: null, stdout: endpoint.stdout ?? '', stderr: '' })
    },
  }
}

function sameAddress(a: Address, b: Address): boolean {
  return a.address === b.address && a.port === b.port
}

/** Ports that look like chance and are the same in every run: a linear congruential generator, its high bits. */
function ports(seed: number): () => number {
  let state = Math.imul(seed, 0x9e3779b1) >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return FIRST_PORT + Math.floor((state / 2 ** 32) * PORTS)
  }
}
