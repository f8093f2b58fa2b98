import { describe, expect, it } from 'vitest'
import {
  continuation,
  data,
  goaway,
  headers,
  octetsOf,
  ping,
  priority,
  pushPromise,
  rstStream,
  settings,
  settingsAck,
  windowUpdate,
} from './build.ts'
import { Http2Client } from './client.ts'
import { CANCEL, NO_ERROR, PROTOCOL_ERROR, STREAM_CLOSED } from './error-codes.ts'
import { ACK, type Frame, PING } from './frame.ts'
import { answers, block, errorsIn, framesOf, GET, POST, requestBlock } from './joined.fixture.ts'
import { Http2Server, PREFACE } from './server.ts'
import { follows, receives, type StreamState, sends, type Transition } from './stream-state.ts'

const STATES: readonly StreamState[] = [
  'idle',
  'reserved (local)',
  'reserved (remote)',
  'open',
  'half-closed (local)',
  'half-closed (remote)',
  'closed',
]

/** The arrows of Figure 2, read off the drawing in RFC 9113 §5.1. */
const ARROWS: readonly (readonly [from: StreamState, label: Transition, to: StreamState])[] = [
  ['idle', 'send PUSH_PROMISE', 'reserved (local)'],
  ['idle', 'receive PUSH_PROMISE', 'reserved (remote)'],
  ['idle', 'send HEADERS', 'open'],
  ['idle', 'receive HEADERS', 'open'],
  ['reserved (local)', 'send HEADERS', 'half-closed (remote)'],
  ['reserved (local)', 'send RST_STREAM', 'closed'],
  ['reserved (local)', 'receive RST_STREAM', 'closed'],
  ['reserved (remote)', 'receive HEADERS', 'half-closed (local)'],
  ['reserved (remote)', 'send RST_STREAM', 'closed'],
  ['reserved (remote)', 'receive RST_STREAM', 'closed'],
  ['open', 'receive END_STREAM', 'half-closed (remote)'],
  ['open', 'send END_STREAM', 'half-closed (local)'],
  ['open', 'send RST_STREAM', 'closed'],
  ['open', 'receive RST_STREAM', 'closed'],
  ['half-closed (remote)', 'send END_STREAM', 'closed'],
  ['half-closed (remote)', 'send RST_STREAM', 'closed'],
  ['half-closed (remote)', 'receive RST_STREAM', 'closed'],
  ['half-closed (local)', 'receive END_STREAM', 'closed'],
  ['half-closed (local)', 'send RST_STREAM', 'closed'],
  ['half-closed (local)', 'receive RST_STREAM', 'closed'],
]

const TRANSITIONS = [...new Set(ARROWS.map(([, label]) => label))]

describe('Figure 2', () => {
  it.each(STATES.flatMap(state => TRANSITIONS.map(label => [state, label] as const)))('%s: %s', (state, label) => {
    const arrow = ARROWS.find(([from, through]) => from === state && through === label)
    const next = follows(state, label)
    // HEADERS that begin no stream, a response or trailers, leave the state.
    if (arrow) expect(next).toBe(arrow[2])
    else expect(next ?? state).toBe(state)
  })

  it('says who may send DATA and HEADERS', () => {
    expect(STATES.filter(receives)).toEqual(['open', 'half-closed (local)'])
    expect(STATES.filter(sends)).toEqual(['open', 'half-closed (remote)'])
  })
})

interface Found {
  readonly end: Http2Server | Http2Client
  /** The stream that is in the state. */
  readonly stream: number
}

const now = 1000

function server(...frames: readonly Frame[]): Http2Server {
  const end = new Http2Server()
  answers(end, octetsOf(PREFACE, settings(), settingsAck(), ...frames))
  return end
}

function respond(end: Http2Server, stream = 1): void {
  end.send({ kind: 'headers', stream, status: 200, fields: [], end: true }, now)
}

const opening = headers(1, requestBlock('POST'))
const whole = headers(1, requestBlock(), { endStream: true })

