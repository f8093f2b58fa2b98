import { describe, expect, it } from 'vitest'
import type { Protocol } from '../../conformance/case.ts'
import { dns } from '../../dns/protocol.ts'
import { SeededChance } from '../../fuzz/chance.ts'
import { http2 } from '../../http2/protocol.ts'
import { hex } from '../../wire/hex.ts'
import { serverTargetNamed } from './server.ts'
import { formOf } from './server-forms.ts'
import { caseSeeds } from './server-seeds.ts'

const joined = (parts: readonly Uint8Array[]): Buffer => Buffer.concat(parts)

describe('the form of sessions', () => {
  it('cuts any octets into messages that joined are the same', () => {
    const chance = new SeededChance(3)
    for (const [form, transport] of [
      [formOf(dns), 'udp'],
      [formOf(dns), 'tcp'],
      [formOf(dns), 'https'],
      [formOf(http2), 'tcp'],
    ] as const) {
      const begin = dns.hello('tcp', { zone: '.' }).octets
      for (let i = 0; i < 300; i++) {
        const octets = Uint8Array.from({ length: chance.below(64) }, () => chance.below(i % 2 === 0 ? 4 : 256))
        for (const all of [octets, joined([begin, octets])]) {
          const messages = form.messages(all, transport)
          expect(joined(messages)).toEqual(Buffer.from(all))
          form.answers([all], transport)
          for (const message of messages) form.change?.(message, transport, chance)
        }
      }
    }
  })

  it('tells answers apart by their code', () => {
    const header = (flags: string) => hex(`1234${flags}0001000000000000`)
    const [refused, failed] = ['8185', '8182'].map(flags => formOf(dns).answers([header(flags)], 'udp'))
    expect(refused).not.toEqual(failed)
    const goaway = (code: string) => formOf(http2).answers([hex(`000008070000000000000000000000000${code}`)], 'tcp')
    expect(goaway('1')).not.toEqual(goaway('9'))
  })

  it('has words for answers', () => {
    const words = (protocol: Protocol, octets: string, transport: 'udp' | 'tcp'): (string | undefined)[] => {
      const form = formOf(protocol)
      return form.answers([hex(octets)], transport).map(answer => form.word?.(answer, transport))
    }
    expect(words(dns, '1234 8185 0001 0000 0000 0000', 'udp')).toEqual(['REFUSED'])
    expect(words(dns, '1234 8600 0001 0001 0000 0001', 'udp')).toEqual(['NOERROR aa tc, answers'])
    expect(words(dns, '1234', 'udp')).toEqual(['no message'])
    const frames = [
      '000000 04 01 00000000',
      '000001 01 04 00000001 88',
      '000004 03 00 00000001 00000007',
      '000008 07 00 00000000 00000000 00000001',
    ]
    expect(words(http2, frames.join(''), 'tcp')).toEqual([
      'SETTINGS ACK',
      'HEADERS 200',
      'RST_STREAM REFUSED_STREAM',
      'GOAWAY PROTOCOL_ERROR',
    ])
  })

  it('changes one field of a message', () => {
    const form = formOf(dns)
    const { octets } = dns.hello('udp', { zone: 'example.test.' })
    const chance = new SeededChance(1)
    const changed = Array.from({ length: 50 }, () => form.change?.(octets, 'udp', chance)).filter(
      each => each !== undefined,
    )
    expect(new Set(changed.map(each => Buffer.from(each).toString('hex'))).size).toBeGreaterThan(10)
  })

  it('begins with what the cases send', { timeout: 60_000 }, async () => {
    expect((await caseSeeds(dns, ['udp', 'tcp'])).length).toBeGreaterThan(200)
    expect((await caseSeeds(dns, ['tls'])).length).toBeGreaterThan(200)
    expect((await caseSeeds(dns, ['https'])).length).toBeGreaterThan(200)
  })
})

describe('targets by name', () => {
  it('are servers and addresses, and others are told what is meant', () => {
    expect(serverTargetNamed('server:bind9')).toMatchObject({ name: 'server:bind9', deterministic: false })
    expect(serverTargetNamed('server:nginx/https').about).toBe('nginx, by HTTP/2 over TLS')
    expect(() => serverTargetNamed('server:bind')).toThrow(/did you mean 'bind9'/)
    expect(() => serverTargetNamed('server:bind9/h2c')).toThrow(/not reached by 'h2c'/)
  })

  it('are on this machine unless they are said to be ours', async () => {
    // RFC 5737 §3: for documentation, so that nobody has it.
    await expect(serverTargetNamed('url:dns://192.0.2.1:53').start()).rejects.toThrow(/--mine/)
    await expect(serverTargetNamed('url:h2c://127.0.0.1:9').start()).rejects.toThrow(/no peer/)
  })
})
