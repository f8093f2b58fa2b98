import { finish, optFor, type Reply } from './finish.ts'
import type { Message, ResourceRecord } from './message.ts'
import { encodeMessage } from './message.ts'
import { RCODE, TYPE } from './mnemonics.ts'
import { canonical } from './name.ts'
import { EMPTY } from './query.ts'
import { SOA } from './rdata/rfc1035.ts'
import { dataOf } from './record.ts'
import { rfc1995, rfc5936 } from './rules.ts'
import type { Site, Via } from './site.ts'
import type { Zone } from './zone.ts'

/** Octets of records in one message of a transfer, before compression: a pointer reaches 16,383 of them. RFC 1035 §4.1.4 */
const CHUNK = 16_384

/** Deviants: the sites that have a transfer under way. */
const busy = new WeakSet<Site>()

/** What a query for a zone gets, made message by message as it is sent. RFC 5936 §2.2, RFC 1995 §4 */
export function* transfer(site: Site, reply: Reply, via: Via): Generator<Uint8Array, void> {
  const { honours } = site
  const { query } = reply
  const refused = refusal(site, query, via)
  if (refused !== undefined) {
    if (!honours(rfc5936.transferErrorAnswered)) return
    const [asked] = query.questions
    const kept = honours(rfc5936.transferErrorQuestion) || asked === undefined
    const shown = kept ? query : { ...query, questions: [{ ...asked, type: TYPE.SOA }] }
    yield finish(site, { ...reply, query: shown, rcode: refused }, via)
    return
  }
  const zone = zoneOf(site, query) ?? site.zones.values().next().value
  if (zone === undefined || (busy.has(site) && !honours(rfc5936.transferSeveral))) return
  busy.add(site)
  const soa = zone.soa.records
  if (query.questions[0]?.type === TYPE.IXFR && isSoaEnough(site, zone, query, via)) {
    yield part(site, reply, via, soa, 0)
  } else {
    const begin = honours(rfc5936.transferBeginsWithSoa) ? soa : []
    const end = honours(rfc5936.transferEndsWithSoa) ? soa : []
    const all = [...begin, ...contents(site, zone), ...end]
    let messages = 0
    const most = honours(rfc5936.transferMessagesFilled) ? CHUNK : 0
    for (const records of chunks(all, most)) yield part(site, reply, via, records, messages++)
  }
  busy.delete(site)
}

/** Why there is no transfer; undefined where there is one. */
function refusal({ honours, ...site }: Site, query: Message, { transport }: Via): number | undefined {
  const [question] = query.questions
  // What takes several messages has no place in an HTTP exchange. RFC 8484 §5.4
  if (transport === 'https') return RCODE.NOTIMP
  const whole = question?.type === TYPE.AXFR
  if (whole && transport === 'udp' && honours(rfc5936.transferNotOverUdp)) return RCODE.NOTIMP
  const { aa, tc, rd, ra, ad, cd, z } = query
  if ((aa || tc || rd || ra || ad || cd || z) && !honours(rfc5936.transferFlagsIgnored)) return RCODE.FORMERR
  if (zoneOf({ honours, ...site }, query) === undefined) {
    if (!honours(rfc5936.transferOtherZoneRefused)) return undefined
    return honours(rfc5936.transferNotAuthoritative) ? RCODE.NOTAUTH : RCODE.SERVFAIL
  }
  // The client says which version it has. RFC 1995 §3
  return whole || versionOf(query) !== undefined ? undefined : RCODE.FORMERR
}

function zoneOf({ zones }: Site, { questions: [question] }: Message): Zone | undefined {
  const zone = question && zones.get(canonical(question.name))
  return zone?.class === question?.class ? zone : undefined
}

/** The serial number of the version that a client has. RFC 1995 §3 */
function versionOf({ authority }: Message): number | undefined {
  for (const record of authority) {
    const soa = dataOf(record, SOA)
    if (soa) return soa.serial
  }
  return undefined
}

