import { data, goaway, headers, octetsOf, ping, rstStream, settings, settingsAck } from '../../src/http2/build.ts'
import { NO_ERROR, REFUSED_STREAM } from '../../src/http2/error-codes.ts'
import { ACK, type Frame, FrameReader, GOAWAY, HEADERS, RST_STREAM } from '../../src/http2/frame.ts'
import { Interpreter, PREFACE } from '../../src/http2/interpreter.ts'
import { fieldBlock } from '../../src/http2/requests.ts'
import type { Seen } from '../../src/http2/seen.ts'
import type { Endpoint } from '../../src/machine.ts'

/** What a degenerate peer says when it is spoken to. */
type Reaction = (seen: Seen, say: (...frames: readonly (Frame | 'close')[]) => void) => void

/** A peer that speaks frames but keeps no state: it does the handshake, and then only what its reaction says. */
function speaking(role: 'server' | 'client', first: readonly Frame[], react: Reaction): Endpoint {
  const interpreter = new Interpreter({ fromClient: role === 'server' })
  let out: (Uint8Array | 'close')[] = [octetsOf(...(role === 'client' ? [PREFACE] : []), settings([]), ...first)]
  const say = (...frames: readonly (Frame | 'close')[]) => {
    for (const frame of frames) out.push(frame === 'close' ? frame : octetsOf(frame))
  }
  return {
    receive(octets) {
      if (octets === 'eof') return say('close')
      for (const seen of interpreter.push(octets)) {
        if (seen.kind === 'settings') say(settingsAck())
        react(seen, say)
      }
    },
    tick() {},
    transmit() {
      const all = out
      out = []
      return all
    },
  }
}

/** Answers PING, and each HEADERS by this status: whatever else comes, it says yes. */
function answersAll(status: string): Endpoint {
  const block = fieldBlock([[':status', status]])
  return speaking('server', [], (seen, say) => {
    if (seen.kind === 'ping') say(ping(seen.payload, { ack: true }))
    if (seen.kind === 'headers')
      say(headers(seen.stream, block), data(seen.stream, Buffer.from('yes'), { endStream: true }))
  })
}

/** Indexed representation of index 0. RFC 7541 §6.1 */
const INVALID_BLOCK = Uint8Array.of(0x80)

/** Servers that nobody should praise. */
export const degenerateServers: Readonly<Record<string, () => Endpoint>> = {
  'hangs up after the handshake': () =>
    speaking('server', [], (seen, say) => {
      if (seen.kind === 'headers') say('close')
    }),
  'says nothing': () => ({ receive() {}, tick() {}, transmit: () => [] }),
  'resets everything': () =>
    speaking('server', [], (seen, say) => {
      if (seen.kind === 'ping') say(ping(seen.payload, { ack: true }))
      if (seen.kind === 'headers') say(rstStream(seen.stream, REFUSED_STREAM))
    }),
  'answers 200 to everything': () => answersAll('200'),
  'answers 500 to everything': () => answersAll('500'),
  'sends invalid HPACK': () =>
    speaking('server', [], (seen, say) => {
      if (seen.kind === 'ping') say(ping(seen.payload, { ack: true }))
      if (seen.kind === 'headers') say(headers(seen.stream, INVALID_BLOCK, { endStream: true }))
    }),
}

/** The one request that a degenerate client makes. */
const REQUEST = headers(
  1,
  fieldBlock([
    [':method', 'GET'],
    [':scheme', 'http'],
    [':authority', 'localhost'],
    [':path', '/'],
  ]),
  { endStream: true },
)

/** Clients that nobody should praise. */
export const degenerateClients: Readonly<Record<string, () => Endpoint>> = {
  'hangs up after the handshake': () =>
    speaking('client', [], (seen, say) => {
      if (seen.kind === 'settings') say('close')
    }),
  'says nothing': () => ({ receive() {}, tick() {}, transmit: () => [] }),
  'asks and hangs up': () =>
    speaking('client', [REQUEST], (seen, say) => {
      if (seen.kind === 'ping') say(ping(seen.payload, { ack: true }), goaway(0, NO_ERROR), 'close')
    }),
  'asks and ignores the rest': () =>
    speaking('client', [REQUEST], (seen, say) => {
      if (seen.kind === 'ping') say(ping(seen.payload, { ack: true }))
    }),
  'resets everything': () =>
    speaking('client', [REQUEST], (seen, say) => {
      if (seen.kind === 'ping') say(ping(seen.payload, { ack: true }))
      if (seen.kind === 'headers' || seen.kind === 'push' || seen.kind === 'data')
        say(rstStream(seen.stream, REFUSED_STREAM))
    }),
  'sends invalid HPACK': () =>
    speaking('client', [headers(1, INVALID_BLOCK, { endStream: true })], (seen, say) => {
      if (seen.kind === 'ping') say(ping(seen.payload, { ack: true }))
    }),
}

/** An endpoint whose frames are rewritten as they go out, or swallowed. */
export function rewriting(
  endpoint: Endpoint,
  role: 'server' | 'client',
  rewrite: (frame: Frame) => Frame | undefined,
  close: 'kept' | 'swallowed' = 'kept',
): Endpoint {
  const reader = new FrameReader()
  let preface = role === 'client' ? PREFACE.length : 0
  return {
    receive: (octets, now) => endpoint.receive(octets, now),
    tick: now => endpoint.tick(now),
    get deadline() {
      return endpoint.deadline
    },
    transmit() {
      return endpoint.transmit().flatMap((output): (Uint8Array | 'close')[] => {
        if (output === 'close') return close === 'kept' ? ['close'] : []
        const before = output.subarray(0, preface)
        preface -= before.length
        reader.push(output.subarray(before.length))
        const rewritten: Frame[] = []
        for (let frame = reader.next(); frame; frame = reader.next()) {
          const replacement = rewrite(frame)
          if (replacement) rewritten.push(replacement)
        }
        return before.length + rewritten.length > 0 ? [octetsOf(before, ...rewritten)] : []
      })
    },
  }
}

const BOGUS_CODE = 0xdeadbeef

/** Conforming but for how it reports errors: by name, what is done to its frames. */
export const badReporters: Readonly<Record<string, (endpoint: Endpoint, role: 'server' | 'client') => Endpoint>> = {
  'gives bogus GOAWAY and RST_STREAM codes': (endpoint, role) =>
    rewriting(endpoint, role, frame => {
      const view = Buffer.from(frame.payload)
      if (frame.type === GOAWAY && view.readUInt32BE(4) !== NO_ERROR) view.writeUInt32BE(BOGUS_CODE, 4)
      if (frame.type === RST_STREAM) view.writeUInt32BE(BOGUS_CODE, 0)
      return { ...frame, payload: view }
    }),
  'gives a bogus last stream': (endpoint, role) =>
    rewriting(endpoint, role, frame => {
      if (frame.type !== GOAWAY) return frame
      const view = Buffer.from(frame.payload)
      view.writeUInt32BE(0x7fffffff, 0)
      return { ...frame, payload: view }
    }),
  'sends GOAWAY but never closes': (endpoint, role) => rewriting(endpoint, role, frame => frame, 'swallowed'),
  'closes without GOAWAY': (endpoint, role) =>
    rewriting(endpoint, role, frame => (frame.type === GOAWAY ? undefined : frame)),
  'sends every status as 500': (endpoint, role) =>
    rewriting(endpoint, role, frame =>
      frame.type === HEADERS && role === 'server' && !(frame.flags & ACK)
        ? { ...frame, payload: fieldBlock([[':status', '500']]) }
        : frame,
    ),
}
