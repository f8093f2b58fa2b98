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

interface Seen<Scene, Question> {
  small: Finding<Scene, Question>
  count: number
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
  const seen = new Map<string, Seen<Scene, Question>>()
  let done = 0
  let questions = 0

  function tell(doing: Progress['doing']): void {
    const fresh = new Set([...seen.values()].flatMap(({ small }) => (small.known ? [] : small.id)))
    progress({ scenes: done, questions, fresh: fresh.size, doing })
  }

  for (let batch = 0; done < scenes && !stopped(); batch++) {
    // Each batch is drawn whole, so that a longer run begins as a shorter one does.
    const drawn = fc.sample(game.anyScene, { seed: seedOf(seed, batch), numRuns: together }).slice(0, scenes - done)
    const trials = drawn.map(scene => ({ scene, questions: game.questions(scene) }))
    const found = (await judge(game, subjects, trials)).flat()
    done += trials.length
    questions += trials.reduce((sum, trial) => sum + trial.questions.length, 0)
    const unseen: Seen<Scene, Question>[] = []
    for (const one of merged(smallestFirst(game, found.map(mark)))) {
      const before = seen.get(one.id)
      if (before) before.count += one.count
      else {
        const first = { small: one, count: one.count }
        seen.set(one.id, first)
        if (one.known === undefined) unseen.push(first)
      }
    }
    tell(unseen.length > 0 ? 'shrinking' : 'asking')
    const large = unseen.map(({ small }) => small)
    for (const [i, small] of (await shrink(game, subjects, large, stopped)).entries()) {
      const one = unseen[i]
      if (one) one.small = mark(small)
    }
    if (unseen.length > 0) tell('asking')
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

/** Of one batch: seeds beside each other have none in common. */
function seedOf(seed: number, batch: number): number {
  return (Math.imul(seed, 0x9e3779b1) + batch) | 0
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
