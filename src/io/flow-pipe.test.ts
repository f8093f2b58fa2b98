import { describe, expect, it } from 'vitest'
import type { Arrival, Channel, Flow } from '../conformance/channel.ts'
import { octets, text } from './endpoint.fixture.ts'
import { Asker } from './flow.fixture.ts'
import { flowPipe } from './flow-pipe.ts'
import { memoryPeer } from './memory.ts'

async function heard(channel: Channel, patience = 1000): Promise<{ what: string; flow: Flow | undefined }> {
  const arrival: Arrival = await channel.receive(patience)
  const what = arrival.kind === 'octets' ? text(arrival.octets) : `<${arrival.kind}>`
  return { what, flow: 'flow' in arrival ? arrival.flow : undefined }
}

describe('flowPipe', () => {
  it('tells which flow something came on, each datagram by itself', async () => {
    const channel = flowPipe(new Asker({ servers: 2 }))
    const [first, second] = [await heard(channel), await heard(channel)]
    expect([first.what, second.what]).toEqual(['udp 0', 'udp 1'])
    expect(first.flow).toMatchObject({ id: 1, transport: 'udp', tester: channel.servers?.[0] })
    expect(second.flow).toMatchObject({ id: 2, tester: channel.servers?.[1] })
    expect(first.flow?.subject.port).not.toBe(second.flow?.subject.port)
    expect((await heard(channel)).what).toBe('<silence>')
    expect(channel.now()).toBe(1000)
  })

  it('sends on the flow last heard from, or on the one named', async () => {
    const asker = new Asker({ servers: 2 })
    const channel = flowPipe(asker)
    const first = await heard(channel)
    await heard(channel)
    channel.send(octets('latest'))
    channel.send(octets('named'), first.flow)
    expect(asker.heard).toEqual([
      { flow: 2, what: 'latest' },
      { flow: 1, what: 'named' },
    ])
  })

  it('keeps strangers from a flow, unless it takes anyone', async () => {
    for (const anyone of [false, true]) {
      const asker = new Asker({ anyone })
      const channel = flowPipe(asker)
      const { flow } = await heard(channel)
      for (const tester of [channel.stray, channel.servers?.[1]]) {
        if (flow && tester) channel.send(octets('stranger'), { ...flow, tester })
      }
      expect(asker.heard).toHaveLength(anyone ? 2 : 0)
    }
  })

  it('carries streams, and how each ends', async () => {
    const asker = new Asker()
    const channel = flowPipe(asker)
    channel.receive(0)
    channel.send(octets('tcp'))
    const { what, flow } = await heard(channel)
    expect([what, flow?.transport]).toEqual(['tcp 0', 'tcp'])
    channel.send(octets('tcp'), flow)
    const other = await heard(channel)
    channel.end(other.flow)
    channel.destroy(flow)
    channel.send(octets('lost'), flow)
    expect(asker.heard.slice(-2)).toEqual([
      { flow: 3, what: '<eof>' },
      { flow: 2, what: '<refused>' },
    ])
    channel.send(octets('close'), other.flow)
    expect(await heard(channel)).toEqual({ what: '<eof>', flow: other.flow })
  })

  it('lets time pass up to a deadline, and no silence cost any', async () => {
    const channel = flowPipe(new Asker())
    await heard(channel)
    channel.send(octets('wait'))
    expect((await heard(channel, 399)).what).toBe('<silence>')
    expect((await heard(channel, 10)).what).toBe('udp 0')
    expect(channel.now()).toBe(400)
  })

  it('is over when the program is, which its exit tells', async () => {
    const channel = flowPipe(new Asker())
    await heard(channel)
    expect(await channel.exit?.(10)).toBeUndefined()
    channel.send(octets('end 3'))
    expect(await heard(channel)).toEqual({ what: '<eof>', flow: undefined })
    expect(await channel.exit?.(10)).toEqual({ code: 3, signal: null, stdout: 'end 3', stderr: '' })
  })

  it('uses other ports in another run, and the same in the same', async () => {
    const portOf = async (seed: number) => (await heard(flowPipe(new Asker(), { seed }))).flow?.subject.port
    expect(await portOf(1)).toBe(await portOf(1))
    expect(new Set(await Promise.all([1, 2, 3, 4].map(portOf))).size).toBe(4)
  })

  it('stands behind a peer in memory, which knows its death', async () => {
    const connect = (): never => {
      throw new Error('it opens its flows itself')
    }
    const peer = memoryPeer({ connect, flows: () => new Asker() }, 'client', 'asker', ['udp', 'tcp'])
    const channel = await peer.open()
    await heard(channel)
    channel.send(octets('die'))
    expect((await heard(channel)).what).toBe('<reset>')
    expect(await peer.health()).toMatchObject({ alive: false })
  })
})
