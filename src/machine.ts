/**
 * What carries a protocol: streams, or, by `udp`, datagrams that may be lost. `https`: HTTP/2 over TLS, for a protocol whose
 * messages are the content of requests.
 */
export type Transport = 'tcp' | 'udp' | 'tls' | 'https'

/**
 * A protocol with the network taken out: no sockets, no clock, no randomness. Times are milliseconds on any clock that
 * does not go back; entropy, where a protocol wants it, is an argument.
 */
export interface Machine<Event, Command> {
  /** Octets, or the end of the peer's octets, have come; says what that means. */
  receive(octets: Uint8Array | 'eof', now: number): Event[]
  /** Time has passed; call it when `deadline` is reached. Says what that means. */
  tick(now: number): Event[]
  /** Asks the machine to do something. */
  send(command: Command, now: number): void
  /** Takes what is to go out now, in order: octets, then perhaps the order to close. */
  transmit(): (Uint8Array | 'close')[]
  /** When `tick` is wanted next, if at all. */
  readonly deadline?: number | undefined
}

/**
 * A machine with its application inside: all that a socket, or a pipe in memory, has to drive. Over datagrams each
 * `receive` is one that came, and each output one that goes; no end is ever received, and `close` forgets the other side.
 */
export interface Endpoint {
  receive(octets: Uint8Array | 'eof', now: number): void
  tick(now: number): void
  transmit(): (Uint8Array | 'close')[]
  /** Asked to leave: finishes what is under way, takes nothing new, then closes. One that has no such thing is dropped. */
  shutdown?(now: number): void
  readonly deadline?: number | undefined
}

/** What a machine that opens its own flows wants done: one opened, octets sent on one, one closed. */
export type FlowOutput =
  | {
      /** The number by which it will speak of the flow; never used twice. */
      readonly open: number
      readonly transport: 'udp' | 'tcp' | 'tls'
      /** Which of the servers it knows, from 0. */
      readonly server: number
      /** The port to go out from; any that is free when absent, and so one that is hard to guess. */
      readonly port?: number | undefined
      /** Takes datagrams from whoever sends some, and not from that server alone. */
      readonly anyone?: true | undefined
    }
  | { readonly flow: number; readonly octets: Uint8Array }
  | { readonly flow: number; readonly close: true }

/**
 * A client that opens its flows itself, with its application inside: datagrams from several ports, streams beside them,
 * to several servers. Over datagrams each `receive` and each output is one.
 */
export interface FlowEndpoint {
  /** `eof`: the server has ended a stream. `refused`: there is nobody, or the connection broke. */
  receive(flow: number, octets: Uint8Array | 'eof' | 'refused', now: number): void
  tick(now: number): void
  transmit(): FlowOutput[]
  readonly deadline?: number | undefined
}
