import type { Address, Segment } from '../conformance/channel.ts'

/** One end of a connection: four octets of IPv4 or sixteen of IPv6. */
export interface End {
  readonly address: Uint8Array
  readonly port: number
}

/** What went both ways, to be put into TCP or UDP. Times are on any one clock, in ms. */
export interface Conversation {
  readonly tester: End
  readonly subject: End
  readonly segments: readonly Segment[]
}

/** An IP datagram and when it went. */
export interface Datagram {
  readonly at: number
  readonly octets: Uint8Array
}

/** An address as the end of a connection; 127.0.0.1 for what is no IP address, and port 1 for port 0. */
export function endpoint({ address, port }: Address): End {
  return { address: ipv4(address) ?? ipv6(address) ?? Uint8Array.of(127, 0, 0, 1), port: port & 0xffff || 1 }
}

/** Both ends in one family: IPv4 is mapped into IPv6 where the other end is IPv6 (RFC 4291 §2.5.5.2). */
export function oneFamily({ tester, subject }: Conversation): { readonly tester: End; readonly subject: End } {
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

/** Protocol numbers of the IANA. */
export const TCP = 6
export const UDP = 17

/**
 * The IP datagram that carries a TCP segment or a UDP datagram, whose checksum is put where it belongs: at an offset of
 * its header.
 */
export function ipDatagram(from: End, to: End, protocol: number, content: Uint8Array, checksumAt: number): Uint8Array {
  const sum = checksum(pseudoHeader(from, to, protocol, content.length), content)
  const view = new DataView(content.buffer, content.byteOffset)
  // RFC 768: a sum of zero goes out as all ones, as zero says that there is none.
  view.setUint16(checksumAt, protocol === UDP && sum === 0 ? 0xffff : sum)
  const ip = from.address.length === 4 ? ipv4Header : ipv6Header
  const header = ip(from, to, protocol, content.length)
  const octets = new Uint8Array(header.length + content.length)
  octets.set(header)
  octets.set(content, header.length)
  return octets
}

const HOPS = 64

/** RFC 791 §3.1 */
function ipv4Header(from: End, to: End, protocol: number, length: number): Uint8Array {
  const header = new Uint8Array(20)
  const view = new DataView(header.buffer)
  view.setUint8(0, 0x45)
  view.setUint16(2, 20 + length)
  view.setUint16(6, 0x4000)
  view.setUint8(8, HOPS)
  view.setUint8(9, protocol)
  header.set(from.address, 12)
  header.set(to.address, 16)
  view.setUint16(10, checksum(header))
  return header
}

/** RFC 8200 §3 */
function ipv6Header(from: End, to: End, protocol: number, length: number): Uint8Array {
  const header = new Uint8Array(40)
  const view = new DataView(header.buffer)
  view.setUint8(0, 0x60)
  view.setUint16(4, length)
  view.setUint8(6, protocol)
  view.setUint8(7, HOPS)
  header.set(from.address, 8)
  header.set(to.address, 24)
  return header
}

/**
 * RFC 9293 §3.1 and RFC 768 for IPv4; RFC 8200 §8.1 for IPv6, whose longer fields hold zeros that add nothing to the sum.
 */
function pseudoHeader(from: End, to: End, protocol: number, length: number): Uint8Array {
  return Uint8Array.of(...from.address, ...to.address, 0, protocol, length >> 8, length & 0xff)
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
