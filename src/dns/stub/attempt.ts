import type { FlowOutput } from '../../machine.ts'
import { framed } from '../framing.ts'
import { rfc1035, rfc2181, rfc5452, rfc7766 } from '../rules/client.ts'
import type { StubOptions } from './options.ts'
import type { Query } from './query.ts'
import type { ServerState } from './servers.ts'

/** What all exchanges of a resolver share. */
export interface Shared {
  readonly options: StubOptions
  readonly servers: readonly ServerState[]
  /** A number that no flow has had. */
  flow(): number
  /** An identifier for a query, which no other has that is under way. */
  id(): number
  /** A connection to a server: one that is there, or a new one. */
  borrow(server: number, transport: 'tcp' | 'tls'): { readonly flow: number; readonly reused: boolean }
  /** A connection is not needed for now; one that is not sound is not for others either. */
  release(flow: number, sound: boolean): void
  /** Puts something out. */
  output(output: FlowOutput): void
}

/** A query that is under way: one flow, and how long it may take. */
export interface Attempt {
  readonly server: number
  readonly transport: 'udp' | 'tcp' | 'tls'
  readonly flow: number
  readonly query: Query
  readonly deadline: number
  /** Over a connection that has been there before. */
  readonly reused: boolean
  /** Nothing speaks against using its connection again. */
  sound: boolean
  strangers: number
}

/** How a server is asked where the usual way was of no use. */
export interface Way {
  readonly edns?: false
  readonly stream?: true
}

/** A port for one query. */
export function opening(flow: number, server: number, { honours }: StubOptions): FlowOutput {
  const exposed = [rfc5452.sourceAddressMatched, rfc2181.sourcePortMatched].some(rule => !honours(rule))
  return {
    open: flow,
    transport: 'udp',
    server,
    ...(exposed ? { anyone: true } : {}),
    ...(honours(rfc5452.portUnpredictable) ? {} : { port: FIXED_PORT }),
  }
}

/** The one port of a client that others can guess. */
const FIXED_PORT = 20_053

/** A pointer to the name of the question, which is the commonest of all. RFC 1035 §4.1.4 */
export function hasPointer(octets: Uint8Array): boolean {
  return octets.some((octet, at) => octet === 0xc0 && octets[at + 1] === 0x0c)
}

/** The same message as if it had not been cut. */
export function withoutTc(octets: Uint8Array): Uint8Array {
  const copy = octets.slice()
  copy[2] = (copy[2] as number) & ~0x02
  return copy
}

/** What goes out of a query, write by write. RFC 1035 §4.2.2, RFC 7766 §8 */
export function wire(
  octets: Uint8Array,
  transport: Attempt['transport'],
  { honours }: StubOptions,
): readonly Uint8Array[] {
  if (transport === 'udp' || !honours(rfc1035.streamLengthPrefixed)) return [octets]
  const whole = framed(octets)
  return honours(rfc7766.queryInOneWrite) ? [whole] : [whole.subarray(0, 2), octets]
}
