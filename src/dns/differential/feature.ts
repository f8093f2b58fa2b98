import { type Found, lookUp } from '../lookup.ts'
import type { ResourceRecord } from '../message.ts'
import { TYPE, types } from '../mnemonics.ts'
import { canonical, isWithin, MAX_NAME, type Name, parent } from '../name.ts'
import { DNAME } from '../rdata/redirection.ts'
import { CNAME } from '../rdata/rfc1035.ts'
import { dataOf } from '../record.ts'
import type { Zone } from '../zone.ts'
import { ZoneError } from '../zone.ts'
import type { SmallZone } from './small-zone.ts'
import { absoluteName, loaded } from './small-zone.ts'
import { isBelow, isWithoutAddress } from './valid-zone.ts'
import type { ZoneQuestion } from './zone-question.ts'

/** Aliases that a feature tells of. */
const MOST = 3

/** Aliases after which a chain is taken for endless: each adds to the name where it is no plain loop. */
const ENDLESS = 16

const APEX = 'zone.test.'

/** Types for which a zone answers by rules of their own. */
const SPECIAL: readonly string[] = ['ANY', 'DS', 'NS', 'CNAME', 'DNAME', 'SOA', 'RRSIG', 'NSEC']

/** What is met on the way to the answer: `cname>wildcard`, `referral (DS)`. Of a zone alone, what is unusual about it. */
export function featureOf(zone: SmallZone, question: ZoneQuestion | undefined): string {
  if (question === undefined) return loadFeature(zone)
  const path = stepsOf(zone, question)
  if (path === undefined) return 'invalid'
  const steps = path === 'endless' ? path : path.slice(0, MOST).join('>') + (path.length > MOST ? '>more' : '')
  return `${steps}${SPECIAL.includes(question.type) ? ` (${question.type})` : ''}`
}

/** Zones and questions that were looked at before. */
const zones = new WeakMap<SmallZone, Zone | 'invalid'>()
const paths = new WeakMap<ZoneQuestion, readonly string[] | 'endless'>()

/** What is met at each name, from the one asked for to the last alias; undefined where the zone is none. */
export function stepsOf(zone: SmallZone, question: ZoneQuestion): readonly string[] | 'endless' | undefined {
  const known = paths.get(question)
  if (known !== undefined) return known
  const own = zoneBehind(zone)
  if (own === 'invalid') return undefined
  const path = pathOf(own, canonical(absoluteName(question.name, own.apex)), types.number(question.type) ?? 0)
  paths.set(question, path)
  return path
}

function zoneBehind(zone: SmallZone): Zone | 'invalid' {
  const known = zones.get(zone)
  if (known !== undefined) return known
  let made: Zone | 'invalid'
  try {
    made = loaded(zone, zone.apex ?? APEX)
  } catch (thrown) {
    if (!(thrown instanceof ZoneError)) throw thrown
    made = 'invalid'
  }
  zones.set(zone, made)
  return made
}

function pathOf(zone: Zone, from: Name, type: number): readonly string[] | 'endless' {
  const path: string[] = []
  const seen = new Set<Name>()
  for (let name = from; ; ) {
    if (!isWithin(name, zone.apex)) return [...path, 'elsewhere']
    if (seen.has(name) || path.length === ENDLESS || name.length > MAX_NAME) return 'endless'
    seen.add(name)
    const found = lookUp(zone, name, type)
    path.push(stepOf(zone, found, name))
    // The alias that DNAME makes is what was asked for.
    const next = found.kind === 'dname' && type === TYPE.CNAME ? undefined : nextOf(found, name)
    if (next === undefined) return path
    name = next
  }
}

function stepOf(zone: Zone, found: Found, name: Name): string {
  const wildcard = 'wildcard' in found && found.wildcard
  const at = zone.nodes.get(name)
  switch (found.kind) {
    case 'any':
    case 'answer':
      return wildcard ? 'wildcard' : name === zone.apex ? 'apex' : 'data'
    case 'cname':
      return wildcard ? 'wildcard-cname' : 'cname'
    case 'dname':
      return hides(zone, canonical(found.set.name)) ? 'dname-occluding' : 'dname'
    case 'referral':
      return cutStep(zone, canonical(found.set.name), name)
    case 'nodata':
      if (at === undefined) return 'wildcard-nodata'
      return at.sets.size === 0 ? 'empty-non-terminal' : at.sets.has(TYPE.DNAME) ? 'dname-owner' : 'nodata'
    case 'nxdomain':
      return 'missing'
  }
}

