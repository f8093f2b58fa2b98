import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { duplexPair } from 'node:stream'
import { connect, TLSSocket } from 'node:tls'
import { afterAll, describe, expect, it } from 'vitest'
import type { Segment } from '../conformance/channel.ts'
import { endpoint } from './datagram.ts'
import { overUdp } from './datagram-udp.ts'
import { type CapturedConnection, pcapng } from './pcapng.ts'

const ID = 'rfc9113/6.5/settings-ack-empty/a-settings-ack-carries-one-octet'
const OPENED = Date.UTC(2025, 2, 4, 5, 6, 7, 89)

const octets = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replaceAll(' ', ''), 'hex'))

/** RFC 9113 §3.4, and frames by hand from §4.1. */
const PREFACE = octets('505249202a20485454502f322e300d0a0d0a534d0d0a0d0a')
const SETTINGS = octets('000000 04 00 00000000')
const SETTINGS_ACK = octets('000000 04 01 00000000')
/** GET http / as indexed fields of the static table (RFC 7541 Appendix A), END_STREAM and END_HEADERS. */
const REQUEST = octets('000003 01 05 00000001 82 86 84')
const RESPONSE = octets('000001 01 04 00000001 88')

function data(length: number): Uint8Array {
  const frame = new Uint8Array(9 + length)
  frame.set([length >> 16, (length >> 8) & 0xff, length & 0xff, 0, 0, 0, 0, 0, 1])
  return frame
}

const join8 = (...parts: readonly Uint8Array[]): Uint8Array => Uint8Array.from(Buffer.concat(parts))

const CONVERSATION: readonly Segment[] = [
  { at: 100.25, from: 'tester', octets: join8(PREFACE, SETTINGS) },
  { at: 100.75, from: 'subject', octets: join8(SETTINGS, SETTINGS_ACK) },
  { at: 101, from: 'tester', octets: join8(SETTINGS_ACK, REQUEST) },
  // More than one IP datagram holds.
  { at: 103.5, from: 'subject', octets: join8(RESPONSE, data(16_000), data(16_000), ...Array(8).fill(data(16_001))) },
]

function connection(more: Partial<CapturedConnection> = {}): CapturedConnection {
  return {
    segments: CONVERSATION,
    local: { address: '127.0.0.1', port: 40_000 },
    remote: { address: '127.0.0.1', port: 21_014 },
    opened: OPENED,
    clock: 100,
    comment: ID,
    ending: { by: 'subject', how: 'fin', at: 104 },
    ...more,
  }
}

/** www.example.test. A, asked and answered: RFC 1035 §4.1, by hand. */
const QUESTION = '03777777 076578616d706c65 0474657374 00 0001 0001'
const QUERY = octets(`1234 0000 0001 0000 0000 0000 ${QUESTION}`)
const ANSWER = octets(`1234 8400 0001 0001 0000 0000 ${QUESTION} c00c 0001 0001 0000012c 0004 c0000201`)

function exchange(more: Partial<CapturedConnection> = {}): CapturedConnection {
  const segments: Segment[] = [
    { at: 100.5, from: 'tester', octets: QUERY },
    { at: 101.5, from: 'subject', octets: ANSWER },
  ]
  const { ending: _, ...rest } = connection({ segments, transport: 'udp' })
  return { ...rest, remote: { address: '127.0.0.1', port: 5300 }, ...more }
}

interface Block {
  readonly type: number
  readonly body: DataView
}

/** Reads blocks, and throws where lengths do not hold (draft-ietf-opsawg-pcapng §3.1). */
function blocks(file: Uint8Array): Block[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const found: Block[] = []
  for (let at = 0; at < file.length; ) {
    const length = view.getUint32(at + 4, true)
    if (length % 4 !== 0 || length < 12) throw new Error(`block of length ${length} at ${at}`)
    if (view.getUint32(at + length - 4, true) !== length) throw new Error(`lengths differ at ${at}`)
    found.push({
      type: view.getUint32(at, true),
      body: new DataView(file.buffer, file.byteOffset + at + 8, length - 12),
    })
    at += length
  }
  return found
}

