import type { Origin } from './lineage.ts'

/** An input in the tree of inputs, as it is shown. */
export interface Member {
  readonly origin: Origin
  readonly children: readonly Member[]
  /** Inputs that came of it, at once or later, and are not shown. */
  readonly hidden: number
  /** All inputs that came of it. */
  readonly descendants: number
}

/** The tree of inputs, as far as it is shown. */
export interface Family {
  readonly roots: readonly Member[]
  readonly shown: number
  /** Inputs that are shown nowhere, those that hang on no shown one too. */
  readonly hidden: number
}

/** The tree of those inputs that brought most, with all that they come from, up to so many; those that stand alone last. */
export function familyOf(origins: readonly Origin[], limit: number): Family {
  const known = knownOf(origins)
  const kept = new Set<string>()
  const below = counts(known)
  // What stands alone says least in a picture of who comes of whom.
  const isLone = (origin: Origin): boolean => !below.has(origin.name) && parentOf(origin, known) === undefined
  const order = origins.map(origin => ({ origin, lone: Number(isLone(origin)) }))
  order.sort((a, b) => a.lone - b.lone || b.origin.blocks - a.origin.blocks || a.origin.at - b.origin.at)
  for (const { origin } of order) {
    const line = lineOf(origin, known).filter(({ name }) => !kept.has(name))
    if (kept.size + line.length > limit) continue
    for (const { name } of line) kept.add(name)
  }
  const children = new Map<string | undefined, Origin[]>()
  for (const origin of [...origins].sort((a, b) => a.at - b.at)) {
    const parent = parentOf(origin, known)?.name
    const brood = children.get(parent)
    if (brood === undefined) children.set(parent, [origin])
    else brood.push(origin)
  }
  const memberOf = (origin: Origin): Member => {
    const all = children.get(origin.name) ?? []
    const shown = all
      .filter(({ name }) => kept.has(name))
      .map(memberOf)
      .sort(byWeight)
    const hidden = all.reduce((sum, { name }) => (kept.has(name) ? sum : sum + 1 + (below.get(name) ?? 0)), 0)
    return { origin, children: shown, hidden, descendants: below.get(origin.name) ?? 0 }
  }
  const roots = (children.get(undefined) ?? [])
    .filter(({ name }) => kept.has(name))
    .map(memberOf)
    .sort(byWeight)
  return { roots, shown: kept.size, hidden: known.size - kept.size }
}

/** Those first of which most came. */
function byWeight(a: Member, b: Member): number {
  return b.descendants - a.descendants || b.origin.blocks - a.origin.blocks
}

/** Inputs by name, each with the one that it was made of, if that is known too. */
type Known = ReadonlyMap<string, { readonly origin: Origin; readonly parent: Origin | undefined }>

/** Workers may note a child before its parent; a circle, which only a broken file can have, is cut where it closes. */
function knownOf(origins: readonly Origin[]): Known {
  const byName = new Map(origins.map(origin => [origin.name, origin]))
  const known = new Map<string, { origin: Origin; parent: Origin | undefined }>()
  for (const origin of byName.values()) {
    const path = new Set<string>()
    for (let at: Origin | undefined = origin; at && !known.has(at.name); ) {
      path.add(at.name)
      const parent: Origin | undefined = byName.get(at.parent ?? '')
      const isCircle = parent !== undefined && path.has(parent.name)
      known.set(at.name, { origin: at, parent: isCircle ? undefined : parent })
      at = parent
    }
  }
  return known
}

function parentOf({ name }: Origin, known: Known): Origin | undefined {
  return known.get(name)?.parent
}

/** An input and all that it comes from. */
function lineOf(origin: Origin, known: Known): Origin[] {
  const line = new Map<string, Origin>()
  for (let at: Origin | undefined = origin; at && !line.has(at.name); at = parentOf(at, known)) line.set(at.name, at)
  return [...line.values()]
}

function counts(known: Known): Map<string, number> {
  const below = new Map<string, number>()
  for (const { origin } of known.values())
    for (const { name } of lineOf(origin, known).slice(1)) below.set(name, (below.get(name) ?? 0) + 1)
  return below
}
