import type { Connection } from './connection.ts'
import { PROTOCOL_ERROR } from './error-codes.ts'
import { streamError } from './errors.ts'
import type { Malformed } from './field-validity.ts'
import { rfc9113 } from './rules.ts'
import { sendHeaders } from './send-message.ts'
import type { Stream } from './stream.ts'
import { sends } from './stream-state.ts'

/**
 * Resets the stream of a malformed message. A request whose fields are at fault is answered with status 400 first; its
 * stream is left open, as it ends with the reset. RFC 9113 §8.1.1, §8.2.1
 */
export function malformed(c: Connection, stream: Stream, { why, invalidField }: Malformed): void {
  const answer = c.role === 'server' && invalidField === true && c.honours(rfc9113.invalidFieldBadRequest)
  if (answer && !stream.headersSent && sends(stream.state)) {
    sendHeaders(c, stream, [{ name: ':status', value: '400' }], 'response', false)
  }
  streamError(c, stream.id, PROTOCOL_ERROR, why)
}

/** The peer's message has ended. RFC 9113 §5.1 */
export function endReceived(c: Connection, stream: Stream): void {
  c.streams.move(stream, 'receive END_STREAM')
}
