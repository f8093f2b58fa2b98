import type { Coverage } from '../instrument/coverage.ts'
import type { Chance, FuzzSubject, Outcome } from '../target.ts'
import { Corpus, type Entry } from './corpus.ts'
import { Dictionary } from './dictionary.ts'
import { overwritten, spliced } from './encodings.ts'
import { Features } from './features.ts'
import { havoc } from './havoc.ts'
import { type LengthField, possibleLengths, resized } from './lengths.ts'
import { brokenSite, isFarther, isMendable, mended } from './repair.ts'
import { replaced } from './replace.ts'
import { type Trace, traceOf } from './trace.ts'

export interface EngineOptions {
  readonly subject: FuzzSubject
  readonly coverage: Coverage
  readonly chance: Chance
  readonly seeds: readonly Uint8Array[]
  /** Milliseconds: only measures, and decides nothing. */
  readonly now: () => number
  /** The longest input that is made, in octets. 4,096 unless it says otherwise. */
  readonly longest?: number | undefined
}

/** What came of one run. */
export interface StepResult {
  readonly input: Uint8Array
  readonly outcome: Outcome
  /** Whether it showed what none did before. A find does not go into the corpus, and its blocks stay unseen. */
  readonly fresh: boolean
  /** It, in the corpus, if it went there. */
  readonly entry?: Entry | undefined
  /** Milliseconds. */
  readonly time: number
  /** How it was made, for people: `seed`, `replace`, `repair`, `havoc`, ... */
  readonly by: string
}

interface Trial {
  readonly input: Uint8Array
  readonly by: string
  /** Whether comparisons are logged, which makes the run slower. */
  readonly watched: boolean
  readonly parent?: Entry | undefined
  /** The entry in whose place it goes into the corpus, if it shows what that was kept for. */
  readonly instead?: Entry | undefined
}

/** An entry that is being looked at. */
interface Look {
  readonly entry: Entry
  readonly work: Work
  /** What it tries next. */
  next: Trial
  spent: number
}

type Work = Generator<Trial, void, StepResult>

/** Runs of one turn of havoc. */
const TURN = 32
/** Octets at the beginning that are seldom moved. */
const HEADER = 16
/** How many times as much a child costs for that to be noted. */
const COSTLY = 16
/** Work that an entry is looked at for before others have their turn. */
const QUICK = 20_000
/** Work that an entry is looked at for in all, as so many runs of what is usual. */
const PATIENCE = 20_000
/** Others that an entry is joined with. */
const JOINS = 4
/** Inputs in which one replacement is tried; times that one comparison is without success. Then seldom. */
const TRIES_OF_KEY = 16
const TRIES_OF_SITE = 2000
/** Times that a comparison could not be mended before that is seldom tried. */
const TRIES_TO_MEND = 48

/**
 * Makes inputs, tries them, and goes on from those that show something new. Each step is one run. The same seed, subject
 * and inputs give the same steps.
 */
export class Engine {
  /** Runs so far. */
  steps = 0
  readonly #options: EngineOptions
  readonly #features: Features
  readonly #corpus = new Corpus()
  readonly #dictionary: Dictionary
  readonly #added: Uint8Array[] = []
  /** Entries that have not been looked at, the newest last. */
  readonly #unseen: Entry[] = []
  #looks: Look[] = []
  /** Work of all runs, and of those that looked at entries and that varied them. */
  #spent = 0
  #looked = 0
  #varied = 0
  readonly #tries = new Map<string | number, number>()
  readonly #mends = new Map<number, number>()
  readonly #work: Work
  #last: StepResult | undefined
  #sinceFresh = 0
  /** Places where a change made an input much slower. */
  readonly #costly = new Set<number>()
  /** In how many of 1,000 changes of an input that can be repaired that is tried. */
  #repairs = 250

  constructor(options: EngineOptions) {
    this.#options = options
    this.#features = new Features(options.coverage)
    this.#dictionary = new Dictionary(options.coverage, options.subject.tokens)
    this.#work = this.#go()
  }

  /** The inputs worth keeping, in the order in which they came. Entries that are not `lasting` need not be stored. */
  get corpus(): readonly Entry[] {
    return this.#corpus.entries
  }

  /** Blocks that some input entered. */
  get blocks(): number {
    return this.#features.blocks
  }

  /** Has an input of somebody else's tried in the next steps; it goes into the corpus if it shows something new. */
  add(input: Uint8Array): void {
    this.#added.push(input)
  }

