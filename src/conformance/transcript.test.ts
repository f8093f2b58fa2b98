import { describe, expect, it } from 'vitest'
import type { Segment } from './channel.ts'
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
})