/** Whether the SOA record says all that there is to say: the client is up to date, or has to ask by TCP. RFC 1995 §2 */
function isSoaEnough({ honours }: Site, zone: Zone, query: Message, { transport }: Via): boolean {
  if (transport === 'udp' && honours(rfc1995.tooLongForDatagram)) return true
  const [record] = zone.soa.records as [ResourceRecord]
  const ours = dataOf(record, SOA)?.serial ?? 0
  // RFC 1982 §3.2
  const behind = (ours - (versionOf(query) ?? 0)) | 0
  if (behind <= 0) return honours(rfc1995.currentVersionTold)
  return !honours(rfc1995.wholeZoneInstead)
}

/** What is between the two SOA records. RFC 5936 §3 */
function* contents({ honours }: Site, zone: Zone): Generator<ResourceRecord> {
  let last: ResourceRecord | undefined
  for (const record of zone.records) {
    const atApex = canonical(record.name) === zone.apex
    const cut = record.type === TYPE.NS && !atApex
    const glue = (record.type === TYPE.A || record.type === TYPE.AAAA) && isBelowCut(zone, record)
    if (record.type === TYPE.SOA) continue
    if ((cut && !honours(rfc5936.transferCuts)) || (glue && !honours(rfc5936.transferGlue))) continue
    if (record.type === TYPE.MX && !honours(rfc5936.transferWhole)) continue
    yield honours(rfc5936.transferNamesExact) ? record : { ...record, name: canonical(record.name) }
    last = record
  }
  if (last && !honours(rfc5936.transferOnce)) yield last
  if (!honours(rfc5936.transferSoaNotBetween)) yield* [...zone.soa.records, ...(last ? [last] : [])]
}

function isBelowCut({ apex, nodes }: Zone, { name }: ResourceRecord): boolean {
  const labels = canonical(name).split('.')
  for (let from = 1; from < labels.length; from++) {
    const above = labels.slice(from).join('.')
    if (above === apex) return false
    if (nodes.get(above)?.sets.has(TYPE.NS)) return true
  }
  return false
}

/** One message of a transfer, with its number from 0. RFC 5936 §2.2 */
function part(site: Site, reply: Reply, via: Via, answers: readonly ResourceRecord[], number: number): Uint8Array {
  const { honours } = site
  const { query } = reply
  const first = number === 0
  const [asked] = query.questions
  const later = honours(rfc5936.transferQuestionLater) || asked === undefined ? [] : [{ ...asked, type: TYPE.SOA }]
  return encodeMessage({
    ...EMPTY,
    id: honours(rfc5936.transferIdCopied) ? query.id : (query.id + number + 1) & 0xffff,
    qr: true,
    aa: honours(rfc5936.transferAuthoritative),
    tc: !honours(rfc5936.transferNotTruncated),
    rd: query.rd,
    ra: !honours(rfc5936.transferRecursionNotOffered),
    cd: !honours(rfc5936.transferReservedZero),
    questions: first ? (honours(rfc5936.transferQuestionFirst) ? query.questions : []) : later,
    answers,
    authority: honours(rfc5936.transferAuthorityEmpty) ? [] : answers.slice(0, 1),
    additional: honours(rfc5936.transferOpt) && first ? optFor(site, reply, via, RCODE.NOERROR) : [],
  })
}

/** Records in messages of a reasonable size, one at least in each. */
function* chunks(records: readonly ResourceRecord[], most: number): Generator<readonly ResourceRecord[]> {
  let current: ResourceRecord[] = []
  let length = 0
  for (const record of records) {
    const octets = encodeMessage({ ...EMPTY, answers: [record] }).length
    if (length + octets > most && current.length > 0) {
      yield current
      current = []
      length = 0
    }
    current.push(record)
    length += octets
  }
  if (current.length > 0) yield current
}
