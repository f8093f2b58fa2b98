import fc from 'fast-check'
import type { Differential, Finding, Subject } from './differential.ts'
import { judge } from './judge.ts'
import { type KnownDisagreement, knower } from './known.ts'
import { merged, shrink } from './shrink.ts'

export interface RunOptions {
  /** The same seed, and the same number of scenes or more, asks the same. */
  readonly seed: number
  /** How many scenes are made up. */
  readonly scenes: number
  /** How many of them subjects are given at a time; 250 unless said. */
  readonly together?: number
  readonly known?: readonly KnownDisagreement[]
  /** No more is begun once this is so. */
  readonly stopped?: () => boolean
  readonly progress?: (done: Progress) => void
}

export interface Progress {
  readonly scenes: number
  readonly questions: number
  /** Different disagreements so far that are not known. */
  readonly fresh: number
  readonly doing: 'asking' | 'shrinking'
}

export interface Result<Scene, Question> {
  readonly differential: string
  readonly subjects: readonly string[]
  readonly seed: number
  readonly scenes: number
  readonly questions: number
  /** What is not known first, then what was seen most. */
  readonly findings: readonly Finding<Scene, Question>[]
}

/** Makes up scenes, puts them to all subjects, and finds where they do not agree. */
export async function runDifferential<Scene, Question, Answer>(
  game: Differential<Scene, Question, Answer>,
  subjects: readonly Subject<Scene, Question, Answer>[],
  options: RunOptions,
): Promise<Result<Scene, Question>> {
  const { seed, scenes, together = 250, known = [], stopped = () => false, progress = () => {} } = options
  const mark = knower(known)
  // By what they were before they were made small, so that none is made small twice.
  const seen = new Map<string, { small: Finding<Scene, Question>; count: number }>()
  const fresh = (): number => new Set([...seen.values()].flatMap(({ small }) => (small.known ? [] : small.id))).size
  let done = 0
  let questions = 0
  for (let batch = 0; done < scenes && !stopped(); batch++) {
    // Each batch is drawn whole, so that a longer run begins as a shorter one does.
    const drawn = fc.sample(game.anyScene, { seed: seed + batch, numRuns: together }).slice(0, scenes - done)
    const trials = drawn.map(scene => ({ scene, questions: game.questions(scene) }))
    const found = (await judge(game, subjects, trials)).flat()
    done += trials.length
    questions += trials.reduce((sum, trial) => sum + trial.questions.length, 0)
    const fit = smallestFirst(game, found.map(mark))
    const unseen = merged(fit).filter(({ id }) => !seen.has(id))
    for (const one of unseen) seen.set(one.id, { small: one, count: 0 })
    for (const { id } of found) (seen.get(id) as { count: number }).count++
    progress({ scenes: done, questions, fresh: fresh(), doing: 'asking' })
    const large = unseen.filter(one => one.known === undefined)
    if (large.length > 0) progress({ scenes: done, questions, fresh: fresh(), doing: 'shrinking' })
    const small = await shrink(game, subjects, large, stopped)
    for (const [i, one] of small.entries()) (seen.get(large[i]?.id ?? '') as { small: unknown }).small = mark(one)
    progress({ scenes: done, questions, fresh: fresh(), doing: 'asking' })
  }
  const all = [...seen.values()].map(({ small, count }) => ({ ...small, count }))
  const findings = merged(smallestFirst(game, all).map(underOneName)).sort(
    (a, b) => rank(a) - rank(b) || b.count - a.count,
  )
  return {
    differential: game.name,
    subjects: subjects.map(({ name }) => name),
    seed,
    scenes: done,
    questions,
    findings,
  }
}

/** What is known by one entry is one. */
function underOneName<Scene, Question>(found: Finding<Scene, Question>): Finding<Scene, Question> {
  return found.known === undefined ? found : { ...found, id: found.known.disagreement }
}

function rank({ known }: Finding<unknown, unknown>): number {
  return known === undefined ? 0 : 1
}

/** The example that is told of a disagreement is the smallest. */
function smallestFirst<Scene, Question, Answer>(
  game: Differential<Scene, Question, Answer>,
  findings: readonly Finding<Scene, Question>[],
): Finding<Scene, Question>[] {
  return findings
    .map(found => ({ found, size: game.sceneLines(found.scene).join('\n').length }))
    .sort((a, b) => a.size - b.size)
    .map(({ found }) => found)
}
