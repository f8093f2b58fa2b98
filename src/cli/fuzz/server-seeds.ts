import { suites } from '../../catalog.ts'
import type { Protocol } from '../../conformance/case.ts'
import type { Arrival, Channel, Opening } from '../../conformance/channel.ts'
import type { Peer } from '../../conformance/peer.ts'
import { tryOut } from '../../conformance/prove.ts'
import { honoursAll } from '../../conformance/rule.ts'
import { inputOf, LONGEST, type Piece } from '../../fuzz/targets/pieces.ts'
import { memoryPeer } from '../../io/memory.ts'
import type { Transport } from '../../machine.ts'

/** What is too long to be changed often, in octets and in pieces. */
const LONG = 8192
const MANY = 64

/**
 * What the cases for servers send, as sessions for these transports: each is run in memory against our server, where what
 * is sent may depend on what came.
 */
export async function caseSeeds(protocol: Protocol, transports: readonly Transport[]): Promise<Uint8Array[]> {
  const seeds = new Map<string, Uint8Array>()
  for (const suite of suites) {
    if (suite.protocol.name !== protocol.name || suite.role !== 'server') continue
    for (const entry of suite.cases) {
      const { opening } = entry
      if (entry.flood || opening?.tls) continue
      const peer = memoryPeer(protocol.subject('server', honoursAll), 'server', 'seeds', protocol.transports)
      const session = new Recorded(transports)
      await tryOut(suite, entry, session.recording(peer))
      const seed = session.input()
      if (seed) seeds.set(Buffer.from(seed).toString('latin1'), seed)
    }
  }
  return [...seeds.values()]
}

/** A session as it is played in memory, in pieces. */
class Recorded {
  readonly #transports: readonly Transport[]
  readonly #pieces: Piece[] = []
  /** How many flows each transport has. */
  readonly #flows = new Map<number, number>()
  #current = 0
  /** Something was sent that nothing has come after. */
  #asked = false
  #strange = false

  constructor(transports: readonly Transport[]) {
    this.#transports = transports
  }

  /** The last connection that a case opened, and those opened beside it, are the session; others came before. */
  recording(peer: Peer): Peer {
    return {
      ...peer,
      open: async opening => {
        const channel = await peer.open(this.#chosen(peer, opening))
        const transport = channel.transport ?? peer.transports?.[0] ?? 'tcp'
        // What TLS carries may as well go without, and the other way round.
        const like = transport === 'tls' ? 'tcp' : transport === 'tcp' ? 'tls' : undefined
        const carried = this.#transports.includes(transport) ? transport : like
        const kind = carried === undefined ? -1 : this.#transports.indexOf(carried)
        if (kind < 0) {
          this.#strange = true
          return channel
        }
        const number = this.#flows.get(kind) ?? 0
        this.#flows.set(kind, number + 1)
        return this.#tapped(channel, number * this.#transports.length + kind)
      },
    }
  }

  /** A case that leaves it open what carries it takes what there is. */
  #chosen(peer: Peer, opening: Opening | undefined): Opening | undefined {
    const [usual] = peer.transports ?? []
    const [own] = this.#transports
    if (opening?.transport !== undefined || usual === undefined || own === undefined) return opening
    return this.#transports.includes(usual) || !peer.transports?.includes(own)
      ? opening
      : { ...opening, transport: own }
  }

  /** Undefined where it is nothing to begin with. */
  input(): Uint8Array | undefined {
    if (this.#strange || this.#pieces.length > MANY || this.#pieces.every(({ kind }) => kind !== 'octets'))
      return undefined
    const input = inputOf(this.#pieces)
    return input.length > LONG ? undefined : input
  }

  #tapped(channel: Channel, flow: number): Channel {
    return {
      ...channel,
      send: (octets, on) => {
        this.#goTo(flow)
        if (octets.length <= LONGEST) this.#pieces.push({ kind: 'octets', octets: octets.slice() })
        else this.#strange = true
        this.#asked = true
        channel.send(octets, on)
      },
      end: on => {
        this.#pieces.push({ kind: 'end', how: 0, flow })
        channel.end(on)
      },
      receive: async patience => {
        const arrival: Arrival = await channel.receive(patience)
        if (this.#asked && this.#current === flow) {
          this.#pieces.push({ kind: 'time', stride: 1, flow })
          this.#asked = false
        }
        return arrival
      },
    }
  }

  #goTo(flow: number): void {
    if (flow === this.#current) return
    this.#pieces.push({ kind: 'time', stride: 1, flow })
    this.#current = flow
    this.#asked = false
  }
}
