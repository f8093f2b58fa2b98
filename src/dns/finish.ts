import type { Honours } from '../conformance/rule.ts'
import type { Answer } from './authority.ts'
import { deviantRecords, loopPointer } from './deviants.ts'
import type { Edns } from './edns.ts'
import { optRecord } from './edns.ts'
import type { Message, ResourceRecord } from './message.ts'
import { encodeMessage } from './message.ts'
import { OPCODE, RCODE, TYPE } from './mnemonics.ts'
import { isOptUnasked, optionsFor, padded } from './options.ts'
import { rfc1034, rfc1035, rfc2181, rfc3225, rfc4035, rfc4343, rfc6891, rfc7766, rfc8484, rfc8906 } from './rules.ts'
import type { Site, Via } from './site.ts'

/** A response before it is octets. */
export interface Reply extends Partial<Answer> {
  readonly query: Message
  /** What OPT of the query says, where it has one. */
  readonly edns?: Edns | undefined
  /** All twelve bits of it. */
  readonly rcode: number
}

const NONE: readonly ResourceRecord[] = []

/** Octets of a datagram without EDNS. RFC 1035 §4.2.1 */
const LEAST_DATAGRAM = 512
const MOST_STREAM = 0xffff

/** Puts a reply into octets, as few as the channel permits. RFC 2181 §9, RFC 6891 §6.2 */
export function finish(site: Site, reply: Reply, via: Via): Uint8Array {
  const whole = assemble(site, reply, via)
  const octets = padded(site, whole, reply, via)
  const limit = limitOf(site, reply.edns, via)
  if (!site.honours(rfc1035.pointersWellFormed)) loopPointer(octets)
  if (octets.length <= limit) return octets
  // Addresses that are only of use are left out first. RFC 2181 §9
  if (reply.glue !== true && (whole.authority.length > 0 || whole.additional.length > 1)) {
    const opts = whole.additional.filter(record => record.type === TYPE.OPT)
    const lean = { ...whole, additional: opts, tc: whole.tc || !site.honours(rfc2181.truncationOnlyForNeeded) }
    const shorter = encodeMessage(lean)
    if (shorter.length <= limit) return shorter
  }
  return encodeMessage(truncated(site, whole))
}

function limitOf({ honours, limits }: Site, edns: Edns | undefined, { transport }: Via): number {
  if (transport !== 'udp') {
    if (transport === 'tcp' && !honours(rfc7766.streamSizeNotLimited)) return LEAST_DATAGRAM
    if (transport === 'https' && edns && !honours(rfc8484.ednsSizeIgnored)) return edns.size
    const bound = edns && (!honours(rfc6891.sizeNotForStreams) || !honours(rfc8906.ednsOverTcp))
    return bound ? edns.size : MOST_STREAM
  }
  if (edns === undefined) return honours(rfc1035.datagramLimit) ? LEAST_DATAGRAM : limits.datagram
  if (!honours(rfc6891.sizeHonoured)) return limits.datagram
  const asked = honours(rfc6891.smallSizeIs512) ? Math.max(LEAST_DATAGRAM, edns.size) : Math.max(12, edns.size)
  return Math.min(asked, limits.datagram)
}

/** Nothing but the question and OPT: the client asks again over TCP. RFC 6891 §7 */
function truncated({ honours }: Site, whole: Message): Message {
  const opts = whole.additional.filter(({ type }) => type === TYPE.OPT)
  return {
    ...whole,
    tc: honours(rfc1035.truncationSet),
    answers: NONE,
    authority: NONE,
    additional: honours(rfc6891.optInTruncated) ? opts : NONE,
  }
}

function assemble(site: Site, reply: Reply, via: Via): Message {
  const { honours } = site
  const { query, answers = NONE, authority = NONE, additional = NONE } = reply
  const { id, aa, code } = headerOf(site, reply)
  const opt = optFor(site, reply, via, code)
  return {
    id,
    qr: honours(rfc1035.responseBitSet),
    opcode: honours(rfc1035.opcodeCopied) ? query.opcode : query.opcode ^ 1,
    aa,
    tc: !honours(rfc1035.truncationClearWhenWhole),
    rd: honours(rfc1035.recursionDesiredCopied) ? query.rd : !query.rd,
    ra: !honours(rfc1034.recursionNotOffered),
    z: query.z && (!honours(rfc1035.reservedZero) || !honours(rfc8906.unknownFlagNotCopied)),
    ad: !honours(rfc4035.authenticDataClear),
    // RFC 4035 §3
    cd: query.cd,
    rcode: code & 0xf,
    questions: questionsOf(query, honours),
    answers: deviantRecords(checkedTtl(answers, honours), query, honours),
    authority,
    additional: opt.length === 0 ? additional : [...additional, ...opt],
  }
}

function headerOf({ honours }: Site, reply: Reply): { id: number; aa: boolean; code: number } {
  const { query, aa = false, rcode } = reply
  return {
    id: honours(rfc1035.idCopied) ? query.id : (query.id + 1) & 0xffff,
    aa: honours(rfc1034.authoritativeAnswerSet) ? aa : false,
    code: rcode,
  }
}

function questionsOf(query: Message, honours: Honours): Message['questions'] {
  const { questions } = query
  if (query.opcode !== OPCODE.QUERY || !honours(rfc1035.questionCopied)) return []
  if (honours(rfc4343.questionCasePreserved)) return questions
  return questions.map(question => ({ ...question, name: question.name.toLowerCase() }))
}

function checkedTtl(records: readonly ResourceRecord[], honours: Honours): readonly ResourceRecord[] {
  if (honours(rfc2181.ttlPositive)) return records
  return records.map(record => ({ ...record, ttl: record.ttl + 0x80000000 }))
}

/** The OPT record of a response: none where the query had none. RFC 6891 §6.1.1, §7 */
export function optFor(site: Site, reply: Reply, via: Via, rcode: number): readonly ResourceRecord[] {
  const { honours, limits } = site
  const { edns } = reply
  if (edns === undefined) {
    const none = honours(rfc6891.noOptWithoutQuery) && !isOptUnasked(site, via, rcode)
    return none ? NONE : [optRecord({ size: limits.datagram })]
  }
  // A deviant knows EDNS only where DO asks for it, another not where it has an error to tell.
  if (!edns.dnssecOk && !honours(rfc6891.optInResponse)) return NONE
  if (rcode === RCODE.FORMERR && !honours(rfc6891.optInEveryError)) return NONE
  const record = optRecord({
    size: honours(rfc6891.ownSizeAtLeast512) ? limits.datagram : 100,
    extendedRcode: rcode >> 4,
    version: honours(rfc6891.versionZeroInResponse) && honours(rfc6891.badVersionOwn) ? 0 : edns.version + 1,
    dnssecOk: edns.dnssecOk === honours(rfc3225.dnssecOkCopied),
    flags: honours(rfc6891.unknownFlagsZero) ? 0 : edns.flags,
    options: optionsFor(site, reply, edns, via),
  })
  const owned = honours(rfc6891.optOwnerRoot) ? record : { ...record, name: reply.query.questions[0]?.name ?? 'x.' }
  return honours(rfc6891.oneOptInResponse) ? [owned] : [owned, owned]
}
