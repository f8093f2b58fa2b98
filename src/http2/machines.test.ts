import { describe, expect, it } from 'vitest'
import type { Field } from '../hpack/field.ts'
import { Http2Client } from './client.ts'
import { type ClientRequest, Driver } from './driver.ts'
import { CANCEL, NO_ERROR, REFUSED_STREAM } from './error-codes.ts'
import { CONTINUATION, DATA, END_STREAM, HEADERS, RST_STREAM } from './frame.ts'
import { errorsIn, GET, Joined, POST } from './joined.fixture.ts'
import type { RequestHead } from './message.ts'
import { Http2Server } from './server.ts'
import { type Handler, serve } from './service.ts'
import { ENABLE_PUSH, INITIAL_WINDOW_SIZE, MAX_CONCURRENT_STREAMS } from './settings-parameters.ts'
import { GREETING, site } from './site.ts'

/** A client with these requests at our site, or at another application, until both are silent. */
function visit(requests: readonly ClientRequest[], application: Handler = site()): { driver: Driver; joined: Joined } {
  const driver = new Driver({ requests })
  const joined = new Joined(driver, serve(application))
  return { driver, joined: joined.run() }
}

const text = (parts: readonly Uint8Array[]): string => Buffer.concat(parts).toString()
const value = (fields: readonly Field[] | undefined, name: string): string | undefined =>
  fields?.find(field => field.name === name)?.value

