import type { Connection } from './connection.ts'
import { tooMuch } from './errors.ts'
import { ACK, GOAWAY, PING, RST_STREAM, SETTINGS, WINDOW_UPDATE } from './frame.ts'
import { rfc9113 } from './rules.ts'
import type { Settings } from './settings.ts'
import { ENABLE_CONNECT_PROTOCOL } from './settings-parameters.ts'
import type { Stream } from './stream.ts'

/** RFC 9113 §6.5 */
export function sendSettings(c: Connection, settings: Settings): void {
  c.out.header(settings.size * 6, SETTINGS, 0, 0)
  const entry = new Uint8Array(6)
  const view = new DataView(entry.buffer)
  for (const [id, value] of settings) {
    view.setUint16(0, id)
    view.setUint32(2, value)
    c.out.octets(entry)
  }
  if (settings.get(ENABLE_CONNECT_PROTOCOL) === 1) c.extendedConnect = true
  c.own.announce(settings, c.now ?? 0)
}

/** RFC 9113 §6.5.3 */
export function sendSettingsAck(c: Connection): void {
  c.out.header(0, SETTINGS, ACK, 0)
}

/** RFC 9113 §6.7 */
export function sendPing(c: Connection, flags: number, payload: Uint8Array): void {
  // DATA is made into frames only when it is about to go out, so an answer is always ahead of it.
  const first = flags !== ACK || c.honours(rfc9113.pingAnswerFirst)
  const out = first ? c.out : c.last
  out.frame(PING, flags, 0, payload)
}

/** Debug data is cut to what helps. RFC 9113 §6.8 */
export function sendGoaway(c: Connection, lastStream: number, code: number, debug = ''): void {
  const text = debug.slice(0, 120)
  c.out.header(8 + text.length, GOAWAY, 0, 0)
  c.out.u32(lastStream)
  c.out.u32(code)
  if (text !== '') c.out.octets(Buffer.from(text, 'latin1'))
  c.goawaySent = lastStream
}

/** RFC 9113 §6.9 */
export function sendWindowUpdate(c: Connection, stream: number, increment: number): void {
  if (increment <= 0 || !c.honours(rfc9113.receiverReplenishesWindow)) return
  c.out.header(4, WINDOW_UPDATE, 0, stream)
  c.out.u32(increment)
}

/** Sends RST_STREAM and closes the stream. RFC 9113 §6.4 */
export function sendReset(c: Connection, id: number, code: number): void {
  c.out.header(4, RST_STREAM, 0, id)
  c.out.u32(code)
  const stream = c.streams.live.get(id)
  if (stream === undefined) return
  abandon(c, stream)
  c.streams.move(stream, 'send RST_STREAM')
}

/** Nobody will consume what a stream has brought. */
export function abandon(c: Connection, stream: Stream): void {
  forfeit(c, stream.unconsumed)
  stream.unconsumed = 0
}

/** Octets of content that nobody will ask for: the connection's window gets them back. RFC 9113 §6.9 */
export function forfeit(c: Connection, octets: number): void {
  sendWindowUpdate(c, 0, c.receiving.consume(octets))
}

/** Ends the connection when the peer makes us say more than it reads. CVE-2019-9517 */
export function boundOutput(c: Connection): void {
  if (c.out.length <= c.limits.outgoingOctets || c.closed) return
  tooMuch(c, 'frames to answer that go unread')
}
