import type { Honours } from '../../conformance/rule.ts'
import { edns, fullRcode, optionOf } from '../edns.ts'
import type { Message, Question, ResourceRecord } from '../message.ts'
import { OPTION, RCODE, TYPE } from '../mnemonics.ts'
import { SOA } from '../rdata/rfc1035.ts'
import { rdataTypes } from '../rdata.ts'
import { dataOf } from '../record.ts'
import { rfc1034, rfc1035, rfc1123, rfc2181, rfc2308, rfc3597, rfc6604, rfc6891, rfc7873 } from '../rules/client.ts'
import { follow } from './chain.ts'
import type { StubOptions } from './options.ts'
import type { Query } from './query.ts'
import type { FailureReason, Resolution } from './resolution.ts'
import type { ServerState } from './servers.ts'

/** What a response calls for. */
export type Judgement =
  | { readonly kind: 'done'; readonly resolution: Resolution }
  /** An alias whose end the answer does not tell. */
  | { readonly kind: 'ask'; readonly question: Question; readonly aliases: readonly ResourceRecord[] }
  /** The server is of no use for this. */
  | { readonly kind: 'failed'; readonly why: FailureReason }
  /** It knows no EDNS. RFC 6891 §7 */
  | { readonly kind: 'plain' }
  /** It wants its cookie, which has been kept. RFC 7873 §5.3 */
  | { readonly kind: 'cookie' }
  /** Forged, by its cookie. RFC 7873 §5.3 */
  | { readonly kind: 'stranger' }

const FAILURES: Readonly<Record<number, FailureReason>> = {
  [RCODE.FORMERR]: 'FORMERR',
  [RCODE.SERVFAIL]: 'SERVFAIL',
  [RCODE.NOTIMP]: 'NOTIMP',
  [RCODE.REFUSED]: 'REFUSED',
}

/** Says what a response to a query means. RFC 1034 §5.3.3, RFC 2308 §2 */
export function judge(
  response: Message,
  query: Query,
  question: Question,
  server: ServerState,
  { honours, limits }: StubOptions,
): Judgement {
  if (!honoursContent(response, honours)) return { kind: 'failed', why: 'BADRESP' }
  const extended = edns(response)
  if (takeCookie(response, query, server, honours) === 'stranger') return { kind: 'stranger' }
  const rcode = honours(rfc6891.extendedRcodeHeeded) ? fullRcode(response) : response.rcode
  if (rcode === RCODE.BADCOOKIE && server.serverCookie && honours(rfc7873.badCookieRetried)) return { kind: 'cookie' }
  const unable = rcode === RCODE.FORMERR || rcode === RCODE.NOTIMP
  if (query.edns && unable && !extended && honours(rfc6891.plainDnsFallback)) return { kind: 'plain' }
  if (rcode !== RCODE.NOERROR && rcode !== RCODE.NXDOMAIN) {
    return { kind: 'failed', why: FAILURES[rcode] ?? 'ERROR' }
  }
  const chain = follow(response, question, honours, limits.aliases)
  const { aliases, records, name } = chain
  if (chain.looped && honours(rfc1034.aliasLoopIsError)) {
    return { kind: 'done', resolution: { kind: 'failure', why: 'LOOP' } }
  }
  if (records.length > 0) {
    const ttl = lowestTtl([...aliases, ...records])
    return { kind: 'done', resolution: { kind: 'answer', name, records, aliases, ttl } }
  }
  const kept = honours(rfc1034.negativeAnswerReturned)
  if (rcode === RCODE.NXDOMAIN) {
    if (aliases.length > 0 && !honours(rfc6604.nameErrorIsOfTheLastAlias)) {
      return { kind: 'ask', question: { ...question, name }, aliases }
    }
    return kept ? negative('NXDOMAIN') : { kind: 'failed', why: 'ERROR' }
  }
  const soa = response.authority.some(({ type }) => type === TYPE.SOA) && honours(rfc2308.noDataIsNoReferral)
  if (soa) return kept ? negative('NODATA') : { kind: 'failed', why: 'ERROR' }
  if (aliases.length > 0) return { kind: 'ask', question: { ...question, name }, aliases }
  // A referral, downwards or up, is of no use to a stub; nor is the empty answer of whoever will not recurse. RFC 2308
  // §2.1
  const referral = !response.aa && response.authority.some(({ type }) => type === TYPE.NS)
  if (referral || !(response.aa || response.ra)) return { kind: 'failed', why: 'LAME' }
  return negative('NODATA')

  function negative(why: 'NXDOMAIN' | 'NODATA'): Judgement {
    return { kind: 'done', resolution: { kind: 'negative', why, name, aliases, ttl: negativeTtl(response, aliases) } }
  }
}

/** Keeps the server's cookie. Says when the response cannot be the server's. RFC 7873 §5.3 */
function takeCookie(response: Message, query: Query, server: ServerState, honours: Honours): 'stranger' | undefined {
  const cookie = optionOf(edns(response)?.options ?? [], OPTION.COOKIE)
  if (!query.edns) return undefined
  if (cookie === undefined) return server.givesCookies ? 'stranger' : undefined
  const legal = cookie.length >= 16 && cookie.length <= 40
  // Eight octets would be the client's alone, which is all that a server without cookies of its own can send back.
  if (!legal && cookie.length !== 8 && honours(rfc7873.illegalCookieLengthDiscarded)) return 'stranger'
  const own = Buffer.compare(cookie.subarray(0, 8), server.clientCookie.subarray(0, cookie.length)) === 0
  if (!own && honours(rfc7873.wrongCookieDiscarded)) return 'stranger'
  if (own && legal) {
    server.serverCookie = cookie.slice(8)
    if (fullRcode(response) === RCODE.NOERROR) server.givesCookies = true
  }
  return undefined
}

/** Seconds; with the highest bit set none. RFC 2181 §8 */
export function ttlOf({ ttl }: Pick<ResourceRecord, 'ttl'>): number {
  return ttl > 0x7fffffff ? 0 : ttl
}

function lowestTtl(records: readonly ResourceRecord[]): number {
  return records.reduce((lowest, record) => Math.min(lowest, ttlOf(record)), Number.POSITIVE_INFINITY)
}

/** The lower of the TTL of SOA and its MINIMUM, or of the aliases before. RFC 2308 §5 */
function negativeTtl({ authority }: Message, aliases: readonly ResourceRecord[]): number {
  const soa = authority.find(({ type }) => type === TYPE.SOA)
  const data = soa && dataOf(soa, SOA)
  if (!soa || !data) return 0
  return Math.min(lowestTtl([soa, ...aliases]), data.minimum)
}

/** What only a deviant minds in a response. */
function honoursContent({ answers, authority, additional }: Message, honours: Honours): boolean {
  const all = [...answers, ...authority, ...additional]
  if (!honours(rfc1123.zeroTtlUsed) && answers.some(({ ttl }) => ttl === 0)) return false
  if (!honours(rfc2181.highTtlIsZero) && answers.some(({ ttl }) => ttl > 0x7fffffff)) return false
  if (!honours(rfc3597.unknownRecordsPassed) && all.some(({ type }) => !rdataTypes.has(type))) return false
  if (!honours(rfc1035.nameLimits) && all.some(({ name }) => name.length > 128)) return false
  if (!honours(rfc6891.responseOptAnywhere)) {
    const at = additional.findIndex(({ type }) => type === TYPE.OPT)
    if (at >= 0 && at < additional.length - 1) return false
  }
  const options = edns({ additional })?.options ?? []
  return honours(rfc6891.unknownResponseOptionsPassed) || options.every(({ code }) => code === OPTION.COOKIE)
}
