import type { Chance, FuzzSubject, Outcome } from '../target.ts'
import { inputOf, piecesOf } from './pieces.ts'

/** How a session was made. */
export interface Making {
  /** The one that it was made of. */
  readonly parent: Uint8Array | undefined
  /** `seed`, `cross`: of two; `structure`: by what is known of messages; `octets`. */
  readonly by: 'seed' | 'cross' | 'structure' | 'octets'
}

/** A session worth going on from. */
export interface Kept {
  readonly input: Uint8Array
  readonly made: Making
  /** Edges and states that none showed before. */
  fresh: number
  picks: number
  /** Features of which it is the shortest session that shows them. */
  owns: number
  /** Of these, the one that the fewest sessions entered. */
  rarest: number
}

/** Classes of hit counts: 1, 2, 3, 4-7, 8-15, 16-31, 32-63, more. */
const CLASSES = Uint8Array.from({ length: 256 }, (_, hits) => (hits < 4 ? hits : Math.min(8, 33 - Math.clz32(hits))))
/** How much shorter a session must be, to stand for what another one shows. */
const SHORTER = 0.8
/** Changes that are made at once to a session. */
const MOST_CHANGES = 4
/** Steps after which the corpus is looked through, and turns that one who stands for nothing gets. */
const TIDY = 128
const FEW = 4
/** How many of those that show the rarest things have half of all turns. */
const RARE = 10
const LONGEST = 4096
/** Who was given comes of none. */
const GIVEN: Making = { parent: undefined, by: 'seed' }

export interface LoopOptions {
  readonly subject: FuzzSubject
  readonly chance: Chance
  /** Sessions to begin with, before the subject's own. */
  readonly seeds?: readonly Uint8Array[] | undefined
}

/**
 * A plain campaign for subjects whose runs take a thousand times as long as those of code in this process: nothing is
 * trimmed or tried octet by octet; most runs change messages, and some of these octets. One run a step.
 */
export class SessionLoop {
  steps = 0
  /** States that were seen, by answers and what came before them. */
  states = 0
  /** The sessions gone on from. */
  corpus: Kept[] = []
  readonly #subject: LoopOptions['subject']
  readonly #chance: Chance
  /** Edges by their number, states behind these: who stands for each. */
  readonly #owners = new Map<number, Kept>()
  readonly #classes: Uint16Array
  /** How many sessions showed each feature. */
  readonly #shown = new Map<number, number>()
  #rare: readonly Kept[] = []
  /** Sessions that are tried as they are, the last first. */
  readonly #seeds: Uint8Array[]
  #fresh: Kept[] = []

  constructor({ subject, chance, seeds = [] }: LoopOptions) {
    this.#subject = subject
    this.#chance = chance
    this.#seeds = [...seeds, ...subject.seeds].reverse()
    this.#classes = new Uint16Array(subject.edges?.length ?? 0)
  }

  /** Edges that some session entered. */
  get blocks(): number {
    return this.#classes.reduce((count, classes) => count + (classes === 0 ? 0 : 1), 0)
  }

  async step(): Promise<{ readonly input: Uint8Array; readonly outcome: Outcome }> {
    const seed = this.#seeds.pop()
    const { input, made } = seed ? { input: seed, made: GIVEN } : this.#varied()
    const outcome = await this.#subject.run(input)
    this.steps++
    if (outcome.kind !== 'find') this.#keep(input, made)
    return { input, outcome }
  }

  /** Has somebody else's session tried next. */
  add(input: Uint8Array): void {
    this.#seeds.push(input)
  }

  /** Sessions that were kept since this was last asked. */
  kept(): readonly Kept[] {
    const kept = this.#fresh
    if (kept.length > 0) this.#fresh = []
    return kept
  }

