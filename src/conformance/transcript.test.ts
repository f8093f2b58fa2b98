import { describe, expect, it } from 'vitest'
import type { Flow, Segment } from './channel.ts'
import type { Entry } from './record.ts'
import { transcribe } from './transcript.ts'

const segment = (octets: number): Segment => ({ at: 0, from: 'subject', octets: new Uint8Array(octets) })

describe('a transcript', () => {
  it('shows each write and arrival in hex and in words', () => {
    const entries = [segment(2), { at: 1.23456, from: 'subject' as const, event: 'end of the connection' }]
    expect(transcribe({ describe: () => [['two octets']] }, entries)).toEqual([
      { at: 0, from: 'subject', hex: '0000', octets: 2, decoded: ['two octets'] },
      { at: 1.235, from: 'subject', hex: '', octets: 0, decoded: ['end of the connection'] },
    ])
  })

  it('stays small whatever many octets mean', () => {
    const line = 'x'.repeat(4000)
    const entries = Array.from({ length: 500 }, () => segment(100_000))
    const all = transcribe({ describe: segments => segments.map(() => Array(1000).fill(line)) }, entries)
    expect(JSON.stringify(all).length).toBeLessThan(100_000)
    // What is left out is counted.
    expect(all[0]?.decoded).toHaveLength(9)
    expect(all[0]?.decoded.at(-1)).toBe('and 992 more')
    expect(all[1]?.decoded).toEqual(['and 1000 more'])
    expect(all.at(-1)?.decoded).toEqual(['and 300 more writes and arrivals'])
  })

  it('tells flows apart: each is described by itself, by its transport', () => {
    const address = (port: number) => ({ address: '127.0.0.1', port })
    const udp: Flow = { id: 1, transport: 'udp', subject: address(40001), tester: address(53) }
    const tcp: Flow = { id: 2, transport: 'tcp', subject: address(40002), tester: address(53) }
    const seen: string[][] = []
    const describe = (segments: readonly Segment[], transport?: string) => {
      seen.push([String(transport), ...segments.map(({ octets }) => String(octets[0]))])
      return segments.map(({ octets }) => [`octet ${octets[0]}`])
    }
    const said = (flow: Flow, octet: number, from: 'subject' | 'tester' = 'subject') => ({
      at: 0,
      from,
      octets: Uint8Array.of(octet),
      flow,
    })
    const entries = [
      said(udp, 1),
      said(tcp, 2),
      said(udp, 3, 'tester'),
      { at: 0, from: 'subject', event: 'end', flow: tcp },
    ]
    const transcript = transcribe({ describe }, entries as Entry[], 'udp')
    expect(seen).toEqual([
      ['udp', '1', '3'],
      ['tcp', '2'],
    ])
    expect(transcript.map(({ decoded }) => decoded)).toEqual([
      ['over UDP from port 40001 to 127.0.0.1 port 53', 'octet 1'],
      ['over TCP from port 40002 to 127.0.0.1 port 53', 'octet 2'],
      ['over UDP from 127.0.0.1 port 53 to port 40001', 'octet 3'],
      ['over TCP from port 40002 to 127.0.0.1 port 53', 'end'],
    ])
  })
})
