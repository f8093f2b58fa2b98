import type { ResourceRecord } from './message.ts'
import { canonical, type Name } from './name.ts'
import type { RdataType } from './rdata/field.ts'

/** Records of one owner, type and class: they belong together and have one TTL. RFC 2181 §5 */
export interface RRset {
  readonly name: Name
  readonly type: number
  readonly class: number
  readonly ttl: number
  readonly records: readonly ResourceRecord[]
}

/** What a record says, if it is of a type, and not given as octets. */
export function dataOf<T extends object>(record: ResourceRecord, type: RdataType<T>): T | undefined {
  return record.type === type.type && !(record.data instanceof Uint8Array) ? (record.data as T) : undefined
}

/** The same records under another name: how wildcards are applied. RFC 1034 §4.3.3 */
export function renamed(records: readonly ResourceRecord[], name: Name): readonly ResourceRecord[] {
  for (const record of records) {
    if (record.name !== name) return records.map(other => ({ ...other, name }))
  }
  return records
}

/** Collects records into RRsets, in the order in which each begins. The lowest TTL is that of all. RFC 2181 §5.2 */
export function rrsets(records: readonly ResourceRecord[]): RRset[] {
  const sets = new Map<string, ResourceRecord[]>()
  for (const record of records) {
    const key = `${canonical(record.name)} ${record.type} ${record.class}`
    const set = sets.get(key)
    if (set) set.push(record)
    else sets.set(key, [record])
  }
  return [...sets.values()].map(set => {
    const [{ name, type, class: klass }] = set as [ResourceRecord]
    const ttl = Math.min(...set.map(record => record.ttl))
    return {
      name,
      type,
      class: klass,
      ttl,
      records: set.map(record => (record.ttl === ttl ? record : { ...record, ttl })),
    }
  })
}
