import type { Step, TalkOptions } from '../conformance/case.ts'
import type { Channel } from '../conformance/channel.ts'
import { refusedChannel } from '../conformance/channel.ts'
import { ALIVE, type Finding } from '../conformance/verdict.ts'
import { octetsOf, settings } from './build.ts'
import { describe, line } from './describe.ts'
import type { Frame } from './frame.ts'
import { PREFACE } from './interpreter.ts'
import { request, type Sendable } from './requests.ts'
import { Http2Talk } from './talk.ts'

/** Puts things into the flight: frames, plain octets, or functions that make them from what was seen. */
export function send(...things: readonly Sendable[]): Step<Http2Talk> {
  const preview = foreseen(things)
  const said = preview
    ? summary(preview)
    : things.length === 1
      ? 'something that depends on what came'
      : 'things that depend on what came'
  return {
    says: `send ${said}`,
    ...(preview ? { octets: preview } : {}),
    run(talk) {
      for (const thing of things) talk.add(...made(thing, talk))
      return undefined
    },
  }
}

/** Does something to the talk that sends nothing: changes what is automatic, for example. */
export function act(says: string, run: (talk: Http2Talk) => void): Step<Http2Talk> {
  return {
    says,
    run(talk) {
      run(talk)
      return undefined
    },
  }
}

/** Ends our side of the connection, the other left open. */
export const endOurSide: Step<Http2Talk> = act('end our side of the connection', talk => {
  talk.flush()
  talk.channel.end()
})

function made(thing: Sendable, talk: Http2Talk): readonly (Frame | Uint8Array)[] {
  const result = typeof thing === 'function' ? thing(talk) : thing
  return Array.isArray(result) ? result : [result as Frame | Uint8Array]
}

const EXAMPLE: TalkOptions = {
  patience: 0,
  octetLimit: 0,
  headers: [],
  resources: { path: '/' },
  authority: 'localhost',
  secure: false,
}

/** What will go out, if that can be known before there is a peer; for a plain request as it would go to localhost. */
function foreseen(things: readonly Sendable[]): Uint8Array | undefined {
  const nowhere: Channel = refusedChannel('')
  const talk = new Http2Talk(nowhere, 'server', EXAMPLE)
  try {
    return octetsOf(...things.flatMap(thing => made(thing, talk)))
  } catch {
    // It asks for something that only a peer can have said.
    return undefined
  }
}

function summary(octets: Uint8Array): string {
  const [lines = []] = describe([{ at: 0, from: 'subject', octets }])
  const shown = lines.slice(0, 4).join(', then ')
  if (lines.length > 4) return `${shown}, and ${lines.length - 4} more`
  return shown || `${octets.length} octets: ${Buffer.from(octets.subarray(0, 32)).toString('hex')}`
}

const SPEAKS = `${ALIVE} and to speak HTTP/2`

function dead(came: string): Finding {
  return { outcome: 'fail', expected: SPEAKS, came }
}

type Parameters = readonly (readonly [id: number, value: number])[]

/**
 * What every case against a server begins with: preface, SETTINGS and a plain request, in one flight. The server has to
 * begin with SETTINGS (RFC 9113 §3.4) and answer with a whole response.
 */
export function greetServer(parameters: Parameters = [[2, 0]]): Step<Http2Talk> {
  return {
    says: 'send the client preface, SETTINGS and a plain request; expect SETTINGS and a whole response',
    octets: octetsOf(PREFACE, settings(parameters)),
    async run(talk) {
      talk.add(PREFACE, settings(parameters), ...request(1)(talk))
      const { ended, came } = await until(talk, () => talk.message(1).ended || talk.message(1).reset !== undefined)
      const first = talk.seen[0]
      if (first && first.kind !== 'settings' && first.kind !== 'end') return dead(`it began with ${line(first)}`)
      const { status, reset } = talk.message(1)
      if (ended) return dead(`no whole response to a plain request: ${came}`)
      if (reset !== undefined) return dead('a plain request was reset')
      if (status === undefined || status === 0) return dead('a response without a valid status')
      if (status >= 500) return dead(`a plain request got status ${status}`)
      talk.control = status
      return { outcome: 'pass', expected: SPEAKS, came: `status ${status}` }
    },
  }
}

/**
 * What every case against a client begins with: our SETTINGS and a PING. The client has to send its preface, its first
 * request, and the answer to both.
 */
export function greetClient(parameters: Parameters = []): Step<Http2Talk> {
  return {
    says: 'send SETTINGS and PING; expect the client preface, SETTINGS, a request, and both answered',
    octets: octetsOf(settings(parameters)),
    async run(talk) {
      talk.add(settings(parameters))
      const payload = talk.addBarrier()
      const answered = () =>
        talk.acknowledged > 0 &&
        talk.requestStream !== undefined &&
        talk.seen.some(seen => seen.kind === 'ping-ack' && Buffer.compare(seen.payload, payload) === 0)
      const { ended, came } = await until(talk, answered)
      if (ended) return dead(`no request, or no answer to SETTINGS and PING: ${came}`)
      if (talk.seen[0]?.kind !== 'preface') return dead('it did not begin with the client preface')
      if (talk.seen[1]?.kind !== 'settings') return dead('its preface was not followed by SETTINGS')
      return { outcome: 'pass', expected: SPEAKS, came: `a request on stream ${talk.requestStream}` }
    },
  }
}

/** Reads until something is so, or until nothing more comes. */
export async function until(
  talk: Http2Talk,
  so: () => boolean,
): Promise<{ readonly ended: boolean; readonly came: string }> {
  while (!so()) {
    const seen = await talk.next()
    if (so()) break
    const last = seen.kind === 'end' || seen.kind === 'silence' || seen.kind === 'broken'
    if (last || (seen.kind === 'goaway' && seen.code !== 0)) return { ended: true, came: line(seen) }
  }
  return { ended: false, came: '' }
}
