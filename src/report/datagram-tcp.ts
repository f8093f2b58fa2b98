import type { Segment } from '../conformance/channel.ts'
import type { Conversation, Datagram, End } from './datagram.ts'
import { ipDatagram, oneFamily, TCP } from './datagram.ts'

/** A stream of octets both ways, to be put into TCP. */
export interface Stream extends Conversation {
  readonly opener: Segment['from']
  readonly opened: number
  readonly ending?: { readonly by: Segment['from']; readonly how: 'fin' | 'rst'; readonly at: number } | undefined
}

/** A segment carries no more, so that an IP datagram holds it (at most 65,535 octets). */
const MAX_PAYLOAD = 65_000

// RFC 9293 §3.1
const FIN = 0x01
const SYN = 0x02
const RST = 0x04
const PSH = 0x08
const ACK = 0x10

/** With the shift of 14 (RFC 7323 §2.3) a window of 1 GiB: no reader of the capture takes it for full. */
const WINDOW = 0xffff
const SYN_OPTIONS = Uint8Array.of(2, 4, 0xff, 0xc3, 1, 3, 3, 14)

/** The datagrams of a connection: handshake, data with the right numbers both ways, and its end if it had one. */
export function overTcp(stream: Stream): readonly Datagram[] {
  const sent: Datagram[] = []
  const other = { tester: 'subject', subject: 'tester' } as const
  const next = { tester: 1000, subject: 5_000_000 }
  const ends = oneFamily(stream)
  const emit = (at: number, from: Segment['from'], flags: number, payload: Uint8Array = new Uint8Array(0)): void => {
    const to = other[from]
    const acknowledged = flags & ACK ? next[to] : 0
    sent.push({ at, octets: segment(ends[from], ends[to], next[from], acknowledged, flags, payload) })
    next[from] = (next[from] + payload.length + (flags & (SYN | FIN) ? 1 : 0)) >>> 0
  }

  const { opener, opened, ending } = stream
  emit(opened, opener, SYN)
  emit(opened, other[opener], SYN | ACK)
  emit(opened, opener, ACK)
  for (const { at, from, octets } of stream.segments) {
    for (let start = 0; start < octets.length; start += MAX_PAYLOAD) {
      emit(at, from, PSH | ACK, octets.subarray(start, start + MAX_PAYLOAD))
    }
  }
  if (ending?.how === 'rst') emit(ending.at, ending.by, RST | ACK)
  if (ending?.how === 'fin') {
    emit(ending.at, ending.by, FIN | ACK)
    emit(ending.at, other[ending.by], FIN | ACK)
    emit(ending.at, ending.by, ACK)
  }
  return sent
}

/** RFC 9293 §3.1 */
function segment(
  from: End,
  to: End,
  sequence: number,
  acknowledged: number,
  flags: number,
  payload: Uint8Array,
): Uint8Array {
  const options = flags & SYN ? SYN_OPTIONS : new Uint8Array(0)
  const tcp = new Uint8Array(20 + options.length + payload.length)
  const view = new DataView(tcp.buffer)
  view.setUint16(0, from.port)
  view.setUint16(2, to.port)
  view.setUint32(4, sequence)
  view.setUint32(8, acknowledged)
  view.setUint8(12, ((20 + options.length) / 4) << 4)
  view.setUint8(13, flags)
  view.setUint16(14, WINDOW)
  tcp.set(options, 20)
  tcp.set(payload, 20 + options.length)
  return ipDatagram(from, to, TCP, tcp, 16)
}
