import type { Step } from '../conformance/case.ts'
import { broke, type Judgement, kept, weakly } from '../conformance/judgement.ts'
import type { Finding } from '../conformance/verdict.ts'
import { line } from './describe.ts'
import { CANCEL, ENHANCE_YOUR_CALM, errorCodeName, INTERNAL_ERROR, NO_ERROR, PROTOCOL_ERROR } from './error-codes.ts'
import { request } from './requests.ts'
import type { Seen } from './seen.ts'
import type { Http2Talk } from './talk.ts'

export { broke, type Judgement, kept, weakly } from '../conformance/judgement.ts'

/** What a rule wants to see, and how to tell. */
export interface Expectation {
  /** As a phrase: `a connection error of type PROTOCOL_ERROR`. */
  readonly wants: string
  judge(talk: Http2Talk): Promise<Finding> | Finding
}

/** The step that expects something. */
export function expect(expectation: Expectation): Step<Http2Talk> {
  return { says: `expect ${expectation.wants}`, run: talk => expectation.judge(talk) }
}

/** An expectation of a case's own: sends the flight, and judges by the talk. */
export function that(wants: string, judge: (talk: Http2Talk) => Promise<Judgement> | Judgement): Expectation {
  return {
    wants,
    async judge(talk) {
      const { outcome, came } = await judge(talk)
      return { outcome, expected: wants, came }
    },
  }
}

/** Names codes: `PROTOCOL_ERROR or STREAM_CLOSED`. */
export function codes(list: readonly number[]): string {
  return list.map(errorCodeName).join(' or ')
}

/** RFC 9113 §5.4: a generic code can always be used in place of a more specific one. */
function applies(code: number, wanted: readonly number[]): boolean {
  return wanted.includes(code) || code === PROTOCOL_ERROR || code === INTERNAL_ERROR
}

/** A subject that lives and has not minded so far, proven by exchanges that came after what it was sent. */
interface Barrier {
  /** Looks at what came; true once the subject has gone past all that was sent before. */
  passed(seen: Seen): boolean
}

/**
 * Sends PING behind the flight, and when it is answered a second PING (with a plain request, to a server): whoever answers
 * both has taken in the flight, and had time for a second thought. There is no barrier behind an unfinished frame or block.
 */
export function barrier(talk: Http2Talk): Barrier {
  if (talk.outgoing.unfinished) return { passed: () => false }
  let awaited = talk.addBarrier()
  let stream: number | undefined
  let second = false
  let ponged = false
  return {
    passed(seen) {
      if (seen.kind === 'ping-ack' && Buffer.compare(seen.payload, awaited) === 0) {
        if (second) ponged = true
        else {
          second = true
          if (talk.role === 'server') {
            stream = talk.freshStream()
            talk.add(...request(stream)(talk))
          }
          awaited = talk.addBarrier()
        }
      }
      return ponged && (stream === undefined || concluded(talk, stream))
    },
  }
}

/** A stream has ended from the subject's side. */
export function concluded(talk: Http2Talk, stream: number): boolean {
  const { ended, reset } = talk.message(stream)
  return ended || reset !== undefined
}

/** RFC 9113 §5.4.1: GOAWAY with one of these codes, then the end of the connection. */
export function connectionError(...wanted: readonly [number, ...number[]]): Expectation {
  return that(`a connection error of type ${codes(wanted)}`, async talk => {
    const { passed } = barrier(talk)
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'goaway' && seen.code !== NO_ERROR) return afterGoaway(talk, seen, wanted)
      if (seen.kind === 'end') return withoutGoaway(talk, seen)
      if (seen.kind === 'broken') return weakly(line(seen))
      if (seen.kind === 'silence') return went(talk, `nothing for ${talk.options.patience} ms`)
      if (passed(seen)) return went(talk, 'the connection went on: PING and what followed were answered')
    }
  })
}

