import type { Honours, Role, Rule } from '../conformance/rule.ts'
import { honoursAll } from '../conformance/rule.ts'
import { HpackDecoder } from '../hpack/decoder.ts'
import { HpackEncoder } from '../hpack/encoder.ts'
import type { Field } from '../hpack/field.ts'
import type { Http2Event } from './events.ts'
import { INITIAL_WINDOW, ReceiveWindow, SendWindow } from './flow-control.ts'
import { FrameReader } from './frame.ts'
import { Allowance, LIMITS, type Limits } from './limits.ts'
import { Output } from './output.ts'
import type { Priority } from './priority.ts'
import { rfc9113 } from './rules.ts'
import { OwnSettings, type Settings, SettingsInForce } from './settings.ts'
import type { Stream } from './stream.ts'
import { Streams } from './streams.ts'

/** What a field section that goes out is. */
export type SentSection = 'request' | 'response' | 'interim' | 'trailers' | 'promise'

export interface ConnectionOptions {
  /** Which rules to keep: all. */
  readonly honours?: Honours
  /** Bounds other than the defaults. */
  readonly limits?: Partial<Limits>
  /** What to announce in the preface, over the defaults. */
  readonly settings?: Settings
  /** A last look at a field section before it is compressed: for deviants. */
  readonly alterFields?: ((fields: readonly Field[], kind: SentSection) => readonly Field[]) | undefined
  /** The peer went beyond a limit. */
  readonly onAbuse?: (() => void) | undefined
}

/** A field block whose frames have not all come. RFC 9113 §4.3 */
export interface FieldBlock {
  readonly stream: number
  /** Of a PUSH_PROMISE: the promised stream. */
  readonly promised: number | undefined
  /** HEADERS had END_STREAM. */
  readonly end: boolean
  readonly fragments: Uint8Array[]
  /** Octets of the fragments. */
  octets: number
  continuations: number
}

/** What both ends of an HTTP/2 connection keep of it. The files `receive-*` and `send-*` work on it. */
export class Connection {
  readonly role: Role
  readonly honours: Honours
  readonly limits: Limits
  readonly alterFields: ConnectionOptions['alterFields']
  readonly onAbuse: (() => void) | undefined
  readonly streams: Streams
  readonly own = new OwnSettings()
  /** The peer's settings. */
  readonly remote = new SettingsInForce()
  /** We have announced SETTINGS_ENABLE_CONNECT_PROTOCOL 1. */
  extendedConnect = false
  readonly encoder: HpackEncoder
  decoder: HpackDecoder
  readonly reader = new FrameReader()
  readonly out = new Output()
  /** For a deviant that answers PING last. */
  readonly last = new Output()
  readonly sending = new SendWindow(INITIAL_WINDOW)
  readonly receiving = new ReceiveWindow(INITIAL_WINDOW)
  readonly allowances: ReturnType<typeof allowances>
  /** What the machine will say has happened. */
  events: Http2Event[] = []
  /** The time of the latest call, in ms; undefined before the first. */
  now: number | undefined
  /** When it was first called. */
  started = 0
  /** When the latest octets came, and when PING has asked for more since then. */
  heard = 0
  probed: number | undefined
  block: FieldBlock | undefined
  /** Streams that may have something to send. */
  readonly ready: Stream[] = []
  /** Priorities of streams that have not been opened. RFC 9218 §7 */
  readonly priorities = new Map<number, Priority>()
  /** SETTINGS frames of the peer so far, and those not yet acknowledged that a deviant answers together. */
  settingsReceived = 0
  /** Nothing that comes is heeded any more. */
  closed = false
  /** After what waits to go out, the connection closes. */
  closing = false
  /** The order to close has been given. */
  peerTold = false
  /** The machine hangs: only a deviant does. */
  wedged = false
  /** The last stream named in our latest GOAWAY. */
  goawaySent: number | undefined
  goawayReceived: { readonly lastStream: number; readonly code: number } | undefined
  /** The peer has ended its side of the transport. */
  peerEnded = false
  /** `announced`: GOAWAY of 2^31-1 is out; `final`: that of the real last stream is. RFC 9113 §6.8 */
  shutdown: 'no' | 'announced' | 'final' = 'no'
  /** When waiting for the end of what is under way ends. */
  shutdownDeadline: number | undefined

  constructor(role: Role, options: ConnectionOptions) {
    const honours = options.honours ?? honoursAll
    this.role = role
    this.honours = honours
    this.limits = { ...LIMITS, ...options.limits }
    this.alterFields = options.alterFields
    this.onAbuse = options.onAbuse
    this.streams = new Streams(role)
    this.encoder = new HpackEncoder({ honours })
    this.decoder = new HpackDecoder({ honours, maxListSize: this.limits.headerListSize })
    this.allowances = allowances(this.limits)
  }

  /** Whether all of these rules are kept: one that is ignored is enough to let a breach pass. */
  keeps(...rules: readonly Rule[]): boolean {
    return rules.every(this.honours)
  }

  /** Puts a stream in the list of those that may send. */
  wake(stream: Stream): void {
    if (stream.ready) return
    stream.ready = true
    this.ready.push(stream)
  }

  /** How many streams of the peer may be open at once: what it was told, within our bounds. RFC 9113 §5.1.2 */
  get mostStreams(): number {
    return Math.min(this.limits.concurrentStreams, this.own.acknowledged.maxConcurrentStreams)
  }

  /** The highest peer-initiated stream that GOAWAY has to name. RFC 9113 §6.8 */
  get lastProcessed(): number {
    const last = this.honours(rfc9113.goawayCoversProcessed) ? this.streams.peer.last : 0
    return Math.min(last, this.goawaySent ?? 0x7fffffff)
  }
}

function allowances(limits: Limits) {
  return {
    settings: new Allowance(limits.settings),
    pings: new Allowance(limits.pings),
    emptyData: new Allowance(limits.emptyData),
    emptyFragments: new Allowance(limits.emptyFragments),
    priorities: new Allowance(limits.priorities),
    resets: new Allowance(limits.resets),
    streamErrors: new Allowance(limits.streamErrors),
    windowUpdates: new Allowance(limits.windowUpdates),
    unknownFrames: new Allowance(limits.unknownFrames),
  }
}
