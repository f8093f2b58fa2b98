import { execFileSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { TALK_DEFAULTS } from '../conformance/run.ts'
import { digCommand, rawCommand } from './dig.ts'
import { TYPE } from './mnemonics.ts'
import { queryFor } from './query.ts'

const options = { ...TALK_DEFAULTS, authority: '127.0.0.1:5300', secure: false }
const soa = { name: 'example.test.', type: TYPE.SOA }

describe('the same query by dig', () => {
  it('says all that is not as dig would have it', () => {
    expect(digCommand(queryFor(soa), options)).toBe(
      'dig @127.0.0.1 -p 5300 +norec +noad +ignore +noedns -t SOA -q example.test.',
    )
    const flags = queryFor({ ...soa, class: 3 }, { rd: true, ad: true, cd: true, z: true, opcode: 15 })
    expect(digCommand(flags, options)).toBe(
      'dig @127.0.0.1 -p 5300 +rec +ad +ignore +cd +zflag +opcode=15 +noedns -c CH -t SOA -q example.test.',
    )
    const extended = queryFor(soa, {
      edns: { size: 512, version: 1, dnssecOk: true, flags: 0x80, options: [{ code: 100, data: Uint8Array.of(1) }] },
    })
    expect(digCommand(extended, options, { transport: 'tcp' })).toBe(
      'dig @127.0.0.1 -p 5300 +norec +noad +ignore +edns=1 +nocookie +noednsneg +bufsize=512 +dnssec ' +
        '+ednsflags=0x80 +ednsopt=100:01 +tcp -t SOA -q example.test.',
    )
  })

  it('is quoted for a shell', () => {
    const command = digCommand(queryFor({ ...soa, name: "it's\\032me." }), options) ?? ''
    const words = execFileSync('/bin/sh', ['-c', command.replace(/^dig/, 'printf "%s\\n"')], { encoding: 'utf8' })
    expect(words.trimEnd().split('\n').at(-1)).toBe("it's\\032me.")
  })

  it('is none where dig cannot say it', () => {
    expect(digCommand({ ...queryFor(soa), qr: true }, options)).toBeUndefined()
    expect(
      digCommand({ ...queryFor(soa), questions: [...queryFor(soa).questions, ...queryFor(soa).questions] }, options),
    ).toBeUndefined()
  })
})

it('sends octets as they are, with their length on a stream', () => {
  expect(rawCommand(Uint8Array.of(1, 2), options)).toBe('echo 0102 | xxd -r -p | nc -u -w1 127.0.0.1 5300 | xxd')
  expect(rawCommand(Uint8Array.of(1, 2), { ...options, authority: '[::1]:53' }, { transport: 'tcp' })).toBe(
    'echo 00020102 | xxd -r -p | nc -w1 ::1 53 | xxd',
  )
})
