import type { Aspects, Camp, Split } from './differential.ts'

/** What one subject said, made comparable. */
export interface Said {
  readonly subject: string
  readonly aspects: Aspects
}

/**
 * Where subjects do not agree, what weighs most first. Whoever stands apart in one aspect is not heard on later ones, which
 * would be the same disagreement told again.
 */
export function splitsOf(said: readonly Said[]): Split[] {
  const splits: Split[] = []
  let heard = said
  for (const aspect of new Set(said.flatMap(({ aspects }) => Object.keys(aspects)))) {
    const camps = campsOf(heard, aspect)
    const [largest] = camps
    if (largest === undefined || camps.length < 2) continue
    splits.push({ aspect, camps })
    const apart = camps.slice(1).flatMap(({ subjects }) => subjects)
    heard = heard.filter(({ subject }) => !apart.includes(subject))
  }
  return splits
}

/** Subjects by what they say, the largest camp first; of camps alike, whoever was named first. */
function campsOf(said: readonly Said[], name: string): Camp[] {
  const camps = new Map<string, { subjects: string[]; value: string; kind: string }>()
  for (const { subject, aspects } of said) {
    const aspect = aspects[name]
    if (aspect === undefined) continue
    const { value, kind = value } = aspect
    const camp = camps.get(value)
    if (camp) camp.subjects.push(subject)
    else camps.set(value, { subjects: [subject], value, kind })
  }
  const sorted = [...camps.values()].sort((a, b) => b.subjects.length - a.subjects.length)
  return sorted.map((camp, i) => {
    const alike = i > 0 && camp.kind === sorted[0]?.kind
    return alike ? { ...camp, kind: `other ${camp.kind}` } : camp
  })
}

/** Who disagrees and how, whatever the scene. */
export function shapeOf({ aspect, camps }: Split): string {
  const [largest, ...others] = camps
  const apart = others.map(({ subjects, kind }) => `${subjects.join('+')}:${kind}`).sort()
  return [aspect, largest?.kind ?? '', apart.join(',')].join('/')
}

/** What disagreements are deduplicated by. */
export function idOf(split: Split, feature: string): string {
  const [aspect = '', ...rest] = shapeOf(split).split('/')
  return [aspect, feature, ...rest].join('/').replaceAll(' ', '-')
}

/** Every name that a disagreement has: of camps as large as each other, any may count as what most say. */
export function idsOf({ aspect, camps }: Split, feature: string): string[] {
  const size = camps[0]?.subjects.length ?? 0
  const firsts = camps.filter(({ subjects }) => subjects.length === size)
  return firsts.map(first => {
    const kind = first.kind.replace(/^other /, '')
    const others = camps.filter(camp => camp !== first)
    const told = others.map(camp => (camp.kind === kind ? { ...camp, kind: `other ${kind}` } : camp))
    return idOf({ aspect, camps: [{ ...first, kind }, ...told] }, feature)
  })
}