  /** One run. A promise only where the subject gives one. */
  step(): StepResult | Promise<StepResult> {
    const trial = this.#next()
    const { coverage, subject, now } = this.#options
    const { log } = coverage
    coverage.reset()
    if (trial.watched) log.clear()
    log.on = trial.watched
    const start = now()
    const outcome = subject.run(trial.input)
    if (outcome instanceof Promise) return outcome.then(result => this.#judge(trial, result, now() - start))
    return this.#judge(trial, outcome, now() - start)
  }

  #next(): Trial {
    const { value } = this.#work.next(this.#last as StepResult)
    return value as Trial
  }

  #judge({ input, by, watched, parent, instead }: Trial, outcome: Outcome, time: number): StepResult {
    const { coverage, subject } = this.#options
    coverage.log.on = false
    this.steps++
    this.#spent += this.#workOfLast()
    if (parent !== undefined) this.#noteCost(parent, input)
    const states = subject.states?.()
    const isFind = outcome.kind === 'find'
    const { blocks, nearer, values } = this.#features.novelty(states, watched)
    // What stands for a slower one shows nothing new by itself.
    const fresh = blocks > 0 || nearer.length > 0 || values > 0 || (instead !== undefined && this.#showsNew(instead))
    this.#sinceFresh = blocks > 0 ? 0 : this.#sinceFresh + 1
    let entry: Entry | undefined
    if (fresh && !isFind) {
      const taken = this.#features.take(states, watched)
      entry = {
        input: Uint8Array.from(input),
        features: taken.features,
        fresh: instead?.fresh ?? taken.fresh,
        time,
        work: this.#workOfLast(),
        lasting: blocks > 0 || values > 0 || instead !== undefined,
        parent,
        by,
        nearest: 0,
        best: 0,
        picks: 0,
        children: 0,
      }
      this.#corpus.add(entry, nearer)
      this.#unseen.push(entry)
      if (parent !== undefined) parent.children++
    }
    const result = { input, outcome, fresh, entry, time, by }
    this.#last = result
    return result
  }

  #workOfLast(): number {
    // A run costs something before it does anything.
    return 50 + (this.#options.coverage.work[0] as number)
  }

