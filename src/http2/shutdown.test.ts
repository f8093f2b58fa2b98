import { describe, expect, it } from 'vitest'
import { data, goaway, headers, octetsOf, ping, settings, settingsAck } from './build.ts'
import { Http2Client } from './client.ts'
import { NO_ERROR, PROTOCOL_ERROR, REFUSED_STREAM, SETTINGS_TIMEOUT } from './error-codes.ts'
import { ACK, type Frame, GOAWAY, HEADERS, PING } from './frame.ts'
import { u32 } from './frame-size.ts'
import { answers, errorsIn, framesOf, GET, Joined, POST, requestBlock } from './joined.fixture.ts'
import { LIMITS } from './limits.ts'
import { Http2Server, PREFACE } from './server.ts'
import { type ServerEndpoint, serve } from './service.ts'
import { site } from './site.ts'

/** `[last stream, code]` of every GOAWAY. */
const goaways = (frames: readonly Frame[]) =>
  frames.flatMap(({ type, payload }) => (type === GOAWAY ? [[u32(payload, 0), u32(payload, 4)]] : []))

const get = (stream: number, path = '/') => headers(stream, requestBlock('GET', path), { endStream: true })
const answered = (frames: readonly Frame[]) => frames.flatMap(({ type, stream }) => (type === HEADERS ? [stream] : []))

describe('graceful shutdown of a server, RFC 9113 §6.8', () => {
  /** A server that has stream 1 under way for a second more. */
  function busy(): ServerEndpoint {
    const end = serve(site())
    answers(end, octetsOf(PREFACE, settings(), settingsAck(), get(1, '/slow/1000')), 0)
    return end
  }

  /** What it says when time comes to this. */
  function at(end: ServerEndpoint, now: number): Frame[] {
    end.tick(now)
    return framesOf(end)
  }

  it('takes what was under way to it, refuses what comes after, finishes, then closes', () => {
    const end = busy()
    end.shutdown(0)
    const first = framesOf(end)
    expect(goaways(first)).toEqual([[2 ** 31 - 1, NO_ERROR]])
    const [probe] = first.filter(({ type }) => type === PING)
    // A request that crossed the first GOAWAY is served.
    expect(answered(answers(end, octetsOf(get(3)), 10))).toEqual([3])
    const second = answers(end, octetsOf(ping(probe?.payload, { ack: true })), 20)
    expect(goaways(second)).toEqual([[3, NO_ERROR]])
    // One that comes after the second is not looked at, but for the compression state.
    expect(answers(end, octetsOf(get(5)), 30)).toEqual([])
    expect(answers(end, octetsOf(headers(7, requestBlock('POST')), data(7, 'x', { endStream: true })), 40)).toEqual([])
    end.tick(1000)
    const output = end.transmit()
    expect(output.at(-1)).toBe('close')
    expect(answered(output.flatMap(one => (one === 'close' ? [] : framesIn(one))))).toEqual([1])
  })

  it('goes on when the client does not answer the PING', () => {
    const end = busy()
    end.shutdown(0)
    framesOf(end)
    expect(at(end, 999)).toEqual([])
    expect(goaways(at(end, 1000))).toContainEqual([1, NO_ERROR])
  })

  it('waits for what is under way no longer than its limit', () => {
    const end = serve(site())
    answers(end, octetsOf(PREFACE, settings(), settingsAck(), headers(1, requestBlock('POST', '/echo'))), 0)
    end.shutdown(0)
    framesOf(end)
    at(end, 1000)
    expect(at(end, 1000 + LIMITS.shutdownTimeout - 1)).toEqual([])
    end.tick(1000 + LIMITS.shutdownTimeout)
    const output = end.transmit()
    expect(output.at(-1)).toBe('close')
  })

  it('without streams ends at once, when the client has answered', () => {
    const client = new Http2Client()
    const server = serve(site())
    const joined = new Joined(client, server).run()
    server.shutdown(joined.now)
    joined.run()
    expect(joined.closed).toEqual({ client: true, server: true })
    expect(goaways(joined.frames.server).map(([last]) => last)).toEqual([2 ** 31 - 1, 0])
    expect(errorsIn(joined.frames.server)).toEqual([
      [0, NO_ERROR],
      [0, NO_ERROR],
    ])
  })

  it('is asked for once', () => {
    const end = busy()
    end.shutdown(0)
    end.shutdown(0)
    expect(goaways(framesOf(end))).toHaveLength(1)
  })
})

function framesIn(octets: Uint8Array): Frame[] {
  return framesOf({ receive() {}, tick() {}, transmit: () => [octets] })
}

