import type { Address, Segment } from '../conformance/channel.ts'
import type { Transport } from '../machine.ts'
import type { Datagram } from './datagram.ts'
import { endpoint } from './datagram.ts'
import { overTcp } from './datagram-tcp.ts'
import { overUdp } from './datagram-udp.ts'

/** One connection to put into a capture. */
export interface CapturedConnection {
  /** What crossed the wire: ciphertext, where there was TLS; over UDP, one for each datagram. In the order of time. */
  readonly segments: readonly Segment[]
  /** TCP, or TLS upon it, unless said. */
  readonly transport?: Transport | undefined
  /** Our end. Whatever is not an IP address is shown as the loopback address. */
  readonly local: Address
  /** The subject's end. */
  readonly remote: Address
  /** When the connection was opened, in ms since 1970. */
  readonly opened: number
  /** What the clock of the segments said then; 0 unless said. */
  readonly clock?: number
  /** Who connected: we, unless said. */
  readonly opener?: Segment['from']
  /** How it ended, and by whom; it stays open unless said. */
  readonly ending?: { readonly by: Segment['from']; readonly how: 'fin' | 'rst'; readonly at: number }
  /** NSS key log lines. */
  readonly secrets?: readonly string[]
  /** Stands at the connection's first packet: the case's id. */
  readonly comment?: string
}

// Block types and options: draft-ietf-opsawg-pcapng §4; the code for the TLS key log is ASCII "TLSK".
const SECTION_HEADER = 0x0a0d0d0a
const INTERFACE_DESCRIPTION = 1
const ENHANCED_PACKET = 6
const DECRYPTION_SECRETS = 10
const BYTE_ORDER_MAGIC = 0x1a2b3c4d
const TLS_KEY_LOG = 0x544c534b
const OPT_END = 0
const OPT_COMMENT = 1
const SHB_USERAPPL = 4
const IF_NAME = 2
const IF_TSRESOL = 9

/** Packets begin with an IPv4 or IPv6 header (https://www.tcpdump.org/linktypes.html). */
const LINKTYPE_RAW = 101

/**
 * A capture file (pcapng) that Wireshark opens: the octets and times are those seen, the IP, TCP and UDP around them are
 * made up to carry them. TLS secrets are inside, before the packets that need them. Times are in microseconds.
 */
export function pcapng(connections: readonly CapturedConnection[]): Uint8Array {
  const secrets = [...new Set(connections.flatMap(({ secrets }) => secrets ?? []).map(line => line.trim()))]
  const packets = connections.flatMap(connection => packetsOf(connection)).sort((a, b) => a.at - b.at)
  return concat([
    block(SECTION_HEADER, [
      u32(BYTE_ORDER_MAGIC, 1, 0xffffffff, 0xffffffff),
      option(
        OPT_COMMENT,
        'Octets and times are as seen by wiregrade; IP, TCP and UDP headers are made up around them.',
      ),
      option(SHB_USERAPPL, 'wiregrade'),
      option(OPT_END, ''),
    ]),
    block(INTERFACE_DESCRIPTION, [
      u32(LINKTYPE_RAW, 0),
      option(IF_NAME, 'wiregrade'),
      option(IF_TSRESOL, Uint8Array.of(6)),
      option(OPT_END, ''),
    ]),
    ...(secrets.length > 0 ? [secretsBlock(`${secrets.join('\n')}\n`)] : []),
    ...packets.map(packetBlock),
  ])
}

interface Packet {
  /** Microseconds since 1970. */
  readonly at: number
  readonly octets: Uint8Array
  readonly comment?: string | undefined
}

function packetsOf(connection: CapturedConnection): Packet[] {
  const { opened, clock = 0, comment } = connection
  let latest = 0
  return datagrams(connection).map(({ at, octets }, i) => {
    latest = Math.max(latest, Math.round((opened + at - clock) * 1000))
    return { at: latest, octets, comment: i === 0 ? comment : undefined }
  })
}

function datagrams(connection: CapturedConnection): readonly Datagram[] {
  const { segments, clock = 0, opener = 'tester', ending } = connection
  const conversation = { tester: endpoint(connection.local), subject: endpoint(connection.remote), segments }
  if (connection.transport === 'udp') return overUdp(conversation)
  return overTcp({ ...conversation, opener, opened: clock, ending })
}

function packetBlock({ at, octets, comment }: Packet): Uint8Array {
  return block(ENHANCED_PACKET, [
    u32(0, Math.floor(at / 2 ** 32), at % 2 ** 32, octets.length, octets.length),
    padded(octets),
    ...(comment === undefined ? [] : [option(OPT_COMMENT, comment), option(OPT_END, '')]),
  ])
}

function secretsBlock(keyLog: string): Uint8Array {
  const octets = new TextEncoder().encode(keyLog)
  return block(DECRYPTION_SECRETS, [u32(TLS_KEY_LOG, octets.length), padded(octets)])
}

/** Type, length, body, length again: the length counts all of it. */
function block(type: number, body: readonly Uint8Array[]): Uint8Array {
  const length = 12 + body.reduce((total, part) => total + part.length, 0)
  return concat([u32(type, length), ...body, u32(length)])
}

function option(code: number, value: string | Uint8Array): Uint8Array {
  const octets = typeof value === 'string' ? new TextEncoder().encode(value).subarray(0, 0xffff) : value
  return concat([Uint8Array.of(code & 0xff, code >> 8, octets.length & 0xff, octets.length >> 8), padded(octets)])
}

/** Filled up with zeros to a multiple of four octets. */
function padded(octets: Uint8Array): Uint8Array {
  const whole = new Uint8Array((octets.length + 3) & ~3)
  whole.set(octets)
  return whole
}

/** 32-bit numbers, little-endian: the order that the section header announces. */
function u32(...values: readonly number[]): Uint8Array {
  const octets = new Uint8Array(4 * values.length)
  const view = new DataView(octets.buffer)
  for (const [i, value] of values.entries()) view.setUint32(4 * i, value, true)
  return octets
}

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((total, part) => total + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}
