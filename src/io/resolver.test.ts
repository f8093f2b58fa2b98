import { once } from 'node:events'
import { createServer as createHttpServer } from 'node:http'
import { connect, createServer } from 'node:net'
import { Agent, request } from 'undici'
import { afterEach, describe, expect, it } from 'vitest'
import type { FlowOutput } from '../machine.ts'
import { octets, text } from './endpoint.fixture.ts'
import type { FlowListener } from './flow-listener.ts'
import { listenForFlows } from './flow-listener.ts'
import type { Resolved, ResolverMachine } from './resolver.ts'
import { createResolver } from './resolver.ts'

const listeners: FlowListener[] = []
afterEach(() => {
  for (const one of listeners.splice(0)) one.close()
})

/** Asks in words, `A www.test`, and takes for an answer the addresses that come back, or why there are none. */
class Wordy implements ResolverMachine<Resolved> {
  #output: FlowOutput[] = []
  readonly #asked = new Map<number, { readonly request: number; readonly type: number }>()
  readonly #entropy: Uint8Array

  constructor(entropy: (count: number) => Uint8Array) {
    this.#entropy = entropy(4)
  }

  send({ request, name, type }: { request: number; name: string; type: number }) {
    if (name === 'known.test') return [{ request, resolution: answer(type, '192.0.2.7') }]
    if (name === 'throw.test') throw new RangeError('no such name')
    this.#asked.set(request, { request, type })
    this.#output.push({ open: request, transport: 'udp', server: 0 })
    this.#output.push({ flow: request, octets: octets(`${type === 1 ? 'A' : 'AAAA'} ${name} ${this.#entropy.length}`) })
    return []
  }

  receive(flow: number, came: Uint8Array | 'eof' | 'refused') {
    const asked = this.#asked.get(flow)
    if (!asked || typeof came === 'string') return []
    this.#output.push({ flow, close: true })
    const said = text(came)
    if (said === 'die') throw new TypeError('a bug')
    const resolution: Resolved = /^[A-Z]+$/.test(said)
      ? { kind: said === 'TIMEOUT' ? 'failure' : 'negative', why: said }
      : answer(asked.type, ...said.split(' '))
    return [{ request: asked.request, resolution }]
  }

  tick() {
    return []
  }

  transmit(): FlowOutput[] {
    return this.#output.splice(0)
  }
}

function answer(type: number, ...addresses: readonly string[]): Resolved {
  return { kind: 'answer', records: addresses.map(address => ({ type, data: { address } })) }
}

async function world(answers: Readonly<Record<string, string>>, onThrow?: (thrown: unknown) => void) {
  const listener = await listenForFlows()
  listeners.push(listener)
  const asked: string[] = []
  void (async () => {
    for (;;) {
      const arrival = await listener.receive(60_000)
      if (arrival.kind !== 'octets') return
      const question = text(arrival.octets)
      asked.push(question)
      const said = answers[question.replace(/ \d+$/, '')]
      if (said !== undefined) listener.send(octets(said), arrival.flow)
    }
  })()
  const resolver = createResolver({
    servers: listener.servers.slice(0, 1),
    machine: ({ entropy }) => new Wordy(entropy),
    ...(onThrow ? { onThrow } : {}),
  })
  const lookup = (host: string, options: { family?: number; all?: boolean } = {}) =>
    new Promise((resolve, reject) =>
      resolver.lookup(host, options, (error, address, family) =>
        error ? reject(error) : resolve(options.all ? address : [address, family]),
      ),
    )
  return { resolver, asked, lookup }
}

