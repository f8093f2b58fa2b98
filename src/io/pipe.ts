import type { Address, Arrival, Channel, Security } from '../conformance/channel.ts'
import type { Endpoint, Transport } from '../machine.ts'
import { DatagramQueue, OctetQueue } from './octet-queue.ts'

export interface PipeOptions {
  readonly security?: Security | undefined
  /** TCP unless said. */
  readonly transport?: Transport | undefined
  /** Told what the endpoint threw: on a pipe that is how a subject dies. */
  readonly onThrow?: (thrown: unknown) => void
}

/** What a pipe calls its two ends, so that a capture of it can be read like any other. */
export const TESTER: Address = { address: '127.0.0.1', port: 50000 }
const SUBJECT: Address = { address: '127.0.0.1', port: 443 }

/** How often the clock jumps within one `receive` before an endpoint that only ever sets deadlines counts as silent. */
const JUMPS = 10_000

/**
 * A channel to an endpoint in memory. Its clock is simulated and stands still while octets go to and fro: when the
 * endpoint has nothing to say, the clock jumps to its deadline, or past the patience. So silence costs no time, and the
 * same sends bring the same arrivals in every run.
 */
export function pipe(endpoint: Endpoint, options: PipeOptions = {}): Channel {
  const datagrams = options.transport === 'udp'
  const unread = datagrams ? new DatagramQueue() : new OctetQueue()
  let time = 0
  let ending: Arrival | undefined

  /** Lets the endpoint act, then takes what it has to say. */
  function drive(act: () => void): void {
    if (ending) return
    try {
      act()
      for (const output of endpoint.transmit()) {
        if (output === 'close') {
          // Nobody hears of it over datagrams.
          if (datagrams) continue
          ending = { kind: 'eof' }
          return
        }
        // A copy: an endpoint may write its next output into the same buffer.
        unread.push(output.slice())
      }
    } catch (thrown) {
      ending = { kind: 'reset', reason: `the endpoint threw ${String(thrown)}` }
      options.onThrow?.(thrown)
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
    const octets = unread.take()
    return octets ? { kind: 'octets', octets } : (ending ?? { kind: 'silence' })
  }

  // A client speaks first, and a server may.
  drive(() => {})
  return {
    send(octets) {
      // A copy: an endpoint may keep what it got, and the sender may write there again.
      const copy = octets.slice()
      drive(() => endpoint.receive(copy, time))
    },
    end() {
      if (!datagrams) drive(() => endpoint.receive('eof', time))
    },
    destroy() {
      unread.clear()
      ending = { kind: 'reset', reason: 'dropped by the tester' }
    },
    receive: patience => Promise.resolve(arrival(patience)),
    now: () => time,
    local: TESTER,
    remote: SUBJECT,
    transport: options.transport,
    security: options.security,
  }
}
