import type { Conversation, Datagram } from './datagram.ts'
import { ipDatagram, oneFamily, UDP } from './datagram.ts'

/** Octets of a header. RFC 768 */
const HEADER = 8

/** So that an IPv4 datagram holds it (at most 65,535 octets, 20 of them its header). */
const MAX_PAYLOAD = 65_535 - 20 - HEADER

/** One datagram for each segment. What is too long for one never went. */
export function overUdp(conversation: Conversation): readonly Datagram[] {
  const { tester, subject } = oneFamily(conversation)
  return conversation.segments
    .filter(({ octets }) => octets.length <= MAX_PAYLOAD)
    .map(({ at, from, octets }) => {
      const [source, destination] = from === 'tester' ? [tester, subject] : [subject, tester]
      const udp = new Uint8Array(HEADER + octets.length)
      const view = new DataView(udp.buffer)
      view.setUint16(0, source.port)
      view.setUint16(2, destination.port)
      view.setUint16(4, udp.length)
      udp.set(octets, HEADER)
      return { at, octets: ipDatagram(source, destination, UDP, udp, 6) }
    })
}