describe('createResolver', () => {
  it('resolves over real sockets, and what the machine knows without any', async () => {
    const { resolver, asked } = await world({ 'A www.test': '192.0.2.1' })
    expect(await resolver.resolve('www.test', 1)).toEqual(answer(1, '192.0.2.1'))
    expect(await resolver.resolve('known.test', 1)).toEqual(answer(1, '192.0.2.7'))
    expect(asked).toEqual(['A www.test 4'])
    resolver.close()
  })

  it('looks up both families, or the one wanted, or none for an address', async () => {
    const { resolver, asked, lookup } = await world({
      'A www.test': '192.0.2.1 192.0.2.2',
      'AAAA www.test': '2001:db8::1',
      'A four.test': '192.0.2.4',
      'AAAA four.test': 'NODATA',
    })
    expect(await lookup('www.test', { all: true })).toEqual([
      { address: '192.0.2.1', family: 4 },
      { address: '192.0.2.2', family: 4 },
      { address: '2001:db8::1', family: 6 },
    ])
    expect(await lookup('www.test', { family: 6 })).toEqual(['2001:db8::1', 6])
    expect(await lookup('four.test')).toEqual(['192.0.2.4', 4])
    const before = asked.length
    expect(await lookup('192.0.2.9')).toEqual(['192.0.2.9', 4])
    expect(await lookup('localhost', { family: 6 })).toEqual(['::1', 6])
    expect(asked).toHaveLength(before)
    resolver.close()
  })

  it('tells why there is no address by the codes that Node has', async () => {
    const { resolver, lookup } = await world({
      'A no.test': 'NXDOMAIN',
      'AAAA no.test': 'NXDOMAIN',
      'A slow.test': 'NODATA',
      'AAAA slow.test': 'TIMEOUT',
    })
    await expect(lookup('no.test')).rejects.toMatchObject({ code: 'ENOTFOUND', hostname: 'no.test', syscall: 'lookup' })
    await expect(lookup('slow.test')).rejects.toMatchObject({ code: 'EAI_AGAIN' })
    await expect(lookup('throw.test')).rejects.toThrow('no such name')
    resolver.close()
  })

  it('is a lookup for node:net', async () => {
    const server = createServer(socket => socket.end('hello'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { resolver } = await world({ 'A host.test': '127.0.0.1', 'AAAA host.test': 'NODATA' })
    const socket = connect({ host: 'host.test', port, lookup: resolver.lookup })
    const [heard] = (await once(socket, 'data')) as [Buffer]
    expect(heard.toString()).toBe('hello')
    socket.destroy()
    server.close()
    resolver.close()
  })

  it('is a lookup for undici', async () => {
    const server = createHttpServer((_, response) => response.end('hello'))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    const port = typeof address === 'object' && address ? address.port : 0
    const { resolver } = await world({ 'A host.test': '127.0.0.1', 'AAAA host.test': 'NODATA' })
    const agent = new Agent({ connect: { lookup: resolver.lookup } })
    const { body } = await request(`http://host.test:${port}/`, { dispatcher: agent })
    expect(await body.text()).toBe('hello')
    await agent.close()
    server.close()
    resolver.close()
  })

  it('fails what is under way when it is closed, or its machine has a bug', async () => {
    const thrown: unknown[] = []
    const { resolver } = await world({ 'A die.test': 'die', 'A well.test': '192.0.2.1' }, what => thrown.push(what))
    await expect(resolver.resolve('die.test', 1)).rejects.toThrow('a bug')
    expect(thrown).toHaveLength(1)
    expect(await resolver.resolve('well.test', 1)).toEqual(answer(1, '192.0.2.1'))
    const silent = resolver.resolve('silent.test', 1)
    resolver.close()
    await expect(silent).rejects.toThrow('the resolver was closed')
    await expect(resolver.resolve('well.test', 1)).rejects.toThrow('the resolver is closed')
  })

  it('wants addresses of servers', () => {
    const make = (server: string) => () =>
      createResolver({ servers: [server], machine: ({ entropy }) => new Wordy(entropy) })
    for (const good of ['127.0.0.1', '127.0.0.1:5353', '[::1]:53', '::1']) expect(make(good)).not.toThrow()
    for (const bad of ['dns.test', '[::1', '1.2.3:53']) expect(make(bad)).toThrow(TypeError)
  })
})
