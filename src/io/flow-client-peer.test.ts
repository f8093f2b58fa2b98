import { createSocket } from 'node:dgram'
import { afterEach, describe, expect, it } from 'vitest'
import type { Arrival, Channel, Flow } from '../conformance/channel.ts'
import type { Peer } from '../conformance/peer.ts'
import { clientPeer } from './client-peer.ts'
import { octets, text } from './endpoint.fixture.ts'
import { Asker } from './flow.fixture.ts'
import { flowClientPeer } from './flow-client-peer.ts'
import { driveFlows } from './flow-drive.ts'
import { listenForFlows } from './flow-listener.ts'

const peers: Peer[] = []
afterEach(async () => {
  for (const peer of peers.splice(0)) await peer.close()
})

/** A client written in Node, as it is always there; what it is told to run may be sent to it. */
const PROGRAM = `
  const [, port, host, host2] = process.argv;
  const ask = (to, word) => {
    const s = require("dgram").createSocket("udp4");
    s.on("message", m => eval(String(m)));
    s.send(word, +port, to);
  };
  const tcp = word => {
    const s = require("net").connect(+port, host, () => s.write(word));
    s.on("data", m => eval(String(m)));
    s.on("error", () => s.destroy());
  };
`

function client(run: string): Peer {
  const command = `'${process.execPath}' -e '${(PROGRAM + run).replaceAll('\n', ' ')}' {port} {host} {host2}`
  const peer = clientPeer({ run: command, tls: false, timeout: 5000, transports: ['udp', 'tcp'] })
  peers.push(peer)
  return peer
}

async function heard(channel: Pick<Channel, 'receive'>): Promise<{ what: string; flow: Flow | undefined }> {
  const arrival: Arrival = await channel.receive(5000)
  const what = arrival.kind === 'octets' ? text(arrival.octets) : `<${arrival.kind}>`
  return { what, flow: 'flow' in arrival ? arrival.flow : undefined }
}

describe('flowClientPeer', () => {
  it('hears datagrams at each server and streams beside them, and answers each where it came from', async () => {
    const channel = await client('ask(host, "one");').open()
    const one = await heard(channel)
    expect(one).toMatchObject({ what: 'one', flow: { id: 1, transport: 'udp', tester: channel.servers?.[0] } })
    channel.send(octets('ask(host2, "two")'))
    const two = await heard(channel)
    expect(two).toMatchObject({ what: 'two', flow: { tester: channel.servers?.[1] } })
    channel.send(octets('tcp("three")'), one.flow)
    const three = await heard(channel)
    expect(three).toMatchObject({ what: 'three', flow: { transport: 'tcp' } })
    channel.send(octets('s.end("four")'))
    expect((await heard(channel)).what).toBe('four')
    expect(await heard(channel)).toMatchObject({ what: '<eof>', flow: three.flow })
    channel.destroy()
  })

  it('answers from other addresses too', async () => {
    const from = 's.on("message", (m, from) => s.send(from.address + " " + from.port, +port, host));'
    const channel = await client(`ask(host, "x");`).open()
    const { flow } = await heard(channel)
    channel.send(octets(from))
    for (const tester of [channel.stray, channel.servers?.[1]]) {
      if (!flow || !tester) throw new Error('no flow')
      channel.send(octets('0'), { ...flow, tester })
      expect((await heard(channel)).what).toBe(`${tester.address} ${tester.port}`)
    }
    channel.destroy()
  })

  it('breaks a connection, and knows when the program is over', async () => {
    const channel = await client('tcp("x");').open()
    const { flow } = await heard(channel)
    if (!flow) throw new Error('no flow')
    channel.destroy(flow)
    expect((await heard(channel)).what).toBe('<eof>')
    expect(await channel.exit?.(5000)).toMatchObject({ code: 0 })
    channel.destroy()
  })

  it('hears what was said last before the end', async () => {
    const channel = await client('ask(host, "x");').open()
    await heard(channel)
    channel.send(octets('s.send("bye", +port, host, () => { console.log("said"); process.exit(4) })'))
    expect((await heard(channel)).what).toBe('bye')
    expect(await heard(channel)).toEqual({ what: '<eof>', flow: undefined })
    expect(await channel.exit?.(5000)).toMatchObject({ code: 4, stdout: 'said\n' })
    channel.destroy()
  })

  it('says why a program said nothing, and wants to be told where to go', async () => {
    await expect(client('console.error("no such option"); process.exit(2);').open()).rejects.toThrow(
      'the client did not connect: exit status 2\n  no such option',
    )
    expect(() => flowClientPeer({ run: 'dig example.test' })).toThrow(/names no place to go to/)
  })
})

describe('driveFlows', () => {
  it('puts a machine on real sockets, from a port of its own for each flow', async () => {
    const listener = await listenForFlows()
    const asker = new Asker({ servers: 2 })
    const driven = driveFlows(asker, { servers: listener.servers })
    const arrivals = [await heard(listener), await heard(listener)]
    expect(arrivals.map(({ what }) => what).sort()).toEqual(['udp 0', 'udp 1'])
    expect(new Set(arrivals.map(({ flow }) => flow?.subject.port)).size).toBe(2)
    listener.send(octets('wait'))
    const { what, flow } = await heard(listener)
    expect(what).toBe('udp 0')
    listener.send(octets('tcp'), flow)
    const stream = await heard(listener)
    expect([stream.what, stream.flow?.transport]).toEqual(['tcp 0', 'tcp'])
    listener.send(octets('close'), stream.flow)
    expect(await heard(listener)).toMatchObject({ what: '<eof>', flow: stream.flow })
    driven.destroy()
    listener.close()
  })

  it('takes nothing from strangers unless told so', async () => {
    for (const anyone of [false, true]) {
      const listener = await listenForFlows()
      const asker = new Asker({ anyone })
      const driven = driveFlows(asker, { servers: listener.servers })
      const { flow } = await heard(listener)
      if (!flow) throw new Error('no flow')
      listener.send(octets('stranger'), { ...flow, tester: listener.stray })
      listener.send(octets('tcp'), flow)
      await heard(listener)
      expect(asker.heard.map(({ what }) => what)).toEqual(anyone ? ['stranger', 'tcp'] : ['tcp'])
      driven.destroy()
      listener.close()
    }
  })

  it('tells of a server that is not there', async () => {
    const socket = createSocket('udp4')
    const port = await new Promise<number>(resolve => socket.bind(0, '127.0.0.1', () => resolve(socket.address().port)))
    await new Promise<void>(resolve => socket.close(resolve))
    const asker = new Asker()
    const driven = driveFlows(asker, { servers: [{ address: '127.0.0.1', port }] })
    for (let tries = 0; tries < 200 && asker.heard.length === 0; tries++) {
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    expect(asker.heard[0]).toEqual({ flow: 1, what: '<refused>' })
    driven.destroy()
  })
})
