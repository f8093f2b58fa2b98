import { WireError } from '../wire/errors.ts'
import { Reader } from '../wire/reader.ts'
import { answer } from './authority.ts'
import { isCookieLength } from './cookie.ts'
import { refusesWellFormed } from './deviants.ts'
import type { Edns } from './edns.ts'
import { ednsOf, optionOf } from './edns.ts'
import { finish, type Reply } from './finish.ts'
import type { Message, ResourceRecord } from './message.ts'
import { HEADER_LENGTH, message, QR } from './message.ts'
import { CLASS, OPCODE, OPTION, RCODE, TYPE } from './mnemonics.ts'
import { cookieOf, cookieRefusal } from './options.ts'
import { rfc1035, rfc1996, rfc2136, rfc3225, rfc6891, rfc6895, rfc7830, rfc7873, rfc8906, rfc9619 } from './rules.ts'
import type { Site, Via } from './site.ts'
import { transfer } from './transfer.ts'

/** What is to be sent, made as it is taken. */
type Responses = Iterable<Uint8Array>

const NONE: readonly ResourceRecord[] = []

/** Nothing is to be sent. */
const SILENCE: Responses = []

/**
 * What a server says to one message: no message, one, or, for a zone transfer, several. Whatever the octets are, it throws
 * nothing. RFC 1035 §6, RFC 6891 §7
 */
export function respond(site: Site, octets: Uint8Array, via: Via): Responses {
  const { honours } = site
  // There is no identifier to answer with.
  if (octets.length < HEADER_LENGTH) return SILENCE
  const flags = octets[2] as number
  if ((flags & (QR >> 8)) !== 0 && honours(rfc1035.responsesNotAnswered)) return SILENCE
  if (((flags >> 3) & 0xf) !== OPCODE.QUERY) return otherOpcode(site, headerOf(octets), octets, via)
  let query: Message
  try {
    // Octets behind it mean nothing, and do no harm.
    query = message.read(new Reader(octets))
  } catch (thrown) {
    if (!(thrown instanceof WireError)) throw thrown
    return malformed(site, headerOf(octets), thrown, via)
  }
  return standardQuery(site, query, via)
}

/** The header alone, of octets that need not be a whole message. */
function headerOf(octets: Uint8Array): Message {
  const alone = new Uint8Array(HEADER_LENGTH)
  alone.set(octets.subarray(0, 4))
  return message.read(new Reader(alone))
}

/** What has no meaning gets FORMERR; a deviant makes something of it, or says nothing. */
function malformed(site: Site, header: Message, error: WireError, via: Via): Responses {
  const { honours } = site
  if (!honours(rfc1035.formatErrorForMalformed)) return send(site, { query: header, rcode: RCODE.NOERROR }, via)
  const refused = [
    [rfc1035.pointerForwardRefused, /which is not before it/],
    [rfc1035.pointerLoopRefused, /which is not before it/],
    [rfc1035.labelTypeRefused, /label type/],
    [rfc1035.nameLimitEnforced, /a name of more than/],
    [rfc6891.optMalformedRefused, /./],
  ] as const
  for (const [rule, reason] of refused) {
    if (reason.test(error.reason) && !honours(rule)) return send(site, { query: header, rcode: RCODE.NXDOMAIN }, via)
  }
  return send(site, { query: header, rcode: RCODE.FORMERR }, via)
}

/** Kinds of query that are not served here. RFC 1035 §4.1.1, RFC 8906 §3.1.4 */
function otherOpcode(site: Site, header: Message, octets: Uint8Array, via: Via): Responses {
  const { honours } = site
  const { opcode } = header
  const assigned = opcode <= OPCODE.DSO && opcode !== 3
  if (opcode === OPCODE.NOTIFY && !honours(rfc1996.notifyAnswered)) return SILENCE
  if (opcode === OPCODE.UPDATE && !honours(rfc2136.updateAnswered)) return SILENCE
  if (opcode === OPCODE.UPDATE && !honours(rfc2136.updateNotDone)) site.spoil()
  if (octets.length === HEADER_LENGTH && !honours(rfc8906.headerOnlyAnswered)) return SILENCE
  const rule = assigned ? rfc1035.notImplementedOpcode : rfc8906.unknownOpcodeNotImplemented
  return send(site, { query: header, rcode: honours(rule) ? RCODE.NOTIMP : RCODE.SERVFAIL }, via)
}

function standardQuery(site: Site, query: Message, via: Via): Responses {
  const { honours } = site
  const opts = query.additional.length === 0 ? NONE : query.additional.filter(isOpt)
  // A deviant looks for OPT at the end only.
  const last = query.additional.at(-1)
  const first = honours(rfc6891.optAnywhere) ? opts[0] : last && isOpt(last) ? last : undefined
  const edns = first && ednsOf(first)
  const reply: Reply = { query, edns, rcode: RCODE.NOERROR }
  if (ignoresFlags(site, query)) return SILENCE
  if (opts.length > 1 && honours(rfc6891.severalOptsRefused)) return formatError(site, query, via)
  if (first && first.name !== '.' && honours(rfc6891.optOwnerElsewhereRefused)) return formatError(site, query, via)
  if (edns) {
    const refused = ednsRefusal(site, edns, via)
    if (refused === 'silence') return SILENCE
    if (refused === RCODE.BADVERS && !honours(rfc6891.badVersionWithoutAnswer) && query.questions[0]) {
      return send(site, { ...reply, ...answer(site.zones, query.questions[0], honours), rcode: refused }, via)
    }
    if (refused !== undefined) return send(site, { ...reply, rcode: refused }, via)
    const cookie = cookieRefusal(site, query, edns, via)
    if (cookie !== undefined) return send(site, { ...reply, rcode: cookie }, via)
  }
  if (refusesWellFormed(query, honours)) return formatError(site, query, via)
  const [question] = query.questions
  if (question === undefined) {
    return send(
      site,
      { ...reply, rcode: honours(rfc1035.formatErrorWithoutQuestion) ? RCODE.FORMERR : RCODE.NOERROR },
      via,
    )
  }
  if (query.questions.length > 1 && honours(rfc9619.oneQuestion)) {
    return send(site, { ...reply, rcode: RCODE.FORMERR }, via)
  }
  const special = specialType(site, question.type, reply, via)
  if (special) return special
  if (question.class !== CLASS.IN && !classAnswered(site, question.class)) return SILENCE
  if (question.type === TYPE.SOA && !honours(rfc8906.zoneServed))
    return send(site, { ...reply, rcode: RCODE.REFUSED }, via)
  const asked = honours(rfc6895.otherClassRefused) ? question : { ...question, class: CLASS.IN }
  const { rcode, aa, answers, authority, additional, glue } = answer(site.zones, asked, honours)
  return send(site, { query, edns, rcode, aa, answers, authority, additional, glue }, via)
}

