/** How often something may happen: `burst` times at once, and `perSecond` times a second in the long run. */
export interface Rate {
  readonly burst: number
  readonly perSecond: number
}

/**
 * Every bound on what a peer may make an endpoint do or keep. What goes beyond one is a connection error of type
 * ENHANCE_YOUR_CALM (RFC 9113 §10.5), unless it says otherwise.
 */
export interface Limits {
  /**
   * Octets of a field section as RFC 9113 §6.5.2 counts them; advertised as SETTINGS_MAX_HEADER_LIST_SIZE. A request beyond
   * it is answered with status 431, a response beyond it reset. 64 KiB: four times what browsers and proxies commonly send.
   */
  readonly headerListSize: number
  /** Octets of one field block as compressed. Compression never makes a section of `headerListSize` longer than this. */
  readonly fieldBlockOctets: number
  /** CONTINUATION frames of one block. 256 leave room for a peer that sends a few octets in each. CVE-2024-27316 */
  readonly continuationFrames: number
  /**
   * Streams the peer may have open at once; advertised as SETTINGS_MAX_CONCURRENT_STREAMS. A stream beyond it is reset with
   * REFUSED_STREAM. 100 is the least that RFC 9113 §6.5.2 recommends.
   */
  readonly concurrentStreams: number
  /** Streams promised by the peer that have not begun; further ones are reset with ENHANCE_YOUR_CALM. RFC 9113 §10.5 */
  readonly reservedStreams: number
  /** SETTINGS frames, ACKs not counted. Peers change settings a few times at most. CVE-2019-9515 */
  readonly settings: Rate
  /** Parameters in one SETTINGS frame: a dozen are defined. */
  readonly settingsParameters: number
  /** PING frames. Some clients measure the bandwidth by one for each burst of DATA. CVE-2019-9512 */
  readonly pings: Rate
  /** DATA frames that carry no data and do not end the stream. CVE-2019-9518 */
  readonly emptyData: Rate
  /** HEADERS and CONTINUATION frames without a fragment. CVE-2019-9518 */
  readonly emptyFragments: Rate
  /** PRIORITY and PRIORITY_UPDATE frames. CVE-2019-9513 */
  readonly priorities: Rate
  /** RST_STREAM frames: a page's worth of requests may be given up at once. CVE-2023-44487 */
  readonly resets: Rate
  /** Streams that the peer makes us reset. CVE-2025-8671 */
  readonly streamErrors: Rate
  /** WINDOW_UPDATE frames over those that the DATA we sent explains: two for each DATA frame. CVE-2019-9511 */
  readonly windowUpdates: Rate
  /** Frames of unknown types. */
  readonly unknownFrames: Rate
  /** Octets of frames other than DATA that wait to go out, as the peer does not read. CVE-2019-9517 */
  readonly outgoingOctets: number
  /** Octets of DATA that are made into frames ahead of the transport taking them; never an error. */
  readonly dataAhead: number
  /** Milliseconds for the peer's preface and SETTINGS ACK: SETTINGS_TIMEOUT. RFC 9113 §6.5.3 */
  readonly settingsTimeout: number
  /**
   * Milliseconds without an octet from the peer. A connection without streams is then left; where there are some, a PING asks
   * whether the peer is still there. Two minutes: longer than browsers and proxies let a connection rest before they ask again.
   */
  readonly idleTimeout: number
  /** Milliseconds for the answer to that PING. */
  readonly pingTimeout: number
  /** Milliseconds that a shutdown waits for what is under way, and that a connection lives idle after the peer's GOAWAY. */
  readonly shutdownTimeout: number
}

export const LIMITS: Limits = {
  headerListSize: 65536,
  fieldBlockOctets: 2 * 65536,
  continuationFrames: 256,
  concurrentStreams: 100,
  reservedStreams: 100,
  settings: { burst: 100, perSecond: 10 },
  settingsParameters: 1000,
  pings: { burst: 500, perSecond: 100 },
  emptyData: { burst: 200, perSecond: 20 },
  emptyFragments: { burst: 200, perSecond: 20 },
  priorities: { burst: 1000, perSecond: 200 },
  resets: { burst: 400, perSecond: 100 },
  streamErrors: { burst: 400, perSecond: 100 },
  windowUpdates: { burst: 2000, perSecond: 500 },
  unknownFrames: { burst: 1000, perSecond: 200 },
  outgoingOctets: 1 << 20,
  dataAhead: 1 << 18,
  settingsTimeout: 10_000,
  idleTimeout: 120_000,
  pingTimeout: 10_000,
  shutdownTimeout: 10_000,
}

/** A bucket of tokens that fills up as time goes by. */
export class Allowance {
  readonly #rate: Rate
  #left: number
  #at = Number.NEGATIVE_INFINITY

  constructor(rate: Rate) {
    this.#rate = rate
    this.#left = rate.burst
  }

  /** Takes one; whether there was one left. */
  spend(now: number): boolean {
    const { burst, perSecond } = this.#rate
    if (this.#left < burst && now > this.#at) {
      this.#left = Math.min(burst, this.#left + ((now - this.#at) * perSecond) / 1000)
    }
    this.#at = now
    if (this.#left < 1) return false
    this.#left--
    return true
  }

  /** Gives some more, for what one's own doing explains. */
  earn(count: number): void {
    this.#left = Math.min(this.#rate.burst, this.#left + count)
  }
}
