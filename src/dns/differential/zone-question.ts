import type { Message } from '../message.ts'
import { types } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { queryFor } from '../query.ts'
import { TextError } from '../tokens.ts'
import type { SmallZone } from './small-zone.ts'
import { absoluteName, LONG, lineText } from './small-zone.ts'

/** A question about a small zone. */
export interface ZoneQuestion {
  /** Relative to the zone, or with a dot at its end. */
  readonly name: string
  readonly type: string
  /** No OPT, one, or one with DO. */
  readonly edns: 'none' | 'plain' | 'do'
}

/** Questions about one zone: more find little more. */
const MOST = 64

const ALWAYS = ['A', 'NS', 'DS', 'ANY']
const SELDOM = ['AAAA', 'CNAME', 'DNAME', 'SOA', 'TXT', 'RRSIG', 'NSEC', 'DNSKEY', 'HTTPS', 'TYPE65280']

/** `a.b A`, `a.b A do`: as the command line has it. */
export function questionText({ name, type, edns }: ZoneQuestion): string {
  return `${name} ${type}${edns === 'none' ? '' : ` ${edns}`}`
}

/** Reads `name type`, `name type edns`, or `name type do`. Throws `TextError`. */
export function questionFromText(text: string): ZoneQuestion {
  const [name, type = 'A', edns = 'none', ...more] = text.trim().split(/\s+/)
  if (name === undefined || name === '' || more.length > 0) throw new TextError(`'${text}' is not 'name type'`)
  if (types.number(type) === undefined) throw new TextError(`'${type}' is no type`)
  if (edns !== 'none' && edns !== 'plain' && edns !== 'do') throw new TextError(`'${edns}' is not plain or do`)
  absoluteName(name, '.')
  return { name, type: type.toUpperCase(), edns }
}

/** The query for a zone under a name. */
export function queryOf({ name, type, edns }: ZoneQuestion, apex: Name, id: number): Message {
  const asked = { name: absoluteName(name, apex), type: types.number(type) ?? 0 }
  return queryFor(asked, { id, ...(edns !== 'none' && { edns: { dnssecOk: edns === 'do' } }) })
}

/** What may be interesting about a zone: its names, what is beside and below them, and the same of what it points at. */
export function questionsAbout(zone: SmallZone): ZoneQuestion[] {
  const text = zone.lines.map(lineText).join('\n')
  const present = new Set(zone.lines.map(({ type }) => type))
  const likely = [...new Set([...ALWAYS, ...present])]
  const drawn = interestingNames(zone).flatMap(name => {
    const seldom = SELDOM[hash(`${text}\n${name}`) % SELDOM.length] as string
    return [...new Set([...likely, seldom])].map(type => ({ name, type, rank: hash(`${text}\n${name} ${type}`) }))
  })
  return drawn
    .sort((a, b) => a.rank - b.rank)
    .slice(0, MOST)
    .map(({ name, type, rank }) => ({
      name: rank % 7 === 0 ? name.toUpperCase() : name,
      type,
      edns: (['none', 'none', 'plain', 'do'] as const)[rank % 4] ?? 'none',
    }))
}

export function interestingNames({ lines }: SmallZone): string[] {
  const names = new Set<string>(['@'])
  for (const { owner, type, data } of lines) {
    const target = ['CNAME', 'DNAME', 'NS'].includes(type) && !data.endsWith('.') ? [data] : []
    for (const name of [owner, ...target]) {
      for (let at = name; at !== '@'; at = above(at)) names.add(at)
    }
  }
  const long = lines.some(({ data }) => data.includes(LONG))
  for (const name of [...names]) {
    names.add(below('q', name))
    names.add(below('a', name))
    names.add(below('*', name))
    if (long) for (const more of [LONG, `${LONG}.${LONG}`]) names.add(below(more, name))
    // What a wildcard covers is not below it, but beside.
    if (name.startsWith('*')) names.add(below('p.q', above(name)))
  }
  return [...names]
}

export function above(name: string): string {
  const dot = name.indexOf('.')
  return dot < 0 ? '@' : name.slice(dot + 1)
}

function below(label: string, name: string): string {
  return name === '@' ? label : `${label}.${name}`
}

/** FNV-1a, so that the same zone gets the same questions. */
function hash(text: string): number {
  let value = 0x811c9dc5
  for (let i = 0; i < text.length; i++) value = Math.imul(value ^ text.charCodeAt(i), 0x01000193)
  return (value ^ (value >>> 15)) >>> 0
}