describe('a client at our site', () => {
  it('GET, then both leave in peace', () => {
    const { driver, joined } = visit([{ head: GET }])
    const [result] = driver.results
    expect(result).toMatchObject({ complete: true, head: { status: 200 } })
    expect(text(result?.content ?? [])).toBe(GREETING)
    expect(driver.failure).toBeUndefined()
    expect(driver.exitCode).toBe(0)
    expect(joined.closed).toEqual({ client: true, server: true })
  })

  it('HEAD: the fields of a GET, and no content', () => {
    const { driver } = visit([{ head: { ...GET, method: 'HEAD' } }])
    expect(driver.results[0]).toMatchObject({ complete: true, octets: 0, head: { contentLength: GREETING.length } })
  })

  it('POST 300,000 octets to /echo, over windows of 65,535', () => {
    const content = new Uint8Array(300_000).map((_, at) => at % 251)
    const { driver } = visit([{ head: POST, content }])
    expect(driver.results[0]).toMatchObject({ complete: true, octets: 300_000, head: { status: 200 } })
    expect(Buffer.concat(driver.results[0]?.content ?? []).equals(content)).toBe(true)
  })

  it('trailers both ways', () => {
    const head = { ...POST, path: '/trailers' }
    const trailers = [
      { name: 'x-one', value: '1' },
      { name: 'x-two', value: '2' },
    ]
    const { driver } = visit([{ head, content: Buffer.from('content'), trailers }])
    expect(driver.results[0]?.complete).toBe(true)
    expect(driver.results[0]?.trailers).toEqual([{ name: 'request-trailers', value: '2' }])
  })

  it('an interim response before the final one', () => {
    const { driver } = visit([{ head: { ...GET, path: '/early-hints' } }])
    expect(driver.results[0]?.interim.map(({ status }) => status)).toEqual([103])
    expect(driver.results[0]).toMatchObject({ complete: true, head: { status: 200 } })
  })

  it('100 to a client that waits for leave', () => {
    const fields = [{ name: 'expect', value: '100-continue' }]
    const { driver } = visit([{ head: { ...POST, fields }, content: Buffer.from('x') }])
    expect(driver.results[0]?.interim.map(({ status }) => status)).toEqual([100])
    expect(driver.results[0]).toMatchObject({ complete: true, octets: 1 })
  })

  it('a push, complete in itself', () => {
    const { driver, joined } = visit([{ head: { ...GET, path: '/push' } }])
    expect(driver.results[0]).toMatchObject({ complete: true })
    expect(driver.pushed).toMatchObject([{ request: { path: '/pushed', authority: 'localhost' }, complete: true }])
    expect(text(driver.pushed[0]?.content ?? [])).toBe(GREETING)
    const response = joined.frames.server.findIndex(({ type, stream }) => type === HEADERS && stream === 1)
    const promise = joined.frames.server.findIndex(({ type }) => type === 0x05)
    // RFC 9113 §8.4.1: a promise goes before what refers to it.
    expect(promise).toBeGreaterThan(-1)
    expect(promise).toBeLessThan(response)
  })

  it('a push takes place only where the client allows it', () => {
    const client = new Http2Client({ settings: new Map([[ENABLE_PUSH, 0]]) })
    const joined = new Joined(client, serve(site())).run()
    client.send({ kind: 'request', head: { ...GET, path: '/push' }, end: true }, joined.now)
    joined.run()
    expect(joined.of('client', 'promise')).toEqual([])
    expect(joined.of('client', 'response')).toMatchObject([{ head: { status: 200 } }])
  })

  it('404 and 405 at once, and the rest of the request is not wanted', () => {
    const client = new Http2Client()
    const joined = new Joined(client, serve(site()))
    client.send({ kind: 'request', head: { ...POST, path: '/nowhere' } }, joined.now)
    client.send({ kind: 'request', head: { ...POST, path: '/push' } }, joined.now)
    joined.run()
    expect(joined.of('client', 'response').map(({ head }) => head.status)).toEqual([404, 405])
    expect(value(joined.of('client', 'response')[1]?.head.fields, 'allow')).toBe('GET')
    // RFC 9113 §8.1: with NO_ERROR, and only after the whole response.
    expect(joined.of('client', 'reset')).toEqual([
      { kind: 'reset', stream: 1, code: NO_ERROR, by: 'peer' },
      { kind: 'reset', stream: 3, code: NO_ERROR, by: 'peer' },
    ])
    for (const stream of [1, 3]) {
      const types = joined.frames.server.filter(frame => frame.stream === stream).map(({ type }) => type)
      expect(types).toEqual([HEADERS, DATA, RST_STREAM])
    }
  })

  it('several requests beside one another, the slow ones last', () => {
    const { driver, joined } = visit([{ head: { ...GET, path: '/slow/500' } }, { head: GET }, { head: GET }])
    expect(driver.results.map(({ complete }) => complete)).toEqual([false, true, true])
    joined.pass(499)
    expect(driver.results[0]?.complete).toBe(false)
    joined.pass(1)
    expect(driver.exitCode).toBe(0)
  })

  it('fields larger than a frame, by CONTINUATION, both ways', () => {
    const large = { name: 'x-large', value: 'w'.repeat(40_000) }
    const mirror: Handler = exchange => {
      exchange.headers(
        200,
        [{ name: 'x-length', value: String(value(exchange.request.fields, 'x-large')?.length) }, large],
        true,
      )
      return undefined
    }
    const { driver, joined } = visit([{ head: { ...GET, fields: [large] } }], mirror)
    expect(value(driver.results[0]?.head?.fields, 'x-length')).toBe('40000')
    expect(value(driver.results[0]?.head?.fields, 'x-large')).toBe(large.value)
    for (const side of ['client', 'server'] as const) {
      expect(joined.frames[side].some(({ type }) => type === CONTINUATION)).toBe(true)
      expect(Math.max(...joined.frames[side].map(({ payload }) => payload.length))).toBeLessThanOrEqual(16384)
    }
  })

  it('as many requests as the server allows at a time, and the others after them', () => {
    const requests = Array.from({ length: 25 }, () => ({ head: GET }))
    const driver = new Driver({ requests })
    const server = serve(site(), { limits: { concurrentStreams: 3 } })
    const joined = new Joined(driver, server)
    joined.run()
    // Until SETTINGS come a client may open as many as it likes: what is refused is repeated. RFC 9113 §5.1.2, §8.7
    const refused = joined.frames.server.filter(({ type }) => type === RST_STREAM)
    expect(errorsIn(refused).map(([, code]) => code)).toEqual(Array(22).fill(REFUSED_STREAM))
    expect(driver.results.filter(({ complete }) => complete)).toHaveLength(25)
  })
})

