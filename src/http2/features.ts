import type { Feature } from '../conformance/case.ts'
import { headers, pushPromise, rstStream, settings } from './build.ts'
import { errorCodeName, REFUSED_STREAM } from './error-codes.ts'
import { barrier, concluded } from './expect.ts'
import { fieldBlock, request, response } from './requests.ts'
import {
  ENABLE_CONNECT_PROTOCOL,
  ENABLE_PUSH,
  INITIAL_WINDOW_SIZE,
  MAX_CONCURRENT_STREAMS,
  MAX_FRAME_SIZE,
  MAX_HEADER_LIST_SIZE,
  NO_RFC7540_PRIORITIES,
} from './settings-parameters.ts'
import { until } from './steps.ts'
import type { Http2Talk } from './talk.ts'

/** What a subject need not have. A probe runs once a subject, after the usual beginning, on a connection of its own. */
type Http2Feature = Feature<Http2Talk>

/** A server that sends a response with trailers, where it was told to look for one. RFC 9113 §8.1 */
export const trailers: Http2Feature = {
  name: 'a response with trailers',
  async probe(talk) {
    const path = talk.options.resources['trailers']
    if (path === undefined) return 'no path is known for a response with trailers'
    talk.add(...request(3, { pseudo: { ':path': path }, fields: [['te', 'trailers']] })(talk))
    await until(talk, () => concluded(talk, 3))
    return talk.message(3).trailers ? undefined : `${path} has no trailers`
  },
}

/** A server that takes extended CONNECT. RFC 8441 §3 */
export const extendedConnect: Http2Feature = {
  name: 'extended CONNECT',
  async probe(talk) {
    return talk.settings.get(ENABLE_CONNECT_PROTOCOL) === 1
      ? undefined
      : 'the server has not sent SETTINGS_ENABLE_CONNECT_PROTOCOL 1'
  },
}

/** A server that opens a tunnel for CONNECT, to itself if to nobody else. RFC 9113 §8.5 */
export const tunnels: Http2Feature = {
  name: 'CONNECT',
  async probe(talk) {
    const only = [
      [':method', 'CONNECT'],
      [':authority', talk.options.authority],
    ] as const
    talk.add(headers(3, fieldBlock(only)))
    // Some wait for content instead of an answer: a few exchanges are time enough to connect to oneself.
    for (let round = 0; round < 5; round++) if (await answeredOrPassed(talk, 3)) break
    const { status, reset } = talk.message(3)
    if (status !== undefined && status >= 200 && status < 300) return undefined
    if (status !== undefined) return `CONNECT gets status ${status}`
    return reset === undefined ? 'CONNECT gets no response' : `CONNECT gets RST_STREAM ${errorCodeName(reset)}`
  },
}

/** Reads until a stream is answered or the subject has passed a barrier; whether nothing more is to be waited for. */
async function answeredOrPassed(talk: Http2Talk, stream: number): Promise<boolean> {
  const { passed } = barrier(talk)
  for (;;) {
    const seen = await talk.next()
    const { head, reset } = talk.message(stream)
    if (head !== undefined || reset !== undefined) return true
    if (seen.kind === 'end' || seen.kind === 'silence' || seen.kind === 'broken') return true
    if (passed(seen)) return false
  }
}

/** A client that takes a promise for what it is, and does not turn away every one. RFC 9113 §8.4 */
export const takesPush: Http2Feature = {
  name: 'server push',
  async probe(talk) {
    if (talk.settings.get(ENABLE_PUSH) === 0) return 'the client has sent SETTINGS_ENABLE_PUSH 0'
    const stream = talk.requestStream ?? 1
    const authority = talk.message(stream).head?.fields.find(({ name }) => name === ':authority')?.value ?? ''
    const promised = fieldBlock([
      [':method', 'GET'],
      [':scheme', talk.options.secure ? 'https' : 'http'],
      [':authority', authority],
      [':path', '/pushed'],
    ])
    talk.add(pushPromise(stream, 2, promised), ...response(2, { content: 'pushed' }))
    const payload = Buffer.from(talk.addBarrier())
    await until(talk, () => talk.seen.some(seen => seen.kind === 'ping-ack' && payload.equals(seen.payload)))
    const { reset } = talk.message(2)
    return reset === undefined ? undefined : `the client turns a promise away: RST_STREAM ${errorCodeName(reset)}`
  },
}

/** A subject with a limit on frames that can be exceeded without a flood. RFC 9113 §4.2 */
export const frameLimit: Http2Feature = {
  name: 'a SETTINGS_MAX_FRAME_SIZE of at most 1 MiB',
  probe(talk) {
    const most = talk.settings.get(MAX_FRAME_SIZE) ?? 16384
    return Promise.resolve(most <= 1 << 20 ? undefined : `it takes frames of up to ${most} octets`)
  },
}