/**
 * What became of an error that was reported: the right code, a plausible last stream, and the end. RFC 9113 §5.4.1, §6.8
 * Some servers linger for a second to give GOAWAY time to arrive: the end of our side tells them that it has. That they
 * close unasked is a rule of its own, with cases of its own: see `closesUnasked`.
 */
async function afterGoaway(
  talk: Http2Talk,
  goaway: Extract<Seen, { kind: 'goaway' }>,
  wanted: readonly number[],
): Promise<Judgement> {
  const said = `GOAWAY ${errorCodeName(goaway.code)} (last stream ${goaway.lastStream})`
  talk.channel.end()
  let end: Seen
  do end = await talk.next()
  while (end.kind !== 'end' && end.kind !== 'silence' && end.kind !== 'broken')
  if (end.kind !== 'end') return weakly(`${said}, but the connection was left open`)
  if (!applies(goaway.code, wanted)) return weakly(`${said}, end of the connection`)
  if (goaway.lastStream > talk.outgoing.highestStream) {
    return weakly(`${said}, though no stream above ${talk.outgoing.highestStream} was opened`)
  }
  return kept(`${said}, end of the connection`)
}

/** RFC 9113 §5.4.1: after GOAWAY with an error code the subject closes the connection, whether or not we close our side. */
export function closesUnasked(): Expectation {
  return that('GOAWAY with an error code, then the end of the connection unasked', async talk => {
    const { passed } = barrier(talk)
    let goaway: Seen | undefined
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'goaway' && seen.code !== NO_ERROR) goaway = seen
      if (seen.kind === 'end')
        return goaway ? kept(`${line(goaway)}, end of the connection`) : withoutGoaway(talk, seen)
      if (seen.kind === 'silence' && goaway) return broke(`${line(goaway)}, but the connection was left open`)
      if (seen.kind === 'silence') return broke(`nothing for ${talk.options.patience} ms`)
      if (seen.kind === 'broken') return broke(line(seen))
      if (passed(seen) && !goaway) return broke('the connection went on: PING and what followed were answered')
    }
  })
}

/** The connection ended without a reason given. A program that says it ended well has not even noticed. */
export async function withoutGoaway(talk: Http2Talk, end: Extract<Seen, { kind: 'end' }>): Promise<Judgement> {
  const goaway = talk.seen.find(seen => seen.kind === 'goaway')
  const how = goaway ? `${line(goaway)}, then ${line(end)}` : `${line(end)}, without GOAWAY`
  // A program may wait for the end of our side too before it ends.
  talk.channel.end()
  const exit = await talk.channel.exit?.(talk.options.patience)
  if (!exit) return weakly(how)
  if (exit.code === 0) return broke(`${how}; the program ended well, with exit status 0`)
  return weakly(`${how}; the program ended with ${exit.signal ?? `exit status ${exit.code}`}`)
}

/** The connection is not in error; perhaps a stream is. */
function went(talk: Http2Talk, how: string): Judgement {
  const refusal = talk.seen.find(
    seen =>
      seen.kind === 'reset' ||
      (seen.kind === 'headers' && talk.role === 'server' && isRefusal(talk, talk.message(seen.stream).status)),
  )
  return refusal ? weakly(`only ${line(refusal)}; ${how}`) : broke(how)
}

/** Whether a status refuses what was asked, seeing what a plain request gets. */
function isRefusal(talk: Http2Talk, status: number | undefined): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== talk.control
}

/**
 * RFC 9113 §5.4.2: RST_STREAM with one of these codes. A connection error of the same type will do (§5.4.1).
 * With `response`, a 4xx response will do too (§8.1.1). With `early`, what is wrong comes so late that a server may have
 * answered by then, and asked for no more of the request (§8.1).
 */
