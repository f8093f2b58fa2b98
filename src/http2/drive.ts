import type { Connection } from './connection.ts'
import { CANCEL, NO_ERROR, SETTINGS_TIMEOUT } from './error-codes.ts'
import { connectionError } from './errors.ts'
import type { Http2Command, Http2Event } from './events.ts'
import { receiveFrames } from './receive.ts'
import { finalGoaway, IDLE_PING, SHUTDOWN_PING } from './receive-control.ts'
import { consumed } from './receive-data.ts'
import { limits, rfc9113 } from './rules.ts'
import { abandon, boundOutput, sendGoaway, sendPing, sendReset, sendSettings } from './send-control.ts'
import { pump, queueData, queueTrailers } from './send-message.ts'
import type { Stream } from './stream.ts'
import { receives, sends } from './stream-state.ts'

/* What the machines of both roles do alike. */

/** Notes what time it is. */
export function at(c: Connection, now: number): void {
  if (c.now === undefined) {
    c.started = now
    c.heard = now
  }
  c.now = now
}

/** Takes in octets after the preface, or the end of them. */
export function receive(c: Connection, octets: Uint8Array | 'eof'): void {
  if (c.closed || c.wedged) return
  if (octets === 'eof') {
    peerEnds(c)
    return
  }
  c.heard = c.now as number
  c.probed = undefined
  c.reader.push(octets)
  receiveFrames(c)
  boundOutput(c)
}

/** The peer sends no more: what can be finished is, then the connection closes. */
function peerEnds(c: Connection): void {
  c.peerEnded = true
  c.shutdownDeadline ??= (c.now as number) + c.limits.shutdownTimeout
  for (const stream of [...c.streams.live.values()]) {
    if (!receives(stream.state) && stream.state !== 'reserved (remote)') continue
    // The rest of its message will not come. RFC 9113 §5.4.3
    if (stream.announced) c.events.push({ kind: 'reset', stream: stream.id, code: CANCEL, by: 'peer' })
    abandon(c, stream)
    c.streams.move(stream, 'receive RST_STREAM')
  }
}

/** What has happened since the last call. */
export function events(c: Connection): Http2Event[] {
  const happened = c.events
  if (happened.length > 0) c.events = []
  return happened
}

/** When `tick` is wanted: at once, to learn the time, or when waiting has lasted too long. */
export function deadline(c: Connection): number | undefined {
  if (c.closed || c.closing || c.wedged) return undefined
  if (c.now === undefined) return 0
  return Math.min(settingsDeadline(c), idleDeadline(c), c.shutdownDeadline ?? Number.POSITIVE_INFINITY)
}

/** RFC 9113 §6.5.3 */
function settingsDeadline(c: Connection): number {
  const { waitingSince } = c.own
  if (waitingSince === undefined || !c.honours(rfc9113.settingsTimeout)) return Number.POSITIVE_INFINITY
  return Math.max(waitingSince, c.started) + c.limits.settingsTimeout
}

/** From a peer that has ended its side nothing can come. */
function idleDeadline({ peerEnded, probed, heard, limits }: Connection): number {
  if (peerEnded) return Number.POSITIVE_INFINITY
  return probed === undefined ? heard + limits.idleTimeout : probed + limits.pingTimeout
}

/** Time has passed. */
export function tick(c: Connection): void {
  if (c.closed || c.wedged) return
  const now = c.now as number
  if (now >= settingsDeadline(c)) {
    connectionError(c, SETTINGS_TIMEOUT, 'SETTINGS were not acknowledged in time')
    return
  }
  if (now >= idleDeadline(c)) idle(c, now)
  if (c.closed || now < (c.shutdownDeadline ?? Number.POSITIVE_INFINITY)) return
  if (c.shutdown === 'announced') finalGoaway(c)
  else if (c.shutdown === 'final') connectionError(c, NO_ERROR, 'what was under way took too long')
  else if (c.streams.live.size === 0) leave(c, 'the peer went away')
  else {
    dropStuck(c)
    c.shutdownDeadline = now + c.limits.shutdownTimeout
  }
}

/** Nothing has come for long. */
function idle(c: Connection, now: number): void {
  if (c.streams.live.size === 0) leave(c, 'nothing came for too long')
  else if (c.probed === undefined) {
    c.probed = now
    sendPing(c, 0, IDLE_PING)
  } else connectionError(c, NO_ERROR, 'the peer does not answer')
}