describe('pcapng', () => {
  it('is whole blocks: section, interface, secrets, packets', () => {
    const secrets = ['CLIENT_RANDOM 00 11']
    const found = blocks(pcapng([connection({ secrets }), connection({ secrets: [...secrets, 'X 1 2'] })]))
    const [section, interfaces, keys, ...packets] = found
    expect(section?.type).toBe(0x0a0d0d0a)
    expect(section?.body.getUint32(0, true)).toBe(0x1a2b3c4d)
    expect(interfaces?.type).toBe(1)
    expect(interfaces?.body.getUint16(0, true)).toBe(101)
    expect(keys?.type).toBe(10)
    expect(keys?.body.getUint32(0, true)).toBe(0x544c534b)
    const keyLog = 'CLIENT_RANDOM 00 11\nX 1 2\n'
    expect(keys?.body.getUint32(4, true)).toBe(keyLog.length)
    expect([...keyLog].map((_, i) => String.fromCharCode(keys?.body.getUint8(8 + i) ?? 0)).join('')).toBe(keyLog)
    // Twice: three of the handshake, three and three of data, three of the end.
    expect(packets.map(packet => packet.type)).toEqual(Array(24).fill(6))
    for (const { body } of packets) expect(body.getUint32(12, true)).toBe(body.getUint32(16, true))
  })

  it('has no secrets block without secrets', () => {
    expect(blocks(pcapng([connection()])).map(block => block.type)).not.toContain(10)
  })

  it('keeps times in microseconds, and in order', () => {
    const later = connection({ opened: OPENED + 2 })
    const times = blocks(pcapng([later, connection()]))
      .filter(block => block.type === 6)
      .map(({ body }) => body.getUint32(4, true) * 2 ** 32 + body.getUint32(8, true))
    expect(times[0]).toBe(OPENED * 1000)
    expect(times[3]).toBe(OPENED * 1000 + 250)
    expect(times).toEqual([...times].sort((a, b) => a - b))
  })

  it('puts each datagram into one packet, without handshake or end', () => {
    const packets = blocks(pcapng([exchange()])).filter(block => block.type === 6)
    // 20 octets of IPv4, 8 of UDP (RFC 791 §3.1, RFC 768).
    expect(packets.map(({ body }) => body.getUint32(12, true))).toEqual([28 + QUERY.length, 28 + ANSWER.length])
  })

  it('has a checksum for every datagram, as zero would be none; and leaves out what no datagram holds', () => {
    const segments = Array.from({ length: 65_536 }, (_, at): Segment => {
      return { at, from: 'tester', octets: Uint8Array.of(at >> 8, at & 0xff) }
    })
    const long: Segment = { at: 70_000, from: 'subject', octets: new Uint8Array(65_508) }
    const [tester, subject] = [endpoint({ address: '::1', port: 40_000 }), endpoint({ address: '::1', port: 53 })]
    const sent = overUdp({ tester, subject, segments: [...segments, long] })
    expect(sent).toHaveLength(65_536)
    const sums = sent.map(({ octets: [...datagram] }) => ((datagram[46] ?? 0) << 8) | (datagram[47] ?? 0))
    expect(sums).not.toContain(0)
    // The one whose sum is zero joins the one whose sum is all ones. RFC 768
    expect(new Set(sums).size).toBe(65_535)
  })

  it('has nothing to say of no connection, but says it well', () => {
    expect(blocks(pcapng([]))).toHaveLength(2)
  })
})

const noTshark = spawnSync('tshark', ['--version']).status !== 0
if (noTshark) console.warn('pcapng.test.ts: the cases that ask tshark are skipped: it is not installed')

