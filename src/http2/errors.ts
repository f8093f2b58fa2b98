import type { Rule } from '../conformance/rule.ts'
import type { Connection } from './connection.ts'
import { ENHANCE_YOUR_CALM, INTERNAL_ERROR, REFUSED_STREAM } from './error-codes.ts'
import type { Allowance } from './limits.ts'
import { limits, rfc9113 } from './rules.ts'
import { sendGoaway, sendReset } from './send-control.ts'

/** Ends the connection with GOAWAY, then a close. What comes after is ignored. RFC 9113 §5.4.1 */
export function connectionError(c: Connection, code: number, why: string): void {
  if (c.closed) return
  const { honours } = c
  if (honours(rfc9113.goawayOnConnectionError)) {
    const last = honours(rfc9113.goawayNamesLastStream) ? c.lastProcessed : 0x7fffffff
    sendGoaway(c, last, code, why)
    if (!honours(rfc9113.goawayLastStreamNeverGrows)) sendGoaway(c, last + 2, code, why)
    if (!honours(rfc9113.oneConnectionErrorType) || !honours(rfc9113.oneErrorReported)) {
      sendGoaway(c, last, INTERNAL_ERROR, why)
    }
  }
  c.closed = true
  c.closing = honours(rfc9113.closeAfterErrorGoaway)
  c.events.push({ kind: 'closed', code, why })
}

/** Ends one stream with RST_STREAM; on an idle stream, which must not get one, the connection. RFC 9113 §5.4.2, §6.4 */
export function streamError(c: Connection, id: number, code: number, why: string): void {
  const { honours, streams } = c
  if (!honours(rfc9113.streamErrorSparesConnection)) {
    connectionError(c, code, why)
    return
  }
  const state = streams.state(id)
  if (state === 'idle' && honours(rfc9113.resetNeverOnIdle)) {
    connectionError(c, code, why)
    return
  }
  if (state === 'closed' && streams.closing(id) === 'reset sent' && honours(rfc9113.oneResetPerStream)) return
  if (overused(c, c.allowances.streamErrors, 'streams to be reset', limits.survivesMadeReset)) return
  const stream = streams.live.get(id)
  const begun = stream?.headersSent === true && !honours(rfc9113.refusedOnlyUnprocessed)
  sendReset(c, id, begun ? REFUSED_STREAM : code)
  if (!honours(rfc9113.oneResetPerStream)) sendReset(c, id, code)
  if (!honours(rfc9113.oneErrorReported)) sendReset(c, id, INTERNAL_ERROR)
  if (stream?.announced) c.events.push({ kind: 'reset', stream: id, code, by: 'us' })
}

/** The peer went beyond a limit: that ends the connection. A deviant of that limit's rule hangs instead. RFC 9113 §10.5 */
export function tooMuch(c: Connection, what: string, ...survives: readonly Rule[]): void {
  c.onAbuse?.()
  if (c.keeps(...survives)) connectionError(c, ENHANCE_YOUR_CALM, `too many ${what}`)
  else c.wedged = true
}

/** Spends one of an allowance; whether there was none left, so that the connection is over. RFC 9113 §10.5 */
export function overused(c: Connection, allowance: Allowance, what: string, ...survives: readonly Rule[]): boolean {
  if (allowance.spend(c.now ?? 0)) return false
  if (!c.honours(rfc9113.usageLimited)) return false
  tooMuch(c, what, ...survives)
  return true
}
