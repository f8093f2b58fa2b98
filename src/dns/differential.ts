import type { Differential } from '../differential/differential.ts'
import { anySmallZone } from './differential/any-zone.ts'
import { decidedBy, featureOf } from './differential/feature.ts'
import { lineText, type SmallZone } from './differential/small-zone.ts'
import { smaller } from './differential/smaller.ts'
import { answerText, aspectsOf, type ZoneAnswer } from './differential/zone-answer.ts'
import type { ZoneQuestion } from './differential/zone-question.ts'
import { questionsAbout, questionText } from './differential/zone-question.ts'

export type { SmallZone, ZoneAnswer, ZoneQuestion }

/** Small zones, asked of several authoritative servers: whoever answers otherwise than the others may be wrong. */
export const dnsDifferential: Differential<SmallZone, ZoneQuestion, ZoneAnswer> = {
  name: 'dns',
  anyScene: anySmallZone,
  questions: questionsAbout,
  aspects: ({ scene, question }, answer) => aspectsOf(scene, question, answer),
  feature: ({ scene, question }) => featureOf(scene, question),
  decidedBy,
  smaller,
  sceneLines: ({ lines }) => lines.map(lineText),
  questionText,
  answerText,
}
