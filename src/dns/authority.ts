import { type Honours, honoursAll } from '../conformance/rule.ts'
import type { Found } from './lookup.ts'
import { lookUp, zoneFor } from './lookup.ts'
import type { Question, ResourceRecord } from './message.ts'
import { CLASS, RCODE, TYPE } from './mnemonics.ts'
import { canonical, isWithin, labelsOf, MAX_NAME, type Name, sameName } from './name.ts'
import { DNAME } from './rdata/redirection.ts'
import { CNAME, MX, NS } from './rdata/rfc1035.ts'
import { SRV } from './rdata/srv.ts'
import { dataOf, type RRset, renamed } from './record.ts'
import { rfc1034, rfc2181, rfc2308, rfc4343, rfc4592, rfc6604, rfc6672, rfc8482 } from './rules.ts'
import type { Zone } from './zone.ts'

/** What the authority has to say to a question, before it is put into a message. */
export interface Answer {
  rcode: number
  /** The name asked for, or the first of its aliases, is in a zone of ours. */
  aa: boolean
  answers: ResourceRecord[]
  authority: ResourceRecord[]
  additional: ResourceRecord[]
  /** What is in the additional section has to be there, or the response is truncated: glue. RFC 9471 §3.1 */
  glue: boolean
}

/** Aliases followed for one question: a loop comes to its end long before. RFC 1034 §3.6.2 */
const MAX_ALIASES = 16

/** Answers a question from zones. RFC 1034 §4.3.2 */
export function answer(zones: ReadonlyMap<Name, Zone>, question: Question, honours: Honours = honoursAll): Answer {
  const reply: Answer = { rcode: RCODE.NOERROR, aa: false, answers: [], authority: [], additional: [], glue: false }
  const { type } = question
  let { name } = question
  let seen: Set<Name> | undefined
  for (let aliases = 0; aliases <= MAX_ALIASES; aliases++) {
    const key = canonical(name)
    const zone = zoneFor(zones, key, type)
    if (zone === undefined || !classFits(zone, question)) {
      if (aliases > 0 && !honours(rfc1034.aliasOutOfZone)) reply.answers.push(madeUp(name))
      if (aliases === 0) reply.rcode = honours(rfc1034.notAuthoritativeRefused) ? RCODE.REFUSED : RCODE.NXDOMAIN
      return reply
    }
    if (aliases === 0) reply.aa = true
    if (seen?.has(key)) return honours(rfc1034.aliasLoopEnds) ? reply : { ...reply, answers: [] }
    const found = lookUp(zone, caseOf(zone, name, honours), type, honours)
    const next = take(reply, zone, found, name, type, aliases, honours)
    if (next === undefined) return reply
    const follows = aliases === 0 ? rfc1034.aliasFollowed : rfc1034.aliasChainFollowed
    if (found.kind === 'cname' && !honours(follows)) return reply
    if (found.kind === 'cname' && found.wildcard && !honours(rfc4592.wildcardAlias)) return reply
    if (found.kind === 'dname' && !honours(rfc6672.dnameTargetFollowed)) return reply
    // The alias that was made is what was asked for. RFC 1034 §3.6.2
    if (found.kind === 'dname' && type === TYPE.CNAME) return reply
    name = next
    seen = (seen ?? new Set()).add(key)
  }
  return reply
}

/** The name to look up; a deviant minds its case. RFC 4343 §3 */
function caseOf(zone: Zone, name: Name, honours: Honours): Name {
  const key = canonical(name)
  const same = (zone.nodes.get(key)?.name ?? name) === name
  if (same || (honours(rfc1034.caseInsensitive) && honours(rfc4343.anyCaseAnswered))) return key
  return `another-case.${zone.apex}`
}

/** What nobody has told a server of ours. */
function madeUp(name: Name): ResourceRecord {
  return { name, type: TYPE.A, class: CLASS.IN, ttl: 300, data: { address: '192.0.2.200' } }
}

function classFits(zone: Zone, question: Question): boolean {
  return zone.class === question.class
}

/** Puts what was found at one name into the reply; says which name to go on with. */
function take(
  reply: Answer,
  zone: Zone,
  found: Found,
  name: Name,
  type: number,
  aliases: number,
  honours: Honours,
): Name | undefined {
  switch (found.kind) {
    case 'answer':
      // The deviant still says which zone it has, or nobody would ask further.
      if (!honours(rfc1034.answersFromZone) && !name.startsWith('marker.')) return negative(reply, zone, honours)
      put(reply, found.set, name, honours)
      addAddresses(reply, zone, found.set, honours)
      return undefined
    case 'any':
      return any(reply, zone, found.node.sets, name, honours)
    case 'cname': {
      put(reply, found.set, name, honours)
      return dataOf(found.set.records[0] as ResourceRecord, CNAME)?.name
    }
    case 'dname':
      return redirect(reply, found.set, name, honours)
    case 'referral':
      refer(reply, zone, found.set, aliases, honours)
      return undefined
    case 'nodata':
      return negative(reply, zone, honours)
    case 'nxdomain':
      return missing(reply, zone, type, aliases, honours)
  }
}

