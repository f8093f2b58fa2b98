import type { Hello } from '../../conformance/case.ts'
import type { Channel } from '../../conformance/channel.ts'
import type { Transport } from '../../machine.ts'
import { piecesOf } from './pieces.ts'
import { joined } from './server-form.ts'
import type { Ending } from './server-states.ts'

/** What came on one flow of a session. */
export interface Heard {
  readonly transport: Transport
  readonly octets: readonly Uint8Array[]
  readonly ending: Ending
}

/** How a session is played. */
export interface Stage {
  /** What flows are carried by: a flow's number modulo how many there are. */
  readonly transports: readonly Transport[]
  open(transport: Transport): Promise<Channel>
  /** What is asked last over datagrams: the answer shows that all before it has been dealt with. */
  hello(transport: Transport): Hello
}

export interface Played {
  /** By flow, in the order in which they were opened. */
  readonly heard: readonly Heard[]
  /** On some flow nothing came any more, neither an end nor an answer to what was asked last. */
  readonly mute: boolean
  /** Why a flow could not be opened. */
  readonly unreachable?: string
}

/** How long an answer is waited for: a little more than answers took of late, between bounds, in ms. */
export interface Pace {
  readonly least: number
  readonly most: number
  /** How many times as long as answers took of late. */
  readonly times: number
  /** Waits of one session that may be for nothing; then each is brief: what is learned by waiting on is little. */
  readonly silences: number
}

/** While looking for something: most sessions are not worth a long wait. */
const SEARCHING: Pace = { least: 3, most: 50, times: 1, silences: 2 }
/** Where what comes has to be the same each time, however busy the machine is. */
export const UNHURRIED: Pace = { least: 200, most: 2000, times: 10, silences: 20 }
/** Where a find is looked for again, many times over. */
export const AGAIN: Pace = { least: 100, most: 2000, times: 10, silences: 4 }
/** A brief wait, in ms. */
const BRIEF = 1
/** How long the last question over datagrams may take to be answered. */
const BARRIER = 500
/** What is taken of a server in one session. */
const ENOUGH = 1 << 20
const ARRIVALS = 2000

/** How long to wait for a server that may have nothing to say. */
export class Patience {
  readonly #pace: Pace
  #mean = SEARCHING.least
  #spread = SEARCHING.least
  #silences = 0

  constructor(pace: Pace = SEARCHING) {
    this.#pace = pace
  }

  get milliseconds(): number {
    const { least, most, times, silences } = this.#pace
    if (this.#silences >= silences) return BRIEF
    return Math.min(most, Math.max(least, times * (this.#mean + 4 * this.#spread)))
  }

  /** A session begins. */
  renew(): void {
    this.#silences = 0
  }

  /** It was waited for nothing. */
  vain(): void {
    this.#silences++
  }

  /** An answer took so long. */
  learn(milliseconds: number): void {
    const off = Math.min(milliseconds, this.#pace.most) - this.#mean
    this.#mean += off / 8
    this.#spread += (Math.abs(off) - this.#spread) / 8
  }
}

interface Flow {
  readonly channel: Channel
  readonly transport: Transport
  readonly octets: Uint8Array[]
  /** What goes out in one write. */
  unsent: Uint8Array[]
  /** When the last octets went out that nothing has come after. */
  asked: number | undefined
  sent: boolean
  count: number
  ending: Ending
}

/**
 * Plays a session. Octets that stand beside each other are one write, and over datagrams one each; where time passes, an
 * answer is waited for, and the piece says which flow is next; an end is our end of the stream, after which the rest of
 * its octets are read. At the end of the session all flows are ended so, in the order of their opening.
 */
export async function play(input: Uint8Array, stage: Stage, patience: Patience): Promise<Played> {
  const flows = new Map<number, Flow>()
  let current = 0
  patience.renew()
  let unreachable: string | undefined

  async function flowOf(number: number): Promise<Flow> {
    const open = flows.get(number)
    if (open) return open
    const transport = stage.transports[number % stage.transports.length] as Transport
    const channel = await stage.open(transport)
    const flow: Flow = {
      channel,
      transport,
      octets: [],
      unsent: [],
      asked: undefined,
      sent: false,
      count: 0,
      ending: 'open',
    }
    flows.set(number, flow)
    return flow
  }

  try {
    for (const piece of piecesOf(input)) {
      if (piece.kind === 'octets') {
        const flow = await flowOf(current)
        flow.unsent.push(piece.octets)
        if (flow.transport === 'udp') flush(flow)
      } else if (piece.kind === 'time') {
        const flow = flows.get(current)
        if (flow) await wait(flow, patience)
        current = piece.flow
      } else {
        const flow = flows.get(piece.flow)
        if (flow && piece.how === 1) {
          flush(flow)
          flow.channel.destroy()
          if (flow.ending === 'open') flow.ending = 'eof'
        } else if (flow) await settle(flow, stage, patience)
      }
    }
    for (const flow of flows.values()) await settle(flow, stage, patience)
  } catch (thrown) {
    unreachable = thrown instanceof Error ? thrown.message : String(thrown)
  } finally {
    for (const { channel } of flows.values()) channel.destroy()
  }
  const heard = [...flows.values()]
  return {
    heard,
    mute: heard.some(({ sent, ending }) => sent && ending === 'silence'),
    ...(unreachable !== undefined && { unreachable }),
  }
}

function flush(flow: Flow): void {
  if (flow.unsent.length === 0) return
  // Copies: a socket may write later, and an input is its owner's to change.
  flow.channel.send(flow.transport === 'udp' ? Uint8Array.from(joined(flow.unsent)) : Buffer.concat(flow.unsent))
  flow.unsent = []
  flow.asked = flow.channel.now()
  flow.sent = true
}

/** Waits for an answer to what was sent last. */
async function wait(flow: Flow, patience: Patience): Promise<void> {
  flush(flow)
  if (flow.asked === undefined || flow.ending !== 'open') return
  await hear(flow, patience, patience.milliseconds)
  flow.asked = undefined
}

/** Takes one arrival; whether more may come. */
async function hear(flow: Flow, patience: Patience, milliseconds: number): Promise<boolean> {
  const arrival = await flow.channel.receive(milliseconds)
  if (arrival.kind === 'silence') {
    patience.vain()
    return false
  }
  if (arrival.kind !== 'octets') {
    flow.ending = arrival.kind
    return false
  }
  // The first only: how long a server goes on, or leaves a connection open, says nothing of how soon it begins.
  if (flow.asked !== undefined) patience.learn(flow.channel.now() - flow.asked)
  flow.asked = undefined
  flow.octets.push(arrival.octets)
  flow.count += arrival.octets.length + 1
  return flow.count < ENOUGH && flow.octets.length < ARRIVALS
}

/** Ends our side, and takes all that is still to come. */
async function settle(flow: Flow, stage: Stage, patience: Patience): Promise<void> {
  if (flow.ending !== 'open') return
  flush(flow)
  flow.asked = flow.channel.now()
  if (flow.transport === 'udp') {
    const { octets, answeredBy } = stage.hello(flow.transport)
    flow.channel.send(octets)
    while (await hear(flow, patience, BARRIER)) {
      if (!answeredBy(flow.octets.at(-1) as Uint8Array)) continue
      flow.ending = 'barrier'
      flow.octets.pop()
      break
    }
  } else {
    flow.channel.end()
    while (await hear(flow, patience, patience.milliseconds));
  }
  if (flow.ending === 'open') flow.ending = 'silence'
  flow.channel.destroy()
}
