import type { Connection, FieldBlock } from './connection.ts'
import { CANCEL, ENHANCE_YOUR_CALM, PROTOCOL_ERROR } from './error-codes.ts'
import { connectionError, streamError, tooMuch } from './errors.ts'
import { DATA } from './frame.ts'
import { parseRequest, type RequestHead } from './message.ts'
import { beyondGoaway } from './receive-data.ts'
import type { Decode } from './receive-section.ts'
import { limits, rfc9113 } from './rules.ts'
import { Stream } from './stream.ts'
import { receives } from './stream-state.ts'

/** A whole PUSH_PROMISE has come to a client. RFC 9113 §6.6, §8.4.1 */
export function receivePromise(c: Connection, block: FieldBlock, promised: number, decode: Decode): void {
  // A server that takes it at all is a deviant, and drops it.
  if (c.role === 'server') return void decode()
  const refusal = refusalOf(c, block.stream, promised)
  if (refusal !== undefined) {
    connectionError(c, PROTOCOL_ERROR, refusal)
    return
  }
  const list = decode()
  // What a deviant lets pass and cannot be kept is dropped.
  if (list === undefined || c.streams.state(promised) !== 'idle' || c.streams.isOwn(promised)) return
  if (beyondGoaway(c, promised)) {
    // Remembered as closed, so that what follows on it is dropped too. RFC 9113 §6.8
    c.streams.peer.open(promised)
    c.streams.peer.close(promised, 'send RST_STREAM')
    return
  }
  const stream = new Stream(promised, c.remote.initialWindowSize, c.own.acknowledged.initialWindowSize)
  c.streams.add(stream, 'receive PUSH_PROMISE')
  if (c.streams.reserved('reserved (remote)') > c.limits.reservedStreams && c.keeps(rfc9113.reservedStreamsLimited)) {
    if (!c.honours(limits.survivesPushFlood)) {
      tooMuch(c, 'promises', limits.survivesPushFlood)
      return
    }
    streamError(c, promised, ENHANCE_YOUR_CALM, 'too many promises')
    return
  }
  const { head, malformed } = parseRequest(list.fields, { honours: c.honours, extendedConnect: false })
  const fault =
    malformed !== undefined && c.honours(rfc9113.promisedFieldsIncomplete) ? malformed.why : faultOf(c, block, head)
  if (fault !== undefined || list.overflow) {
    streamError(c, promised, PROTOCOL_ERROR, fault ?? 'too many fields')
    return
  }
  // For a deviant that speaks before it is its turn, which it never is.
  if (!c.honours(rfc9113.reservedRemoteSends)) c.out.header(0, DATA, 0, promised)
  const on = c.streams.live.get(block.stream)
  // Nobody waits for it any more.
  if (on === undefined) {
    streamError(c, promised, CANCEL, 'a promise on a stream that was reset')
    return
  }
  stream.method = head.method
  stream.announced = true
  c.events.push({ kind: 'promise', stream: block.stream, promised, head })
}

/** Why a promise is a connection error, if it is one. RFC 9113 §6.6 */
function refusalOf(c: Connection, on: number, promised: number): string | undefined {
  if (c.own.acknowledged.enablePush === 0 && c.honours(rfc9113.promiseWhenDisabled)) return 'push is disabled'
  // Only a deviant asks about stream 0.
  const live = c.streams.live.get(on)
  if (on !== 0 && (live === undefined || !c.streams.isOwn(on))) {
    const reset = c.streams.state(on) === 'closed' && c.streams.closing(on) === 'reset sent'
    const rule = c.streams.state(on) === 'idle' ? rfc9113.idleStreamFrame : rfc9113.promiseOnWrongState
    if (reset && !c.honours(rfc9113.promiseOnResetStream)) return 'a promise on a stream that was reset'
    if (!reset && c.keeps(rule, rfc9113.promiseOnWrongState)) return 'a promise on a stream that is not open'
  } else if (live !== undefined && !receives(live.state) && c.honours(rfc9113.promiseOnWrongState)) {
    return `a promise on a stream that is ${live.state}`
  }
  const rules = [rfc9113.promisedIdIllegal]
  const low = promised <= c.streams.peer.last
  if (low) rules.push(rfc9113.streamIdNotIncreasing)
  if ((low || c.streams.isOwn(promised)) && c.keeps(...rules)) return `a promise of stream ${promised}`
  return undefined
}

/** RFC 9110 §9.2.1, §9.2.3 */
const CACHEABLE: ReadonlySet<string> = new Set(['GET', 'HEAD'])
const SAFE: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE'])

/** Why a promised request is a stream error, if it is one. RFC 9113 §8.4 */
function faultOf(c: Connection, { stream }: FieldBlock, head: RequestHead): string | undefined {
  const { method, authority, contentLength } = head
  const rule = SAFE.has(method) ? rfc9113.promisedRequestUncacheable : rfc9113.promisedMethodUnsafe
  if (!CACHEABLE.has(method) && c.honours(rule)) return rule.text
  if ((contentLength ?? 0) > 0 && c.honours(rfc9113.promisedRequestWithContent))
    return 'a promise of a request with content'
  const asked = c.streams.live.get(stream)?.authority
  const foreign = asked !== undefined && authority?.toLowerCase() !== asked.toLowerCase()
  return foreign && c.honours(rfc9113.promiseForeignAuthority) ? 'a promise for another authority' : undefined
}
