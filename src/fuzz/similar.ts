import type { Find } from './target.ts'
import { type Frame, framesOf } from './triage.ts'

/** Of so many frames at the top of two stacks so many have to agree, wherever among them they are. */
const FRAMES = 3
const AGREEING = 2

type Thrown = Pick<Find, 'kind' | 'title' | 'stack'>

/** The innermost frame of the code that is tried; undefined where nothing was thrown. */
export function placeOf({ stack }: Pick<Find, 'stack'>): Frame | undefined {
  return stack === undefined ? undefined : framesOf(stack)[0]
}

/** Whether two finds look like one fault seen twice: an error of the same type, by much the same way. */
export function areSimilar(one: Thrown, other: Thrown): boolean {
  if (one.kind !== other.kind || typeOf(one) !== typeOf(other)) return false
  const [top, others] = [topOf(one), topOf(other)]
  const least = Math.max(1, Math.min(AGREEING, top.length, others.length))
  let agreeing = 0
  for (const frame of top) {
    const at = others.indexOf(frame)
    if (at < 0) continue
    others.splice(at, 1)
    agreeing++
  }
  return agreeing >= least
}

/** Finds in groups of those that are similar to the first of the group, in the order in which they are given. */
export function similarGroups<T extends Thrown>(finds: readonly T[]): [T, ...T[]][] {
  const groups: [T, ...T[]][] = []
  for (const find of finds) {
    const group = groups.find(([first]) => areSimilar(first, find))
    if (group) group.push(find)
    else groups.push([find])
  }
  return groups
}

/** `RangeError` of `RangeError: Maximum call stack size exceeded`. */
function typeOf({ title }: Thrown): string {
  return title.split(':')[0] ?? ''
}

function topOf({ stack }: Thrown): string[] {
  const frames = stack === undefined ? [] : framesOf(stack)
  return frames.slice(0, FRAMES).map(({ name, file }) => `${name} ${file}`)
}
