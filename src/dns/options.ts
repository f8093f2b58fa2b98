import { cookieFor, cookieWorth } from './cookie.ts'
import { type Edns, optionOf } from './edns.ts'
import type { Reply } from './finish.ts'
import { encodeMessage, type Message } from './message.ts'
import { OPTION, RCODE, TYPE } from './mnemonics.ts'
import type { Option } from './rdata/opt.ts'
import { rfc5001, rfc7828, rfc7830, rfc7873, rfc8914 } from './rules.ts'
import type { Site, Via } from './site.ts'

/** The options of a response to a query with OPT: each only where the query has the same, but for errors. */
export function optionsFor(site: Site, reply: Reply, edns: Edns, via: Via): readonly Option[] {
  return [
    ...nsid(site, edns),
    ...cookie(site, reply, edns, via),
    ...keepalive(site, edns, via),
    ...extendedError(site, reply),
  ]
}

/** Whether a deviant has OPT even where the query has none. */
export function isOptUnasked({ honours }: Site, { transport }: Via, rcode: number): boolean {
  if (!honours(rfc7828.keepaliveOnlyWithOpt) && transport !== 'udp') return true
  if (!honours(rfc7830.paddingOnlyWithOpt)) return true
  return !honours(rfc8914.extendedErrorOnlyWithOpt) && rcode === RCODE.REFUSED
}

/** RFC 5001 §2.2 */
function nsid({ honours, nsid: data }: Site, { options }: Edns): readonly Option[] {
  const asked = optionOf(options, OPTION.NSID)
  const wanted = asked !== undefined && (asked.length === 0 || honours(rfc5001.nsidQueryPayloadIgnored))
  const told = (wanted && honours(rfc5001.nsidAnswered)) || !honours(rfc5001.nsidOnlyWhenAsked)
  return told && data.length > 0 ? [{ code: OPTION.NSID, data }] : []
}

/** RFC 7828 §3.3.2 */
function keepalive({ honours, limits }: Site, { options }: Edns, { transport }: Via): readonly Option[] {
  if (optionOf(options, OPTION.KEEPALIVE) === undefined) return []
  if (transport === 'udp' ? honours(rfc7828.keepaliveOverUdpIgnored) : !honours(rfc7828.keepaliveAnswered)) return []
  // HTTP keeps its connections by its own means.
  if (transport === 'https') return []
  const units = Math.round(limits.idle / 100)
  const data = honours(rfc7828.keepaliveTimeTold) ? Uint8Array.of(units >> 8, units) : new Uint8Array(0)
  return [{ code: OPTION.KEEPALIVE, data }]
}

/** The client's cookie with one of ours. RFC 7873 §5.2 */
function cookie(site: Site, { query }: Reply, edns: Edns, via: Via): readonly Option[] {
  const { honours, cookies } = site
  const { address, seconds } = via
  const code = OPTION.COOKIE
  const given = cookieOf(site, edns)
  if (given === undefined || given.length < 8) {
    if (honours(rfc7873.noCookieUnasked)) return []
    return [{ code, data: cookieFor(cookies, new Uint8Array(8), address, seconds) }]
  }
  const asked = query.questions[0]?.type
  if (asked !== undefined && asked !== TYPE.SOA && !honours(rfc7873.cookieAnswered)) return []
  const fresh = honours(rfc7873.serverCookieDiffers) ? given : new Uint8Array(8)
  const kept =
    cookieWorth(cookies, given, address, seconds) === 'good' || (given.length > 8 && !honours(rfc7873.badCookieAsNone))
  const data = kept ? Uint8Array.from(given) : cookieFor(cookies, fresh, address, seconds)
  data.set(given.subarray(0, 8))
  if (!honours(rfc7873.clientCookieCopied)) data[0] = (data[0] as number) ^ 0xff
  return [{ code, data: honours(rfc7873.serverCookieLength) ? data : data.subarray(0, 12) }]
}

/** The first cookie of a query; a deviant takes the last. RFC 7873 §5.2 */
export function cookieOf({ honours }: Site, { options }: Edns): Uint8Array | undefined {
  return optionOf(honours(rfc7873.firstCookieOnly) ? options : options.toReversed(), OPTION.COOKIE)
}

