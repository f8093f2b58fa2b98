import { describe, expect, it } from 'vitest'
import { conversationsIn, isCapture, saidByClients } from './capture.ts'

const ADDRESSES = [0x7f, 0, 0, 1, 0x7f, 0, 0, 2]

function ip(protocol: number, payload: readonly number[]): number[] {
  const length = 20 + payload.length
  return [0x45, 0, length >> 8, length & 255, 0, 0, 0, 0, 64, protocol, 0, 0, ...ADDRESSES, ...payload]
}

/** The same the other way round. */
function back(packet: readonly number[]): number[] {
  const header = packet.slice(0, 20)
  const [from, to] = [packet.slice(12, 16), packet.slice(16, 20)]
  return [...header.slice(0, 12), ...to, ...from, ...packet.slice(22, 24), ...packet.slice(20, 22), ...packet.slice(24)]
}

function udp(port: number, content: readonly number[]): number[] {
  return ip(17, [port >> 8, port & 255, 0, 53, 0, 8 + content.length, 0, 0, ...content])
}

function tcp(sequence: number, content: readonly number[]): number[] {
  const numbers = new DataView(new ArrayBuffer(4))
  numbers.setUint32(0, sequence)
  return ip(6, [4, 0, 0, 80, ...new Uint8Array(numbers.buffer), 0, 0, 0, 0, 0x50, 0x18, 0, 0, 0, 0, 0, 0, ...content])
}

/** A pcap of raw IP packets. */
function pcap(little: boolean, ...packets: readonly number[][]): Uint8Array {
  const size = 24 + packets.reduce((sum, packet) => sum + 16 + packet.length, 0)
  const view = new DataView(new ArrayBuffer(size))
  view.setUint32(0, 0xa1b2c3d4, little)
  view.setUint32(20, 101, little)
  let at = 24
  for (const packet of packets) {
    view.setUint32(at + 8, packet.length, little)
    view.setUint32(at + 12, packet.length, little)
    new Uint8Array(view.buffer).set(packet, at + 16)
    at += 16 + packet.length
  }
  return new Uint8Array(view.buffer)
}

const told = (file: Uint8Array) => conversationsIn(file).map(segments => segments.map(octets => [...octets]))

describe('a capture', () => {
  it.each([true, false])('has conversations, each way by itself (little endian: %s)', little => {
    const file = pcap(little, udp(1000, [1]), udp(1001, [2]), udp(1000, [3]))
    expect(isCapture(file)).toBe(true)
    expect(told(file)).toEqual([[[1], [3]], [[2]]])
  })

  it('has each octet of a stream once, past the end of sequence numbers', () => {
    const first = 0xffff_fffe
    const file = pcap(true, tcp(first, [1, 2]), tcp(0, [3]), tcp(first, [1, 2]), tcp(1, []), tcp(1, [4]))
    expect(told(file)).toEqual([[[1, 2], [3], [4]]])
  })

  it('tells what clients said, and where they were answered', () => {
    const file = pcap(
      true,
      udp(1000, [1]),
      back(udp(1000, [9])),
      back(udp(1000, [9])),
      udp(1000, [2]),
      back(tcp(7, [])),
      tcp(7, [8]),
      back(tcp(9, [3])),
    )
    const said = saidByClients(file).map(({ by, parts }) => [
      by,
      ...parts.map(part => (part === 'answered' ? part : [...part])),
    ])
    expect(said).toEqual([
      ['udp', [1], 'answered', [2]],
      ['tcp', 'answered', [3]],
    ])
  })

  it('may be cut anywhere', () => {
    const file = pcap(true, udp(1000, [1]), tcp(5, [1, 2]))
    for (let length = 24; length <= file.length; length++) expect(() => told(file.slice(0, length))).not.toThrow()
    expect(isCapture(new Uint8Array(100))).toBe(false)
  })
})
