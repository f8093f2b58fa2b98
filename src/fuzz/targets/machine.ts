import type { Connected, Subject } from '../../conformance/case.ts'
import type { Segment } from '../../conformance/channel.ts'
import type { Endpoint, FlowEndpoint, FlowOutput, Transport } from '../../machine.ts'
import { ACCEPTED, type FuzzSubject, type Outcome, REFUSED, type Target } from '../target.ts'
import { found, loudly, plainFind, quietly, thrownFind } from '../triage.ts'
import { mutatePieces, piecesOf, STRIDES } from './pieces.ts'

/** How a machine in memory becomes a target. */
export interface MachineOptions {
  /** `http2/server` */
  readonly name: string
  readonly about: string
  /** Called for each input where chance or the past of a subject shows in what it does next. */
  readonly subject: () => Subject
  readonly freshSubject: boolean
  readonly transport?: Transport | undefined
  readonly seeds: readonly Uint8Array[]
  readonly tokens?: readonly Uint8Array[]
  /** What octets mean, for people: as `Protocol` has it. */
  readonly describe?:
    | ((segments: readonly Segment[], transport?: Transport) => readonly (readonly string[])[])
    | undefined
}

/** The most octets that one `transmit` may give: more has to wait until it is asked again. */
const OUTPUT_AT_ONCE = 4 << 20
/** Octets after which nobody reads on: a peer may ask for much, and one who is asked for it need not be wrong. */
const OUTPUT_ENOUGH = 16 << 20
/** Times that a machine may want to go on at once, with nothing to say, before that is without end. */
const SPINS = 1000
/** Ticks of one session: beyond these it may well go on, as one that sends PING for ever does. */
const TICKS = 5000
/** Where from and to octets go, for a machine that wants to know. */
const REMOTE = { address: '127.0.0.1', port: 50000 }

/**
 * A machine with its application inside, fed with octets cut in any way, time that passes, and ends. It throws nothing,
 * comes to an end after each of them, and gives what it has to say in bounded portions.
 */
export function machineTarget(options: MachineOptions): Target {
  return {
    name: `machine:${options.name}`,
    about: options.about,
    deterministic: true,
    start() {
      const shared = options.freshSubject ? undefined : options.subject()
      const run = (input: Uint8Array): Outcome => {
        const does = (): Session => session(shared ?? options.subject(), options.transport, input)
        let ended: Session | undefined
        const thrown = quietly(() => {
          ended = does()
        })
        if (thrown)
          return found(
            thrownFind(
              'crash',
              loudly(() => void does(), thrown.thrown),
            ),
          )
        if (ended?.broken !== undefined) return found(plainFind('law', ended.broken, options.name))
        return ended?.over ? REFUSED : ACCEPTED
      }
      const subject: FuzzSubject = {
        run,
        seeds: options.seeds,
        tokens: options.tokens ?? [],
        mutate: mutatePieces,
        describe: input => described(input, options),
      }
      return Promise.resolve(subject)
    },
  }
}

/** How a session went. */
interface Session {
  /** The machine has closed. */
  over: boolean
  /** An invariant that it broke. */
  broken?: string
}

/** What a session drives, whatever opens its flows. */
interface Driven {
  readonly machine: Endpoint | FlowEndpoint
  receive(octets: Uint8Array, flow: number, now: number): void
  end(how: number, flow: number, now: number): void
  /** Takes what it has to say: how many octets, and whether it has closed. */
  take(): { readonly octets: number; readonly closed: boolean }
}

