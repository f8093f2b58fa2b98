import { describe, expect, it } from 'vitest'
import type { Endpoint } from '../machine.ts'
import { echo, endpoint, octets, text } from './endpoint.fixture.ts'
import { pipe } from './pipe.ts'

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