describe('CONNECT', () => {
  const tunnel: RequestHead = { method: 'CONNECT', authority: 'example.net:443', fields: [] }

  it.each([
    ['', tunnel, false],
    ['extended, once the server offers it', { ...GET, method: 'CONNECT', protocol: 'echo' }, true],
  ] as const)('%s', (_name, head, extended) => {
    const client = new Http2Client()
    const joined = new Joined(client, serve(site()))
    if (extended) {
      // RFC 8441 §4: not before SETTINGS_ENABLE_CONNECT_PROTOCOL has come.
      expect(() => client.send({ kind: 'request', head }, joined.now)).toThrow(TypeError)
      joined.run()
    }
    client.send({ kind: 'request', head }, joined.now)
    client.send({ kind: 'data', stream: 1, data: Buffer.from('there') }, joined.now)
    joined.run()
    client.send({ kind: 'data', stream: 1, data: Buffer.from(' and back') }, joined.now)
    joined.run()
    expect(joined.of('client', 'response')).toMatchObject([{ head: { status: 200 }, end: false }])
    expect(joined.content('client', 1).toString()).toBe('there and back')
    // RFC 9113 §8.5: END_STREAM stands for TCP's FIN.
    client.send({ kind: 'data', stream: 1, data: new Uint8Array(0), end: true }, joined.now)
    joined.run()
    expect(joined.of('client', 'data').at(-1)?.end).toBe(true)
  })

  it('takes no trailers, of either side', () => {
    const client = new Http2Client()
    const server = new Http2Server()
    const joined = new Joined(client, server)
    client.send({ kind: 'request', head: tunnel }, joined.now)
    joined.run()
    server.send({ kind: 'headers', stream: 1, status: 200, fields: [] }, joined.now)
    joined.run()
    for (const end of [client, server]) {
      expect(() => end.send({ kind: 'trailers', stream: 1, fields: [] }, joined.now)).toThrow(/tunnel/)
    }
  })

  it('has no content: a Content-Length is ignored, as RFC 9110 §9.3.6 demands', () => {
    const client = new Http2Client()
    const server = new Http2Server()
    const joined = new Joined(client, server)
    client.send({ kind: 'request', head: tunnel }, joined.now)
    joined.run()
    const fields = [{ name: 'content-length', value: '3' }]
    server.send({ kind: 'headers', stream: 1, status: 200, fields }, joined.now)
    server.send({ kind: 'data', stream: 1, data: Buffer.from('more than three') }, joined.now)
    joined.run()
    expect(joined.content('client', 1).toString()).toBe('more than three')
    expect(joined.of('client', 'reset')).toEqual([])
  })

  it('is refused with a status when the protocol is not known', () => {
    const client = new Http2Client()
    const joined = new Joined(client, serve(site())).run()
    client.send({ kind: 'request', head: { ...GET, method: 'CONNECT', protocol: 'chess' } }, joined.now)
    joined.run()
    expect(joined.of('client', 'response')).toMatchObject([{ head: { status: 501 } }])
  })
})

