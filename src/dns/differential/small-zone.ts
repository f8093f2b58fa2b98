import { parseMasterFile, recordText } from '../master-file.ts'
import type { ResourceRecord } from '../message.ts'
import { classes, types } from '../mnemonics.ts'
import { canonical, type Name } from '../name.ts'
import { nameFromText } from '../rdata/field.ts'
import { rdataText } from '../rdata.ts'
import type { Zone } from '../zone.ts'
import { zoneOf } from '../zone.ts'

/** A record of a zone that has no name of its own yet: names are relative, or end in a dot; `@` is the zone. */
export interface Line {
  readonly owner: string
  readonly ttl: number
  readonly type: string
  /** As in a master file. */
  readonly data: string
}

/** A zone small enough to be read at a glance; the same under any name. */
export interface SmallZone {
  readonly lines: readonly Line[]
  /** What it is called, where that is not for us to choose. */
  readonly apex?: Name
}

/** What every zone has: nothing of it is in the zone itself. RFC 1035 §5.2 */
export const BASE: readonly Line[] = [
  { owner: '@', ttl: 3600, type: 'SOA', data: 'ns.elsewhere. admin.elsewhere. 1 3600 600 86400 60' },
  { owner: '@', ttl: 300, type: 'NS', data: 'ns.elsewhere.' },
]

/** A label that four of fit into no name. RFC 1035 §2.3.4 */
export const LONG = 'l'.repeat(60)

/** A zone as a master file, under a name. */
export function zoneText({ lines }: SmallZone, apex: Name): string {
  return [`$ORIGIN ${apex}`, ...lines.map(lineText), ''].join('\n')
}

export function lineText({ owner, ttl, type, data }: Line): string {
  return `${owner} ${ttl} IN ${type} ${data}`
}

/** The name that a relative one is under an apex. */
export function absoluteName(name: string, apex: Name): Name {
  return nameFromText(name, apex)
}

/** The zone under a name, as our own authority has it. Throws `ZoneError` where it is none. */
export function loaded(zone: SmallZone, apex: Name): Zone {
  return zoneOf(parseMasterFile(zoneText(zone, apex), { file: 'zone', origin: apex }))
}

/** A zone of one's own, as a small one that keeps its name. */
export function smallZoneOf({ apex, records }: Zone): SmallZone {
  return { apex, lines: records.map(record => lineOf(record, apex)) }
}

function lineOf({ name, type, class: klass, ttl, data }: ResourceRecord, apex: Name): Line {
  const words = rdataText(type, klass, data).split(' ')
  return {
    owner: relativeName(name, apex),
    ttl,
    type: types.text(type),
    data: words.map(word => (word.startsWith('"') ? word : relativeName(word, apex))).join(' '),
  }
}

/** A name, or a word that may be one, without the apex it ends in. */
export function relativeName(name: Name, apex: Name): string {
  const key = canonical(name)
  if (key === apex) return '@'
  return key.endsWith(`.${apex}`) ? name.slice(0, -apex.length - 1) : name
}

/** A record of an answer with relative names: as it was told, or, to be compared, in lower case and without its TTL. */
export function relativeRecord(record: ResourceRecord, apex: Name, compared = false): string {
  const [owner = '', ttl = '', klass = '', type = '', ...words] = recordText(record).split(' ')
  const [relative, ...data] = [owner, ...words].map(word =>
    word.startsWith('"') ? word : relativeName(compared ? word.toLowerCase() : word, apex),
  )
  return [relative, ...(compared ? [] : [ttl]), ...(klass === classes.text(1) ? [] : [klass]), type, ...data].join(' ')
}