/** A server's stream in each state. */
const OF_SERVER: Readonly<Record<string, () => Found>> = {
  idle: () => ({ end: server(), stream: 1 }),
  'reserved (local)'() {
    const end = server(whole)
    end.send({ kind: 'push', stream: 1, head: { ...GET, path: '/pushed' } }, now)
    return { end, stream: 2 }
  },
  open: () => ({ end: server(opening), stream: 1 }),
  'half-closed (remote)': () => ({ end: server(whole), stream: 1 }),
  'half-closed (local)'() {
    const end = server(opening)
    respond(end)
    return { end, stream: 1 }
  },
  'closed by both'() {
    const end = server(whole)
    respond(end)
    return { end, stream: 1 }
  },
  'closed by a reset of ours'() {
    const end = server(opening)
    end.send({ kind: 'reset', stream: 1, code: CANCEL }, now)
    return { end, stream: 1 }
  },
  'closed by a reset of the peer': () => ({ end: server(opening, rstStream(1, CANCEL)), stream: 1 }),
  'closed by a higher one': () => ({ end: server(headers(3, requestBlock('POST'))), stream: 1 }),
}

function client(...frames: readonly Frame[]): Http2Client {
  const end = new Http2Client()
  end.send({ kind: 'request', head: POST }, now)
  end.send({ kind: 'request', head: GET, end: true }, now)
  end.transmit()
  answers(end, octetsOf(settings(), settingsAck(), ...frames))
  return end
}

const response = block([':status', '200'])

/** A client's stream in each state: 1 is a POST that goes on, 3 a GET. */
const OF_CLIENT: Readonly<Record<string, () => Found>> = {
  idle: () => ({ end: client(), stream: 2 }),
  'idle, of its own': () => ({ end: client(), stream: 5 }),
  'reserved (remote)': () => ({ end: client(pushPromise(3, 2, requestBlock())), stream: 2 }),
  open: () => ({ end: client(), stream: 1 }),
  'half-closed (local)': () => ({ end: client(), stream: 3 }),
  'half-closed (remote)': () => ({ end: client(headers(1, response, { endStream: true })), stream: 1 }),
  'closed by both': () => ({ end: client(headers(3, response, { endStream: true })), stream: 3 }),
  'closed by a reset of ours'() {
    const end = client()
    end.send({ kind: 'reset', stream: 3, code: CANCEL }, now)
    return { end, stream: 3 }
  },
}

/** What comes of a frame: nothing wrong, an error of the stream or of the connection, or one of either. */
type Outcome = 'taken' | readonly ['stream' | 'connection' | 'either', number]

const CONNECTION = ['connection', PROTOCOL_ERROR] as const
const CLOSED = ['stream', STREAM_CLOSED] as const
/** "Can be treated as a connection error or as a stream error", as §5.4.1 has it of every stream error. */
const EITHER = ['either', STREAM_CLOSED] as const
const taken = 'taken'

const FRAMES = ['DATA', 'HEADERS', 'PRIORITY', 'RST_STREAM', 'WINDOW_UPDATE'] as const

/** RFC 9113 §5.1, state by state, in the order of FRAMES. */
const SERVER_TAKES: Readonly<Record<string, readonly Outcome[]>> = {
  // "Receiving any frame other than HEADERS or PRIORITY on a stream in this state MUST be treated as a connection error".
  idle: [CONNECTION, taken, taken, CONNECTION, CONNECTION],
  // "any type of frame other than RST_STREAM, PRIORITY, or WINDOW_UPDATE".
  'reserved (local)': [CONNECTION, CONNECTION, taken, taken, taken],
  open: [taken, taken, taken, taken, taken],
  // "other than WINDOW_UPDATE, PRIORITY, or RST_STREAM ... a stream error of type STREAM_CLOSED".
  'half-closed (remote)': [CLOSED, CLOSED, taken, taken, taken],
  'half-closed (local)': [taken, taken, taken, taken, taken],
  // WINDOW_UPDATE and RST_STREAM may have been under way.
  'closed by both': [EITHER, EITHER, taken, taken, taken],
  // What comes after our own RST_STREAM is to be ignored.
  'closed by a reset of ours': [taken, taken, taken, taken, taken],
  'closed by a reset of the peer': [EITHER, EITHER, taken, taken, taken],
  // §5.1.1: a lower one cannot be opened any more.
  'closed by a higher one': [EITHER, CONNECTION, taken, taken, taken],
}

