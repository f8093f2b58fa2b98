import fc from 'fast-check'
import type { Differential, Subject } from './differential.ts'

/** Numbers, of which one is asked for: subjects say how it is spelled. */
export type Numbers = readonly number[]

/** A comparison of subjects that spell numbers. */
export const toy: Differential<Numbers, number, string> = {
  name: 'toy',
  anyScene: fc.array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 8 }),
  questions: scene => scene.map((_, at) => at),
  aspects: (_, answer) => ({
    sign: { value: answer.startsWith('-') ? 'minus' : 'plus' },
    digits: { value: answer.replace('-', ''), kind: 'digits' },
  }),
  feature: ({ scene, question }) => (question === undefined ? 'all' : (scene[question] ?? 0) > 9 ? 'large' : 'small'),
  decidedBy: feature => (feature === 'large' ? 'the book of large numbers' : undefined),
  *smaller({ scene, question }) {
    for (const at of scene.keys()) {
      const moved = question === undefined || question < at ? question : question - 1
      if (at !== question) yield { scene: scene.filter((_, i) => i !== at), question: moved }
    }
    for (const [at, value] of scene.entries()) if (value > 0) yield { scene: scene.with(at, value - 1), question }
  },
  sceneLines: scene => scene.map(String),
  questionText: at => `number ${at}`,
  answerText: answer => answer,
}

/** A subject that spells numbers in its own way, and may refuse some. */
export function speller(
  name: string,
  spell: (value: number) => string = String,
  refuses: (scene: Numbers) => boolean = () => false,
): Subject<Numbers, number, string> {
  return {
    name,
    async ask(trials) {
      return trials.map(({ scene, questions }) =>
        refuses(scene) ? { refused: 'not these' } : { answers: questions.map(at => spell(scene[at] ?? 0)) },
      )
    },
  }
}
