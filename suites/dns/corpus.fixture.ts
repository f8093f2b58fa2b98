import type { Suite } from '../../src/conformance/case.ts'
import type { Channel } from '../../src/conformance/channel.ts'
import type { Peer } from '../../src/conformance/peer.ts'
import { type InMemory, tryOut } from '../../src/conformance/prove.ts'
import { honoursAll } from '../../src/conformance/rule.ts'
import { Unframer } from '../../src/dns/framing.ts'

/** Each message that the cases of these suites send and get, once, in memory and against what keeps all rules. */
export async function corpusOf(suites: readonly Suite[], inMemory: InMemory): Promise<Uint8Array[]> {
  const found = new Map<string, Uint8Array>()
  const keep = (octets: Uint8Array): unknown => found.set(Buffer.from(octets).toString('hex'), Uint8Array.from(octets))
  for (const suite of suites) {
    const { protocol, role, cases } = suite
    for (const entry of cases) {
      const peer = inMemory(protocol.subject(role, honoursAll), role, 'ours', protocol.transports)
      await tryOut(suite, entry, overheard(peer, keep))
    }
  }
  return [...found.values()]
}

function overheard(peer: Peer, keep: (message: Uint8Array) => void): Peer {
  return { ...peer, open: async opening => overhear(await peer.open(opening), keep) }
}

/** Takes the messages out of all that crosses a channel. What HTTP carries is the same as elsewhere, and left out. */
function overhear(channel: Channel, keep: (message: Uint8Array) => void): Channel {
  const streams = new Map<string, Unframer>()
  const take = (octets: Uint8Array, way: string, transport = channel.transport ?? 'tcp'): void => {
    if (channel.security?.alpn === 'h2' || transport === 'https') return
    if (transport === 'udp') {
      keep(octets)
      return
    }
    const stream = streams.get(way) ?? new Unframer()
    streams.set(way, stream)
    for (const message of stream.push(Uint8Array.from(octets))) keep(message)
  }
  const { send, receive } = channel
  return Object.assign(channel, {
    send(...[octets, flow]: Parameters<Channel['send']>) {
      take(octets, `to ${flow?.id}`, flow?.transport)
      send.call(channel, octets, flow)
    },
    async receive(patience: number) {
      const arrival = await receive.call(channel, patience)
      if (arrival.kind === 'octets') take(arrival.octets, `from ${arrival.flow?.id}`, arrival.flow?.transport)
      return arrival
    },
  })
}
