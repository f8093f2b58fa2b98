import { describe, expect, it } from 'vitest'
import type { Subject } from '../conformance/case.ts'
import { Refused } from '../conformance/peer.ts'
import type { Endpoint } from '../machine.ts'
import { memoryPeer, pipe } from './pipe.ts'

const text = (octets: Uint8Array): string => new TextDecoder().decode(octets)
const octets = (content: string): Uint8Array => new TextEncoder().encode(content)

/** An endpoint made of what it does with what comes; its output is one queue. */
function endpoint(parts: Partial<Endpoint> & { output?: (Uint8Array | 'close')[] }): Endpoint {
  const output = parts.output ?? []
  return { receive() {}, tick() {}, transmit: () => output.splice(0), ...parts }
}

/** Says everything back, and closes when the other side does. */
function echo(): Endpoint {
  const output: (Uint8Array | 'close')[] = []
  return endpoint({ output, receive: got => void output.push(got === 'eof' ? 'close' : got) })
}

describe('pipe', () => {
  it('brings all that the endpoint has to say in one arrival, then its end each time', async () => {
    const channel = pipe(echo())
    channel.send(octets('one '))
    channel.send(octets('two'))
    channel.end()
    const first = await channel.receive(1000)
    expect(first.kind === 'octets' && text(first.octets)).toBe('one two')
    expect(await channel.receive(1000)).toEqual({ kind: 'eof' })
    expect(await channel.receive(1000)).toEqual({ kind: 'eof' })
    expect(channel.now()).toBe(0)
  })

  it('lets the endpoint speak first', async () => {
    const channel = pipe(endpoint({ output: [octets('hello')] }))
    expect(await channel.receive(0)).toMatchObject({ kind: 'octets' })
  })

  it('knows silence at once, and the clock has moved by the patience', async () => {
    const channel = pipe(endpoint({}))
    const started = performance.now()
    expect(await channel.receive(3_600_000)).toEqual({ kind: 'silence' })
    expect(channel.now()).toBe(3_600_000)
    expect(performance.now() - started).toBeLessThan(1000)
  })

  it('jumps to deadlines within the patience, and no further', async () => {
    const ticks: number[] = []
    let deadline: number | undefined = 400
    const slow: Endpoint = {
      receive() {},
      tick(now) {
        ticks.push(now)
        deadline = now === 400 ? 700 : undefined
      },
      transmit: () => (ticks.length === 2 && deadline === undefined ? [octets('late'), 'close'] : []),
      get deadline() {
        return deadline
      },
    }
    const channel = pipe(slow)
    expect(await channel.receive(399)).toEqual({ kind: 'silence' })
    expect(ticks).toEqual([])
    expect(await channel.receive(301)).toMatchObject({ kind: 'octets' })
    expect(ticks).toEqual([400, 700])
    expect(channel.now()).toBe(700)
    expect(await channel.receive(1)).toEqual({ kind: 'eof' })
  })

  it('ends with an endpoint whose deadline never moves on', async () => {
    const channel = pipe(endpoint({ deadline: 5 }))
    expect(await channel.receive(10)).toEqual({ kind: 'silence' })
    expect(channel.now()).toBe(10)
  })

  it('hands nothing on after the endpoint closed, or after it was dropped', async () => {
    const got: string[] = []
    const output: (Uint8Array | 'close')[] = ['close', octets('never')]
    const closed = pipe(endpoint({ output, receive: what => void got.push(String(what)) }))
    closed.send(octets('x'))
    expect(await closed.receive(0)).toEqual({ kind: 'eof' })
    const dropped = pipe(echo())
    dropped.send(octets('x'))
    dropped.destroy()
    expect(await dropped.receive(0)).toMatchObject({ kind: 'reset' })
    expect(got).toEqual([])
  })

  it('shares no memory with either side', async () => {
    const scratch = octets('abc')
    const channel = pipe(endpoint({ output: [scratch] }))
    scratch.fill(0)
    const arrival = await channel.receive(0)
    expect(arrival.kind === 'octets' && text(arrival.octets)).toBe('abc')

    const echoing = pipe(echo())
    const sent = octets('abc')
    echoing.send(sent)
    sent.fill(0)
    const back = await echoing.receive(0)
    expect(back.kind === 'octets' && text(back.octets)).toBe('abc')
  })
})

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
  })
})
