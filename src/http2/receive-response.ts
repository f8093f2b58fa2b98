import type { HeaderList } from '../hpack/decoder.ts'
import type { Connection, FieldBlock } from './connection.ts'
import { CANCEL } from './error-codes.ts'
import { streamError, tooMuch } from './errors.ts'
import { parseResponse } from './message.ts'
import { endReceived, malformed } from './receive-message.ts'
import { limits, rfc9110, rfc9113 } from './rules.ts'
import type { Stream } from './stream.ts'

/** A response's header section, interim or final. RFC 9113 §8.1, §8.4.2 */
export function receiveResponse(c: Connection, stream: Stream, block: FieldBlock, list: HeaderList): void {
  c.streams.move(stream, 'receive HEADERS')
  if (list.overflow) {
    if (!c.honours(limits.survivesHpackBomb)) {
      tooMuch(c, 'fields', limits.survivesHpackBomb)
      return
    }
    streamError(c, stream.id, CANCEL, 'too many fields')
    return
  }
  const { head, malformed: fault } = parseResponse(list.fields, c.honours)
  if (fault !== undefined && c.keeps(rfc9113.malformedStreamError, rfc9113.malformedResponseRejected)) {
    malformed(c, stream, fault)
    return
  }
  const interim = head.status < 200 && c.keeps(rfc9110.interimParsed, rfc9113.interimResponses)
  if (interim) {
    if (block.end && c.honours(rfc9113.interimEndsStream)) {
      malformed(c, stream, { why: rfc9113.interimEndsStream.text })
      return
    }
    if (stream.announced) c.events.push({ kind: 'interim', stream: stream.id, head })
    if (block.end) endReceived(c, stream)
    return
  }
  stream.headersReceived = true
  stream.contentless = stream.method === 'HEAD' || head.status === 204 || head.status === 304
  stream.tunnel = stream.method === 'CONNECT' && head.status < 300
  // RFC 9110 §9.3.6: what goes through a tunnel is not content, and a Content-Length of it is to be ignored.
  stream.contentLength = stream.tunnel ? undefined : head.contentLength
  if (stream.contentless && !c.honours(rfc9113.contentLengthWithoutContent)) stream.contentless = false
  const short = block.end && !stream.contentless && (stream.contentLength ?? 0) > 0
  if (short && c.honours(rfc9113.contentLengthMismatch)) {
    malformed(c, stream, { why: rfc9113.contentLengthMismatch.text })
    return
  }
  if (stream.announced) c.events.push({ kind: 'response', stream: stream.id, head, end: block.end })
  if (block.end) endReceived(c, stream)
}