/** At a cut, or below it, and then perhaps at or below data that it hides. RFC 1034 §4.3.2 step 3b */
function cutStep({ nodes }: Zone, cut: Name, name: Name): string {
  if (cut === name) return 'cut'
  for (let at = name; at !== cut; at = parent(at)) if (nodes.has(at)) return 'below-cut-occluded'
  return 'below-cut'
}

/** Whether there is data below a name: DNAME hides it. RFC 6672 §2.4 */
function hides({ nodes }: Zone, name: Name): boolean {
  for (const other of nodes.keys()) if (other !== name && isWithin(other, name)) return true
  return false
}

function nextOf(found: Found, name: Name): Name | undefined {
  if (found.kind === 'cname') return targetOf(found.set.records[0])
  if (found.kind !== 'dname') return undefined
  const [record] = found.set.records
  const target = record && dataOf(record, DNAME)?.target
  return target && canonical(name.slice(0, name.length - found.set.name.length) + target)
}

function targetOf(record: ResourceRecord | undefined): Name | undefined {
  const name = record && dataOf(record, CNAME)?.name
  return name && canonical(name)
}

/** What is unusual about a zone as a whole. */
function loadFeature({ lines }: SmallZone): string {
  if (lines.some(line => isWithoutAddress(line, lines))) return 'name-server-without-address'
  const dnames = lines.filter(({ type }) => type === 'DNAME')
  if (dnames.some(({ owner }) => lines.some(other => isBelow(other.owner, owner)))) return 'data-below-dname'
  const cuts = lines.filter(({ type, owner }) => type === 'NS' && owner !== '@')
  if (cuts.some(({ owner, data }) => isBelow(data, owner) && !lines.some(line => line.owner === data))) return 'no-glue'
  if (cuts.some(({ owner }) => lines.some(other => isBelow(other.owner, owner)))) return 'data-below-cut'
  return `types ${[...new Set(lines.map(({ type }) => type))].sort().join(' ')}`
}

/** Where it is said what is right, by what was met last. */
const BY_STEP: Readonly<Record<string, string>> = {
  missing: 'RFC 2308 §2.1',
  nodata: 'RFC 2308 §2.2',
  apex: 'RFC 1034 §4.3.2',
  data: 'RFC 1034 §4.3.2',
  cname: 'RFC 1034 §3.6.2',
  wildcard: 'RFC 4592 §3.3.1',
  'wildcard-cname': 'RFC 4592 §4.3',
  'wildcard-nodata': 'RFC 4592 §2.2.1',
  'empty-non-terminal': 'RFC 4592 §2.2.2',
  dname: 'RFC 6672 §3.2',
  'dname-owner': 'RFC 6672 §2.3',
  'dname-occluding': 'RFC 6672 §2.4',
  cut: 'RFC 1034 §4.3.2 step 3b',
  'below-cut': 'RFC 1034 §4.3.2 step 3b',
  'below-cut-occluded': 'RFC 1034 §4.3.2 step 3b',
  endless: 'RFC 1034 §3.6.2',
}

/** The section that decides on a disagreement, where we know one. */
export function decidedBy(feature: string, aspect: string): string | undefined {
  const [path = '', type = ''] = feature.split(' ')
  const steps = path.split('>')
  if (aspect === 'glue') return 'RFC 9471 §3.1'
  if (aspect === 'repeats') return 'RFC 2181 §5.5'
  if (aspect === 'edns') return 'RFC 6891 §6.1.1'
  if (path === 'endless') return BY_STEP[path]
  if (aspect === 'negative-ttl') return 'RFC 2308 §3'
  if (aspect === 'ttl') return steps.includes('dname') ? 'RFC 6672 §3.1' : 'RFC 2181 §5.2'
  if (aspect === 'load') return path === 'data-below-dname' ? 'RFC 6672 §2.4' : 'RFC 1035 §5.2'
  if (type === '(DS)') return 'RFC 4035 §3.1.4.1'
  if (aspect === 'aa') return steps.length > 1 ? 'RFC 6604 §2.1' : 'RFC 1034 §6.2.6'
  if (aspect === 'rcode' && steps.length > 1) return 'RFC 6604 §3'
  if (type === '(ANY)') return 'RFC 8482 §4.1'
  return BY_STEP[steps.at(-1) ?? '']
}
