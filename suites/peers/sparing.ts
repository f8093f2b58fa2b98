import type { Channel } from '../../src/conformance/channel.ts'
import type { Peer } from '../../src/conformance/peer.ts'

const SECOND = 1000

/**
 * The same server, asked no more once it has answered so many errors within a second, until that second is over: some
 * answer only so many, and leave the rest without an answer.
 */
export function sparing(
  peer: Peer,
  mostErrors: number,
  isError: (channel: Channel, octets: Uint8Array) => boolean,
): Peer {
  /** When errors came, in ms. */
  let errors: number[] = []

  async function room(): Promise<void> {
    for (;;) {
      const now = performance.now()
      errors = errors.filter(at => now - at < SECOND)
      const [first] = errors
      if (first === undefined || errors.length < mostErrors) return
      await new Promise(resolve => setTimeout(resolve, first + SECOND - now + 1))
    }
  }

  return {
    ...peer,
    async open(opening) {
      await room()
      const channel = await peer.open(opening)
      return {
        ...channel,
        async receive(patience) {
          const arrival = await channel.receive(patience)
          if (arrival.kind === 'octets' && isError(channel, arrival.octets)) errors.push(performance.now())
          return arrival
        },
        // Looked up when asked for, as it grows.
        get capture() {
          return channel.capture
        },
      }
    },
  }
}

/** RFC 1035 §4.1.1: codes other than NOERROR and NXDOMAIN, and BADVERS, whose lower bits are 0, by its missing answer. */
export function isDnsError({ transport }: Channel, octets: Uint8Array): boolean {
  // On a stream the length comes first.
  const at = transport === 'udp' ? 3 : 5
  const code = (octets[at] ?? 0) & 0xf
  return code !== 0 && code !== 3
}
