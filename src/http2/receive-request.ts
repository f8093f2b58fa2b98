import { HpackDecoder } from '../hpack/decoder.ts'
import type { Field } from '../hpack/field.ts'
import type { Connection, FieldBlock } from './connection.ts'
import { PROTOCOL_ERROR, REFUSED_STREAM } from './error-codes.ts'
import { streamError, tooMuch } from './errors.ts'
import { parseRequest } from './message.ts'
import { DEFAULT_PRIORITY, type Priority, parsePriority } from './priority.ts'
import { endReceived, malformed } from './receive-message.ts'
import { type Decode, discard } from './receive-section.ts'
import { limits, rfc9113, rfc9218 } from './rules.ts'
import { sendHeaders } from './send-message.ts'
import { Stream } from './stream.ts'

/** HEADERS that open a stream. RFC 9113 §5.1, §8.1 */
export function receiveRequest(c: Connection, block: FieldBlock, decode: Decode): void {
  const stream = new Stream(block.stream, c.remote.initialWindowSize, c.own.acknowledged.initialWindowSize)
  const room = c.streams.peer.active < c.mostStreams
  if (!room && c.keeps(rfc9113.concurrencyExceeded, rfc9113.usageLimited)) {
    if (!c.honours(limits.survivesConcurrentStreams)) {
      tooMuch(c, 'streams', limits.survivesConcurrentStreams)
      return
    }
    discard(c, decode)
    if (c.closed) return
    open(c, stream, block)
    // Nothing of it has reached the application, so that the peer may repeat it. RFC 9113 §8.7
    streamError(c, stream.id, REFUSED_STREAM, 'too many streams at once')
    return
  }
  const list = decode()
  if (list === undefined) return
  open(c, stream, block)
  if (list.overflow) {
    refuseLarge(c, stream)
    return
  }
  const { head, malformed: fault } = parseRequest(list.fields, c)
  stream.headersReceived = true
  stream.method = head.method
  stream.tunnel = head.method === 'CONNECT'
  // RFC 9110 §9.3.6: what goes through a tunnel is not content.
  stream.contentLength = stream.tunnel ? undefined : head.contentLength
  if (fault !== undefined && c.honours(rfc9113.malformedStreamError)) {
    malformed(c, stream, fault)
    return
  }
  const content = stream.contentLength ?? 0
  if (block.end && content > 0 && c.honours(rfc9113.contentLengthMismatch)) {
    malformed(c, stream, { why: rfc9113.contentLengthMismatch.text })
    return
  }
  if (
    !c.honours(rfc9218.priorityParametersIgnored) &&
    /(^|, *)(?!u=[0-7](,|$)|i(,|$)|i=\?[01](,|$))/.test(priorityField(head.fields) ?? 'i')
  ) {
    streamError(c, stream.id, PROTOCOL_ERROR, 'an unknown priority parameter')
    return
  }
  stream.priority = c.priorities.get(stream.id) ?? priorityOf(head.fields)
  c.priorities.delete(stream.id)
  stream.announced = true
  c.events.push({ kind: 'request', stream: stream.id, head, end: block.end })
}

function open(c: Connection, stream: Stream, block: FieldBlock): void {
  c.streams.add(stream, 'receive HEADERS')
  if (block.end) endReceived(c, stream)
}

function priorityField(fields: readonly Field[]): string | undefined {
  return fields.find(field => field.name === 'priority')?.value
}

/** RFC 9218 §5 */
function priorityOf(fields: readonly Field[]): Priority {
  const value = priorityField(fields)
  return (value === undefined ? undefined : parsePriority(value)) ?? DEFAULT_PRIORITY
}

/** The field section is larger than we take. It has been decoded whole, so that the table is good. RFC 9113 §10.5.1 */
function refuseLarge(c: Connection, stream: Stream): void {
  if (!c.keeps(limits.survivesHeaderList, limits.survivesHpackBomb)) {
    tooMuch(c, 'fields', limits.survivesHeaderList, limits.survivesHpackBomb)
    return
  }
  if (!c.honours(rfc9113.oversizedBlockProcessed)) c.decoder = new HpackDecoder({ honours: c.honours })
  if (!c.honours(rfc9113.headerListTooLarge)) {
    streamError(c, stream.id, PROTOCOL_ERROR, 'too many fields')
    return
  }
  stream.stopWhenDone = true
  sendHeaders(c, stream, [{ name: ':status', value: '431' }], 'response', true)
}