describe.skipIf(noTshark)('pcapng, as tshark reads it', { timeout: 30_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'wiregrade-pcapng-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  function tshark(connections: readonly CapturedConnection[], ...options: readonly string[]): string[] {
    const file = join(folder, 'capture.pcapng')
    writeFileSync(file, pcapng(connections))
    const checks = ['tcp.check_checksum', 'udp.check_checksum', 'ip.check_checksum'].flatMap(name => [
      '-o',
      `${name}:TRUE`,
    ])
    const { status, stdout, stderr } = spawnSync('tshark', ['-n', '-r', file, ...checks, ...options])
    expect(status, stderr.toString()).toBe(0)
    return stdout
      .toString()
      .split('\n')
      .filter(line => line !== '')
  }

  const fields = (...names: readonly string[]): string[] => ['-T', 'fields', ...names.flatMap(name => ['-e', name])]
  const HTTP2 = ['-d', 'tcp.port==21014,http2']
  /** Malformed, wrong checksums, gaps, retransmissions, windows: any expert information above a note of a usual event. */
  const COMPLAINTS =
    '_ws.malformed || tcp.analysis.flags || tcp.checksum.status == "Bad" || udp.checksum.status == "Bad" || ip.checksum.status == "Bad" || _ws.expert.severity >= "Warning"'

  it.each([
    ['IPv4', '127.0.0.1', '127.0.0.1'],
    ['IPv6', '::1', '::1'],
    ['mixed families', '::1', '127.0.0.1'],
    ['no address at all', 'memory', 'memory'],
  ])('finds HTTP/2 and nothing wrong over %s', (_, local, remote) => {
    const one = connection({ local: { address: local, port: 40_000 }, remote: { address: remote, port: 21_014 } })
    expect(tshark([one], ...HTTP2, '-Y', COMPLAINTS)).toEqual([])
    const types = tshark([one], ...HTTP2, '-Y', 'http2', ...fields('http2.type'))
    expect(types.join(',').split(',').filter(Boolean)).toEqual(['4', '4', '4', '4', '1', '1', ...Array(10).fill('0')])
  })

  it('is complained of when an octet of it is another', () => {
    const file = join(folder, 'damaged.pcapng')
    const damaged = pcapng([connection()])
    const at = Buffer.from(damaged).indexOf(PREFACE)
    damaged[at + 40] = 0x55
    writeFileSync(file, damaged)
    const { stdout } = spawnSync('tshark', ['-n', '-r', file, '-o', 'tcp.check_checksum:TRUE', '-Y', COMPLAINTS])
    expect(stdout.toString()).not.toBe('')
  })

  it('finds the times, the comment, and the end', () => {
    const rows = tshark(
      [connection()],
      ...fields('frame.time_epoch', 'tcp.flags.str', 'tcp.seq', 'tcp.ack', 'frame.comment'),
    )
    const cells = rows.map(row => row.split('\t'))
    expect(cells[0]?.[4]).toBe(ID)
    expect(Number(cells[3]?.[0])).toBeCloseTo(OPENED / 1000 + 0.000_25, 6)
    expect(cells.slice(0, 3).map(cell => cell[1]?.replaceAll('·', ''))).toEqual(['S', 'AS', 'A'])
    expect(cells.slice(-3).map(cell => cell[1]?.replaceAll('·', ''))).toEqual(['AF', 'AF', 'A'])
  })

  it('finds a reset', () => {
    const reset = connection({ ending: { by: 'subject', how: 'rst', at: 104 } })
    expect(tshark([reset], '-Y', 'tcp.flags.reset == 1 && tcp.srcport == 21014')).toHaveLength(1)
  })

  it('finds a connection that the subject opened', () => {
    const [first] = tshark([connection({ opener: 'subject' })], ...fields('tcp.srcport'))
    expect(first).toBe('21014')
  })

  it.each([
    ['IPv4', '127.0.0.1', '127.0.0.1'],
    ['IPv6', '::1', '::1'],
    ['mixed families', '127.0.0.1', '::1'],
  ])('finds DNS and nothing wrong in datagrams over %s', (_, local, remote) => {
    const one = exchange({ local: { address: local, port: 40_000 }, remote: { address: remote, port: 5300 } })
    const DNS = ['-d', 'udp.port==5300,dns']
    expect(tshark([one], ...DNS, '-Y', COMPLAINTS)).toEqual([])
    const rows = tshark([one], ...DNS, ...fields('udp.dstport', 'udp.checksum.status', 'dns.qry.name', 'dns.a'))
    expect(rows).toEqual(['5300\t1\twww.example.test\t', '40000\t1\twww.example.test\t192.0.2.1'])
  })

  it('finds DNS on its own port, over UDP and TCP in one file', () => {
    const remote = { address: '127.0.0.1', port: 53 }
    const framed = (message: Uint8Array): Uint8Array => join8(Uint8Array.of(0, message.length), message)
    // RFC 1035 §4.2.2: over TCP with its length in front.
    const { transport: _, ...one } = exchange({ remote })
    const segments = one.segments.map(segment => ({ ...segment, octets: framed(segment.octets) }))
    const both = [exchange({ remote }), { ...one, segments }]
    expect(tshark(both, '-Y', COMPLAINTS)).toEqual([])
    expect(tshark(both, '-Y', 'dns', ...fields('udp.length', 'dns.length'))).toHaveLength(4)
  })

  it('deciphers TLS by the secrets inside', async () => {
    const { segments, secrets } = await overTls(CONVERSATION)
    const secure = connection({ segments, secrets })
    const seen = tshark([secure], '-d', 'tcp.port==21014,tls', '-Y', 'http2', ...fields('http2.type'))
    expect(seen.join(',').split(',').filter(Boolean)).toEqual(['4', '4', '4', '4', '1', '1', ...Array(10).fill('0')])
    expect(tshark([{ ...secure, secrets: [] }], '-d', 'tcp.port==21014,tls', '-Y', 'http2')).toEqual([])
    expect(tshark([secure], '-d', 'tcp.port==21014,tls', '-Y', COMPLAINTS)).toEqual([])
  })
})