/** The records of a set, under the name asked for where a wildcard or another case made them found. RFC 4343 §4.1 */
function put(reply: Answer, set: RRset, name: Name, honours: Honours): void {
  if (isThere(reply, set, name)) return
  const owner = honours(rfc4343.zoneCasePreserved) ? name : name.toUpperCase()
  const records = set.records.length > 1 && !honours(rfc2181.wholeSets) ? set.records.slice(1) : set.records
  reply.answers.push(...renamed(records, owner))
  if (!honours(rfc2181.noDuplicates)) reply.answers.push(...renamed(records, owner))
  if (!honours(rfc2181.oneTtlPerSet)) {
    reply.answers = reply.answers.map((record, i) => ({ ...record, ttl: record.ttl + i }))
  }
}

/** Whether a set was met before, on the way from one alias to another: none is told twice. RFC 2181 §5.5 */
function isThere({ answers }: Answer, { type }: RRset, name: Name): boolean {
  return answers.some(record => record.type === type && sameName(record.name, name))
}

/** Some of what a name has: the first set is enough. RFC 8482 §4.1 */
function any(
  reply: Answer,
  zone: Zone,
  sets: ReadonlyMap<number, RRset>,
  name: Name,
  honours: Honours,
): Name | undefined {
  if (!honours(rfc8482.anyAnswered)) reply.rcode = RCODE.NOTIMP
  else if (!honours(rfc8482.anyNotNegative)) return negative(reply, zone, honours)
  else for (const set of [...sets.values()].slice(0, 1)) put(reply, set, name, honours)
  return undefined
}

/** RFC 6672 §3.1 */
function redirect(reply: Answer, set: RRset, name: Name, honours: Honours): Name | undefined {
  const [record] = set.records as [ResourceRecord]
  const target = dataOf(record, DNAME)?.target ?? '.'
  if (!isThere(reply, set, set.name)) reply.answers.push(record)
  const prefix = name.slice(0, name.length - set.name.length)
  const next = target === '.' ? prefix : prefix + target
  const length = labelsOf(target).reduce((sum, label) => sum + label.length + 1, 1) + prefixLength(prefix)
  if (length > MAX_NAME) {
    reply.rcode = honours(rfc6672.dnameTooLong) ? RCODE.YXDOMAIN : RCODE.NXDOMAIN
    return undefined
  }
  const ttl = honours(rfc6672.dnameAliasTtl) ? set.ttl : set.ttl + 1000
  if (honours(rfc6672.dnameSynthesizesAlias)) {
    reply.answers.push({ name, type: TYPE.CNAME, class: record.class, ttl, data: { name: next } })
  }
  return next
}

function prefixLength(prefix: Name): number {
  return prefix === '' ? 0 : labelsOf(prefix).reduce((sum, label) => sum + label.length + 1, 0)
}

/** The name servers below a cut, and how to reach them. RFC 1034 §4.3.2 step 3b */
function refer(reply: Answer, zone: Zone, set: RRset, aliases: number, honours: Honours): void {
  if (aliases === 0 && honours(rfc1034.referralNotAuthoritative)) reply.aa = false
  if (honours(rfc1034.referralAnswerEmpty)) reply.authority.push(...set.records)
  else reply.answers.push(...set.records)
  if (!honours(rfc1034.glueInReferral)) return
  addAddresses(reply, zone, set, honoursAll)
  reply.glue = reply.additional.length > 0
}

/** The SOA record that says how long an absence may be believed. RFC 2308 §3 */
function negative(reply: Answer, zone: Zone, honours: Honours): undefined {
  if (!honours(rfc1034.noDataForMissingType)) reply.rcode = RCODE.NXDOMAIN
  if (honours(rfc2308.soaWithNoData)) addSoa(reply, zone, honours)
  return undefined
}

function missing(reply: Answer, zone: Zone, type: number, aliases: number, honours: Honours): undefined {
  const chained = aliases === 0 || (honours(rfc6604.rcodeOfLastName) && honours(rfc2308.aliasToNothing))
  const told = honours(type === TYPE.ANY ? rfc8482.anyMissingName : rfc1034.nameErrorForMissingName)
  if (told && chained) reply.rcode = RCODE.NXDOMAIN
  if (honours(rfc2308.soaWithNameError)) addSoa(reply, zone, honours)
  return undefined
}

function addSoa(reply: Answer, zone: Zone, honours: Honours): void {
  if (!honours(rfc2181.soaInNegativeAnswers)) return
  const ttl = honours(rfc2308.negativeTtl) ? zone.negativeTtl : zone.soa.ttl + 1
  reply.authority.push(...zone.soa.records.map(record => ({ ...record, ttl })))
}

/** Addresses of the names that records name, as far as the zone has them. RFC 1034 §4.3.2 step 6, RFC 2782 */
function addAddresses(reply: Answer, zone: Zone, set: RRset, honours: Honours): void {
  if (!honours(rfc1034.additionalAddresses)) return
  for (const record of set.records) {
    const target = dataOf(record, NS)?.name ?? dataOf(record, MX)?.exchange ?? dataOf(record, SRV)?.target
    if (target === undefined) continue
    const key = canonical(target)
    const node = isWithin(key, zone.apex) ? zone.nodes.get(key) : undefined
    for (const type of [TYPE.A, TYPE.AAAA]) {
      const addresses = node?.sets.get(type)
      if (addresses) reply.additional.push(...addresses.records)
    }
  }
}