/** What waits for credit that cannot come any more is given up. */
function dropStuck(c: Connection, which: (stream: Stream) => boolean = () => true): void {
  for (const stream of [...c.streams.live.values()]) {
    if (!isStuck(c, stream) || !which(stream)) continue
    sendReset(c, stream.id, CANCEL)
    if (stream.announced) c.events.push({ kind: 'reset', stream: stream.id, code: CANCEL, by: 'us' })
  }
}

/** Whether no content of a stream can go out for ever more. */
export function isStuck(c: Connection, { sending, queued, ending }: Stream): boolean {
  // The end alone needs no credit. RFC 9113 §6.9.1
  return c.peerEnded && Math.min(sending.size, c.sending.size) <= 0 && !(ending && queued === 0)
}

/** How long after the first GOAWAY of a graceful shutdown the second follows at the latest, in ms. */
const ROUND_TRIP = 1000

/** Does what machines of both roles can be told. */
export function command(c: Connection, order: Http2Command): void {
  if (c.closed || c.wedged) return
  if (order.kind === 'settings') {
    sendSettings(c, order.settings)
    return
  }
  if (order.kind === 'ping') {
    sendPing(c, 0, order.payload)
    return
  }
  if (order.kind === 'shutdown') {
    shutdown(c)
    return
  }
  if (order.kind === 'close') {
    connectionError(c, order.code, order.why ?? '')
    return
  }
  const { live, unread } = c.streams
  const stream = live.get(order.stream) ?? (order.kind === 'consume' ? unread.get(order.stream) : undefined)
  if (stream === undefined) return
  if (order.kind === 'data') queueData(c, stream, order.data, order.end === true)
  else if (order.kind === 'trailers') queueTrailers(c, stream, order.fields)
  else if (order.kind === 'consume') consumed(c, stream, order.octets)
  else sendReset(c, stream.id, order.code)
}

/** RFC 9113 §6.8 */
function shutdown(c: Connection): void {
  if (c.shutdown !== 'no') return
  if (c.role === 'client' || !c.honours(rfc9113.gracefulGoaway)) {
    finalGoaway(c)
    return
  }
  c.shutdown = 'announced'
  sendGoaway(c, 0x7fffffff, NO_ERROR)
  sendPing(c, 0, SHUTDOWN_PING)
  c.shutdownDeadline = (c.now ?? 0) + ROUND_TRIP
}

/** Ends the connection in peace. RFC 9113 §5.4.1, §6.8 */
function leave(c: Connection, why: string): void {
  const says = c.keeps(rfc9113.goawayBeforeClose, rfc9113.goawayAnsweredBeforeClose)
  if (says && c.shutdown !== 'final') sendGoaway(c, c.lastProcessed, NO_ERROR)
  c.closed = true
  c.closing = true
  c.events.push({ kind: 'closed', code: NO_ERROR, why })
}

/** Takes what is to go out now: as much as flow control and our own bounds allow; a later call may give more. */
export function transmit(c: Connection): (Uint8Array | 'close')[] {
  if (c.wedged) return []
  if (!c.closed) {
    pump(c)
    hangOverWindows(c)
    settle(c)
  }
  if (c.last.length > 0) c.out.octets(c.last.take())
  const out: (Uint8Array | 'close')[] = []
  if (c.out.length > 0) out.push(c.out.take())
  if (c.closing && !c.peerTold) {
    c.peerTold = true
    out.push('close')
  }
  return out
}

/** Closes the connection when nothing is left to do and nothing more can come. */
function settle(c: Connection): void {
  if (c.peerEnded) dropStuck(c, ({ queued }) => queued > 0)
  if (c.streams.live.size > 0) return
  if (c.peerEnded) leave(c, 'the peer has ended the connection')
  else if (c.shutdown === 'final') leave(c, 'shut down')
  else if (c.role === 'client' && c.goawayReceived !== undefined) leave(c, 'the peer went away')
}

/** Deviants that cannot bear peers who ask for much and take little. */
function hangOverWindows(c: Connection): void {
  if (!c.honours(limits.survivesSlowRead) && c.sending.size > 1 << 30) hang(c)
  if (c.honours(limits.survivesZeroWindow)) return
  let held = 0
  for (const { state, queued, sending } of c.streams.live.values()) {
    if (sends(state) && queued > 0 && sending.size <= 0) held++
  }
  if (held >= 8) hang(c)
}

function hang(c: Connection): void {
  c.wedged = true
  c.onAbuse?.()
}
