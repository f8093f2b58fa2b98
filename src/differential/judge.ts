import { idOf, splitsOf } from './compare.ts'
import type { Differential, Finding, Reply, Single, Split, Subject, Trial } from './differential.ts'

/** What each subject, by its name, makes of some trials. */
export type Replies<Answer> = ReadonlyMap<string, readonly Reply<Answer>[]>

/** Puts trials to all subjects side by side. */
export async function askAll<Scene, Question, Answer>(
  subjects: readonly Subject<Scene, Question, Answer>[],
  trials: readonly Trial<Scene, Question>[],
): Promise<Replies<Answer>> {
  const settled = await Promise.allSettled(subjects.map(subject => subject.ask(trials)))
  // Others have ended what they started by now.
  const failed = settled.find(result => result.status === 'rejected')
  if (failed) throw failed.reason
  return new Map(
    settled.map((result, i) => [subjects[i]?.name ?? '', result.status === 'fulfilled' ? result.value : []]),
  )
}

/** Names each disagreement about each trial. */
export function findingsIn<Scene, Question, Answer>(
  game: Differential<Scene, Question, Answer>,
  trials: readonly Trial<Scene, Question>[],
  replies: Replies<Answer>,
): Finding<Scene, Question>[][] {
  return trials.map((trial, at) => {
    const own = [...replies].map(([subject, all]) => ({ subject, reply: all[at] ?? { refused: 'no reply' } }))
    return [...loading(game, trial, own), ...answering(game, trial, own)]
  })
}

/** Puts trials to all subjects, and names each disagreement. */
export async function judge<Scene, Question, Answer>(
  game: Differential<Scene, Question, Answer>,
  subjects: readonly Subject<Scene, Question, Answer>[],
  trials: readonly Trial<Scene, Question>[],
): Promise<Finding<Scene, Question>[][]> {
  return findingsIn(game, trials, await askAll(subjects, trials))
}

interface Replied<Answer> {
  readonly subject: string
  readonly reply: Reply<Answer>
}

/** A scene that one takes and another does not is a disagreement of its own. */
function loading<Scene, Question, Answer>(
  game: Differential<Scene, Question, Answer>,
  { scene }: Trial<Scene, Question>,
  replied: readonly Replied<Answer>[],
): Finding<Scene, Question>[] {
  const told = (reply: Reply<Answer>): string => ('refused' in reply ? `refused: ${reply.refused}` : 'taken')
  const splits = splitsOf(
    replied.map(({ subject, reply }) => ({
      subject,
      aspects: { load: { value: 'refused' in reply ? 'refused' : 'taken' } },
    })),
  )
  const said = replied.map(({ subject, reply }) => ({ subject, text: told(reply) }))
  return splits.map(split => finding(game, { scene }, split, said))
}

function answering<Scene, Question, Answer>(
  game: Differential<Scene, Question, Answer>,
  { scene, questions }: Trial<Scene, Question>,
  replied: readonly Replied<Answer>[],
): Finding<Scene, Question>[] {
  return questions.flatMap((question, at) => {
    const single = { scene, question }
    const answers = replied.flatMap(({ subject, reply }) => {
      const answer = 'answers' in reply ? reply.answers[at] : undefined
      return answer === undefined ? [] : [{ subject, answer }]
    })
    const said = answers.map(({ subject, answer }) => ({ subject, aspects: game.aspects(single, answer) }))
    return splitsOf(said).map(split =>
      finding(
        game,
        single,
        split,
        answers.map(({ subject, answer }) => ({ subject, text: game.answerText(answer) })),
      ),
    )
  })
}

function finding<Scene, Question, Answer>(
  game: Differential<Scene, Question, Answer>,
  single: Single<Scene, Question>,
  split: Split,
  said: Finding<Scene, Question>['said'],
): Finding<Scene, Question> {
  const feature = game.feature(single)
  return { ...single, ...split, id: idOf(split, feature), feature, count: 1, said }
}