  /** Keeps a session that shows something new, or something known by much less. */
  #keep(input: Uint8Array, made: Making): void {
    const kept: Kept = { input, made, fresh: 0, picks: 0, owns: 0, rarest: -1 }
    let isNew = false
    const { edges = new Uint8Array(0) } = this.#subject
    const own = (feature: number): void => {
      const shown = (this.#shown.get(feature) ?? 0) + 1
      this.#shown.set(feature, shown)
      const owner = this.#owners.get(feature)
      if (owner !== undefined && input.length >= owner.input.length * SHORTER) return
      if (owner !== undefined) owner.owns--
      else kept.fresh++
      if (owner === undefined && feature >= edges.length) this.states++
      this.#owners.set(feature, kept)
      kept.owns++
      const guides = feature < edges.length || edges.length === 0
      if (guides && shown <= (this.#shown.get(kept.rarest) ?? Number.POSITIVE_INFINITY)) kept.rarest = feature
    }
    for (let i = 0; i < edges.length; i++) {
      if (edges[i] === 0) continue
      own(i)
      const bit = 1 << (CLASSES[edges[i] as number] as number)
      if (((this.#classes[i] as number) & bit) !== 0) continue
      this.#classes[i] = (this.#classes[i] as number) | bit
      isNew = true
    }
    for (const state of this.#subject.states?.() ?? []) own(edges.length + state)
    if (isNew || kept.owns > 0) {
      this.corpus.push(kept)
      this.#fresh.push(kept)
    }
    if (this.steps % TIDY === 0) this.#tidy()
  }

  /** One of those that show what the fewest show, or of some the one that was gone on from the least. */
  #pick(): Kept | undefined {
    if (this.#rare.length > 0 && this.#chance.oneIn(2)) return this.#chance.pick(this.#rare)
    let best: Kept | undefined
    for (let tries = 4; tries > 0 && this.corpus.length > 0; tries--) {
      const kept = this.#chance.pick(this.corpus)
      if (best === undefined || turns(kept) < turns(best)) best = kept
    }
    return best
  }

  /** Those that stand for nothing any more go; so do in time those that only entered something more often. */
  #tidy(): void {
    this.corpus = this.corpus.filter(({ owns, picks }) => owns > 0 || picks < FEW)
    const shown = ({ rarest }: Kept): number => this.#shown.get(rarest) ?? Number.MAX_VALUE
    const guides = this.corpus.filter(({ owns, rarest }) => owns > 0 && rarest >= 0)
    this.#rare = guides.sort((one, other) => shown(one) - shown(other)).slice(0, RARE)
  }

  #varied(): { readonly input: Uint8Array; readonly made: Making } {
    const kept = this.#pick()
    if (kept !== undefined) kept.picks++
    let input = kept?.input ?? new Uint8Array(0)
    let by: Making['by'] = 'octets'
    const isCrossed = this.#chance.oneIn(10)
    if (isCrossed) input = this.#crossed(input)
    for (let left = 1 + this.#chance.below(MOST_CHANGES); left > 0; left--) {
      const isBlind = this.#chance.oneIn(4)
      const changed = isBlind ? this.#octetsChanged(input) : this.#subject.mutate?.(input, this.#chance)
      if (changed === undefined || changed.length > LONGEST) continue
      if (!isBlind) by = 'structure'
      input = changed
    }
    return { input, made: { parent: kept?.input, by: isCrossed ? 'cross' : by } }
  }

  /** The beginning of one and the end of another. */
  #crossed(input: Uint8Array): Uint8Array {
    const other = this.#pick()?.input ?? input
    const [one, two] = [piecesOf(input), piecesOf(other)]
    const at = this.#chance.below(one.length + 1)
    return inputOf([...one.slice(0, at), ...two.slice(this.#chance.below(two.length + 1))])
  }

  /** Octets changed, words put in, parts repeated, within one piece. */
  #octetsChanged(input: Uint8Array): Uint8Array | undefined {
    const chance = this.#chance
    const pieces = piecesOf(input)
    const at = chance.below(pieces.length || 1)
    const piece = pieces[at]
    if (piece?.kind !== 'octets') return undefined
    const { octets } = piece
    const from = chance.below(octets.length + 1)
    const length = Math.min(octets.length - from, 1 << chance.below(7))
    const part = octets.subarray(from, from + length)
    const { tokens } = this.#subject
    let put: Uint8Array
    let taken = 0
    switch (chance.below(5)) {
      case 0:
        put = Uint8Array.of(chance.oneIn(2) ? chance.below(256) : chance.pick([0, 1, 0x2d, 0x7f, 0x80, 0xff]))
        taken = 1
        break
      case 1:
        put = Buffer.concat(Array.from({ length: 1 + (1 << chance.below(5)) }, () => part))
        taken = length
        break
      case 2:
        put = new Uint8Array(0)
        taken = length
        break
      case 3:
        put = tokens.length > 0 ? chance.pick(tokens) : Uint8Array.of(chance.below(256))
        break
      default:
        put = Uint8Array.from({ length: 1 << chance.below(8) }, () => octets[from] ?? 0x41)
    }
    const changed = Buffer.concat([octets.subarray(0, from), put, octets.subarray(from + taken)])
    return inputOf(pieces.with(at, { kind: 'octets', octets: changed }))
  }
}

/** Those that stand for nothing count as if they had been gone on from before. */
function turns({ picks, owns }: Kept): number {
  return owns > 0 ? picks : 8 * (picks + 1)
}
