import type { Edns } from './edns.ts'
import { optRecord } from './edns.ts'
import { finish } from './finish.ts'
import type { Message, ResourceRecord } from './message.ts'
import { encodeMessage } from './message.ts'
import { RCODE } from './mnemonics.ts'
import { canonical } from './name.ts'
import { EMPTY } from './query.ts'
import { rfc5936 } from './rules.ts'
import type { Site, Via } from './site.ts'

/** Octets of records in one message of a transfer, before compression: a message holds at most 65,535. */
const CHUNK = 16_384

/** A whole zone, as many messages as it takes. RFC 5936 §2.2 */
export function transfer(site: Site, query: Message, edns: Edns | undefined, via: Via): readonly Uint8Array[] {
  const { honours } = site
  const [question] = query.questions
  const zone = question && site.zones.get(canonical(question.name))
  if (zone === undefined || question === undefined || question.class !== zone.class) {
    if (honours(rfc5936.transferOtherZoneRefused)) return [finish(site, { query, edns, rcode: RCODE.NOTAUTH }, via)]
    return [finish(site, { query, edns, rcode: RCODE.NOERROR, answers: firstRecords(site) }, via)]
  }
  let records: readonly ResourceRecord[] = zone.records
  if (!honours(rfc5936.transferWhole)) records = records.filter((_, i) => i !== records.length - 1)
  if (!honours(rfc5936.transferNamesExact)) records = records.map(one => ({ ...one, name: canonical(one.name) }))
  if (!honours(rfc5936.transferBeginsWithSoa)) records = [...records.slice(1)]
  const end = honours(rfc5936.transferEndsWithSoa) ? zone.soa.records : zone.records.slice(-1)
  return chunks([...records, ...end]).map((answers, i) => {
    const asked = i === 0 ? honours(rfc5936.transferQuestionFirst) : false
    return encodeMessage({
      ...EMPTY,
      id: honours(rfc5936.transferIdCopied) ? query.id : (query.id + i + 1) & 0xffff,
      qr: true,
      aa: honours(rfc5936.transferAuthoritative),
      rd: query.rd,
      questions: asked ? query.questions : [],
      answers,
      additional: edns ? [optRecord({ size: site.limits.datagram })] : [],
    })
  })
}

function firstRecords(site: Site): ResourceRecord[] {
  const [zone] = site.zones.values()
  return zone ? [...zone.soa.records, ...zone.soa.records] : []
}

/** Records in messages of a reasonable size. */
function chunks(records: readonly ResourceRecord[]): readonly (readonly ResourceRecord[])[] {
  const all: ResourceRecord[][] = []
  let current: ResourceRecord[] = []
  let room = 0
  for (const record of records) {
    const octets = encodeMessage({ ...EMPTY, answers: [record] }).length
    if (octets > room || current.length === 0) {
      current = []
      all.push(current)
      room = CHUNK
    }
    current.push(record)
    room -= octets
  }
  return all
}
