import { type Honours, honoursAll } from '../conformance/rule.ts'
import { TYPE } from './mnemonics.ts'
import { canonical, type Name, parent } from './name.ts'
import type { RRset } from './record.ts'
import { rfc1034, rfc3597, rfc4035, rfc4592, rfc6672, rfc8020 } from './rules.ts'
import type { Node, Zone } from './zone.ts'

/** What a zone says to one name and type, before aliases are followed. RFC 1034 §4.3.2 step 3 */
export type Found =
  /** `wildcard`: its records stand at another name, from which they are made. */
  | { readonly kind: 'answer' | 'cname'; readonly set: RRset; readonly wildcard: boolean }
  | { readonly kind: 'any'; readonly node: Node; readonly wildcard: boolean }
  | { readonly kind: 'dname'; readonly set: RRset }
  | { readonly kind: 'referral'; readonly set: RRset }
  | { readonly kind: 'nodata' | 'nxdomain' }

/** Looks a name, in lower case and within the zone, up. RFC 1034 §4.3.2, RFC 4592 §3.3.1, RFC 6672 §3.2 */
export function lookUp(zone: Zone, name: Name, type: number, honours: Honours = honoursAll): Found {
  const wrong = deviantLookUp(zone, name, type, honours)
  if (wrong) return wrong
  const path = pathTo(zone.apex, name)
  let encloser = zone.apex
  for (const at of path) {
    const node = zone.nodes.get(at)
    if (node === undefined) break
    encloser = at
    const above = inTheWay(zone, node, at, name, type, honours)
    if (above) return above
  }
  const node = zone.nodes.get(name)
  if (node !== undefined) return atNode(node, type, false, honours)
  const source = honours(rfc4592.wildcardFromClosestEncloser) ? `*.${encloser}` : nearestWildcard(zone, name)
  const wildcard = zone.nodes.get(encloser === '.' ? '*.' : source)
  if (wildcard === undefined || !honours(rfc1034.wildcardSynthesized)) return { kind: 'nxdomain' }
  return atNode(wildcard, type, true, honours)
}

/** What is met on the way to a name that keeps the zone from answering itself: a cut, or a subtree by another name. */
function inTheWay(zone: Zone, node: Node, at: Name, name: Name, type: number, honours: Honours): Found | undefined {
  const cut = at === zone.apex ? undefined : node.sets.get(TYPE.NS)
  if (cut !== undefined) {
    // DS belongs to the parent's side of a cut. RFC 4035 §3.1.4.1
    const own = at === name && type === TYPE.DS && honours(rfc4035.dsFromParent)
    const hidden = at === name ? honours(rfc1034.referralAtCut) : honours(rfc1034.referralBelowCut)
    if (!own && hidden) return { kind: 'referral', set: cut }
  }
  const owner = at === name && honours(rfc6672.dnameOwnerNotRedirected)
  const dname = owner ? undefined : node.sets.get(TYPE.DNAME)
  return dname && honours(rfc6672.dnameRedirects) ? { kind: 'dname', set: dname } : undefined
}

function atNode(node: Node, type: number, wildcard: boolean, honours: Honours): Found {
  const alias = node.sets.get(TYPE.CNAME)
  if (type === TYPE.ANY) return node.sets.size === 0 ? { kind: 'nodata' } : { kind: 'any', node, wildcard }
  if (alias !== undefined && type === TYPE.CNAME && !honours(rfc1034.aliasItselfOnRequest)) return { kind: 'nodata' }
  if (alias !== undefined && type !== TYPE.CNAME) return { kind: 'cname', set: alias, wildcard }
  const set = type >= 65_280 && !honours(rfc3597.unknownTypeServed) ? undefined : node.sets.get(type)
  if (set !== undefined) return { kind: 'answer', set, wildcard }
  const exists = honours(rfc4592.emptyNonTerminalExists) && honours(rfc8020.nameErrorMeansNothingBelow)
  const absent = wildcard ? !honours(rfc4592.wildcardMissingType) : node.sets.size === 0 && !exists
  return { kind: absent ? 'nxdomain' : 'nodata' }
}

/** The names from the apex down to a name. */
function pathTo(apex: Name, name: Name): Name[] {
  let length = 1
  for (let at = name; at !== apex && at !== '.'; at = parent(at)) length++
  const path = new Array<Name>(length)
  for (let at = name; length > 0; at = parent(at)) path[--length] = at
  return path
}

/** What a deviant makes of wildcards, and of names that look like them. */
function deviantLookUp(zone: Zone, name: Name, type: number, honours: Honours): Found | undefined {
  if (!honours(rfc4592.asteriskInside) && name.includes('.*.')) return { kind: 'nxdomain' }
  if (!honours(rfc4592.asteriskAsked) && name.startsWith('*.')) return { kind: 'nxdomain' }
  if (honours(rfc4592.wildcardNotForExisting)) return undefined
  const wildcard = zone.nodes.get(nearestWildcard(zone, name))
  const there = zone.nodes.get(name)?.sets.has(type) ?? false
  return wildcard && !there ? atNode(wildcard, type, true, honours) : undefined
}

/** A deviant takes any wildcard above a name, whatever exists in between. */
function nearestWildcard(zone: Zone, name: Name): Name {
  for (let at = name; at !== zone.apex; ) {
    at = parent(at)
    if (zone.nodes.has(`*.${at}`)) return `*.${at}`
  }
  return `*.${zone.apex}`
}

/** The zone that is nearest above a name, or at it. RFC 1034 §4.3.2 step 2 */
export function zoneFor(zones: ReadonlyMap<Name, Zone>, name: Name, type: number): Zone | undefined {
  let at = canonical(name)
  // DS is asked of the parent, which may be here too. RFC 4035 §3.1.4.1
  if (type === TYPE.DS && at !== '.' && zones.has(at)) {
    const above = zoneFor(zones, parent(at), TYPE.NS)
    if (above) return above
  }
  for (;;) {
    const zone = zones.get(at)
    if (zone) return zone
    if (at === '.') return undefined
    at = parent(at)
  }
}
