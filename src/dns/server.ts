import type { Connected } from '../conformance/case.ts'
import type { Endpoint } from '../machine.ts'
import { framed, PREFIX, Unframer } from './framing.ts'
import { HEADER_LENGTH } from './message.ts'
import { respond } from './respond.ts'
import { rfc1035, rfc7766, rfc7858 } from './rules.ts'
import type { Site, Via } from './site.ts'

/** How a query came, at one moment. */
export function viaOf(connected: Connected, now: number): Via {
  const { transport = 'tcp', epoch = 0, remote } = connected
  return { transport, address: remote?.address ?? '', seconds: Math.floor((epoch + now) / 1000) }
}

/** A server's side of the datagrams of one client: an answer, or none, to each. RFC 1035 §4.2.1 */
export function datagramEndpoint(site: Site, connected: Connected): Endpoint {
  let output: Uint8Array[] = []
  return {
    receive(octets, now) {
      if (octets !== 'eof') output.push(...respond(site, octets, viaOf({ ...connected, transport: 'udp' }, now)))
    },
    tick() {},
    transmit() {
      const all = output
      output = []
      return all
    },
  }
}

/** A server's side of one TCP or TLS connection. RFC 1035 §4.2.2, RFC 7766, RFC 7858 */
export class StreamEndpoint implements Endpoint {
  readonly #site: Site
  readonly #connected: Connected
  readonly #unframer = new Unframer()
  #output: (Uint8Array | 'close')[] = []
  #closed = false
  #queries = 0
  /** When the connection has been idle for too long. RFC 7766 §6.2.3 */
  deadline: number | undefined

  constructor(site: Site, connected: Connected) {
    this.#site = site
    this.#connected = connected
  }

  receive(octets: Uint8Array | 'eof', now: number): void {
    if (this.#closed) return
    const { honours, limits } = this.#site
    if (octets === 'eof') {
      // What came before has been answered: the client may have ended only its side. RFC 7766 §6.2.4
      if (!honours(rfc7766.halfCloseAnswered)) this.#output = []
      this.#close()
      return
    }
    this.deadline = now + (honours(rfc7766.idlePeriod) ? limits.idle : 1)
    const messages = this.#taken(octets)
    for (const message of messages) this.#answer(message, now)
    if (!honours(rfc1035.streamConnectionKept) && messages.length > 0) this.#close()
  }

  tick(now: number): void {
    if (this.deadline !== undefined && this.deadline <= now) this.#close()
  }

  transmit(): (Uint8Array | 'close')[] {
    const all = this.#output
    this.#output = []
    return all
  }

  /** Leaves: every query has had its answer at once. */
  shutdown(): void {
    this.#close()
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.deadline = undefined
    this.#output.push('close')
  }

  #taken(octets: Uint8Array): Uint8Array[] {
    const { honours } = this.#site
    const tls = this.#connected.transport === 'tls'
    // A deviant takes each arrival for one message.
    const whole = honours(rfc7766.splitMessageRead) && (!tls || honours(rfc7858.tlsSplitRead))
    if (!whole) return octets.length > PREFIX ? [octets.slice(PREFIX)] : []
    const messages = this.#unframer.push(octets)
    return honours(rfc7766.severalMessagesInOneSegment) ? messages : messages.slice(0, 1)
  }

  #answer(message: Uint8Array, now: number): void {
    const { honours } = this.#site
    if (message.length < HEADER_LENGTH) {
      // Whoever sends that has lost the thread, and so have we: there is no telling where the next message begins.
      this.#close()
      return
    }
    this.#queries++
    const tls = this.#connected.transport === 'tls'
    const again = this.#queries > 1
    if (!honours(rfc7766.tcpServed) || (tls && !honours(rfc7858.tlsServed))) return
    if (again && !honours(rfc7766.connectionReused)) return
    if (again && tls && !(honours(rfc7858.tlsConnectionReused) && honours(rfc7858.tlsPipelined))) return
    if (again && !honours(rfc7766.pipelinedAllAnswered)) return
    for (const response of respond(this.#site, message, viaOf(this.#connected, now))) this.#send(response)
  }

  #send(response: Uint8Array): void {
    const { honours } = this.#site
    if (!honours(rfc7766.answersMatchedById)) response[1] = (response[1] as number) ^ 1
    if (!honours(rfc1035.streamPrefix)) this.#output.push(response)
    else if (honours(rfc7766.prefixAndMessageTogether)) this.#output.push(framed(response))
    else this.#output.push(framed(response).subarray(0, PREFIX), response)
  }
}
