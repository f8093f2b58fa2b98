import type { Transport } from '../machine.ts'

/**
 * One of the flows of a subject that opens several: a port of its own that it sends datagrams from to one of ours, or a
 * connection.
 */
export interface Flow {
  /** From 1, in the order in which they came up. */
  readonly id: number
  readonly transport: Transport
  readonly subject: Address
  /** Where the subject reached us. */
  readonly tester: Address
}

/** What a connection brought within the patience given; on which flow, where the subject opens several. */
export type Arrival =
  /** On a stream as many as there were, else one datagram. */
  | { readonly kind: 'octets'; readonly octets: Uint8Array; readonly flow?: Flow | undefined }
  /** The subject ended its side in an orderly way; without a flow, where it opens several, it is over as a whole. */
  | { readonly kind: 'eof'; readonly flow?: Flow | undefined }
  /** The connection broke: a TCP RST, a TLS alert, a failed write; or there is nobody at the port (ICMP). */
  | { readonly kind: 'reset'; readonly reason: string; readonly flow?: Flow | undefined }
  /** Nothing came for as long as the patience lasts. */
  | { readonly kind: 'silence' }

/** What TLS agreed on, as far as a rule can ask for it. */
export interface Security {
  /** `TLSv1.2` or `TLSv1.3`. */
  readonly version: string
  /** The IANA name of the cipher suite, for example `TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256`. */
  readonly cipher: string
  /** What ALPN chose, or undefined when it chose nothing. */
  readonly alpn: string | undefined
  /** The name the client asked for (SNI), where we are the server. */
  readonly serverName?: string | undefined
  /** All the client offered by ALPN, where we are the server. */
  readonly offered?: readonly string[]
}

/** How a case wants its connection, where the usual way will not do. */
export interface Opening {
  /** What is to carry it, of what the peer offers; the peer's first unless said. */
  readonly transport?: Transport
  readonly tls?: {
    /** ALPN protocol names to offer, in order; none at all when empty. */
    readonly alpn?: readonly string[]
    readonly minVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
    readonly maxVersion?: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
    /** OpenSSL cipher list for TLS 1.2 and older. */
    readonly ciphers?: string
    /** The name to ask for (SNI), where we are the client. */
    readonly serverName?: string
    /** What kind of key our certificate has, where we are the server; P-256 unless said. */
    readonly certificate?: 'rsa'
    /** The group for ephemeral Diffie-Hellman, where we are the server: `modp16` has 4096 bits. RFC 3526 §5 */
    readonly dhGroup?: 'modp16'
  }
}

export interface Address {
  readonly address: string
  readonly port: number
}

/** One connection to the subject, seen from our end of it. */
export interface Channel {
  /**
   * Sends octets in one write, or as one datagram; never waits and never throws: a failure shows as an arrival. Where the
   * subject opens several flows, on this one, or on the one last heard from; with another `tester`, one of `servers` or
   * `stray`, a datagram comes from there.
   */
  send(octets: Uint8Array, flow?: Flow): void
  /** Ends our side, of one flow where there are several, in an orderly way; the other may go on. Datagrams know no end. */
  end(flow?: Flow): void
  /** Drops the connection at once; with a flow only that. */
  destroy(flow?: Flow): void
  /** The next arrival; `silence` after `patience` ms without one. Once ended, it says so each time. */
  receive(patience: number): Promise<Arrival>
  /** Milliseconds on the clock that patience is counted by. In memory it is simulated, and jumps. */
  now(): number
  readonly local: Address
  readonly remote: Address
  /** Where a subject that opens several flows may find us, the usual place first. */
  readonly servers?: readonly Address[] | undefined
  /** Where we can send datagrams from besides, of which the subject was told nothing. */
  readonly stray?: Address | undefined
  /** TCP or TLS unless said. */
  readonly transport?: Transport | undefined
  readonly security?: Security | undefined
  /** Set where the subject refused the opening, for example by a TLS alert: the reason. Such a channel carries nothing. */
  readonly refused?: string | undefined
  /** Where the subject is a program run for this connection: how it ended, `undefined` if it did not within the patience. */
  exit?(patience: number): Promise<Exit | undefined>
  /** Asks for a TLS 1.2 renegotiation, where we are the client; says what came of it. Absent where TLS cannot do so. */
  renegotiate?(): Promise<'agreed' | 'refused'>
  /** Where the ciphertext was kept: the segments under TLS and the key log, for a capture. */
  readonly capture?: Capture | undefined
}

/** How a program under test ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: string | null
  /** At most the first 64 KiB of each. */
  readonly stdout: string
  readonly stderr: string
}

/** What crossed the wire under the channel: the octets as they were on TCP. */
export interface Capture {
  /** NSS key log lines. */
  readonly secrets: readonly string[]
  readonly segments: readonly Segment[]
}

/** One write or one arrival; over datagrams, one of them. */
export interface Segment {
  /** Milliseconds on the channel's clock. */
  readonly at: number
  readonly from: 'tester' | 'subject'
  readonly octets: Uint8Array
  /** Where the subject opens several. */
  readonly flow?: Flow | undefined
}

/** A channel that never came to be: the subject refused it, and a case wants to see just that. */
export function refusedChannel(reason: string): Channel {
  const nowhere = { address: '', port: 0 }
  return {
    send() {},
    end() {},
    destroy() {},
    receive: () => Promise.resolve({ kind: 'reset', reason }),
    now: () => 0,
    local: nowhere,
    remote: nowhere,
    refused: reason,
  }
}
