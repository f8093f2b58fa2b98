import type { Subject } from '../../src/conformance/case.ts'
import type { Role } from '../../src/conformance/rule.ts'
import { honoursAll } from '../../src/conformance/rule.ts'
import { data, goaway, headers, octetsOf, ping, rstStream, settings, settingsAck } from '../../src/http2/build.ts'
import { NO_ERROR, REFUSED_STREAM } from '../../src/http2/error-codes.ts'
import { type Frame, FrameReader, GOAWAY, RST_STREAM } from '../../src/http2/frame.ts'
import { Interpreter, PREFACE } from '../../src/http2/interpreter.ts'
import { http2 } from '../../src/http2/protocol.ts'
import { fieldBlock } from '../../src/http2/requests.ts'
import type { Seen } from '../../src/http2/seen.ts'
import type { Endpoint } from '../../src/machine.ts'

/** What a degenerate peer says when it is spoken to. */
type Reaction = (seen: Seen, say: (...frames: readonly (Frame | 'close')[]) => void) => void

/** A peer that speaks frames but keeps no state: it does the handshake, and then only what its reaction says. */
function speaking(role: Role, first: readonly Frame[], react: Reaction): Endpoint {
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

/** What becomes of the frames that go out, and of the close after an error was reported. */
interface Rewrite {
  readonly frame?: (frame: Frame) => Frame | undefined
  readonly close?: 'swallowed'
}

/** An endpoint whose output is rewritten; `changed` is told when something was. */
function rewriting(endpoint: Endpoint, role: Role, { frame: rewrite, close }: Rewrite, changed: () => void): Endpoint {
  const reader = new FrameReader()
  let preface = role === 'client' ? PREFACE.length : 0
  let erred = false

  function rewritten(octets: Uint8Array): Uint8Array[] {
    const before = octets.subarray(0, preface)
    preface -= before.length
    reader.push(octets.subarray(before.length))
    const frames: Frame[] = []
    for (let frame = reader.next(); frame; frame = reader.next()) {
      erred ||= reportsError(frame)
      const replacement = rewrite ? rewrite(frame) : frame
      if (replacement !== frame) changed()
      if (replacement) frames.push(replacement)
    }
    return before.length + frames.length > 0 ? [octetsOf(before, ...frames)] : []
  }

  return {
    receive: (octets, now) => endpoint.receive(octets, now),
    tick: now => endpoint.tick(now),
    get deadline() {
      return endpoint.deadline
    },
    transmit() {
      return endpoint.transmit().flatMap((output): (Uint8Array | 'close')[] => {
        if (output !== 'close') return rewritten(output)
        if (close !== 'swallowed' || !erred) return ['close']
        changed()
        return []
      })
    },
  }
}

/** No error code of any registry. */
const BOGUS_CODE = 0xdeadbeef

/** A frame with another number in four octets of its payload. */
function withNumber(frame: Frame, at: number, number: number): Frame {
  const payload = Buffer.from(frame.payload)
  payload.writeUInt32BE(number, at)
  return { ...frame, payload }
}

/** GOAWAY for an error, not for a farewell. */
const reportsError = ({ type, payload }: Frame) => type === GOAWAY && Buffer.from(payload).readUInt32BE(4) !== NO_ERROR

/** Conforming but for how they report errors. */
export const badReporters: Readonly<Record<string, Rewrite>> = {
  'gives bogus error codes': {
    frame(frame) {
      if (reportsError(frame)) return withNumber(frame, 4, BOGUS_CODE)
      return frame.type === RST_STREAM ? withNumber(frame, 0, BOGUS_CODE) : frame
    },
  },
  'gives a bogus last stream': { frame: frame => (reportsError(frame) ? withNumber(frame, 0, 0x7fffffff) : frame) },
  'sends GOAWAY but never closes': { close: 'swallowed' },
  'closes without GOAWAY': { frame: frame => (reportsError(frame) ? undefined : frame) },
}

/** Our machine in a role, but for how it reports errors. `changed` is asked about the last connection. */
export function reporting(role: Role, rewrite: Rewrite): Subject & { changed(): boolean } {
  const { connect } = http2.subject(role, honoursAll)
  let changed = false
  return {
    connect() {
      changed = false
      return rewriting(connect(), role, rewrite, () => {
        changed = true
      })
    },
    changed: () => changed,
  }
}
