import type { Find } from '../target.ts'
import type { Examiner } from './examiner.ts'
import { beforeFind, type KeptFind, type Replay } from './folder.ts'
import { minimise, minimisePieces } from './minimise.ts'

/** How often a find is tried again, how many inputs are tried to make it smaller, and for how long, in ms. */
const TIMES = 3
const TRIES = 4000
const TIME = 20_000
/** How often it is asked whether there is still time, in ms. */
const HURRY = 200
/** Each try of one that hangs takes all the patience there is. */
const TRIES_OF_HANG = 40

export interface ExamineOptions {
  /** Inputs are sequences of pieces. */
  readonly pieces: boolean
  /** Asked now and then: there is no time to look for a smaller input any more. */
  hurried?(): boolean
  /** How long a smaller input may be looked for, in ms; 20 s unless said. */
  readonly time?: number
  /** Smaller inputs may come to something else that nobody has seen yet. */
  onOther?(find: Find, input: Uint8Array): void
}

export interface Examined {
  readonly replay: Replay
  readonly minimal: Uint8Array
  /** A program that does the same, where there can be one. */
  readonly script?: string | undefined
}

/** A find, with its folder where it has one. */
export type FindToExamine = Pick<KeptFind, 'kind' | 'title' | 'signature' | 'stack' | 'input' | 'minimal' | 'said'> &
  Partial<Pick<KeptFind, 'path'>>

/** Tries a find again on a fresh target, and makes its input smaller. */
export async function examineFind(
  examiner: Examiner,
  find: FindToExamine,
  { pieces, hurried, onOther, time = TIME }: ExamineOptions,
): Promise<Examined> {
  if (await examiner.isLive()) return await examineLive(examiner, find, time, hurried)
  // How much, and where exactly, differs from time to time.
  const isMeasured = (kind: Find['kind']): boolean => kind === 'hang' || kind === 'slow' || kind === 'memory'
  const isSame = (each: Find | undefined): boolean =>
    isMeasured(find.kind)
      ? each?.kind === find.kind
      : [each, ...(each?.also ?? [])].some(one => one?.signature === find.signature)

  async function countSame(input: Uint8Array, times: number): Promise<number> {
    const { finds } = await examiner.look(input, times)
    for (const each of finds) if (each && !isSame(each) && !isMeasured(each.kind)) onOther?.(each, input)
    return finds.filter(isSame).length
  }

  const again = await countSame(find.input, TIMES)
  const replay = { again, times: TIMES }
  const start = find.minimal ?? find.input
  if (again === 0) return { replay, minimal: start }
  const until = performance.now() + time
  const budget = {
    tries: find.kind === 'hang' ? TRIES_OF_HANG : TRIES,
    stopped: () => performance.now() > until || hurried?.() === true,
  }
  const keeps = async (input: Uint8Array): Promise<boolean> => (await countSame(input, 1)) > 0
  const minimal = await (pieces ? minimisePieces : minimise)(start, keeps, budget)
  if (find.said === undefined) return { replay, minimal }
  // What they say of the smallest input is what people are shown.
  const { finds } = await examiner.look(minimal, 1)
  const said = finds.flatMap(each => [each, ...(each?.also ?? [])]).find(one => one?.signature === find.signature)?.said
  return { replay: { ...replay, said: said ?? find.said }, minimal }
}

/** The same for what is not deterministic: the subject itself knows how, as it may take what was before. */
async function examineLive(
  examiner: Examiner,
  find: FindToExamine,
  time: number,
  hurried: (() => boolean) | undefined,
): Promise<Examined> {
  const timer = setInterval(() => {
    if (hurried?.()) examiner.hurry()
  }, HURRY)
  try {
    // What was made smaller before does what several did by itself.
    const { minimal, path } = find
    const before = path === undefined || minimal !== undefined ? [] : beforeFind({ path })
    const { input, script, sessions, times, of, said } = await examiner.confirm(
      { ...find, input: minimal ?? find.input, before },
      time,
    )
    return { replay: { again: times, times: of, sessions, said: said ?? find.said }, minimal: input, script }
  } finally {
    clearInterval(timer)
  }
}