describe('half-close of the transport', () => {
  it('lets a server finish what was asked for whole', () => {
    const client = new Http2Client()
    const joined = new Joined(client, serve(site()))
    client.send({ kind: 'request', head: { ...GET, path: '/slow/300' }, end: true }, joined.now)
    joined.run()
    joined.give('server', 'eof')
    joined.pass(300)
    expect(joined.of('client', 'response')).toMatchObject([{ head: { status: 200 } }])
    expect(joined.content('client', 1).toString()).toBe(GREETING)
    expect(joined.closed.server).toBe(true)
  })

  it('is the end of a request that is not whole', () => {
    const heard: number[] = []
    const client = new Http2Client()
    const joined = new Joined(
      client,
      serve(() => ({ reset: code => void heard.push(code) })),
    )
    client.send({ kind: 'request', head: POST }, joined.now)
    joined.run()
    joined.give('server', 'eof')
    joined.run()
    expect(heard).toEqual([CANCEL])
    expect(joined.closed.server).toBe(true)
  })

  it.each(['/bytes/100000', '/'])('does not keep a response to %s that waits for credit', path => {
    const client = new Http2Client({ settings: new Map([[INITIAL_WINDOW_SIZE, 4]]) })
    const joined = new Joined(client, serve(site()))
    client.send({ kind: 'request', head: { ...GET, path }, end: true }, joined.now)
    joined.run()
    expect(joined.closed.server).toBe(false)
    joined.give('server', 'eof')
    joined.run()
    expect(joined.content('client', 1).length).toBe(4)
    expect(joined.of('client', 'reset')).toMatchObject([{ stream: 1, code: CANCEL }])
    expect(joined.closed.server).toBe(true)
  })

  it('does not keep for ever a page that has said nothing yet and has no credit', () => {
    const client = new Http2Client({ settings: new Map([[INITIAL_WINDOW_SIZE, 0]]) })
    const joined = new Joined(client, serve(site(), { limits: { shutdownTimeout: 5000 } }))
    client.send({ kind: 'request', head: { ...GET, path: '/slow/10000' }, end: true }, joined.now)
    joined.run()
    joined.give('server', 'eof')
    joined.pass(4999)
    expect(joined.closed.server).toBe(false)
    joined.pass(1)
    expect(joined.closed.server).toBe(true)
  })

  it('keeps a response that has credit left until the page is done, and no longer than that', () => {
    const client = new Http2Client({ settings: new Map([[INITIAL_WINDOW_SIZE, 4]]) })
    const joined = new Joined(client, serve(site(), { limits: { shutdownTimeout: 5000 } }))
    client.send({ kind: 'request', head: { ...GET, path: '/slow/300' }, end: true }, joined.now)
    joined.run()
    joined.give('server', 'eof')
    joined.pass(299)
    expect(joined.closed.server).toBe(false)
    joined.pass(1)
    expect(joined.content('client', 1).length).toBe(4)
    expect(joined.closed.server).toBe(true)
  })

  it('of the server ends what the client still waits for', () => {
    const client = new Http2Client()
    const joined = new Joined(client, serve(site()))
    client.send({ kind: 'request', head: { ...GET, path: '/slow/300' }, end: true }, joined.now)
    joined.run()
    joined.give('client', 'eof')
    joined.run()
    expect(joined.of('client', 'reset')).toEqual([{ kind: 'reset', stream: 1, code: CANCEL, by: 'peer' }])
    expect(joined.closed.client).toBe(true)
  })
})

describe('pushes within bounds', () => {
  function asked(): { client: Http2Client; server: Http2Server; joined: Joined } {
    const client = new Http2Client({ settings: new Map([[MAX_CONCURRENT_STREAMS, 2]]) })
    const server = new Http2Server()
    const joined = new Joined(client, server)
    client.send({ kind: 'request', head: GET, end: true }, joined.now)
    return { client, server, joined: joined.run() }
  }
  const push = { kind: 'push', stream: 1, head: { ...GET, path: '/pushed' } } as const

  it('no more are promised than may be open at once', () => {
    const { server, joined } = asked()
    for (let count = 0; count < 5; count++) server.send(push, joined.now)
    joined.run()
    expect(joined.of('client', 'promise').map(({ promised }) => promised)).toEqual([2, 4])
    expect(server.mayPush(1)).toBe(false)
  })

  it('one is given up that the client has no room for any more', () => {
    const { client, server, joined } = asked()
    server.send(push, joined.now)
    joined.run()
    client.send({ kind: 'settings', settings: new Map([[MAX_CONCURRENT_STREAMS, 0]]) }, joined.now)
    joined.run()
    server.send({ kind: 'headers', stream: 2, status: 200, fields: [], end: true }, joined.now)
    joined.run()
    expect(joined.of('client', 'reset')).toEqual([{ kind: 'reset', stream: 2, code: CANCEL, by: 'peer' }])
    expect(joined.of('client', 'response')).toEqual([])
  })

  it('one that comes after our GOAWAY is let go of, and the rest goes on', () => {
    const { client, server, joined } = asked()
    client.send({ kind: 'shutdown' }, joined.now)
    server.send(push, joined.now)
    joined.give('client', joined.take('server'))
    joined.run()
    expect(joined.of('client', 'promise')).toEqual([])
    server.send({ kind: 'headers', stream: 2, status: 200, fields: [], end: true }, joined.now)
    server.send({ kind: 'headers', stream: 1, status: 200, fields: [], end: true }, joined.now)
    joined.run()
    expect(joined.of('client', 'response')).toMatchObject([{ stream: 1 }])
    expect(joined.closed.client).toBe(true)
    expect(joined.of('client', 'closed')).toMatchObject([])
  })
})