export function streamError(
  stream: number,
  wanted: readonly [number, ...number[]],
  options: { readonly response?: true; readonly early?: true } = {},
): Expectation {
  const or = options.response ? ', or a 4xx response' : ''
  return that(`a stream error of type ${codes(wanted)} on stream ${stream}${or}`, async talk => {
    const { passed } = barrier(talk)
    let beyond = false
    for (;;) {
      const seen = await talk.next()
      const message = talk.message(stream)
      if (message.reset !== undefined) {
        const came = `RST_STREAM ${errorCodeName(message.reset)}`
        // What follows a whole response that refuses must not decide by when it arrives. RFC 9113 §8.1.1
        if (options.response && message.ended && isRefusal(talk, message.status)) return refused(message.status)
        if (options.early && message.reset === NO_ERROR && message.ended) {
          return {
            outcome: 'unsupported',
            came: `${answer(message.status)}, then ${came}: it wanted no more of the request`,
          }
        }
        return applies(message.reset, wanted) ? kept(came) : weakly(came)
      }
      if (seen.kind === 'goaway' && seen.code !== NO_ERROR) return afterGoaway(talk, seen, wanted)
      if (seen.kind === 'end') return withoutGoaway(talk, seen)
      if (seen.kind === 'broken') return broke(line(seen))
      if (seen.kind === 'silence')
        return broke(`nothing for ${talk.options.patience} ms${beyond ? ', though PING was answered' : ''}`)
      if (message.ended && talk.role === 'server' && !(options.early && !isRefusal(talk, message.status))) {
        const judgement = answeredInstead(talk, message.status, options.response)
        // A reset may still follow a response that refuses: it does not matter to a malformed request, but may to the rest.
        if (judgement) return judgement
      }
      beyond ||= passed(seen)
      if (beyond && message.ended) {
        const came = `${answer(message.status)}; the connection went on`
        return isRefusal(talk, message.status) ? weakly(came) : broke(came)
      }
      if (beyond && talk.role === 'client') return broke('the connection went on: PING was answered twice')
    }
  })
}

function answeredInstead(
  talk: Http2Talk,
  status: number | undefined,
  allowed: true | undefined,
): Judgement | undefined {
  if (isRefusal(talk, status)) return allowed ? refused(status) : undefined
  if (status !== undefined && status >= 500) return weakly(answer(status))
  return allowed ? broke(answer(status)) : undefined
}

/** A 4xx response to what is malformed. One that a well-formed request may get as well shows nothing. RFC 9113 §8.1.1 */
function refused(status: number | undefined): Judgement {
  if (status !== 404 && status !== 405) return kept(answer(status))
  return weakly(`only ${answer(status)}, as any other path or method may get`)
}

function answer(status: number | undefined): string {
  return status === undefined || status === 0 ? 'a message without a valid status' : `a response with status ${status}`
}

/** RFC 9113 §8.1.1: a malformed message is a stream error of type PROTOCOL_ERROR; a server may answer 4xx first. */
export function malformed(stream: number, ...others: readonly number[]): Expectation {
  const expectation = streamError(stream, [1, ...others], { response: true })
  return { ...expectation, wants: `stream ${stream} to be treated as malformed: PROTOCOL_ERROR, or from a server 4xx` }
}

/** The same for a flaw that comes after the header section of a request, which may have been answered by then. RFC 9113 §8.1 */
export function malformedLater(stream: number): Expectation {
  const expectation = streamError(stream, [1], { response: true, early: true })
  return { ...expectation, wants: malformed(stream).wants }
}

