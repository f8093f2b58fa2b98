import type { Transport } from '../machine.ts'
import type { Channel, Opening } from './channel.ts'
import type { Role } from './rule.ts'

/** Who is under test and how to reach it. */
export interface Peer {
  /** What reports call it: `nginx 1.22.1`, or its address. */
  readonly name: string
  /** Where it is, or the command that runs it. */
  readonly address: string
  readonly role: Role
  /** Whether all traffic stays on this machine: floods go nowhere else. */
  readonly loopback: boolean
  /** What can carry a connection to it, the usual first; streams only, and no case may choose, unless said. */
  readonly transports?: readonly Transport[]
  /**
   * A new connection: we connect to a server; a client is run and connects to us.
   * Throws `Unreachable` when there is none.
   */
  open(opening?: Opening): Promise<Channel>
  /** After a case: does it still live? A server that we did not start is asked by a new connection. */
  health(): Promise<Health>
  /** Starts it anew after it died, where it is ours to start. */
  revive?(): Promise<void>
  /** Ends what was started for it, whatever state that is in. Never throws; may be called twice. */
  close(): Promise<void>
}

export type Health = { readonly alive: true } | { readonly alive: false; readonly how: string }

/** No connection could be made: not a verdict on the subject. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable'
}

/** The opening was refused by the subject itself, for example by a TLS alert: a case may want just that. */
export class Refused extends Error {
  override readonly name = 'Refused'
}
