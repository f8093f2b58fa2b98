import type { ResourceRecord } from './message.ts'
import { TYPE } from './mnemonics.ts'
import { canonical, isWithin, type Name, parent } from './name.ts'
import { SOA } from './rdata/rfc1035.ts'
import { dataOf, type RRset, rrsets } from './record.ts'

/** What stands at one name; nothing at a name that exists only because others are below it. RFC 4592 §2.2.2 */
export interface Node {
  /** In the case of the zone. */
  readonly name: Name
  readonly sets: ReadonlyMap<number, RRset>
}

/** A zone: a name, and all that its authority knows of what is at it and below. RFC 1034 §4.2 */
export interface Zone {
  /** In lower case. */
  readonly apex: Name
  readonly class: number
  readonly soa: RRset
  /** Seconds that a name's or type's absence may be believed. RFC 2308 §4 */
  readonly negativeTtl: number
  /** By name in lower case; every ancestor of one up to the apex is there. */
  readonly nodes: ReadonlyMap<Name, Node>
  /** All records, SOA first. */
  readonly records: readonly ResourceRecord[]
}

/** Records cannot be a zone. */
export class ZoneError extends Error {
  override readonly name = 'ZoneError'
}

/** Makes a zone of its records, in any order. Throws `ZoneError` for what no zone may be. RFC 1035 §5.2 */
export function zoneOf(records: readonly ResourceRecord[]): Zone {
  const sets = rrsets(records)
  const soas = sets.filter(({ type }) => type === TYPE.SOA)
  const [soa] = soas
  if (soa === undefined) throw new ZoneError('a zone has an SOA record, and there is none')
  if (soas.length > 1 || soa.records.length > 1) throw new ZoneError('a zone has one SOA record, and there are more')
  const apex = canonical(soa.name)
  const nodes = new Map<Name, { name: Name; sets: Map<number, RRset> }>()
  for (const set of sets) {
    if (set.class !== soa.class) throw new ZoneError(`${set.name}: a zone is of one class`)
    place(nodes, set, apex)
  }
  for (const { name, sets: at } of nodes.values()) checkNode(name, at)
  const minimum = dataOf(soa.records[0] as ResourceRecord, SOA)?.minimum ?? 0
  const others = records.filter(({ type }) => type !== TYPE.SOA)
  return {
    apex,
    class: soa.class,
    soa,
    negativeTtl: Math.min(soa.ttl, minimum),
    nodes,
    records: [...soa.records, ...others],
  }
}

function place(nodes: Map<Name, { name: Name; sets: Map<number, RRset> }>, set: RRset, apex: Name): void {
  const key = canonical(set.name)
  if (!isWithin(key, apex)) throw new ZoneError(`${set.name} is not in the zone ${apex}`)
  const node = nodes.get(key)
  if (node) node.sets.set(set.type, set)
  else nodes.set(key, { name: set.name, sets: new Map([[set.type, set]]) })
  let name = set.name
  while (canonical(name) !== apex) {
    name = parent(name)
    const above = canonical(name)
    if (!nodes.has(above)) nodes.set(above, { name, sets: new Map() })
  }
}

/** RFC 1034 §3.6.2: an alias has nothing but itself, and what signs it. RFC 6672 §2.4: DNAME is alone of its kind. */
function checkNode(name: Name, sets: ReadonlyMap<number, RRset>): void {
  const alias = sets.get(TYPE.CNAME)
  const beside = [...sets.keys()].filter(
    type => type !== TYPE.CNAME && type !== TYPE.RRSIG && type !== TYPE.NSEC && type !== TYPE.KEY,
  )
  if (alias !== undefined && beside.length > 0) throw new ZoneError(`${name} has a CNAME and other data`)
  for (const type of [TYPE.CNAME, TYPE.DNAME]) {
    if ((sets.get(type)?.records.length ?? 0) > 1) throw new ZoneError(`${name} has more than one CNAME or DNAME`)
  }
}
