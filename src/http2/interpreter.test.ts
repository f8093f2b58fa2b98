import { describe as about, expect, it } from 'vitest'
import { refusedChannel } from '../conformance/channel.ts'
import { Exhausted } from '../conformance/record.ts'
import { blockOf, indexed, literal } from '../hpack/representation.ts'
import { continuation, data, headers, octetsOf, settings } from './build.ts'
import { describe } from './describe.ts'
import { Interpreter } from './interpreter.ts'
import { fieldBlock } from './requests.ts'
import { Http2Talk } from './talk.ts'

const NOTHING = new Uint8Array(0)
const OK = fieldBlock([[':status', '200']])
const times = (count: number, octets: Uint8Array): Uint8Array => Buffer.concat(Array(count).fill(octets))

about('what a hostile subject sends', () => {
  it('is no field block when it goes on for too many frames, however small', () => {
    const open = octetsOf(headers(1, OK, { endHeaders: false }))
    const more = octetsOf(continuation(1, NOTHING, { endHeaders: false }))
    expect(new Interpreter({ fromClient: false }).push(Buffer.concat([open, times(9_999, more)]))).toEqual([])
    const [seen] = new Interpreter({ fromClient: false }).push(Buffer.concat([open, times(10_000, more)]))
    expect(seen).toMatchObject({ kind: 'broken', why: 'a field block of more than 10000 frames' })
  })

  it('is one line each, and none of them long', () => {
    const block = blockOf(
      ...Array.from({ length: 200 }, (_, i) => literal(`x-${i}`, 'w'.repeat(500), { indexing: 'without' })),
    )
    const pieces = Array.from({ length: 1000 }, () => continuation(1, NOTHING, { endHeaders: false }))
    const octets = octetsOf(
      settings(Array.from({ length: 2000 }, (_, i) => [i, 1])),
      headers(1, block.subarray(0, 16_000), { endHeaders: false }),
      ...pieces,
      continuation(1, block.subarray(16_000)),
    )
    const [lines = []] = describe([{ at: 0, from: 'subject', octets }])
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain('and 1960 more')
    expect(lines[1]).toContain('and 962 more')
    expect(lines[1]).toMatch(/x-0: w+\.\.\.; .* more$/)
    for (const line of lines) expect(line.length).toBeLessThan(8000)
  })
})

about('a talk', () => {
  const hearing = async (octets: Uint8Array): Promise<unknown> => {
    const channel = { ...refusedChannel(''), receive: async () => ({ kind: 'octets', octets }) as const }
    const talk = new Http2Talk(channel, 'server', {
      patience: 1,
      octetLimit: 3 << 20,
      headers: [],
      resources: {},
      authority: 'localhost',
      secure: false,
    })
    for (;;) {
      const seen = await talk.next().catch((thrown: unknown) => thrown)
      if (seen instanceof Error) return seen
    }
  }

  it('takes only so many frames', async () => {
    const thrown = await hearing(times(1000, octetsOf(data(1, NOTHING))))
    expect(thrown).toBeInstanceOf(Exhausted)
    expect(String(thrown)).toContain('more than 10000 frames')
  })

  it('takes only so many fields, which cost an octet each', async () => {
    const thrown = await hearing(octetsOf(headers(1, blockOf(...Array.from({ length: 5000 }, () => indexed(2))))))
    expect(thrown).toBeInstanceOf(Exhausted)
    expect(String(thrown)).toContain('more than 50000 fields')
  })
})
