import type { Line } from './small-zone.ts'

/** What may stand beside an alias. RFC 4034 §3, §4 */
const BESIDE_ALIAS: readonly string[] = ['CNAME', 'RRSIG', 'NSEC']

/** Lines in their order, without those that no zone may have besides the ones before them. */
export function withoutInvalid(lines: readonly Line[]): Line[] {
  const kept: Line[] = []
  for (const line of lines) if (fits(line, kept)) kept.push(line)
  return kept
}

/** Whether servers have to take a zone. */
export function isValid(lines: readonly Line[]): boolean {
  const soas = lines.filter(({ type }) => type === 'SOA')
  const served = lines.some(({ owner, type }) => type === 'NS' && owner === '@')
  return soas.length === 1 && served && withoutInvalid(lines).length === lines.length
}

function fits(line: Line, others: readonly Line[]): boolean {
  const { type } = line
  const at = others.filter(other => other.owner.toLowerCase() === line.owner.toLowerCase())
  if (at.some(other => other.type === type && other.data === line.data)) return false
  // An alias is alone. RFC 1034 §3.6.2
  const aliased = at.some(other => other.type === 'CNAME')
  if (aliased && !(BESIDE_ALIAS.includes(type) && type !== 'CNAME')) return false
  if (type === 'CNAME' && at.some(other => !BESIDE_ALIAS.includes(other.type))) return false
  // One DNAME at a name, and none at a cut. RFC 6672 §2.4
  if (type === 'DNAME' && at.some(other => other.type === 'DNAME' || (other.type === 'NS' && line.owner !== '@'))) {
    return false
  }
  if (type === 'NS' && line.owner !== '@' && at.some(other => other.type === 'DNAME')) return false
  // DS belongs to a cut, which the apex is not. RFC 4035 §2.4
  if (type === 'DS' && line.owner === '@') return false
  // Wildcards that are cuts, or whole subtrees, mean nothing that is defined. RFC 4592 §4.2, §4.4
  const star = line.owner === '*' || line.owner.startsWith('*.')
  return !(star && (type === 'NS' || type === 'DNAME' || type === 'DS'))
}

/** Whether a relative name lies below another, and is not it. */
export function isBelow(name: string, other: string): boolean {
  return other === '@' ? name !== '@' : name.endsWith(`.${other}`)
}

/** Whether a line names a server of the zone that is in it and has no address there: some take no such zone. */
export function isWithoutAddress({ owner, type, data }: Line, lines: readonly Line[]): boolean {
  if (type !== 'NS' || owner !== '@' || data.endsWith('.')) return false
  return !lines.some(other => other.owner === data && (other.type === 'A' || other.type === 'AAAA'))
}