/** The connection goes on as if nothing had happened: a plain exchange after it works. */
export function goesOn(options: { readonly streams?: readonly number[] } = {}): Expectation {
  return that('the connection to go on', async talk => {
    const payload = talk.outgoing.unfinished ? undefined : talk.addBarrier()
    const stream = talk.role === 'server' ? talk.freshStream() : undefined
    if (stream !== undefined) talk.add(...request(stream)(talk))
    let ponged = payload === undefined
    for (;;) {
      const seen = await talk.next()
      const problem = hindrance(talk, seen, [...(options.streams ?? []), ...(stream === undefined ? [] : [stream])])
      if (problem) return problem
      if (seen.kind === 'ping-ack' && payload && Buffer.compare(seen.payload, payload) === 0) ponged = true
      if (!ponged) continue
      if (stream === undefined) return kept('PING was answered')
      const { ended, status = 0 } = talk.message(stream)
      if (!ended) continue
      if (status === talk.control) return kept(`PING and a plain request (${status}) were answered`)
      return broke(`a plain request after it got ${answer(status)} instead of ${talk.control}`)
    }
  })
}

/** What keeps an exchange from going on, if this does. */
export function hindrance(talk: Http2Talk, seen: Seen, streams: readonly number[]): Judgement | undefined {
  if (seen.kind === 'goaway' && seen.code !== NO_ERROR) {
    const came = `GOAWAY ${errorCodeName(seen.code)}`
    return seen.code === ENHANCE_YOUR_CALM ? { outcome: 'limit', came } : broke(came)
  }
  if (seen.kind === 'reset' && streams.includes(seen.stream)) {
    const came = `RST_STREAM ${errorCodeName(seen.code)} on stream ${seen.stream}`
    return seen.code === ENHANCE_YOUR_CALM ? { outcome: 'limit', came } : broke(came)
  }
  if (seen.kind === 'end' || seen.kind === 'broken') return broke(line(seen))
  if (seen.kind === 'silence') return broke(`nothing for ${talk.options.patience} ms`)
  return undefined
}

/** A whole final response on a stream, with this status or, if none is given, the one that a plain request gets. */
export function answered(
  stream: number,
  options: {
    readonly status?: number | readonly number[]
    readonly also?: (talk: Http2Talk) => string | undefined
  } = {},
): Expectation {
  const { status, also } = options
  const statuses = status === undefined ? undefined : typeof status === 'number' ? [status] : status
  return that(
    `a whole response on stream ${stream}${statuses ? ` with status ${statuses.join(' or ')}` : ''}`,
    async talk => {
      for (;;) {
        const message = talk.message(stream)
        if (message.ended && message.status !== undefined) {
          const came = answer(message.status)
          if (!(statuses ?? [talk.control]).includes(message.status)) return broke(came)
          const complaint = also?.(talk)
          return complaint === undefined ? kept(came) : broke(complaint)
        }
        const problem = hindrance(talk, await talk.next(), [stream])
        if (problem && !(message.ended && message.status !== undefined)) return problem
      }
    },
  )
}

/** A client goes on after what came: it takes a response and is content. Give the response in the steps before. */
export function contented(): Expectation {
  return that('the client to take the response', async talk => {
    const stream = talk.requestStream ?? 1
    let payload = talk.addBarrier()
    let rounds = 0
    for (;;) {
      const seen = await talk.next()
      if (seen.kind === 'end') return departed(talk, seen)
      // A client may cancel what it no longer wants, but not for an error of ours.
      if (!(seen.kind === 'reset' && seen.code === CANCEL)) {
        const problem = hindrance(talk, seen, [stream])
        if (problem) return problem
      }
      if (seen.kind !== 'ping-ack' || Buffer.compare(seen.payload, payload) !== 0) continue
      if (++rounds === 2) return kept('the response was taken and PING answered')
      payload = talk.addBarrier()
    }
  })
}

async function departed(talk: Http2Talk, end: Extract<Seen, { kind: 'end' }>): Promise<Judgement> {
  talk.channel.end()
  const exit = await talk.channel.exit?.(talk.options.patience)
  if (!exit)
    return talk.seen.some(seen => seen.kind === 'goaway') ? kept('GOAWAY NO_ERROR, then the end') : weakly(line(end))
  const how = `${line(end)}; the program ended with ${exit.signal ?? `exit status ${exit.code}`}`
  return exit.code === 0 ? kept(how) : broke(how)
}
