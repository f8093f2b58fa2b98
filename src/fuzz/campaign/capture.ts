/** The types of link whose packets are understood: https://www.tcpdump.org/linktypes.html. */
const LINKS: Readonly<Record<number, number>> = { 0: 4, 1: 14, 101: 0, 113: 16, 228: 0, 229: 0, 276: 20 }

const PCAP = [0xa1b2c3d4, 0xa1b23c4d]
const PCAPNG = 0x0a0d0d0a

/** Whether a file is a capture, by its first octets. */
export function isCapture(file: Uint8Array): boolean {
  if (file.length < 24) return false
  const view = viewOf(file)
  return [true, false].some(little => PCAP.includes(view.getUint32(0, little))) || view.getUint32(0) === PCAPNG
}

/**
 * What went one way in each conversation of a capture (pcap or pcapng), in order: datagrams, or segments of a stream, each
 * octet of it once. What is no UDP or TCP over IP, or cut off, is left out.
 */
export function conversationsIn(file: Uint8Array): Uint8Array[][] {
  const found = new Map<string, { readonly segments: Uint8Array[]; next: number | undefined }>()
  for (const { packet, link } of packetsIn(file)) {
    const skipped = LINKS[link]
    const segment = skipped === undefined ? undefined : segmentOf(packet.subarray(skipped))
    if (!segment || segment.octets.length === 0) continue
    const conversation = found.get(segment.key) ?? { segments: [], next: undefined }
    found.set(segment.key, conversation)
    if (!isAgain(conversation, segment)) conversation.segments.push(segment.octets)
  }
  return [...found.values()].map(({ segments }) => segments)
}

/** What a client said, and where something came back meanwhile. */
export interface Said {
  readonly by: 'udp' | 'tcp'
  readonly parts: readonly (Uint8Array | 'answered')[]
}

/** What clients said in the conversations of a capture: of two who speak, the client is who sends the first packet. */
export function saidByClients(file: Uint8Array): Said[] {
  const found = new Map<string, { by: Said['by']; parts: Said['parts'][number][]; next: number | undefined }>()
  const servers = new Map<string, string>()
  for (const { packet, link } of packetsIn(file)) {
    const skipped = LINKS[link]
    const segment = skipped === undefined ? undefined : segmentOf(packet.subarray(skipped))
    if (!segment) continue
    const { key, octets, sequence } = segment
    const client = servers.get(key)
    if (client !== undefined) {
      const asked = found.get(client)
      if (octets.length > 0 && asked && asked.parts.at(-1) !== 'answered') asked.parts.push('answered')
      continue
    }
    servers.set(reversed(key), key)
    const conversation = found.get(key) ?? { by: sequence === undefined ? 'udp' : 'tcp', parts: [], next: undefined }
    found.set(key, conversation)
    if (octets.length === 0 || isAgain(conversation, segment)) continue
    conversation.parts.push(octets)
  }
  return [...found.values()].filter(({ parts }) => parts.some(part => part !== 'answered'))
}

/** A key as it is of what goes the other way: protocol, addresses, ports. */
function reversed(key: string): string {
  const swapped = (text: string): string => text.slice(text.length / 2) + text.slice(0, text.length / 2)
  const [protocol = '', addresses = '', ports = ''] = key.split(' ')
  return `${protocol} ${swapped(addresses)} ${swapped(ports)}`
}

/** Whether a segment is sent again, as a whole: sequence numbers go round at 2^32. */
function isAgain(conversation: { next: number | undefined }, { sequence, octets }: TransportSegment): boolean {
  if (sequence === undefined) return false
  const behind = conversation.next === undefined ? 0 : (sequence - conversation.next) | 0
  if (behind < 0) return true
  conversation.next = (sequence + octets.length) >>> 0
  return false
}

function packetsIn(file: Uint8Array): Generator<Packet> {
  return viewOf(file).getUint32(0) === PCAPNG ? pcapngPackets(file) : pcapPackets(file)
}

interface Packet {
  readonly packet: Uint8Array
  readonly link: number
}

function viewOf(octets: Uint8Array): DataView {
  return new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
}

/** https://www.ietf.org/archive/id/draft-ietf-opsawg-pcap: a header of 24 octets, one of 16 before each packet. */
function* pcapPackets(file: Uint8Array): Generator<Packet> {
  const view = viewOf(file)
  const little = PCAP.includes(view.getUint32(0, true))
  const link = view.getUint32(20, little) & 0xffff
  for (let at = 24; at + 16 <= file.length; ) {
    const length = view.getUint32(at + 8, little)
    at += 16
    if (at + length > file.length) return
    yield { packet: file.subarray(at, at + length), link }
    at += length
  }
}

/** https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng: blocks, of which those with interfaces and packets matter. */
function* pcapngPackets(file: Uint8Array): Generator<Packet> {
  const view = viewOf(file)
  let little = true
  let links: number[] = []
  for (let at = 0; at + 12 <= file.length; ) {
    if (view.getUint32(at) === PCAPNG) {
      little = view.getUint32(at + 8, true) === 0x1a2b3c4d
      links = []
    }
    const type = view.getUint32(at, little)
    const length = view.getUint32(at + 4, little)
    if (length < 12 || at + length > file.length) return
    if (type === 1 && length >= 20) links.push(view.getUint16(at + 8, little))
    if (type === 6 && length >= 32) {
      const captured = Math.min(view.getUint32(at + 20, little), length - 32)
      const link = links[view.getUint32(at + 8, little)]
      if (link !== undefined) yield { packet: file.subarray(at + 28, at + 28 + captured), link }
    }
    at += length
  }
}

interface TransportSegment {
  readonly key: string
  readonly octets: Uint8Array
  readonly sequence?: number | undefined
}

const TCP = 6
const UDP = 17

/** RFC 791 §3.1, RFC 8200 §3; extension headers and fragments are left out. */
function segmentOf(packet: Uint8Array): TransportSegment | undefined {
  const version = (packet[0] ?? 0) >> 4
  const view = viewOf(packet)
  if (version === 4 && packet.length >= 20) {
    const header = ((packet[0] as number) & 15) * 4
    const total = Math.min(view.getUint16(2), packet.length)
    if ((view.getUint16(6) & 0x3fff) !== 0) return undefined
    return portsOf(packet[9] as number, packet.subarray(12, 20), packet.subarray(header, total))
  }
  if (version === 6 && packet.length >= 40) {
    const total = Math.min(40 + view.getUint16(4), packet.length)
    return portsOf(packet[6] as number, packet.subarray(8, 40), packet.subarray(40, total))
  }
  return undefined
}

/** RFC 768, RFC 9293 §3.1 */
function portsOf(protocol: number, addresses: Uint8Array, payload: Uint8Array): TransportSegment | undefined {
  const view = viewOf(payload)
  const key = `${protocol} ${Buffer.from(addresses).toString('hex')} ${Buffer.from(payload.subarray(0, 4)).toString('hex')}`
  if (protocol === UDP && payload.length >= 8) return { key, octets: payload.slice(8, Math.max(8, view.getUint16(4))) }
  if (protocol !== TCP || payload.length < 20) return undefined
  return { key, octets: payload.slice(((payload[12] as number) >> 4) * 4), sequence: view.getUint32(4) }
}