  *#go(): Work {
    const { seeds, subject, chance } = this.#options
    for (const input of [...seeds, ...subject.seeds]) yield { input, by: 'seed', watched: false }
    yield { input: new Uint8Array(0), by: 'seed', watched: false }
    for (const length of [1, 4, 16]) yield { input: octets(length, chance), by: 'seed', watched: false }
    for (const length of [16, 64]) yield { input: new Uint8Array(length), by: 'seed', watched: false }
    for (;;) {
      for (let input = this.#added.pop(); input !== undefined; input = this.#added.pop())
        yield { input, by: 'import', watched: false }
      if (yield* this.#look(this.#looked <= this.#varied)) continue
      const entry = this.#corpus.pick(chance)
      if (entry !== undefined) yield* this.#vary(entry)
      else yield { input: octets(chance.below(64), chance), by: 'chance', watched: true }
    }
  }

  /**
   * Goes on with looking at an entry for a while; false where there is none, or none that has cost little yet and it is not
   * the turn of others.
   */
  *#look(isTurn: boolean): Generator<Trial, boolean, StepResult> {
    for (let entry = this.#unseen.pop(); entry !== undefined; entry = this.#unseen.pop()) {
      const work = this.#examine(entry)
      const { value, done } = work.next()
      if (done !== true) this.#looks.push({ entry, work, next: value, spent: 0 })
    }
    // The one that has cost least, and the newest of these: what is slow to look at does not keep others waiting.
    let at = -1
    const most = PATIENCE * this.#corpus.usualWork
    this.#looks = this.#looks.filter(({ entry, spent }) => isWorthLooking(entry) && spent + entry.work <= most)
    for (const [i, look] of this.#looks.entries()) if (at < 0 || foreseen(look) <= foreseen(this.#looks[at])) at = i
    const look = this.#looks[at]
    if (look === undefined || (foreseen(look) > QUICK && !isTurn)) return false
    const start = this.#spent
    for (let turn = 0; turn < TURN && this.#spent - start < QUICK; turn++) {
      const { value, done } = look.work.next(yield look.next)
      if (done === true) {
        this.#looks = this.#looks.filter(other => other !== look)
        break
      }
      look.next = value
    }
    look.spent += this.#spent - start
    this.#looked += this.#spent - start
    return true
  }

  /**
   * Makes a slow or long entry cheaper: parts are cut out and octets become 0 or 1 as long as it shows the new that it was
   * kept for. What comes of it takes its place as the one to go on with.
   */
  *#trim(entry: Entry): Generator<Trial, Uint8Array, StepResult> {
    let { input } = entry
    let work = this.#workOfLast()
    const usual = this.#corpus.usualWork
    for (let size = input.length >> 1; size >= 1 && input.length > 16; size >>= 1)
      for (let at = 0; at + size <= input.length; ) {
        const shorter = spliced(input, at, size, new Uint8Array(0))
        yield { input: shorter, by: 'trim', watched: false, parent: entry }
        if (this.#showsNew(entry) && this.#workOfLast() <= work) {
          input = shorter
          work = this.#workOfLast()
        } else at += size
      }
    for (let at = 0; at < Math.min(input.length, 64) && work > 4 * usual; at++)
      for (const octet of [0, 1]) {
        if ((input[at] as number) <= octet) continue
        const calmer = overwritten(input, at, Uint8Array.of(octet))
        yield { input: calmer, by: 'trim', watched: false, parent: entry }
        if (!this.#showsNew(entry) || this.#workOfLast() >= work) continue
        input = calmer
        work = this.#workOfLast()
        break
      }
    return input
  }

  #showsNew({ fresh }: Entry): boolean {
    return fresh.every(feature => this.#features.shows(feature))
  }

  /** Looks at what an input compares, and tries to turn each comparison; then which of its numbers are lengths. */
  *#examine(entry: Entry): Work {
    const { input } = entry
    yield { input, by: 'look', watched: true }
    if (entry.fresh.length > 0 && entry.by !== 'trim' && this.#showsNew(entry)) {
      const trimmed = yield* this.#trim(entry)
      if (trimmed !== input) {
        const { entry: other } = yield { input: trimmed, by: 'trim', watched: false, instead: entry, parent: entry }
        if (other !== undefined) return
      }
      yield { input, by: 'look', watched: true }
    }
    const trace = traceOf(this.#options.coverage.log)
    entry.trace = trace
    for (const { right } of trace) if (typeof right === 'string') this.#dictionary.learn(right)
    const done = new Set<string>()
    entry.lengths = yield* this.#lengths(entry)
    yield* this.#replace(entry, input, trace, done)
    yield* this.#join(entry)
    // What would be compared if the input went on.
    const longer = spliced(input, input.length, 0, octets(4, this.#options.chance))
    const ran = yield { input: longer, by: 'longer', watched: true, parent: entry }
    if (!ran.fresh) yield* this.#replace(entry, longer, traceOf(this.#options.coverage.log), done)
  }

  /** Tries it before and behind others: what one message sets, the next may need. */
  *#join(entry: Entry): Work {
    const { chance, longest = 4096 } = this.#options
    for (let left = JOINS; left > 0; left--) {
      const other = this.#corpus.pick(chance)?.input ?? entry.input
      for (const [one, two] of [
        [entry.input, other],
        [other, entry.input],
      ] as const)
        if (one.length + two.length <= longest)
          yield { input: spliced(one, one.length, 0, two), by: 'join', watched: false, parent: entry }
    }
  }

  *#replace(entry: Entry, input: Uint8Array, trace: Trace, done: Set<string>): Work {
    let [last, isWorth] = ['', false]
    for (const { input: child, key, site } of replaced({ input, lengths: entry.lengths ?? [] }, trace, done)) {
      if (key !== last) isWorth = this.#isWorthTrying(key, TRIES_OF_KEY)
      last = key
      if (this.#isCostly(entry, child)) continue
      if (!isWorth || !this.#isWorthTrying(site, TRIES_OF_SITE)) continue
      const fresh = yield* this.#withRepair(entry, child, 'replace', site)
      if (fresh) this.#tries.set(site, 0)
    }
  }

  #isWorthTrying(key: string | number, often: number): boolean {
    const tries = this.#tries.get(key) ?? 0
    if (tries >= often && !this.#options.chance.oneIn(16)) return false
    this.#tries.set(key, tries + 1)
    return true
  }

  /** Tries a child; where it leaves its parent's way, tries to mend what turned it off. Whether anything new came of it. */
  *#withRepair(parent: Entry, child: Uint8Array, by: string, except?: number): Generator<Trial, boolean, StepResult> {
    const { log } = this.#options.coverage
    const first = yield { input: child, by, watched: true, parent }
    if (first.outcome.kind === 'find') return true
    // A child that is new in leaving the way may still be newer on it.
    let fresh = first.fresh
    const way: Trace = parent.trace ?? []
    let input = child
    let trace = traceOf(log)
    for (let round = 0; round < 4; round++) {
      const site = brokenSite(way, trace, except)
      if (site === undefined || !this.#isMendedAtTimes(site)) break
      let isBetter = false
      for (const next of mended({ input, lengths: [] }, way, trace, except)) {
        if (this.#isCostly(parent, next)) continue
        const ran = yield { input: next, by: 'repair', watched: true, parent }
        if (ran.outcome.kind === 'find') return true
        fresh ||= ran.fresh
        const now = traceOf(log)
        if (!isFarther(way, trace, now, except)) continue
        input = next
        trace = now
        isBetter = true
        this.#mends.set(site, 0)
        break
      }
      if (!isBetter) break
    }
    return fresh
  }

  /** Whether comparisons at a site were ever mended lately: most that break cannot be. */
  #isMendedAtTimes(site: number): boolean {
    const tries = this.#mends.get(site) ?? 0
    if (tries >= TRIES_TO_MEND && !this.#options.chance.oneIn(16)) return false
    this.#mends.set(site, tries + 1)
    return true
  }

  /** Which of the numbers that could be lengths are: an octet more is taken only where they say so. */
  *#lengths(entry: Entry): Generator<Trial, LengthField[], StepResult> {
    const { input } = entry
    const found: LengthField[] = []
    if (input.length > 512) return found
    const put = Uint8Array.of(0x61)
    for (const field of possibleLengths(input, 16)) {
      yield { input: resized(input, [], field.to, 0, put), by: 'length', watched: false, parent: entry }
      const without = this.#isLike(entry)
      yield { input: resized(input, [field], field.to, 0, put), by: 'length', watched: false, parent: entry }
      if (!without && this.#isLike(entry)) found.push(field)
    }
    return found
  }

  /** Whether the last run entered what an entry's did, or more. */
  #isLike({ features }: Entry): boolean {
    const { counters } = this.#options.coverage
    return features.every(feature => counters[feature >> 3] !== 0)
  }

  /** A turn of an entry: children by chance, some of them repaired. */
  *#vary(entry: Entry): Work {
    const { chance, subject } = this.#options
    const canMend = entry.trace !== undefined && isMendable(entry.trace)
    const start = this.#spent
    const most = 4 * TURN * this.#corpus.usualWork
    for (let turn = 0; turn < TURN && this.#spent - start <= most; turn++) {
      const made = subject.mutate !== undefined && chance.oneIn(3) ? subject.mutate(entry.input, chance) : undefined
      const child = made === undefined || chance.oneIn(4) ? this.#havoc(made ?? entry.input, entry) : made
      const by = made === undefined ? 'havoc' : 'structure'
      if (canMend && chance.below(1000) < this.#repairs) {
        const fresh = yield* this.#withRepair(entry, child, by)
        this.#repairs = fresh ? Math.min(500, this.#repairs + 50) : Math.max(8, this.#repairs - 2)
      } else yield { input: child, by, watched: chance.oneIn(this.#sinceFresh > 20_000 ? 3 : 8), parent: entry }
    }
    this.#varied += this.#spent - start
  }

  #havoc(input: Uint8Array, { lengths = [], input: own }: Entry): Uint8Array {
    const { chance, longest = 4096 } = this.#options
    const child = havoc(input, {
      chance,
      tokens: this.#dictionary.tokens,
      other: () => this.#corpus.any(chance)?.input ?? new Uint8Array(0),
      lengths: input !== own ? [] : lengths,
      longest,
    })
    const moved = child.length === own.length ? own.length : Math.min(HEADER, child.length, own.length)
    for (const at of this.#costly) if (at < moved && !chance.oneIn(16)) child[at] = own[at] as number
    return child
  }

  /** Remembers what was changed in a child that costs much more, where that can be said: counts in headers. */
  #noteCost({ input, work }: Entry, child: Uint8Array): void {
    const of = Math.max(work, this.#corpus.usualWork)
    if (this.#workOfLast() < COSTLY * of || this.#costly.size >= 64) return
    const changed: number[] = []
    const length = Math.min(child.length, input.length)
    for (let at = 0; at < length && changed.length <= 3; at++) if (input[at] !== child[at]) changed.push(at)
    if (changed.length <= 3) for (const at of changed) this.#costly.add(at)
  }

  /** Whether a child differs where that would cost much; let pass now and then. */
  #isCostly({ input }: Entry, child: Uint8Array): boolean {
    // What is put in moves the rest, which says nothing.
    if (input.length !== child.length) return false
    for (const at of this.#costly)
      if (at < input.length && input[at] !== child[at]) return !this.#options.chance.oneIn(16)
    return false
  }
}

/** One that only came near, and was overtaken meanwhile, is not looked at. */
function isWorthLooking({ lasting, nearest }: Entry): boolean {
  return lasting || nearest > 0
}

/** What looking at it will have cost after a few more runs. */
function foreseen(look: Look | undefined): number {
  return look === undefined ? 0 : look.spent + 4 * look.entry.work
}

function octets(length: number, chance: Chance): Uint8Array {
  return Uint8Array.from({ length }, () => chance.below(256))
}