describe('a client that leaves', () => {
  it('opens nothing more, hears what is under way, then closes', () => {
    const client = new Http2Client()
    const joined = new Joined(client, serve(site()))
    client.send({ kind: 'request', head: { ...GET, path: '/slow/200' }, end: true }, joined.now)
    joined.run()
    client.send({ kind: 'shutdown' }, joined.now)
    joined.run()
    expect(client.mayRequest).toBe(false)
    expect(joined.closed.client).toBe(false)
    joined.pass(200)
    expect(joined.of('client', 'response')).toMatchObject([{ head: { status: 200 } }])
    expect(joined.closed).toEqual({ client: true, server: true })
    expect(goaways(joined.frames.client)).toEqual([[0, NO_ERROR]])
  })
})

describe('GOAWAY from the server', () => {
  it('spares the streams that it names, and gives the others back as refused, whatever its code', () => {
    const client = new Http2Client()
    for (const head of [GET, GET, POST]) client.send({ kind: 'request', head, end: true }, 0)
    client.transmit()
    const events = client.receive(octetsOf(settings(), settingsAck(), goaway(1, PROTOCOL_ERROR)), 0)
    expect(events.filter(({ kind }) => kind === 'reset')).toEqual([
      { kind: 'reset', stream: 3, code: REFUSED_STREAM, by: 'peer' },
      { kind: 'reset', stream: 5, code: REFUSED_STREAM, by: 'peer' },
    ])
    expect(client.transmit()).not.toContain('close')
  })
})

describe('time', () => {
  const begun = (end: Http2Server, ...frames: readonly Frame[]) =>
    answers(end, octetsOf(PREFACE, settings(), ...frames), 0)

  it('is limited for the first SETTINGS and their acknowledgement, RFC 9113 §6.5.3', () => {
    for (const frames of [undefined, []] as const) {
      const end = new Http2Server()
      expect(end.deadline).toBe(0)
      end.tick(0)
      if (frames) begun(end)
      else framesOf(end)
      expect(end.deadline).toBe(LIMITS.settingsTimeout)
      end.tick(LIMITS.settingsTimeout - 1)
      expect(framesOf(end)).toEqual([])
      end.tick(LIMITS.settingsTimeout)
      expect(errorsIn(framesOf(end))).toEqual([[0, SETTINGS_TIMEOUT]])
      expect(end.deadline).toBeUndefined()
    }
  })

  it('without a stream and without an octet ends the connection in peace', () => {
    const end = new Http2Server()
    begun(end, settingsAck())
    expect(end.deadline).toBe(LIMITS.idleTimeout)
    answers(end, octetsOf(ping()), 60_000)
    expect(end.deadline).toBe(60_000 + LIMITS.idleTimeout)
    end.tick(60_000 + LIMITS.idleTimeout)
    const output = end.transmit()
    expect(output.at(-1)).toBe('close')
    expect(goaways(framesIn(output[0] as Uint8Array))).toEqual([[0, NO_ERROR]])
  })

  it('without an octet while a stream is open: the peer is asked, and given up when it does not answer', () => {
    const end = new Http2Server()
    begun(end, settingsAck(), headers(1, requestBlock('POST')))
    end.tick(LIMITS.idleTimeout)
    const asked = framesOf(end)
    expect(asked.map(({ type, flags }) => [type, flags])).toEqual([[PING, 0]])
    expect(end.deadline).toBe(LIMITS.idleTimeout + LIMITS.pingTimeout)
    end.tick(LIMITS.idleTimeout + LIMITS.pingTimeout - 1)
    expect(framesOf(end)).toEqual([])
    end.tick(LIMITS.idleTimeout + LIMITS.pingTimeout)
    expect(end.transmit().at(-1)).toBe('close')
  })

  it('goes by for a tunnel where nobody has anything to say, as long as both are there', () => {
    const client = new Http2Client()
    const joined = new Joined(client, serve(site()))
    client.send({ kind: 'request', head: { method: 'CONNECT', authority: 'a:1', fields: [] } }, joined.now)
    joined.pass(3_600_000)
    expect(joined.closed).toEqual({ client: false, server: false })
    // Nobody is told of a PING that is not their own.
    expect([...joined.of('client', 'pong'), ...joined.of('server', 'pong')]).toEqual([])
    const pings = joined.frames.server.filter(({ type, flags }) => type === PING && (flags & ACK) === 0).length
    expect(pings).toBeLessThanOrEqual(3600 / 120)
  })

  it('is limited for a field block that does not go on', () => {
    const end = new Http2Server()
    begun(end, settingsAck(), headers(1, requestBlock(), { endHeaders: false }))
    end.tick(LIMITS.idleTimeout)
    expect(end.transmit().at(-1)).toBe('close')
  })

  it('does not go back: a machine told an earlier time goes on', () => {
    const end = new Http2Server()
    begun(end, settingsAck())
    expect(errorsIn(answers(end, octetsOf(ping()), -5000))).toEqual([])
  })
})