function isOpt({ type }: ResourceRecord): boolean {
  return type === TYPE.OPT
}

/** A deviant says nothing to a flag that it does not know. RFC 8906 §3.1.3 */
function ignoresFlags({ honours }: Site, { z, ad, cd, aa, tc, ra, rd }: Message): boolean {
  return (
    (z && !honours(rfc8906.reservedFlagAnswered)) ||
    (ad && !honours(rfc8906.authenticDataAnswered)) ||
    (cd && !honours(rfc8906.checkingDisabledAnswered)) ||
    ((aa || tc || ra) && !honours(rfc8906.responseFlagsIgnored)) ||
    (rd && !honours(rfc8906.recursionDesiredAnswered))
  )
}

function classAnswered({ honours }: Site, klass: number): boolean {
  const known = klass === CLASS.ANY || klass === CLASS.NONE
  return honours(known ? rfc6895.classAnyAnswered : rfc8906.unknownClassAnswered)
}

/** What is wrong with the EDNS of a query, as a response code. RFC 6891 §6.1.3, RFC 7873 §5.2.2 */
function ednsRefusal(site: Site, edns: Edns, via: Via): number | 'silence' | undefined {
  const { honours } = site
  if (edns.version > 0) {
    if (!honours(rfc8906.ednsVersionAnswered)) return 'silence'
    const more = edns.options.length > 0 || edns.flags !== 0 || edns.dnssecOk
    if (more && !honours(rfc8906.ednsVersionWithMore)) return 'silence'
    if (honours(rfc6891.badVersion)) return RCODE.BADVERS
  }
  const unknown = edns.options.some(({ code }) => code > OPTION.EDE)
  if (unknown && !honours(rfc8906.ednsOptionAnswered)) return 'silence'
  if (unknown && !honours(rfc6891.unknownOptionsIgnored)) return RCODE.FORMERR
  if (edns.flags !== 0 && !honours(rfc8906.ednsFlagsAnswered)) return 'silence'
  if (edns.flags !== 0 && !honours(rfc6891.unknownFlagsIgnored)) return RCODE.FORMERR
  if (edns.dnssecOk && !honours(rfc3225.dnssecOkAnswered)) return 'silence'
  const defined = edns.options.some(({ code }) => code > OPTION.NSID && code < 100)
  if (defined && !honours(rfc8906.definedOptionsAnswered)) return 'silence'
  if (!honours(rfc8906.ednsAnswered)) return 'silence'
  const cookie = cookieOf(site, edns)
  if (cookie && !isCookieLength(cookie.length) && honours(rfc7873.cookieMalformedRefused)) return RCODE.FORMERR
  const padding = optionOf(edns.options, OPTION.PADDING)
  if (padding && (padding.length < 2 || padding.some(octet => octet !== 0)) && !honours(rfc7830.paddingAccepted))
    return RCODE.FORMERR
  const keepalive = optionOf(edns.options, OPTION.KEEPALIVE)
  // A client names no time. RFC 7828 §3.2.1; over UDP the option means nothing. §3.3.1
  return keepalive !== undefined && keepalive.length > 0 && via.transport !== 'udp' ? RCODE.FORMERR : undefined
}

/** Types that no record has. RFC 8906 §3.1.2, RFC 5936 §4.2 */
function specialType(site: Site, type: number, reply: Reply, via: Via): Responses | undefined {
  const { honours } = site
  if (type === TYPE.AXFR || (type === TYPE.IXFR && honours(rfc8906.metaTypeAnswered))) return transfer(site, reply, via)
  if (type === TYPE.ANY || (type < 128 && type !== TYPE.OPT) || type > 255) {
    const rule = type > 255 ? rfc8906.unknownTypeAnswered : rfc1035.everyTypeAnswered
    if (honours(rule) || type === TYPE.SOA || type === TYPE.ANY) return undefined
    return send(site, { ...reply, rcode: RCODE.NOTIMP }, via)
  }
  return honours(rfc8906.metaTypeAnswered) ? send(site, { ...reply, rcode: RCODE.NOTIMP }, via) : SILENCE
}

function formatError(site: Site, query: Message, via: Via): Responses {
  const first = query.additional.find(isOpt)
  const edns = first && ednsOf(first)
  return send(site, { query, edns, rcode: RCODE.FORMERR }, via)
}

function send(site: Site, reply: Reply, via: Via): Responses {
  return [finish(site, reply, via)]
}
