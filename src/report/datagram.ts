import type { Address, Segment } from '../conformance/channel.ts'

/** One end of a TCP connection: four octets of IPv4 or sixteen of IPv6. */
export interface End {
  readonly address: Uint8Array
  readonly port: number
}

/** A stream of octets both ways, to be put into TCP. Times are on any one clock, in ms. */
export interface Stream {
  readonly tester: End
  readonly subject: End
  readonly opener: Segment['from']
  readonly segments: readonly Segment[]
  readonly opened: number
  readonly ending?: { readonly by: Segment['from']; readonly how: 'fin' | 'rst'; readonly at: number } | undefined
}

/** An IP datagram and when it went. */
export interface Datagram {
  readonly at: number
  readonly octets: Uint8Array
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
export function datagrams(stream: Stream): readonly Datagram[] {
  const sent: Datagram[] = []
  const other = { tester: 'subject', subject: 'tester' } as const
  const next = { tester: 1000, subject: 5_000_000 }
  const family = common(stream.tester, stream.subject)
  const emit = (at: number, from: Segment['from'], flags: number, payload: Uint8Array = new Uint8Array(0)): void => {
    const to = other[from]
    const acknowledged = flags & ACK ? next[to] : 0
    sent.push({ at, octets: datagram(family[from], family[to], next[from], acknowledged, flags, payload) })
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

/** An address as the end of a connection; 127.0.0.1 for what is no IP address, and port 1 for port 0. */
export function endpoint({ address, port }: Address): End {
  return { address: ipv4(address) ?? ipv6(address) ?? Uint8Array.of(127, 0, 0, 1), port: port & 0xffff || 1 }
}

/** Both ends in one family: IPv4 is mapped into IPv6 where the other end is IPv6 (RFC 4291 §2.5.5.2). */
function common(tester: End, subject: End): { tester: End; subject: End } {
  if (tester.address.length === subject.address.length) return { tester, subject }
  const mapped = (end: End): End =>
    end.address.length === 16
      ? end
      : { ...end, address: Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...end.address) }
  return { tester: mapped(tester), subject: mapped(subject) }
}

function ipv4(text: string): Uint8Array | undefined {
  const plain = text.replace(/^::ffff:(?=\d+\.)/i, '')
  const parts = plain.split('.')
  if (parts.length !== 4 || !parts.every(part => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined
  return Uint8Array.from(parts, Number)
}

/** RFC 4291 §2.2, without the form that ends in dots; a zone is left out. */
function ipv6(text: string): Uint8Array | undefined {
  const halves = text
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '')
    .split('::')
  const [head = [], tail = []] = halves.map(half => (half === '' ? [] : half.split(':')))
  const fill = 8 - head.length - tail.length
  if (halves.length > 2 || (halves.length === 2 ? fill < 1 : fill !== 0)) return undefined
  const groups = [...head, ...Array<string>(fill).fill('0'), ...tail]
  if (!groups.every(group => /^[0-9a-f]{1,4}$/i.test(group))) return undefined
  return Uint8Array.from(groups.flatMap(group => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]))
}

function datagram(
  from: End,
  to: End,
  sequence: number,
  acknowledged: number,
  flags: number,
  payload: Uint8Array,
): Uint8Array {
  const options = flags & SYN ? SYN_OPTIONS : new Uint8Array(0)
  // RFC 9293 §3.1
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
  view.setUint16(16, checksum(pseudoHeader(from, to, tcp.length), tcp))
  const header = from.address.length === 4 ? ipv4Header(from, to, tcp.length) : ipv6Header(from, to, tcp.length)
  const octets = new Uint8Array(header.length + tcp.length)
  octets.set(header)
  octets.set(tcp, header.length)
  return octets
}

const TCP = 6
const HOPS = 64

/** RFC 791 §3.1 */
function ipv4Header(from: End, to: End, length: number): Uint8Array {
  const header = new Uint8Array(20)
  const view = new DataView(header.buffer)
  view.setUint8(0, 0x45)
  view.setUint16(2, 20 + length)
  view.setUint16(6, 0x4000)
  view.setUint8(8, HOPS)
  view.setUint8(9, TCP)
  header.set(from.address, 12)
  header.set(to.address, 16)
  view.setUint16(10, checksum(header))
  return header
}

/** RFC 8200 §3 */
function ipv6Header(from: End, to: End, length: number): Uint8Array {
  const header = new Uint8Array(40)
  const view = new DataView(header.buffer)
  view.setUint8(0, 0x60)
  view.setUint16(4, length)
  view.setUint8(6, TCP)
  view.setUint8(7, HOPS)
  header.set(from.address, 8)
  header.set(to.address, 24)
  return header
}

/** RFC 9293 §3.1 for IPv4; RFC 8200 §8.1 for IPv6, whose longer fields hold zeros that add nothing to the sum. */
function pseudoHeader(from: End, to: End, length: number): Uint8Array {
  return Uint8Array.of(...from.address, ...to.address, 0, TCP, length >> 8, length & 0xff)
}

/** The Internet checksum (RFC 1071) of parts, of which all but the last have an even length. */
function checksum(...parts: readonly Uint8Array[]): number {
  let sum = 0
  for (const octets of parts) {
    for (let i = 0; i < octets.length; i += 2) sum += ((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0)
  }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}
