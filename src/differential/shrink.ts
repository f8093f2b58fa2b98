import { shapeOf } from './compare.ts'
import type { Differential, Finding, Single, Subject } from './differential.ts'
import { judge } from './judge.ts'

/** Smaller ones that are tried for each disagreement at a time. */
const WIDTH = 16
/** Trials that subjects are given at a time. */
const TOGETHER = 1000
/** Rounds: each makes a disagreement smaller or is its last. */
const ROUNDS = 60

/** Makes each disagreement as small as it gets, all of them side by side, as subjects are slow to be given something new. */
export async function shrink<Scene, Question, Answer>(
  game: Differential<Scene, Question, Answer>,
  subjects: readonly Subject<Scene, Question, Answer>[],
  findings: readonly Finding<Scene, Question>[],
  stopped: () => boolean = () => false,
): Promise<Finding<Scene, Question>[]> {
  const smallest = [...findings]
  // Where in the smaller ones of each to go on; undefined for one that is as small as it gets.
  const tried: (number | undefined)[] = findings.map(() => 0)
  for (let round = 0; round < ROUNDS && tried.some(at => at !== undefined) && !stopped(); round++) {
    const tries = smallest.flatMap((found, which) => {
      const from = tried[which]
      if (from === undefined) return []
      const some = take(game.smaller(found), from, WIDTH)
      tried[which] = some.length === 0 ? undefined : from + some.length
      return some.map(single => ({ which, single }))
    })
    const better = new Set<number>()
    for (let at = 0; at < tries.length && !stopped(); at += TOGETHER) {
      const some = tries.slice(at, at + TOGETHER)
      const trials = some.map(({ single: { scene, question } }) => ({
        scene,
        questions: question === undefined ? [] : [question],
      }))
      const judged = await judge(game, subjects, trials)
      for (const [i, { which }] of some.entries()) {
        const before = smallest[which]
        if (before === undefined || better.has(which)) continue
        const same = judged[i]?.find(one => shapeOf(one) === shapeOf(before))
        if (same === undefined) continue
        better.add(which)
        smallest[which] = { ...same, count: before.count }
        tried[which] = 0
      }
    }
  }
  return smallest
}

function take<Scene, Question>(
  singles: Iterable<Single<Scene, Question>>,
  from: number,
  count: number,
): Single<Scene, Question>[] {
  const taken: Single<Scene, Question>[] = []
  let at = 0
  for (const single of singles) {
    if (at++ < from) continue
    if (taken.length === count) break
    taken.push(single)
  }
  return taken
}

/** The same disagreements told once each, with how often they were seen in all. */
export function merged<Scene, Question>(findings: readonly Finding<Scene, Question>[]): Finding<Scene, Question>[] {
  const byId = new Map<string, Finding<Scene, Question>>()
  for (const found of findings) {
    const before = byId.get(found.id)
    byId.set(found.id, before ? { ...before, count: before.count + found.count } : found)
  }
  return [...byId.values()]
}
