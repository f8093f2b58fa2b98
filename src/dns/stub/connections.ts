import type { FlowOutput } from '../../machine.ts'
import { Unframer } from '../framing.ts'

/** A connection to a server, which several questions may share. */
interface Connection {
  readonly server: number
  readonly transport: 'tcp' | 'tls'
  readonly unframer: Unframer
  /** How many questions wait for responses on it. */
  users: number
  /** It is not for further questions. */
  retired: boolean
  /** When it is closed, once nobody uses it. */
  until: number
}

/**
 * Connections are kept for the next question, and closed when none has come for some time; several questions may be
 * under way on one. RFC 7766 §6.2.1, §6.2.3
 */
export class Connections {
  readonly #idle: number
  readonly #flow: () => number
  readonly #output: (output: FlowOutput) => void
  readonly #all = new Map<number, Connection>()

  constructor(idle: number, flow: () => number, output: (output: FlowOutput) => void) {
    this.#idle = idle
    this.#flow = flow
    this.#output = output
  }

  borrow(server: number, transport: 'tcp' | 'tls'): { readonly flow: number; readonly reused: boolean } {
    for (const [flow, one] of this.#all) {
      if (one.server !== server || one.transport !== transport || one.retired) continue
      one.users++
      return { flow, reused: true }
    }
    const flow = this.#flow()
    this.#all.set(flow, { server, transport, unframer: new Unframer(), users: 1, retired: false, until: 0 })
    this.#output({ open: flow, transport, server })
    return { flow, reused: false }
  }

  release(flow: number, sound: boolean, now: number): void {
    const one = this.#all.get(flow)
    if (!one) return
    one.users--
    if (!sound) one.retired = true
    one.until = now + this.#idle
    if (one.users === 0 && (one.retired || this.#idle <= 0)) this.close(flow)
  }

  /** What a flow's octets complete; undefined where it is none of a connection. */
  push(
    flow: number,
    octets: Uint8Array,
  ): { readonly messages: readonly Uint8Array[]; readonly more: boolean } | undefined {
    const one = this.#all.get(flow)
    if (!one) return undefined
    // Copies: what came may be a view into a buffer that is used again.
    const messages = one.unframer.push(octets.slice())
    return { messages, more: one.unframer.pending > 0 }
  }

  close(flow: number): void {
    if (this.#all.delete(flow)) this.#output({ flow, close: true })
  }

  tick(now: number): void {
    for (const [flow, { users, until }] of this.#all) if (users === 0 && until <= now) this.close(flow)
  }

  get deadline(): number | undefined {
    let earliest: number | undefined
    for (const { users, until } of this.#all.values()) {
      if (users === 0 && (earliest === undefined || until < earliest)) earliest = until
    }
    return earliest
  }
}