/** A subject whose windows have room for the largest frame that it takes, and one octet: its size alone is wrong then. */
export const wideWindow: Http2Feature = {
  name: 'flow-control windows larger than the largest frame',
  probe(talk) {
    const most = talk.settings.get(MAX_FRAME_SIZE) ?? 16384
    const window = Math.min(talk.settings.get(INITIAL_WINDOW_SIZE) ?? 65535, 65535)
    return Promise.resolve(window > most ? undefined : `windows of ${window} octets, frames of up to ${most}`)
  },
}

/** A client that turns push off, at once or when it has had a push. RFC 9113 §6.5.2 */
export const disablesPush: Http2Feature = {
  name: 'SETTINGS_ENABLE_PUSH 0',
  async probe(talk) {
    const disabled = () => talk.settings.get(ENABLE_PUSH) === 0
    if (disabled()) return undefined
    await takesPush.probe(talk)
    const { passed } = barrier(talk)
    while (!disabled()) {
      const seen = await talk.next()
      if (passed(seen) || seen.kind === 'end' || seen.kind === 'silence' || seen.kind === 'broken') break
    }
    return disabled() ? undefined : 'the client leaves push on'
  },
}

/** A server that pushes, where it was told to look for that. RFC 9113 §8.4 */
export const pushes: Http2Feature = {
  name: 'a page that pushes',
  async probe(talk) {
    const path = talk.options.resources['push']
    if (path === undefined) return 'no path is known for a page that pushes'
    talk.add(settings([[ENABLE_PUSH, 1]]), ...request(3, { pseudo: { ':path': path } })(talk))
    await until(talk, () => concluded(talk, 3))
    // What cannot be understood may be a promise gone wrong: that is for the cases to say.
    const some = talk.seen.some(({ kind }) => kind === 'push' || kind === 'broken')
    return some ? undefined : `${path} pushes nothing`
  },
}

/** A limit on streams that can be exceeded without a flood. RFC 9113 §5.1.2 */
export const concurrencyLimit: Http2Feature = {
  name: 'a SETTINGS_MAX_CONCURRENT_STREAMS of at most 300',
  probe(talk) {
    const most = talk.settings.get(MAX_CONCURRENT_STREAMS)
    return Promise.resolve(
      most !== undefined && most <= 300 ? undefined : `it takes ${most ?? 'any number of'} streams`,
    )
  },
}

/** A page that does not fit the windows that a connection begins with: its sender has to wait for us. RFC 9113 §6.9.2 */
export const largeResponse: Http2Feature = {
  name: 'a page of more than 65,535 octets',
  async probe(talk) {
    const path = talk.options.resources['large'] ?? talk.options.resources['path'] ?? '/'
    talk.add(...request(3, { pseudo: { ':path': path } })(talk))
    await until(talk, () => concluded(talk, 3) || talk.message(3).received > 65535)
    const { received } = talk.message(3)
    return received > 65535 ? undefined : `${path} has ${received} octets`
  },
}

/** A client that makes a request again when it was refused unseen. RFC 9113 §8.7 */
export const repeats: Http2Feature = {
  name: 'a request that is repeated when it was refused',
  async probe(talk) {
    const first = talk.requestStream ?? 1
    talk.add(rstStream(first, REFUSED_STREAM))
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'headers' && seen.stream !== first) return undefined
      if (seen.kind === 'end' || seen.kind === 'silence' || seen.kind === 'broken' || passed(seen)) {
        return 'the client does not repeat a request that was refused'
      }
    }
  },
}

/** An endpoint that says it does without the priorities of RFC 7540: it knows those of RFC 9218. RFC 9218 §2.1 */
export const extensiblePriorities: Http2Feature = {
  name: 'SETTINGS_NO_RFC7540_PRIORITIES 1',
  probe: talk =>
    Promise.resolve(talk.settings.get(NO_RFC7540_PRIORITIES) === 1 ? undefined : 'it has not sent that setting'),
}

/** A limit on field sections that can be exceeded without a flood. RFC 9113 §6.5.2 */
export const headerListLimit: Http2Feature = {
  name: 'a SETTINGS_MAX_HEADER_LIST_SIZE of at most 256 KiB',
  probe(talk) {
    const most = talk.settings.get(MAX_HEADER_LIST_SIZE)
    return Promise.resolve(
      most !== undefined && most <= 1 << 18 ? undefined : `it takes ${most ?? 'any number of'} octets`,
    )
  },
}

/** A subject that is spoken to over TLS. RFC 9113 §3.2 */
export const overTls: Http2Feature = {
  name: 'TLS',
  probe: talk => Promise.resolve(talk.channel.security ? undefined : 'it is spoken to without TLS'),
}
