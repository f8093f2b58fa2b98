import { describe, expect, it } from 'vitest'
import type { Arrival, Channel } from '../../conformance/channel.ts'
import { SeededChance } from '../chance.ts'
import { arrivals, inputOf, piecesOf } from './pieces.ts'
import { confirm } from './server-confirm.ts'
import { lineForm } from './server-form.ts'
import { oneAfterAnother } from './server-journal.ts'
import { mentionsSanitizer, sanitizerFind } from './server-log.ts'
import { SessionMutator } from './server-mutate.ts'
import { Patience, play } from './server-session.ts'
import { statesOf } from './server-states.ts'

const octets = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'))
const text = (of: Uint8Array): string => Buffer.from(of).toString('latin1')

/** A server in memory that answers each write with its length as a code, and ends when we do. */
function stage(log: string[]) {
  let flow = 0
  return {
    transports: ['tcp'] as const,
    hello: () => ({ octets: octets('?'), answeredBy: () => true }),
    open: (): Promise<Channel> => {
      const name = flow++
      const waiting: Arrival[] = []
      const nowhere = { address: '', port: 0 }
      return Promise.resolve({
        send: (sent: Uint8Array) => {
          log.push(`${name} ${text(sent)}`)
          waiting.push({ kind: 'octets', octets: octets(`${200 + sent.length} ok\r\n`) })
        },
        end: () => void waiting.push({ kind: 'eof' }),
        destroy() {},
        receive: () => Promise.resolve(waiting.shift() ?? { kind: 'silence' }),
        now: () => 0,
        local: nowhere,
        remote: nowhere,
      })
    },
  }
}

describe('a session', () => {
  it('is played in flights, each one write, on the flows that it names', async () => {
    const input = inputOf([
      { kind: 'octets', octets: octets('a') },
      { kind: 'octets', octets: octets('b') },
      { kind: 'time', stride: 1, flow: 1 },
      { kind: 'octets', octets: octets('c') },
      { kind: 'end', how: 0, flow: 0 },
    ])
    const log: string[] = []
    const played = await play(input, stage(log), new Patience())
    expect(log).toEqual(['0 ab', '1 c'])
    expect(played.heard.map(({ octets: came, ending }) => [came.map(text).join(''), ending])).toEqual([
      ['202 ok\r\n', 'eof'],
      ['201 ok\r\n', 'eof'],
    ])
    expect(played.mute).toBe(false)
  })

  it('shows states by answers and what came before them', () => {
    const form = lineForm()
    const heard = (answers: string, ending: 'eof' | 'silence' = 'eof') =>
      new Set(statesOf([{ transport: 'tcp', octets: [octets(answers)], ending }], form))
    const both = heard('220 a\r\n250 b\r\n')
    expect(both.size).toBe(3)
    expect(heard('220 other\r\n250 words\r\n')).toEqual(both)
    expect(heard('250 b\r\n220 a\r\n')).not.toEqual(both)
    expect(heard('220 a\r\n250 b\r\n', 'silence')).not.toEqual(both)
  })

  it('is joined to others, each with flows of its own', () => {
    const second = inputOf([
      { kind: 'time', stride: 1, flow: 3 },
      { kind: 'octets', octets: octets('b') },
    ])
    const chain = piecesOf(oneAfterAnother([arrivals(octets('a')), second], 2))
    const flows = chain.flatMap(piece => (piece.kind === 'octets' ? [] : [[piece.kind, piece.flow]]))
    // The second session speaks on an odd flow, by the transport that odd flows have.
    expect(flows).toEqual([
      ['time', 0],
      ['end', 0],
      ['time', 2],
      ['time', 5],
      ['end', 2],
      ['end', 5],
    ])
  })

  it('is changed by messages and fields, always to another that can be read', () => {
    const seeds = [arrivals(octets('HELO a\r\nUSER b\r\n')), arrivals(octets('STAT\r\n'))]
    const mutator = new SessionMutator(lineForm(['HELO']), ['tcp'], seeds)
    const chance = new SeededChance(7)
    const seen = new Set<string>()
    for (let i = 0; i < 500; i++) {
      const changed = mutator.mutate(seeds[0] as Uint8Array, chance)
      if (!changed) continue
      const sent = piecesOf(changed).flatMap(piece => (piece.kind === 'octets' ? [text(piece.octets)] : []))
      seen.add(sent.join('|'))
    }
    for (const wanted of [
      'USER b\r\n',
      'HELO a\r\nHELO a\r\nUSER b\r\n',
      'USER b\r\nHELO a\r\n',
      'HELO a\r\nSTAT\r\nUSER b\r\n',
    ])
      expect(seen).toContain(wanted)
    expect([...seen].some(each => /HELO a{64}\r\n/.test(each))).toBe(true)
  })

  it('is confirmed by the fewest sessions that are needed', async () => {
    const sessions = ['x', 'a', 'y', 'b', 'z', 'c'].map(name => arrivals(octets(name)))
    const breaks = (input: Uint8Array): Promise<boolean> => {
      const sent = piecesOf(input).flatMap(piece => (piece.kind === 'octets' ? [text(piece.octets)] : []))
      return Promise.resolve(/a.*b.*c/.test(sent.join('')))
    }
    expect(await confirm(arrivals(octets('c')), sessions, 1, breaks)).toMatchObject({ sessions: 3, times: 3, of: 3 })
    expect(await confirm(arrivals(octets('abc')), sessions, 1, breaks)).toMatchObject({ sessions: 1, times: 3 })
    const never = () => Promise.resolve(false)
    expect(await confirm(arrivals(octets('c')), sessions, 1, never)).toMatchObject({ sessions: 0, times: 0 })
  })
})

describe('what sanitizers report', () => {
  const ASAN = `some line
==123==ERROR: AddressSanitizer: heap-use-after-free on address 0x602000000010 at pc 0x55 bp 0x7f sp 0x7f
READ of size 1 at 0x602000000010 thread T0
    #0 0x7f11 in __interceptor_memcpy ../sanitizer.inc:827
    #1 0x55aa in parse /src/a.c:10
    #2 0x55bb in serve /src/a.c:20
SUMMARY: AddressSanitizer: heap-use-after-free /src/a.c:10 in parse`

  it('is a crash, by what it was and where', () => {
    expect(mentionsSanitizer(ASAN)).toBe(true)
    const find = sanitizerFind(ASAN)
    expect(find).toMatchObject({
      kind: 'crash',
      title: 'AddressSanitizer: heap-use-after-free in parse',
      certain: true,
    })
    expect(find?.signature).toContain('parse serve')
    expect(sanitizerFind(ASAN.replaceAll('0x6020', '0x7777'))?.signature).toBe(find?.signature)
  })

  it('is memory where it leaks, and a crash where behaviour is undefined', () => {
    const leak =
      '==9==ERROR: LeakSanitizer: detected memory leaks\n    #0 0x1 in malloc x\n    #1 0x2 in keep /src/a.c:3\n'
    expect(sanitizerFind(leak)).toMatchObject({ kind: 'memory', title: 'LeakSanitizer: detected memory leaks in keep' })
    const shift = 'a\n/src/b.c:12:7: runtime error: shift exponent 40 is too large for 32-bit type int\n'
    expect(sanitizerFind(leak)?.certain).toBeUndefined()
    expect(sanitizerFind(shift)).toMatchObject({ kind: 'crash', certain: true })
    expect(sanitizerFind('nothing of note, no runtime error')).toBeUndefined()
  })
})
