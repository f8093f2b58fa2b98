import { broke, concluded, type Expectation, hindrance, kept, that } from './expect.ts'
import { survey } from './expect-message.ts'
import type { Frame } from './frame.ts'
import { frameTypeName } from './frame-types.ts'
import { request } from './requests.ts'
import { framesOf, type Seen } from './seen.ts'
import { until } from './steps.ts'
import type { Http2Talk } from './talk.ts'

/** Octets of a page that show how it is sent. */
const ENOUGH = 1 << 20

/** Every frame that the subject has sent so far. */
export function framesSeen(talk: Http2Talk): readonly Frame[] {
  return talk.seen.flatMap(framesOf)
}

/**
 * Everything that the subject sends is right, looked at frame by frame. A server is first asked for pages of several kinds
 * and for a large one; a client has sent what it has by the time that it has answered us.
 */
export function everyFrame(
  wants: string,
  fault: (frame: Frame, talk: Http2Talk) => string | undefined,
  about: (frame: Frame) => boolean = () => true,
): Expectation {
  return that(wants, async talk => {
    if (talk.role === 'server') {
      const large = talk.freshStream()
      talk.add(...request(large, { pseudo: { ':path': talk.options.resources['large'] ?? '/' } })(talk))
      const streams = [large, ...survey(talk)]
      // A page may be larger than is worth looking at.
      const over = (stream: number) => concluded(talk, stream) || talk.message(stream).received > ENOUGH
      const { ended, came } = await until(talk, () => streams.every(over))
      if (ended) return broke(`no end of the responses: ${came}`)
    }
    const broken = talk.seen.find(seen => seen.kind === 'broken')
    if (broken?.kind === 'broken') return broke(broken.why)
    const frames = framesSeen(talk).filter(about)
    if (frames.length === 0) return { outcome: 'unsupported', came: 'it sent no such frame' }
    for (const frame of frames) {
      const found = fault(frame, talk)
      if (found !== undefined) return broke(`${found}: ${frameTypeName(frame.type)} on stream ${frame.stream}`)
    }
    return kept(`${frames.length} frames without a fault`)
  })
}

/** Our last SETTINGS are acknowledged. RFC 9113 §6.5.3 */
export function acknowledges(): Expectation {
  return that('SETTINGS ACK', async talk => {
    for (;;) {
      const { acknowledged, outgoing } = talk
      if (acknowledged >= outgoing.settings) return kept('SETTINGS ACK')
      const problem = hindrance(talk, await talk.next(), [])
      if (problem) return problem
    }
  })
}

/** PING with this payload is answered. RFC 9113 §6.7 */
export function answersPing(payload: Uint8Array): Expectation {
  const answers = (seen: Seen) => seen.kind === 'ping-ack' && Buffer.compare(seen.payload, payload) === 0
  return that('PING ACK with the same octets', async talk => {
    for (;;) {
      const seen = await talk.next()
      if (answers(seen)) return kept(`PING ACK ${Buffer.from(payload).toString('hex')}`)
      const problem = hindrance(talk, seen, [])
      if (problem) return problem
    }
  })
}
