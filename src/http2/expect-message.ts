import type { Step } from '../conformance/case.ts'
import { data, headers } from './build.ts'
import { line } from './describe.ts'
import { errorCodeName, NO_ERROR } from './error-codes.ts'
import { barrier, broke, concluded, type Expectation, hindrance, type Judgement, kept, that, weakly } from './expect.ts'
import type { Frame } from './frame.ts'
import { type FieldLine, fieldBlock, type RequestShape, request, requestFields, response } from './requests.ts'
import type { Seen } from './seen.ts'
import { until } from './steps.ts'
import type { Http2Talk } from './talk.ts'

/** A field section that came. */
export type Section = Extract<Seen, { kind: 'headers' }>

/** The stream of a client's request: 1, but for clients that use lower ones for priorities. */
export function asked(talk: Http2Talk): number {
  return talk.requestStream ?? 1
}

/** An expectation of the stream that a client's request is on. */
export function onRequest(of: (stream: number) => Expectation): Expectation {
  return {
    wants: of(1).wants.replace('stream 1', 'the stream of its request'),
    judge: talk => of(asked(talk)).judge(talk),
  }
}

/** A response to a client's request. */
export function respond(shape: Parameters<typeof response>[1] = {}): (talk: Http2Talk) => readonly Frame[] {
  return talk => response(asked(talk), shape)
}

/** A field section of exactly these lines on the stream of a client's request. */
export function section(
  lines: readonly FieldLine[],
  options: { readonly endStream?: boolean } = {},
): (talk: Http2Talk) => Frame {
  return talk => headers(asked(talk), fieldBlock(lines), options)
}

/** Content on the stream of a client's request. */
export function content(octets: string, options: Parameters<typeof data>[2] = {}): (talk: Http2Talk) => Frame {
  return talk => data(asked(talk), octets, options)
}

/** Requests whose responses show as much as can be of how a server writes its field sections. */
export function survey(talk: Http2Talk): readonly number[] {
  const { trailers } = talk.options.resources
  const shapes: RequestShape[] = [
    {},
    { pseudo: { ':method': 'HEAD' } },
    { pseudo: { ':path': '/a-path-that-is-not-there' } },
    { pseudo: { ':method': 'OPTIONS' } },
    ...(trailers === undefined ? [] : [{ pseudo: { ':path': trailers } }]),
  ]
  return shapes.map(shape => {
    const stream = talk.freshStream()
    talk.add(...request(stream, shape)(talk))
    return stream
  })
}

/** Everything that the subject says in field sections is right. From a server they are asked for first. */
export function everySection(
  wants: string,
  fault: (section: Section, talk: Http2Talk) => string | undefined,
): Expectation {
  return that(wants, async talk => {
    if (talk.role === 'server') {
      const streams = survey(talk)
      const { ended, came } = await until(talk, () => streams.every(stream => concluded(talk, stream)))
      if (ended) return broke(`no end of the responses: ${came}`)
    }
    const sections = talk.seen.filter(seen => seen.kind === 'headers')
    if (sections.length === 0) return broke('no field section')
    for (const each of sections) {
      const found = fault(each, talk)
      if (found !== undefined) return broke(`${found}, on stream ${each.stream}`)
    }
    return kept(`${sections.length} field sections without a fault`)
  })
}

/** RFC 9113 §8.1.1: a client does not take what came, and shows it in some way. */
export function rejected(): Expectation {
  return that('the client to reject the response', async talk => {
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'reset' && seen.stream === asked(talk)) return kept(line(seen))
      if (seen.kind === 'goaway' && seen.code !== NO_ERROR) return kept(line(seen))
      if (seen.kind === 'end') return gone(talk, line(seen))
      if (seen.kind === 'broken') return broke(line(seen))
      if (seen.kind === 'silence') return broke(`nothing for ${talk.options.patience} ms`)
      if (passed(seen)) return broke('the response was taken: PING was answered twice')
    }
  })
}

async function gone(talk: Http2Talk, how: string): Promise<Judgement> {
  talk.channel.end()
  const exit = await talk.channel.exit?.(talk.options.patience)
  if (!exit) return weakly(`${how}, without a word`)
  const came = `${how}; the program ended with ${exit.signal ?? `exit status ${exit.code}`}`
  return exit.code === 0 ? broke(came) : kept(came)
}

