import type fc from 'fast-check'
import type { KnownDisagreement } from './known.ts'

/** What is put to every subject: a scene that each is given, and questions about it. */
export interface Trial<Scene, Question> {
  readonly scene: Scene
  readonly questions: readonly Question[]
}

/** One question about one scene, or whether the scene is taken at all. */
export interface Single<Scene, Question> {
  readonly scene: Scene
  readonly question?: Question | undefined
}

/** One question about one scene. */
export interface Asked<Scene, Question> {
  readonly scene: Scene
  readonly question: Question
}

/** What a subject makes of a trial: an answer to each question, or why it does not take the scene. */
export type Reply<Answer> = { readonly answers: readonly Answer[] } | { readonly refused: string }

/** Whoever answers: a server that we start, a library, our own machine. */
export interface Subject<Scene, Question, Answer> {
  readonly name: string
  /** Answers trials side by side, in their order. Throws when it cannot be had at all. */
  ask(trials: readonly Trial<Scene, Question>[]): Promise<readonly Reply<Answer>[]>
}

/** One side of an answer, made comparable: what specifications leave open is left out of it. */
export interface Aspect {
  /** Two answers agree in this aspect where this is the same. */
  readonly value: string
  /** The value in a few words, the same for all of a sort: what disagreements are told apart by. The value unless said. */
  readonly kind?: string
}

/** By name, what weighs most first. An aspect that an answer says nothing about is absent: it agrees with all. */
export type Aspects = Readonly<Record<string, Aspect | undefined>>

/** How answers of several subjects are compared, in one protocol. */
export interface Differential<Scene, Question, Answer> {
  readonly name: string
  /** Small scenes: what is found in large ones is found in small ones too. */
  readonly anyScene: fc.Arbitrary<Scene>
  /** What is interesting to ask about a scene; the same each time. */
  questions(scene: Scene): readonly Question[]
  aspects(single: Asked<Scene, Question>, answer: Answer): Aspects
  /** What in the scene the question is about, in a word or two: `wildcard`. */
  feature(single: Single<Scene, Question>): string
  /** Where the specification decides, where that is known: `RFC 4592 §3.3.1`. */
  decidedBy(feature: string, aspect: string): string | undefined
  /** Smaller ones that may show the same, the boldest first. Each is nearer to the smallest, so that this ends. */
  smaller(single: Single<Scene, Question>): Iterable<Single<Scene, Question>>
  sceneLines(scene: Scene): readonly string[]
  questionText(question: Question): string
  answerText(answer: Answer): string
}

/** Subjects that answer alike. */
export interface Camp {
  readonly subjects: readonly string[]
  readonly value: string
  readonly kind: string
}

/** Subjects that do not agree in an aspect: the largest camp first. */
export interface Split {
  readonly aspect: string
  readonly camps: readonly Camp[]
}

/** A disagreement, with the smallest example of it. */
export interface Finding<Scene, Question> extends Split, Single<Scene, Question> {
  /** `rcode/wildcard/NOERROR/pdns:NXDOMAIN`: aspect, feature, what most say, and what others say. */
  readonly id: string
  readonly feature: string
  /** How often it was seen. */
  readonly count: number
  /** What each subject said, in one line. */
  readonly said: readonly { readonly subject: string; readonly text: string }[]
  /** Why it is not new. */
  readonly known?: KnownDisagreement | undefined
}
