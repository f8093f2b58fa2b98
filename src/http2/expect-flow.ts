import type { Feature, Step } from '../conformance/case.ts'
import { data } from './build.ts'
import { connectionCredit, streamCredit } from './credit.ts'
import { barrier, broke, type Expectation, hindrance, type Judgement, kept, that } from './expect.ts'
import type { Frame } from './frame.ts'
import { act } from './steps.ts'
import type { Http2Talk } from './talk.ts'

/** The most octets that a case sends to fill a window. */
const REACH = 1 << 20

/** A server whose plain page has some content: what flow control can be seen on. */
export const page: Feature<Http2Talk> = {
  name: 'a page of 8 octets or more',
  probe(talk) {
    const { received } = talk.message(1)
    return Promise.resolve(received >= 8 ? undefined : `the page has ${received} octets`)
  },
}

/** From now on these streams, or with 0 the connection, get no credit but what steps give. */
export const withhold = (...streams: readonly number[]): Step<Http2Talk> =>
  act(`give no credit on ${streams.map(id => (id === 0 ? 'the connection' : `stream ${id}`)).join(' and ')}`, talk => {
    for (const stream of streams) talk.withheld.add(stream)
  })

/** Octets that the subject has spent of a stream's window, or with 0 of the connection's beyond what it got back. */
export function spent(talk: Http2Talk, stream: number): number {
  let sum = 0
  for (const seen of talk.seen) {
    if (seen.kind === 'data' && (stream === 0 || seen.stream === stream)) sum += seen.frame.payload.length
  }
  return stream === 0 ? sum - talk.credited : sum
}

/**
 * The subject spends just so many octets of a stream's window, or with 0 of the connection's, and then waits: PING is
 * answered twice, and no more has come. RFC 9113 §6.9.1
 */
export function flows(stream: number, total: number): Expectation {
  const where = stream === 0 ? 'in all' : `on stream ${stream}`
  return that(`just ${total} octets of DATA ${where}`, async talk => {
    // Of a large window a sender may leave a rest that is not worth a frame. RFC 9113 §5.2.1
    const enough = total > 1000 ? total - 100 : total
    while (spent(talk, stream) < enough) {
      if (talk.message(stream).ended) {
        return { outcome: 'unsupported', came: `a response of no more than ${spent(talk, stream)} octets` }
      }
      const problem = hindrance(talk, await talk.next(), stream === 0 ? [] : [stream])
      if (problem) return { ...problem, came: `${spent(talk, stream)} octets, then ${problem.came}` }
    }
    for (let round = 0; round < 2; round++) {
      const payload = talk.addBarrier()
      for (;;) {
        const seen = await talk.next()
        if (seen.kind === 'ping-ack' && Buffer.compare(seen.payload, payload) === 0) break
        const problem = hindrance(talk, seen, stream === 0 ? [] : [stream])
        if (problem) return problem
      }
    }
    const came = spent(talk, stream)
    return came <= total ? kept(`${came} octets, and no more`) : broke(`${came} octets`)
  })
}

/** How our content is cut: octets of data and of padding in each frame. */
export interface Cut {
  readonly data: number
  readonly padding?: number
}

const WHOLE: Cut = { data: 16384 }

/** Content frames that use up a stream's window and the connection's as they are, or nothing when those are too large. */
export function filling(talk: Http2Talk, stream: number): Frame[] | undefined {
  const room = Math.min(connectionCredit(talk), streamCredit(talk, stream))
  if (room > REACH) return undefined
  const frames: Frame[] = []
  for (let left = room; left > 0; left -= 16384) frames.push(data(stream, new Uint8Array(Math.min(left, 16384))))
  return frames
}

/**
 * Sends more than a window has room for, never beyond what it has, and so sees whether credit comes back. The stream is left
 * open. RFC 9113 §6.9.1
 */
export function replenishes(
  of: 'stream' | 'connection',
  streamOf: (talk: Http2Talk) => number,
  cut: Cut = WHOLE,
): Expectation {
  return that(`credit for the ${of} to come as content is sent`, async talk => {
    const stream = streamOf(talk)
    // Whether it waits for content must not be found out by a race with the content.
    const hurried = talk.role === 'server' ? await answersAtOnce(talk, stream) : undefined
    if (hurried) return hurried
    const window = of === 'stream' ? streamCredit(talk, stream) : connectionCredit(talk)
    if (window > REACH) return { outcome: 'unsupported', came: `a window of ${window} octets` }
    const until = talk.outgoing.flowControlled(of === 'stream' ? stream : 0) + window
    while (talk.outgoing.flowControlled(of === 'stream' ? stream : 0) <= until) {
      const problem = await sendNext(talk, stream, cut)
      if (problem) return problem
    }
    return kept(`credit beyond the first ${window} octets`)
  })
}

/** Why a server's window cannot be seen: it answers before it has any content, once it has had the time. */
async function answersAtOnce(talk: Http2Talk, stream: number): Promise<Judgement | undefined> {
  const { passed } = barrier(talk)
  for (;;) {
    const seen = await talk.next()
    const problem = hindrance(talk, seen, [])
    if (problem) return problem
    if (!passed(seen)) continue
    return talk.message(stream).ended ? { outcome: 'unsupported', came: 'it answers without the content' } : undefined
  }
}

/** One frame of content, once there is credit for it. */
export async function sendNext(talk: Http2Talk, stream: number, cut: Cut): Promise<Judgement | undefined> {
  const overhead = cut.padding === undefined ? 0 : cut.padding + 1
  for (;;) {
    const room = Math.min(connectionCredit(talk), streamCredit(talk, stream))
    const length = Math.min(cut.data, room - overhead)
    if (length > 0) {
      const padding = cut.padding === undefined ? {} : { padding: cut.padding }
      talk.add(data(stream, new Uint8Array(length).fill(0x77), padding))
      return undefined
    }
    const seen = await talk.next()
    const { ended, reset } = talk.message(stream)
    if (talk.role === 'server' && ended && (reset === 0 || reset === undefined)) {
      return { outcome: 'unsupported', came: 'it answers without waiting for the content' }
    }
    if (seen.kind === 'silence') return broke(`no credit after ${talk.outgoing.flowControlled(0)} octets of DATA`)
    const problem = hindrance(talk, seen, [stream])
    if (problem) return problem
  }
}
