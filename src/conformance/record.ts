import type { Arrival, Channel, Flow, Segment } from './channel.ts'

/** What a case may cost: a hostile subject must not hold it up or fill the memory. */
export interface Budget {
  /** Milliseconds from the opening of the connection. */
  readonly time: number
  /** Octets taken from the subject. */
  readonly octets: number
}

/** The subject used up what a case may cost. */
export class Exhausted extends Error {
  override readonly name = 'Exhausted'
}

/** Something other than octets that happened on a connection. */
export interface Happening {
  readonly at: number
  readonly from: 'tester' | 'subject'
  readonly event: string
  /** Where the subject opens several. */
  readonly flow?: Flow | undefined
}

export type Entry = Segment | Happening

/** A channel that keeps what crosses it. */
export interface Recording {
  readonly channel: Channel
  readonly entries: readonly Entry[]
}

/** The most octets and entries kept for evidence: the rest is counted by the budget but not kept. */
const KEPT_OCTETS = 1 << 18
const KEPT_ENTRIES = 2000

/**
 * Wraps a channel so that both directions are kept with their times, and so that no subject can hold a case for ever:
 * past the budget `receive` throws `Exhausted`.
 */
export function record(channel: Channel, budget: Budget): Recording {
  const entries: Entry[] = []
  let kept = 0
  let taken = 0
  const opened = channel.now()

  function keep(entry: Entry): void {
    const octets = 'octets' in entry ? entry.octets.length : 0
    if (entries.length >= KEPT_ENTRIES || kept + octets > KEPT_OCTETS) return
    kept += octets
    entries.push(entry)
  }

  function keepArrival(arrival: Arrival): void {
    if (arrival.kind === 'silence') {
      keep({ at: channel.now() - opened, from: 'subject', event: 'silence' })
      return
    }
    const about = { at: channel.now() - opened, from: 'subject', ...on(arrival.flow) } as const
    if (arrival.kind === 'octets') keep({ ...about, octets: arrival.octets })
    else if (arrival.kind === 'reset') keep({ ...about, event: `connection broken: ${arrival.reason}` })
    else keep({ ...about, event: over(arrival.flow) ? 'it is over' : 'end of the connection' })
  }

  /** Where there are several flows, the end of none of them is the end of all. */
  function over(flow: Flow | undefined): boolean {
    return flow === undefined && channel.servers !== undefined
  }

  const recorded: Channel = {
    send(octets, flow) {
      // A copy: what is sent may be a view into a buffer that is used again.
      keep({ at: channel.now() - opened, from: 'tester', octets: octets.slice(0, KEPT_OCTETS), ...on(flow) })
      channel.send(octets, flow)
    },
    end(flow) {
      keep({ at: channel.now() - opened, from: 'tester', event: 'end of our side', ...on(flow) })
      channel.end(flow)
    },
    destroy(flow) {
      if (flow) keep({ at: channel.now() - opened, from: 'tester', event: 'connection dropped', ...on(flow) })
      channel.destroy(flow)
    },
    async receive(patience) {
      const left = budget.time - (channel.now() - opened)
      if (left <= 0) throw new Exhausted(`it kept the connection busy for ${seconds(budget.time)} without an end`)
      const arrival = await channel.receive(Math.min(patience, left))
      keepArrival(arrival)
      if (arrival.kind === 'octets') {
        taken += arrival.octets.length
        if (taken > budget.octets) throw new Exhausted(`it sent more than ${budget.octets} octets without an end`)
      }
      return arrival
    },
    now: () => channel.now() - opened,
    local: channel.local,
    remote: channel.remote,
    servers: channel.servers,
    stray: channel.stray,
    transport: channel.transport,
    security: channel.security,
    refused: channel.refused,
    ...(channel.renegotiate ? { renegotiate: () => channel.renegotiate?.() ?? Promise.resolve('refused') } : {}),
    ...(channel.exit ? { exit: (patience: number) => channel.exit?.(patience) ?? Promise.resolve(undefined) } : {}),
    // Ciphertext goes on being captured until the end, so it is looked up when asked for.
    get capture() {
      return channel.capture
    },
  }
  return { channel: recorded, entries }
}

function on(flow: Flow | undefined): { readonly flow?: Flow } {
  return flow === undefined ? {} : { flow }
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`
}
