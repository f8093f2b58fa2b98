import type { Aspect, Aspects } from '../../differential/differential.ts'
import { edns, fullRcode } from '../edns.ts'
import type { Message, ResourceRecord } from '../message.ts'
import { rcodes, TYPE, types } from '../mnemonics.ts'
import { canonical, isWithin, type Name } from '../name.ts'
import { NS } from '../rdata/rfc1035.ts'
import { dataOf } from '../record.ts'
import { stepsOf } from './feature.ts'
import { absoluteName, relativeName, relativeRecord, type SmallZone } from './small-zone.ts'
import type { ZoneQuestion } from './zone-question.ts'

/** What came of a question, with the name that the zone had. */
export type ZoneAnswer =
  | { readonly kind: 'message'; readonly message: Message; readonly apex: Name }
  | { readonly kind: 'silence' }
  /** It died of the question. */
  | { readonly kind: 'crash'; readonly how: string }
  | { readonly kind: 'unreadable'; readonly why: string }

/**
 * A response as far as it can be compared. Left out is what RFCs leave open: NS of the zone beside a positive answer,
 * addresses that are not glue, the order of records, which sets ANY gets (RFC 8482), how far aliases without end are
 * followed, and the case of names that nobody asked for.
 */
export function aspectsOf(zone: SmallZone, question: ZoneQuestion, answer: ZoneAnswer): Aspects {
  if (answer.kind !== 'message') return { response: { value: answer.kind } }
  const { type, edns: asked } = question
  const { message, apex } = answer
  const response = { value: 'answered' }
  const steps = stepsOf(zone, question)
  // All over UDP may be too much, and an alias is some of what there is. RFC 8482 §4
  if (type === 'ANY' && (message.tc || (steps ?? []).length > 1)) return { response }
  const rcode = { value: rcodes.text(fullRcode(message)) }
  if (steps === 'endless') return message.tc ? { response } : { response, rcode }
  const tc = { value: message.tc ? 'tc' : 'whole' }
  // What is left of a response that was cut is of no use, and how it would have ended may not be known. RFC 2181 §9
  if (message.tc) return { response, tc }
  const aa = { value: message.aa ? 'aa' : 'no-aa' }
  if (type === 'ANY') {
    return { response, rcode, answer: { value: message.answers.length > 0 ? 'some' : 'none' }, aa }
  }
  const answers = lines(message.answers, apex)
  return {
    response,
    tc,
    rcode,
    answer: setOf(answers, message.answers),
    repeats: { value: new Set(answers).size < answers.length ? 'records-twice' : 'each-once' },
    aa,
    authority: authorityOf(message, apex),
    glue: glueOf(message, apex),
    ds: { value: message.authority.some(record => record.type === TYPE.DS) ? 'DS' : 'no-DS' },
    ttl: ttlsOf(message.answers, apex),
    'negative-ttl': ttlsOf(
      message.authority.filter(record => record.type === TYPE.SOA),
      apex,
    ),
    case: caseOf(message, absoluteName(question.name, apex)),
    edns: ednsAspect(message, asked),
  }
}

function lines(records: readonly ResourceRecord[], apex: Name): string[] {
  return records.map(record => relativeRecord(record, apex, true)).sort()
}

function setOf(texts: readonly string[], records: readonly ResourceRecord[]): Aspect {
  return { value: [...new Set(texts)].join('\n'), kind: kindsOf(records) }
}

/** `CNAME DNAME`, `none` */
function kindsOf(records: readonly ResourceRecord[]): string {
  return [...new Set(records.map(({ type }) => types.text(type)))].sort().join(' ') || 'none'
}

/** SOA of a negative answer, NS of a referral. RFC 2308 §2, RFC 1034 §4.3.2 */
function authorityOf({ authority }: Message, apex: Name): Aspect {
  const telling = authority.filter(
    ({ type, name }) => type === TYPE.SOA || (type === TYPE.NS && canonical(name) !== apex),
  )
  return setOf(lines(telling, apex), telling)
}

/** Addresses of name servers that only the zone itself can tell: below the cut. RFC 9471 §2.1 */
function glueOf({ authority, additional }: Message, apex: Name): Aspect {
  const wanted = authority.flatMap(record => {
    const host = dataOf(record, NS)?.name
    const cut = canonical(record.name)
    return host !== undefined && cut !== apex && isWithin(canonical(host), cut) ? [canonical(host)] : []
  })
  const glue = additional.filter(
    ({ type, name }) => (type === TYPE.A || type === TYPE.AAAA) && wanted.includes(canonical(name)),
  )
  return setOf(lines(glue, apex), glue)
}

function ttlsOf(records: readonly ResourceRecord[], apex: Name): Aspect {
  const all = records.map(({ name, type, ttl }) => `${relativeName(canonical(name), apex)} ${types.text(type)} ${ttl}`)
  const kinds = records.map(({ type, ttl }) => `${types.text(type)} ${ttl}`)
  return { value: [...new Set(all)].sort().join('\n'), kind: [...new Set(kinds)].sort().join(' ') || 'none' }
}

/** Whether names are told in the case of the question, where they are the same but for case. RFC 4343 §4.1, §5.1 */
function caseOf({ questions, answers }: Message, name: Name): Aspect {
  const told = [...questions, ...answers].map(one => one.name)
  const kept = told.every(other => other === name || canonical(other) !== canonical(name))
  return { value: kept ? 'as-asked' : 'another' }
}

/** OPT for OPT, and DO as it was. RFC 6891 §6.1.1, RFC 3225 §3 */
function ednsAspect(message: Message, asked: ZoneQuestion['edns']): Aspect {
  const said = edns(message)
  const value = said === undefined ? 'none' : said.dnssecOk ? 'do' : 'plain'
  return { value: asked === value ? 'as-asked' : value }
}

/** One line: `NXDOMAIN aa; a 300 CNAME b; authority: @ 60 SOA` */
export function answerText(answer: ZoneAnswer): string {
  switch (answer.kind) {
    case 'silence':
      return 'no response'
    case 'crash':
      return `died: ${answer.how}`
    case 'unreadable':
      return `no DNS message: ${answer.why}`
    case 'message':
      return messageText(answer.message, answer.apex)
  }
}

function messageText(message: Message, apex: Name): string {
  const flags = (['aa', 'tc', 'ra', 'ad'] as const).filter(flag => message[flag])
  const section = (name: string, records: readonly ResourceRecord[]): string[] => {
    const shown = records.filter(({ type }) => type !== TYPE.OPT)
    if (shown.length === 0) return []
    return [`${name}${shown.map(record => shortText(record, apex)).join(', ')}`]
  }
  return [
    [rcodes.text(fullRcode(message)), ...flags].join(' '),
    ...section('', message.answers),
    ...section('authority: ', message.authority),
    ...section('additional: ', message.additional),
  ].join('; ')
}

function shortText(record: ResourceRecord, apex: Name): string {
  const text = relativeRecord(record, apex)
  return record.type === TYPE.SOA ? text.split(' ').slice(0, 3).join(' ') : text
}
