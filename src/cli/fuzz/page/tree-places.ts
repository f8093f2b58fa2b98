import type { Member } from '../../../fuzz/campaign/family.ts'

/** Steps from parent to child and from row to row, in pixels. */
export const STEP = 46
export const ROW = 13
/** Those of which nothing came stand in a block: its columns, and how far apart they are. */
const COLUMNS = 14
const APART = 22

/** Where an input stands in the picture. */
export interface Spot {
  readonly member: Member
  readonly x: number
  readonly y: number
  readonly from: Spot | undefined
}

/** Places each input right of its parent and in the middle of its children; below, those that stand alone. */
export function spotsOf(roots: readonly Member[]): { readonly spots: readonly Spot[]; readonly height: number } {
  const spots: Spot[] = []
  const put = (member: Member, depth: number, row: number, from: Spot | undefined): number => {
    const rows = leaves(member)
    const spot = { member, x: 14 + STEP * depth, y: ROW * (row + (rows - 1) / 2 + 1), from }
    spots.push(spot)
    let below = row
    for (const child of member.children) below += put(child, depth + 1, below, spot)
    return rows
  }
  const lone = roots.filter(isLone)
  let rows = 0
  for (const root of roots) if (!isLone(root)) rows += put(root, 0, rows, undefined)
  const top = ROW * (rows + 1)
  for (const [i, member] of lone.entries()) {
    const [x, y] = [14 + APART * (i % COLUMNS), top + APART * (Math.floor(i / COLUMNS) + 0.5)]
    spots.push({ member, x, y, from: undefined })
  }
  return { spots, height: top + APART * Math.ceil(lone.length / COLUMNS) }
}

function isLone({ descendants }: Member): boolean {
  return descendants === 0
}

function leaves({ children }: Member): number {
  return children.length === 0 ? 1 : children.reduce((sum, child) => sum + leaves(child), 0)
}