/** What a server does with content is found out on these streams; a case goes on with stream 7. */
const BY_POST = 3
const BY_GET = 5

/** The method that the server takes content with, once `offerContent` has found out. */
export function contentMethod(talk: Http2Talk): string {
  return taken(talk, BY_POST) ? 'POST' : 'GET'
}

function taken(talk: Http2Talk, stream: number): boolean {
  const { status = 0, reset, ended } = talk.message(stream)
  return ended && reset === undefined && (status === talk.control || (status >= 200 && status < 300))
}

/**
 * Finds out whether the server takes a request with content, and by what method: many allow no POST but take GET with content
 * all the same. Uses streams 3 and 5.
 */
export const offerContent: Step<Http2Talk> = {
  says: 'send a POST and a GET with content; expect one of them to be taken',
  async run(talk) {
    const fields = [['content-length', '4']] as const
    const octets = Buffer.from('wire')
    talk.add(...request(BY_POST, { content: octets, fields })(talk))
    talk.add(...request(BY_GET, { content: octets, fields, pseudo: { ':method': 'GET' } })(talk))
    const expected = 'a server that takes requests with content'
    const both = () => concluded(talk, BY_POST) && concluded(talk, BY_GET)
    const answers = await until(talk, both)
    // A reset may follow a whole response: if it does, it has come once PING is answered. RFC 9113 §8.1
    const payload = Buffer.from(talk.addBarrier())
    const ponged = () => talk.seen.some(seen => seen.kind === 'ping-ack' && payload.equals(seen.payload))
    const { ended, came } = answers.ended ? answers : await until(talk, ponged)
    if (ended) return { outcome: 'unsupported', expected, came: `${came} after requests with content` }
    const [post, get] = [BY_POST, BY_GET].map(stream => {
      const { status, reset } = talk.message(stream)
      return `${status ?? 'nothing'}${reset === undefined ? '' : ` and RST_STREAM ${errorCodeName(reset)}`}`
    })
    const shown = `${post} to POST with content, ${get} to GET with content`
    return { outcome: taken(talk, BY_POST) || taken(talk, BY_GET) ? 'pass' : 'unsupported', expected, came: shown }
  },
}

/** The HEADERS of a request with content on a stream, by the method found out. END_STREAM is not set unless asked for. */
export function opening(
  stream: number,
  shape: RequestShape & { readonly end?: true } = {},
): (talk: Http2Talk) => Frame {
  return talk => {
    const pseudo = { ':method': contentMethod(talk), ...shape.pseudo }
    return headers(stream, fieldBlock(requestFields(talk, { ...shape, pseudo })), { endStream: shape.end ?? false })
  }
}

/** A request whose content waits for 100 (Continue). RFC 9110 §10.1.1 */
export function expectingContinue(stream: number): (talk: Http2Talk) => Frame {
  const fields = [
    ['content-length', '4'],
    ['expect', '100-continue'],
  ] as const
  return talk => headers(stream, fieldBlock(requestFields(talk, { pseudo: { ':method': 'POST' }, fields })))
}

/** A server took the request: what came is as for a plain one, or for one with content. */
export function takenAs(stream: number): Expectation {
  return that(`stream ${stream} to be answered like the request before it`, async talk => {
    const wanted = talk.message(contentMethod(talk) === 'POST' ? BY_POST : BY_GET).status
    for (;;) {
      const message = talk.message(stream)
      if (message.ended && message.status !== undefined) {
        const came = `a response with status ${message.status}`
        return message.status === wanted ? kept(came) : broke(`${came} instead of ${wanted}`)
      }
      const problem = hindrance(talk, await talk.next(), [stream])
      if (problem && !message.ended) return problem
    }
  })
}

/** A client opens no further stream. It may as well give up and leave. */
export function opensNoStream(): Expectation {
  return that('no new stream', async talk => {
    const first = asked(talk)
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'headers' && seen.stream !== first) return broke(`HEADERS on stream ${seen.stream}`)
      if (seen.kind === 'end') return kept('end of the connection')
      const problem = hindrance(talk, seen, [])
      if (problem) return problem
      if (passed(seen)) return kept('none, though PING was answered twice')
    }
  })
}