describe('what an application may not send', () => {
  const field = (name: string, text = 'x') =>
    ({ kind: 'headers', stream: 1, status: 200, fields: [{ name, value: text }] }) as const

  it.each([
    ['an uppercase name', field('X-Upper')],
    ['a line break in a value', field('x-break', 'a\r\nb')],
    ['a field of the connection', field('connection', 'close')],
    ['a pseudo-header field as a field', field(':path', '/')],
    ['status 101', { kind: 'headers', stream: 1, status: 101, fields: [] }],
    ['a status of two digits', { kind: 'headers', stream: 1, status: 20, fields: [] }],
    ['an interim response that ends the stream', { kind: 'headers', stream: 1, status: 103, fields: [], end: true }],
    ['a pseudo-header field in trailers', { kind: 'trailers', stream: 1, fields: [{ name: ':status', value: '200' }] }],
    ['a push of POST', { kind: 'push', stream: 1, head: POST }],
  ] as const)('%s: it is told, the peer is not', (_what, order) => {
    const client = new Http2Client()
    const server = new Http2Server()
    const joined = new Joined(client, server)
    client.send({ kind: 'request', head: GET, end: true }, joined.now)
    joined.run()
    const before = joined.frames.server.length
    expect(() => server.send(order, joined.now)).toThrow(TypeError)
    joined.run()
    expect(joined.frames.server.length).toBe(before)
    // The compression state is as it was: what follows is understood.
    server.send(field('x-fine'), joined.now)
    joined.run()
    expect(value(joined.of('client', 'response')[0]?.head.fields, 'x-fine')).toBe('x')
  })
})

describe('retries', () => {
  it('a refused request is made once more, on another stream', () => {
    const driver = new Driver({ requests: [{ head: GET }] })
    const server = new Http2Server()
    const joined = new Joined(driver, server).run()
    server.send({ kind: 'reset', stream: 1, code: REFUSED_STREAM }, joined.now)
    joined.run()
    server.send({ kind: 'headers', stream: 3, status: 204, fields: [], end: true }, joined.now)
    joined.run()
    expect(driver.results[0]).toMatchObject({ complete: true, head: { status: 204 } })
  })

  it('any other reset is the end of it', () => {
    const driver = new Driver({ requests: [{ head: GET }] })
    const server = new Http2Server()
    const joined = new Joined(driver, server).run()
    server.send({ kind: 'reset', stream: 1, code: CANCEL }, joined.now)
    joined.run()
    expect(driver.results[0]).toMatchObject({ complete: false, reset: CANCEL })
    expect(driver.exitCode).toBe(1)
    expect(joined.frames.client.filter(({ type }) => type === HEADERS)).toHaveLength(1)
  })
})

describe('a window of 0', () => {
  it('lets an empty message end all the same', () => {
    const client = new Http2Client({ settings: new Map([[INITIAL_WINDOW_SIZE, 0]]) })
    const server = new Http2Server()
    const joined = new Joined(client, server)
    client.send({ kind: 'request', head: GET, end: true }, joined.now)
    joined.run()
    server.send({ kind: 'headers', stream: 1, status: 200, fields: [] }, joined.now)
    server.send({ kind: 'data', stream: 1, data: new Uint8Array(0), end: true }, joined.now)
    joined.run()
    const [last] = joined.frames.server.slice(-1)
    expect(last).toMatchObject({ type: DATA, flags: END_STREAM, payload: { length: 0 } })
    expect(joined.of('client', 'data')).toMatchObject([{ end: true }])
  })
})
