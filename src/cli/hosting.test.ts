import { createServer } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import type { Channel } from '../conformance/channel.ts'
import { Unreachable } from '../conformance/peer.ts'
import { honoursAll } from '../conformance/rule.ts'
import { dns } from '../dns/protocol.ts'
import type { Host } from '../io/host.ts'
import { dial } from '../io/tcp.ts'
import { bindUdp, dialUdp } from '../io/udp.ts'
import type { SchemeName } from '../schemes.ts'
import { hostSubject } from './hosting.ts'

/** The A record of www.example.test, by hand from RFC 1035 §4.1; and how the answer to it begins. */
const QUERY = Buffer.from(
  '1234 0000 0001 0000 0000 0000 03777777 076578616d706c65 0474657374 00 0001 0001'.replaceAll(' ', ''),
  'hex',
)
const ANSWER = /^12348400000100010000\d{4}0377777707/
const PREFIX = Buffer.of(0, QUERY.length)

const hosts: Host[] = []
const channels: Channel[] = []
const thrown: unknown[] = []

afterEach(async () => {
  for (const channel of channels.splice(0)) channel.destroy()
  await Promise.all(hosts.splice(0).map(host => host.close()))
  expect(thrown.splice(0)).toEqual([])
})

async function hosting(scheme: SchemeName, port = 0, host = '127.0.0.1'): Promise<Host> {
  const subject = dns.subject('server', honoursAll)
  const one = await hostSubject(subject, scheme, { host, port, onThrow: what => void thrown.push(what) })
  hosts.push(one)
  return one
}

async function answer(opening: Promise<Channel>, query: Uint8Array): Promise<string> {
  const channel = await opening
  channels.push(channel)
  channel.send(query)
  const arrival = await channel.receive(5000)
  return arrival.kind === 'octets' ? Buffer.from(arrival.octets).toString('hex') : arrival.kind
}

describe('a subject behind sockets', () => {
  it.each(['127.0.0.1', '::1'])('answers datagrams and streams at one port of %s', async host => {
    const { port } = await hosting('dns', 0, host)
    expect(await answer(dialUdp({ host, port }), QUERY)).toMatch(ANSWER)
    const streamed = await answer(dial({ host, port, timeout: 5000 }), Buffer.concat([PREFIX, QUERY]))
    expect(streamed.slice(4)).toMatch(ANSWER)
  })

  it('answers over TLS, by the ALPN name of the scheme', async () => {
    const { port } = await hosting('tls+dns')
    const tls = { insecure: true, serverName: 'localhost', alpn: ['dot'] }
    const opening = dial({ host: '127.0.0.1', port, timeout: 5000, tls })
    expect((await opening).security?.alpn).toBe('dot')
    expect((await answer(opening, Buffer.concat([PREFIX, QUERY]))).slice(4)).toMatch(ANSWER)
  })

  it('takes clients that know of no ALPN for DNS over TLS', async () => {
    const { port } = await hosting('tls+dns')
    const opening = dial({ host: '127.0.0.1', port, timeout: 5000, tls: { insecure: true, alpn: [] } })
    expect((await answer(opening, Buffer.concat([PREFIX, QUERY]))).slice(4)).toMatch(ANSWER)
  })

  it('begins with SETTINGS over HTTPS', async () => {
    const { port } = await hosting('https+dns')
    const tls = { insecure: true, serverName: 'localhost', alpn: ['h2'] }
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0', 'latin1')
    // RFC 9113 §3.4
    expect(await answer(dial({ host: '127.0.0.1', port, timeout: 5000, tls }), preface)).toMatch(/^.{6}04/)
  })

  it('has both or neither of datagrams and streams', async () => {
    const socket = await bindUdp({ host: '127.0.0.1', port: 0 })
    const { port } = socket.address()
    await expect(hosting('dns', port)).rejects.toThrow(Unreachable)
    socket.close()
    // What it had taken for streams is free again.
    const server = createServer()
    await new Promise<void>(resolve => server.listen(port, '127.0.0.1', resolve))
    await expect(hosting('dns', port)).rejects.toThrow(/cannot listen on 127\.0\.0\.1:\d+: the address is in use/)
    await new Promise(resolve => server.close(resolve))
    expect((await hosting('dns', port)).port).toBe(port)
  })
})
