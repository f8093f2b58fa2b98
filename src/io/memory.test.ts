import { describe, expect, it } from 'vitest'
import type { Subject } from '../conformance/case.ts'
import { Refused } from '../conformance/peer.ts'
import type { Endpoint } from '../machine.ts'
import { echo, endpoint, octets } from './endpoint.fixture.ts'
import { memoryPeer } from './memory.ts'

describe('memoryPeer', () => {
  const subject = (connect: () => Endpoint): Subject => ({ connect })

  it('opens a fresh endpoint each time', async () => {
    const peer = memoryPeer(subject(echo), 'server', 'echo')
    const [first, second] = [await peer.open(), await peer.open()]
    first.send(octets('x'))
    expect(await second.receive(1)).toEqual({ kind: 'silence' })
    expect(await first.receive(1)).toMatchObject({ kind: 'octets' })
    expect(first.exit).toBeUndefined()
  })

  it('turns a throw into a death, found out by health and undone by revive', async () => {
    const faulty = (): Endpoint =>
      endpoint({
        receive() {
          throw new TypeError('out of range')
        },
      })
    const peer = memoryPeer(subject(faulty), 'server', 'faulty')
    const channel = await peer.open()
    expect(await peer.health()).toEqual({ alive: true })
    channel.send(octets('x'))
    expect(await channel.receive(1)).toEqual({ kind: 'reset', reason: 'the endpoint threw TypeError: out of range' })
    expect(await peer.health()).toMatchObject({ alive: false, how: expect.stringContaining('out of range') })
    await peer.revive?.()
    expect(await peer.health()).toEqual({ alive: true })
  })

  it('rejects an opening that the subject refuses, and tells what TLS agreed on', async () => {
    const strict: Subject = {
      connect: echo,
      secure(opening) {
        if (opening.tls?.maxVersion === 'TLSv1') throw new Refused('protocol_version')
        return { version: 'TLSv1.3', cipher: 'TLS_AES_128_GCM_SHA256', alpn: 'h2' }
      },
    }
    const peer = memoryPeer(strict, 'server', 'strict')
    await expect(peer.open({ tls: { maxVersion: 'TLSv1' } })).rejects.toThrow(Refused)
    expect((await peer.open()).security?.alpn).toBe('h2')
  })

  it('tells of a client that it has ended, or has not', async () => {
    const patient = await memoryPeer(subject(echo), 'client', 'patient').open()
    expect(await patient.exit?.(50)).toBeUndefined()
    expect(patient.now()).toBe(50)
    const hasty = await memoryPeer(
      subject(() => endpoint({ output: [octets('bye'), 'close'] })),
      'client',
      'hasty',
    ).open()
    expect(await hasty.exit?.(50)).toMatchObject({ code: 0, signal: null })
    const failed = (): Endpoint & { exitCode: number } => ({ ...endpoint({ output: ['close'] }), exitCode: 7 })
    const program = await memoryPeer(subject(failed), 'client', 'failed').open()
    expect(await program.exit?.(50)).toMatchObject({ code: 7 })
  })
})