function session(subject: Subject, transport: Transport | undefined, input: Uint8Array): Session {
  const state: Session = { over: false }
  const driven = subject.flows ? manyFlows(subject.flows({ transport, servers: 2 })) : oneFlow(subject, transport)
  let now = 0
  let flow = 0
  let sent = 0
  let ticks = 0

  /** Takes what there is to say; whether there was something. */
  function take(): boolean {
    const { octets, closed } = driven.take()
    sent += octets
    if (octets > OUTPUT_AT_ONCE) state.broken = `it gives ${octets} octets at once`
    if (closed || sent > OUTPUT_ENOUGH) state.over = true
    return octets > 0
  }

  /** Lets time pass until then, deadline by deadline. */
  function pass(until: number): void {
    let spins = 0
    while (!state.over && state.broken === undefined && ticks < TICKS) {
      const { deadline } = driven.machine
      if (deadline === undefined || !(deadline <= until)) break
      ticks++
      const before = now
      now = Math.max(now, deadline)
      driven.machine.tick(now)
      spins = take() || now > before ? 0 : spins + 1
      if (spins > SPINS) state.broken = 'its deadline does not pass'
    }
    now = Math.max(now, Math.min(until, Number.MAX_SAFE_INTEGER))
  }

  take()
  pass(now)
  for (const piece of piecesOf(input)) {
    if (state.over || state.broken !== undefined) return state
    if (piece.kind === 'octets') driven.receive(piece.octets, flow, now)
    else if (piece.kind === 'end') driven.end(piece.how, piece.flow, now)
    else {
      flow = piece.flow
      const stride = STRIDES[piece.stride % STRIDES.length]
      pass(stride === undefined ? (driven.machine.deadline ?? now) : now + stride)
    }
    take()
    // What is due at once: more to send, which it gives out in portions.
    pass(now)
  }
  const { over } = state
  // An hour more: nothing that is due late may throw or go on without end. That it closes then is no refusal.
  if (!over) pass(now + 3_600_000)
  return { ...state, over }
}

function oneFlow(subject: Subject, transport: Transport | undefined): Driven {
  const security = transport === 'https' || transport === 'tls' ? secured(transport) : undefined
  const connected: Connected = { transport, remote: REMOTE, security }
  const machine = subject.connect(connected)
  const datagrams = transport === 'udp'
  return {
    machine,
    receive: (octets, _flow, now) => machine.receive(octets, now),
    end: (_how, _flow, now) => datagrams || machine.receive('eof', now),
    take() {
      let octets = 0
      let closed = false
      for (const output of machine.transmit()) {
        if (output === 'close') closed = !datagrams
        else octets += output.length
      }
      return { octets, closed }
    },
  }
}

function secured(transport: 'https' | 'tls'): NonNullable<Connected['security']> {
  return { alpn: transport === 'https' ? 'h2' : undefined, version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256' }
}

/** A client that opens its flows: they are counted from the last one, which is the one that most likely matters. */
function manyFlows(machine: FlowEndpoint): Driven {
  const open: number[] = []
  const streams = new Set<number>()
  const at = (flow: number): number | undefined => open.at(-1 - (flow % Math.max(1, open.length)))
  function hear(output: FlowOutput): number {
    if ('open' in output) {
      open.push(output.open)
      if (output.transport !== 'udp') streams.add(output.open)
      return 0
    }
    if ('octets' in output) return output.octets.length
    const place = open.indexOf(output.flow)
    if (place >= 0) open.splice(place, 1)
    return 0
  }
  return {
    machine,
    receive(octets, flow, now) {
      const id = at(flow)
      if (id !== undefined) machine.receive(id, octets, now)
    },
    end(how, flow, now) {
      const id = at(flow)
      if (id !== undefined && (how % 2 === 1 || streams.has(id))) machine.receive(id, how % 2 ? 'refused' : 'eof', now)
    },
    take() {
      let octets = 0
      for (const output of machine.transmit()) octets += hear(output)
      return { octets, closed: false }
    },
  }
}

/** Each piece on a line, and what its octets mean. */
function described(input: Uint8Array, { describe, transport }: MachineOptions): string[] {
  const pieces = piecesOf(input)
  const segments = pieces.flatMap((piece): Segment[] =>
    piece.kind === 'octets' ? [{ at: 0, from: 'tester', octets: piece.octets }] : [],
  )
  const meanings = [...(describe?.(segments, transport) ?? [])]
  return pieces.flatMap(piece => {
    if (piece.kind === 'end') return [`the other side ${piece.how % 2 ? 'is gone' : 'ends'}`]
    if (piece.kind === 'time') {
      const stride = STRIDES[piece.stride % STRIDES.length]
      return [stride === undefined ? 'time passes until something is due' : `${stride} ms pass`]
    }
    return [`${piece.octets.length} octets arrive`, ...(meanings.shift() ?? []).map(line => `  ${line}`)]
  })
}