/** The conversation through TLS in memory: what crossed under it, and the key log. A pre-shared key spares a certificate. */
async function overTls(conversation: readonly Segment[]): Promise<{ segments: Segment[]; secrets: string[] }> {
  const segments: Segment[] = []
  const secrets: string[] = []
  const [near, far] = duplexPair()
  const options = { ALPNProtocols: ['h2'], ciphers: 'PSK-AES128-GCM-SHA256', maxVersion: 'TLSv1.2' } as const
  const psk = Buffer.alloc(16, 7)
  const record = (from: Segment['from']) => (chunk: Buffer) => {
    segments.push({ at: 100 + segments.length / 10, from, octets: Uint8Array.from(chunk) })
  }
  // Seen where they arrive: what we get was sent by the subject, and the other way round.
  near.on('data', record('subject'))
  far.on('data', record('tester'))
  const subject = new TLSSocket(far, { ...options, isServer: true, pskCallback: () => psk } as object)
  const tester = connect({
    ...options,
    socket: near,
    pskCallback: () => ({ psk, identity: 'tester' }),
    checkServerIdentity: () => undefined,
  })
  tester.on('keylog', line => secrets.push(line.toString().trim()))
  await new Promise((resolve, reject) => tester.once('secureConnect', resolve).once('error', reject))
  for (const { from, octets } of conversation) {
    const [writer, reader] = from === 'tester' ? [tester, subject] : [subject, tester]
    let missing = octets.length
    const arrived = new Promise<void>(resolve => {
      reader.on('data', function count(chunk: Buffer) {
        missing -= chunk.length
        if (missing > 0) return
        reader.off('data', count)
        resolve()
      })
    })
    writer.write(octets)
    await arrived
  }
  tester.destroy()
  subject.destroy()
  return { segments, secrets }
}
