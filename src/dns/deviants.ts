import type { Honours } from '../conformance/rule.ts'
import { Writer } from '../wire/writer.ts'
import type { Message, ResourceRecord } from './message.ts'
import { TYPE } from './mnemonics.ts'
import { labelsOf, type Name, writeUncompressed } from './name.ts'
import { rfc1035, rfc2181, rfc3597 } from './rules.ts'

/** Whether a deviant takes a query for malformed that is not. */
export function refusesWellFormed(query: Message, honours: Honours): boolean {
  const name = query.questions[0]?.name ?? '.'
  // The same name in the same letters is a pointer by now.
  if (!honours(rfc1035.pointersUnderstood) && query.authority.some(record => record.name === name)) return true
  if (!honours(rfc1035.labelLimit) && labelsOf(name).some(label => label.length === 63)) return true
  if (!honours(rfc1035.nameLimit) && labelsOf(name).reduce((sum, label) => sum + label.length + 1, 1) > 254) return true
  return !honours(rfc2181.anyOctetsInNames) && name.includes('\\')
}

/** Types of later specifications that have a name at the end of their RDATA, here with its place in it. RFC 3597 §4 */
const TARGETS: ReadonlyMap<number, string> = new Map([
  [TYPE.SRV, 'target'],
  [TYPE.DNAME, 'target'],
])

/** The RDATA of a deviant: of unknown types not as it is, of later ones compressed. */
export function deviantRecords(
  records: readonly ResourceRecord[],
  query: Message,
  honours: Honours,
): readonly ResourceRecord[] {
  if (honours(rfc3597.rdataNotCompressed) && honours(rfc3597.noNamesCompressedInUnknown)) return records
  return records.map(record => {
    const { type, data } = record
    if (type >= 65_280 && data instanceof Uint8Array && !honours(rfc3597.noNamesCompressedInUnknown)) {
      return { ...record, data: Uint8Array.of(...data, 0) }
    }
    const place = TARGETS.get(type)
    if (place === undefined || honours(rfc3597.rdataNotCompressed)) return record
    return { ...record, data: pointing(record, place, query.questions[0]?.name ?? '.') }
  })
}

/** RDATA whose last name ends in a pointer to the last two labels of the question. */
function pointing(record: ResourceRecord, place: string, question: Name): Uint8Array {
  const { priority, weight, port, [place]: target } = record.data as Record<string, number | string>
  const writer = new Writer()
  if (record.type === TYPE.SRV) for (const part of [priority, weight, port]) writer.u16(Number(part))
  const name = new Writer()
  writeUncompressed(name, String(target))
  const labels = labelsOf(question)
  const kept = labelsOf(String(target)).slice(-2)
  const tail = kept.reduce((sum, label) => sum + label.length + 1, 1)
  writer.octets(name.finish().subarray(0, name.length - tail))
  const before = labels.slice(0, -2).reduce((sum, label) => sum + label.length + 1, 0)
  writer.u16(0xc000 | (12 + before))
  return writer.finish()
}

/** Makes the first pointer of an answer point to itself. RFC 1035 §4.1.4 */
export function loopPointer(octets: Uint8Array): void {
  const at = octets.findIndex((octet, i) => i > 12 && octet >= 0xc0)
  if (at < 0) return
  octets[at] = 0xc0 | (at >> 8)
  octets[at + 1] = at
}
