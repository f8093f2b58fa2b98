import type { Single } from '../../differential/differential.ts'
import type { Line, SmallZone } from './small-zone.ts'
import { isValid } from './valid-zone.ts'
import type { ZoneQuestion } from './zone-question.ts'
import { above } from './zone-question.ts'

type Smaller = Single<SmallZone, ZoneQuestion>

/** Smaller zones and simpler questions, the boldest first: without records, with shorter names, with plainer records. */
export function* smaller(single: Smaller): Generator<Smaller> {
  const { scene, question } = single
  for (const lines of fewer(scene.lines)) yield* valid(single, lines)
  if (question !== undefined) for (const plainer of plainerQuestions(question)) yield { scene, question: plainer }
  yield* shorter(single)
  for (const [i, line] of scene.lines.entries()) {
    for (const plain of plainerLines(line)) yield* valid(single, scene.lines.with(i, plain))
  }
}

function* valid({ scene, question }: Smaller, lines: readonly Line[]): Generator<Smaller> {
  if (isValid(lines)) yield { scene: { ...scene, lines }, question }
}

/** Without one half, then without each. */
function* fewer(lines: readonly Line[]): Generator<readonly Line[]> {
  const base = lines.filter(isBase)
  const own = lines.filter(line => !isBase(line))
  const half = own.length >> 1
  if (own.length > 2) {
    yield [...base, ...own.slice(0, half)]
    yield [...base, ...own.slice(half)]
  }
  for (const line of own) yield lines.filter(other => other !== line)
  // The last name server of a zone has to stay, and that is seen to by whether the zone is valid.
  for (const line of base) if (line.type === 'NS') yield lines.filter(other => other !== line)
}

function isBase({ owner, type }: Line): boolean {
  return owner === '@' && (type === 'SOA' || type === 'NS')
}

function* plainerQuestions(question: ZoneQuestion): Generator<ZoneQuestion> {
  const { name, type, edns } = question
  if (edns !== 'none') yield { ...question, edns: 'none' }
  if (edns === 'do') yield { ...question, edns: 'plain' }
  if (name !== name.toLowerCase()) yield { ...question, name: name.toLowerCase() }
  if (name !== '@' && !name.endsWith('.')) yield { ...question, name: above(name) }
  if (!['A', 'TXT'].includes(type)) yield { ...question, type: 'A' }
}

/** A label less in all names that end alike: whole subtrees move up. */
function* shorter({ scene, question }: Smaller): Generator<Smaller> {
  const names = new Set(scene.lines.flatMap(line => [line.owner, ...targetsOf(line)]))
  for (const name of names) {
    if (name === '@' || name.endsWith('.')) continue
    const to = above(name)
    const rename = (other: string): string => renamed(other, name, to)
    const lines = scene.lines.map(line => withNames(line, rename))
    yield* valid({ scene, question: question && { ...question, name: rename(question.name) } }, lines)
  }
}

/** A name with another in the place of what it ends in. */
function renamed(name: string, from: string, to: string): string {
  if (name === from) return to
  if (!name.endsWith(`.${from}`)) return name
  const prefix = name.slice(0, -from.length - 1)
  return to === '@' ? prefix : `${prefix}.${to}`
}

const TARGETED: readonly string[] = ['CNAME', 'DNAME', 'NS', 'MX', 'SRV']

function targetsOf({ type, data }: Line): string[] {
  return TARGETED.includes(type) ? [data.split(' ').at(-1) ?? ''] : []
}

function withNames(line: Line, rename: (name: string) => string): Line {
  const words = line.data.split(' ')
  const last = words.pop() ?? ''
  const data = TARGETED.includes(line.type) ? [...words, rename(last)].join(' ') : line.data
  return { ...line, owner: rename(line.owner), data }
}

function* plainerLines(line: Line): Generator<Line> {
  const { type, data } = line
  if (isBase(line)) return
  if (!['A', 'TXT', 'CNAME', 'DNAME', 'NS'].includes(type)) yield { ...line, type: 'A', data: '192.0.2.1' }
  if (TARGETED.includes(type) && !data.endsWith('.')) {
    yield withNames(line, name => (name === line.owner ? name : 'x.elsewhere.'))
  }
}
