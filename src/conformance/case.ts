import type { Endpoint, FlowEndpoint, Transport } from '../machine.ts'
import type { Address, Channel, Opening, Security, Segment } from './channel.ts'
import type { Honours, Role, Rule } from './rule.ts'
import type { Finding } from './verdict.ts'

/** One step of a case: something sent, something expected. Reads as a phrase before it is ever run. */
export interface Step<T> {
  /** `send SETTINGS ACK (1 octet)`, `expect a connection error of type FRAME_SIZE_ERROR`. */
  readonly says: string
  /** What goes out, when that is known without a peer: for `explain`. */
  readonly octets?: Uint8Array
  /** How to do the same by a tool that people know, for one who would see it himself: `dig +norec ...`. */
  command?(options: TalkOptions, opening?: Opening): string
  /** Does it. A finding other than `pass` ends the case; a step that only sends finds nothing. */
  run(talk: T): Promise<Finding | undefined> | Finding | undefined
}

/** An optional feature that a case needs; found out once a subject, on a connection of its own. */
export interface Feature<T> {
  readonly name: string
  /** Runs after `begin`; says why the feature is missing, or undefined when it is there. */
  probe(talk: T): Promise<string | undefined>
}

/** One way to break, or keep, one rule, and what must come of it. */
export interface Case<T extends Talk = Talk> {
  readonly rule: Rule
  /** The situation as a clause: `a SETTINGS ACK carries one octet`. Its slug is part of the id. */
  readonly when: string
  readonly steps: readonly Step<T>[]
  /** Replaces the protocol's usual beginning, which proves that the subject is alive. */
  readonly begin?: readonly Step<T>[]
  readonly opening?: Opening
  readonly needs?: readonly Feature<T>[]
  /** Sends much: runs only against a subject on loopback, or when asked for. */
  readonly flood?: true
  /** Who must not pass, where our machine that ignores the rule is not enough; with the reason in a comment. */
  deviant?(protocol: Protocol<T>, role: Role): Subject
}

export interface Suite<T extends Talk = Talk> {
  readonly protocol: Protocol<T>
  readonly role: Role
  /** What the cases are about: `SETTINGS`. */
  readonly title: string
  readonly cases: readonly Case<T>[]
}

/** Groups cases that test one role. */
export function suite<T extends Talk>(
  protocol: Protocol<T>,
  role: Role,
  title: string,
  cases: readonly Case<T>[],
): Suite<T> {
  return { protocol, role, title, cases }
}

/** `rfc9113/6.5/settings-ack-empty/a-settings-ack-carries-one-octet`: never a number in sequence. */
export function caseId(entry: { readonly rule: Rule; readonly when: string }): string {
  return `${entry.rule.id}/${slug(entry.when)}`
}

/** Lower case, runs of anything but letters and digits as one hyphen. */
export function slug(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
}

/** What an endpoint is told of its connection. */
export interface Connected {
  /** What TLS agreed on, where there is TLS. */
  readonly security?: Pick<Security, 'alpn' | 'version' | 'cipher'> | undefined
  /** The time of day, in ms since 1970, when its clock shows 0, for one that has to name it. */
  readonly epoch?: number
  /** TCP or TLS unless said. */
  readonly transport?: Transport | undefined
  /** What its clock shows as it is made; 0 unless said. */
  readonly now?: number
  /** Who is at the other end. */
  readonly remote?: Address | undefined
  /** How many servers it may go to, for one that opens its flows itself. */
  readonly servers?: number | undefined
}

/** A subject in memory: a fresh endpoint for each connection, and what its TLS would agree on. */
export interface Subject {
  /** A fresh endpoint; over datagrams, one for each address that they come from. */
  connect(connected?: Connected): Endpoint
  /** In place of `connect`, for a client that opens its flows itself: datagrams, and streams beside them. */
  flows?(connected?: Connected): FlowEndpoint
  /** What TLS would agree on for this opening; throws `Refused` when it would not; absent: no TLS. */
  secure?(opening: Opening): Security
  /** What it would make of a TLS renegotiation. */
  renegotiate?(): 'agreed' | 'refused'
}

/** What a talk is told about the subject. */
export interface TalkOptions {
  /** How long silence may last, in ms, before it counts as such. */
  readonly patience: number
  /** The most octets a case takes from the subject before it calls it endless. */
  readonly octetLimit: number
  /** Extra request header fields of the operator's. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  /** Where to ask for what: by the protocol's own names, for example `path`, `large`, `echo`. */
  readonly resources: Readonly<Record<string, string>>
  /** Host and port as the subject is addressed. */
  readonly authority: string
  readonly secure: boolean
}

/** How a case speaks to a peer: the part of a talk that the runner needs. */
export interface Talk {
  /** Sends what steps have gathered, in one write. */
  flush(): void
}

/** Opens another connection within a case. Throws `Unreachable` or `Refused`. */
export type Dial = (opening?: Opening) => Promise<Channel>

/** What shows, whatever the subject makes of it, that a server is there: a question, and whether octets answer it. */
export interface Hello {
  readonly octets: Uint8Array
  /** Given all that came on a stream so far, or one datagram. */
  answeredBy(octets: Uint8Array): boolean
}

/** All that the kernel knows of a protocol. */
export interface Protocol<T extends Talk = Talk> {
  /** `http2` */
  readonly name: string
  /** `HTTP/2` */
  readonly title: string
  readonly rules: readonly Rule[]
  readonly specifications: Readonly<Record<string, { readonly title: string; readonly sections: string }>>
  /** Where our own subject serves what the suites ask for, by the protocol's own names. */
  readonly resources: TalkOptions['resources']
  /** What can carry it, the usual first; streams only unless said. */
  readonly transports?: readonly Transport[]
  /** `dial` opens another connection to a server under test, with evidence and bounds like the first. */
  talk(channel: Channel, role: Role, options: TalkOptions, dial: Dial): T
  /**
   * What each segment of a connection means, one line a message that ended in it; for the transcript. Never throws; no
   * line is longer than some thousand characters.
   */
  describe(segments: readonly Segment[], transport?: Transport): readonly (readonly string[])[]
  /** The steps before a case's own: the handshake and proof that the subject is alive. */
  begin(role: Role): readonly Step<T>[]
  /** The shortest exchange with a server: it is asked whether it is ready, and after each case whether it lives. */
  hello(transport: Transport, resources: TalkOptions['resources']): Hello
  /** Our own machine in a role, keeping the rules it honours, with an application that suits the suites. */
  subject(role: Role, honours: Honours): Subject
}
