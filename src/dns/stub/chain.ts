import type { Honours } from '../../conformance/rule.ts'
import type { Message, Question, ResourceRecord } from '../message.ts'
import { CLASS, TYPE } from '../mnemonics.ts'
import { canonical, isWithin, type Name, sameName } from '../name.ts'
import { DNAME } from '../rdata/redirection.ts'
import { CNAME } from '../rdata/rfc1035.ts'
import { dataOf } from '../record.ts'
import { rfc1034, rfc4343 } from '../rules/client.ts'

/** Where the answer section leads from the name asked for. */
export interface Chain {
  /** The name at the end. */
  readonly name: Name
  readonly aliases: readonly ResourceRecord[]
  /** What that name has of the type asked for. */
  readonly records: readonly ResourceRecord[]
  /** The aliases lead back to themselves, or are too many. */
  readonly looped: boolean
}

/** Follows aliases through an answer section, in whatever order its records stand. RFC 1034 §5.3.3, RFC 6672 §3.4 */
export function follow(
  { answers, authority, additional }: Pick<Message, 'answers' | 'authority' | 'additional'>,
  question: Question,
  honours: Honours,
  most: number,
): Chain {
  const aliases: ResourceRecord[] = []
  const seen = new Set<Name>()
  let { name } = question
  if (!honours(rfc1034.unrelatedRecordsUnused)) {
    const records = [...answers, ...authority, ...additional].filter(({ type }) => type === question.type).map(anyClass)
    return { name, aliases, records, looped: false }
  }
  const same = honours(rfc4343.responseCaseIgnored) ? sameName : (a: Name, b: Name) => a === b
  const steps = honours(rfc1034.aliasUnderstood) ? (honours(rfc1034.aliasChainUnderstood) ? most : 1) : 0
  const ours = answers.filter(record => record.class === question.class)
  for (;;) {
    const records = ours.filter(record => record.type === question.type && same(record.name, name))
    if (records.length > 0) return { name, aliases, records, looped: false }
    seen.add(canonical(name))
    const alias = aliasOf(ours, name)
    if (!alias || aliases.length === steps) return { name, aliases, records: [], looped: false }
    aliases.push(alias.record)
    name = alias.target
    if (seen.has(canonical(name)) || aliases.length > most) return { name, aliases, records: [], looped: true }
  }
}

/** An address of whatever class, for deviants that do not look at that. */
function anyClass(record: ResourceRecord): ResourceRecord {
  const { data } = record
  if (!(data instanceof Uint8Array) || data.length !== 4) return record
  return { ...record, class: CLASS.IN, data: { address: data.join('.') } }
}

/** What a name stands for: by a CNAME record of its own, or by a DNAME record above it. */
function aliasOf(
  records: readonly ResourceRecord[],
  name: Name,
): { readonly record: ResourceRecord; readonly target: Name } | undefined {
  const own = records.find(record => record.type === TYPE.CNAME && sameName(record.name, name))
  const target = own && dataOf(own, CNAME)?.name
  if (own && target !== undefined) return { record: own, target }
  const lower = canonical(name)
  for (const record of records) {
    const owner = canonical(record.name)
    const data = dataOf(record, DNAME)
    if (data === undefined || owner === lower || !isWithin(lower, owner)) continue
    const left = owner === '.' ? name : name.slice(0, name.length - owner.length)
    return { record, target: data.target === '.' ? left : left + data.target }
  }
  return undefined
}