/** What a cookie makes of a query; undefined where it is processed as any other. RFC 7873 §5.2, §5.4 */
export function cookieRefusal(site: Site, query: Message, edns: Edns, via: Via): number | undefined {
  const { honours, cookies } = site
  const given = cookieOf(site, edns)
  if (given === undefined) return undefined
  const alone = given.length === 8
  const good = !alone && cookieWorth(cookies, given, via.address, via.seconds) !== 'bad'
  if (query.questions.length > 0) {
    if (alone && via.transport !== 'udp' && !honours(rfc7873.cookieOverTcpServed)) return RCODE.BADCOOKIE
    return good && !honours(rfc7873.goodCookieServed) ? RCODE.BADCOOKIE : undefined
  }
  if (alone) return honours(rfc7873.cookieWithoutQuestion) ? RCODE.NOERROR : RCODE.FORMERR
  if (good) return honours(rfc7873.goodCookieWithoutQuestion) ? RCODE.NOERROR : RCODE.BADCOOKIE
  return honours(rfc7873.badCookieWithoutQuestion) ? RCODE.BADCOOKIE : RCODE.NOERROR
}

/** Why a question is not answered. RFC 8914 §4.21, §4.22 */
const EXTENDED_ERRORS: ReadonlyMap<number, readonly [code: number, text: string]> = new Map([
  [RCODE.REFUSED, [20, 'no zone of this server']],
  [RCODE.NOTIMP, [21, 'no such service here']],
])

function extendedError({ honours }: Site, { rcode }: Reply): readonly Option[] {
  const told = EXTENDED_ERRORS.get(rcode)
  if (told === undefined) return []
  const [code, text] = told
  if (!honours(rfc8914.extendedErrorLength)) return [{ code: OPTION.EDE, data: Uint8Array.of(code) }]
  const octets = honours(rfc8914.extendedErrorText) ? Buffer.from(text, 'utf8') : Uint8Array.of(0xc0, 0xff)
  return [{ code: OPTION.EDE, data: Uint8Array.of(0, code, ...octets) }]
}

/** Octets that a padded response is a multiple of. RFC 8467 §4.1 */
const BLOCK = 468
const OPTION_HEADER = 4

/** A whole response in octets: padded where the query was, and nobody else can read it. RFC 7830 §4 */
export function padded(site: Site, whole: Message, reply: Reply, via: Via): Uint8Array {
  const { honours } = site
  const plain = encodeMessage(whole)
  const opt = whole.additional.at(-1)
  if (opt?.type !== TYPE.OPT || !isPadded(site, reply, via)) return plain
  const { edns } = reply
  const room = edns === undefined ? 0 : edns.size - plain.length - OPTION_HEADER
  // Nothing is padded above the size that the client names, on a stream either. RFC 7830 §4
  if (room < 0 && honours(rfc7830.paddingWithinSize)) return plain
  const wanted = (BLOCK - ((plain.length + OPTION_HEADER) % BLOCK)) % BLOCK
  const length = honours(rfc7830.paddingWithinSize) ? Math.min(wanted, room) : wanted + BLOCK
  const padding = { code: OPTION.PADDING, data: new Uint8Array(Math.max(0, length)) }
  if (!honours(rfc7830.paddingOfZeros)) padding.data.fill(0x58)
  const options = [...(opt.data as { options: readonly Option[] }).options, padding]
  if (!honours(rfc7830.paddingOnce)) options.push({ ...padding, data: new Uint8Array(0) })
  return encodeMessage({ ...whole, additional: [...whole.additional.slice(0, -1), { ...opt, data: { options } }] })
}

function isPadded({ honours }: Site, { query, edns }: Reply, { transport }: Via): boolean {
  if (edns === undefined) return !honours(rfc7830.paddingOnlyWithOpt)
  if (optionOf(edns.options, OPTION.PADDING) === undefined) return false
  const encrypted = transport === 'tls' || transport === 'https'
  if (!encrypted) return !honours(rfc7830.paddingNotWithoutEncryption)
  return honours(rfc7830.paddingAnswered) || query.questions[0]?.type === TYPE.SOA
}