const CLIENT_TAKES: Readonly<Record<string, readonly Outcome[]>> = {
  // A server opens nothing by HEADERS.
  idle: [CONNECTION, CONNECTION, taken, CONNECTION, CONNECTION],
  'idle, of its own': [CONNECTION, CONNECTION, taken, CONNECTION, CONNECTION],
  // "any type of frame other than HEADERS, RST_STREAM, or PRIORITY".
  'reserved (remote)': [CONNECTION, taken, taken, taken, CONNECTION],
  open: [taken, taken, taken, taken, taken],
  'half-closed (local)': [taken, taken, taken, taken, taken],
  'half-closed (remote)': [CLOSED, CLOSED, taken, taken, taken],
  'closed by both': [EITHER, EITHER, taken, taken, taken],
  'closed by a reset of ours': [taken, taken, taken, taken, taken],
}

function frameOf(name: (typeof FRAMES)[number], { end, stream }: Found): readonly Frame[] {
  const isClient = end instanceof Http2Client
  if (name === 'DATA') {
    // A response's content comes after its header section.
    const begun = isClient && (stream === 1 || stream === 3) ? [headers(stream, response)] : []
    return [...begun, data(stream, 'x')]
  }
  if (name === 'HEADERS') return [headers(stream, isClient ? response : requestBlock(), { endStream: true })]
  if (name === 'PRIORITY') return [priority(stream, { dependency: 0 })]
  return [name === 'RST_STREAM' ? rstStream(stream, CANCEL) : windowUpdate(stream, 1)]
}

describe.each([
  ['server', OF_SERVER, SERVER_TAKES],
  ['client', OF_CLIENT, CLIENT_TAKES],
] as const)('what a %s makes of a frame in each state', (_role, states, table) => {
  const cases = Object.entries(table).flatMap(([state, outcomes]) =>
    FRAMES.map((frame, at) => [frame, state, outcomes[at] as Outcome] as const),
  )

  it.each(cases)('%s, %s: %s', (name, state, outcome) => {
    const found = (states[state] as () => Found)()
    const { end, stream } = found
    framesOf(end)
    let frames = frameOf(name, found)
    // A second header section on an open request is its trailers, which hold no pseudo-header fields.
    if (end instanceof Http2Server && name === 'HEADERS' && (state === 'open' || state === 'half-closed (local)')) {
      frames = [headers(stream, block(['x-trailer', '1']), { endStream: true })]
    }
    if (state.startsWith('closed') || state === 'half-closed (remote)') frames = frames.slice(-1)
    const came = answers(end, octetsOf(...frames, ping(Buffer.from('12345678'))))
    const alive = came.some(({ type, flags }) => type === PING && (flags & ACK) !== 0)
    if (outcome === 'taken') {
      expect(errorsIn(came)).toEqual([])
      expect(alive).toBe(true)
      return
    }
    const [scope, code] = outcome
    const errors = errorsIn(came)
    expect(errors).toHaveLength(1)
    const [[on, found_] = []] = errors
    expect(found_).toBe(code)
    if (scope === 'stream') expect([on, alive]).toEqual([stream, true])
    else if (scope === 'connection') expect([on, alive]).toEqual([0, false])
    else expect([0, stream]).toContain(on)
  })
})

describe('identifiers', () => {
  it('of both sides go up by two, each from its own first', () => {
    const asking = client()
    expect(asking.nextStream).toBe(5)
    const promising = server(whole)
    expect(promising.nextStream).toBe(2)
    promising.send({ kind: 'push', stream: 1, head: GET }, now)
    expect(promising.nextStream).toBe(4)
  })

  it('are not used again after GOAWAY: what lies beyond is given back as refused', () => {
    const end = client()
    const events = end.receive(octetsOf(goaway(1, NO_ERROR)), now)
    expect(events).toContainEqual({ kind: 'reset', stream: 3, code: 7, by: 'peer' })
    expect(end.mayRequest).toBe(false)
    expect(() => end.send({ kind: 'request', head: GET }, now)).toThrow(TypeError)
  })

  it('CONTINUATION belongs to the block before it only', () => {
    const end = server(opening)
    expect(errorsIn(answers(end, octetsOf(continuation(1, new Uint8Array(1)))))).toEqual([[0, PROTOCOL_ERROR]])
  })
})
