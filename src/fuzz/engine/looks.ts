import type { Entry } from './corpus.ts'
import type { Examination } from './examination.ts'
import type { Search, Trial, Trials } from './search.ts'

/** Runs that an entry is looked at for before others have their turn. */
const TURN = 32
/** Work that an entry is looked at for before others have their turn. */
const QUICK = 20_000
/** Work that an entry is looked at for in all, as so many runs of what is usual. */
const PATIENCE = 20_000

/** An entry that is being looked at. */
interface Look {
  readonly entry: Entry
  readonly work: Trials<void>
  /** What it tries next. */
  next: Trial
  spent: number
}

/** Entries that wait to be looked at, and those that are: whose turn it is. */
export class Looks {
  /** Work of looking so far. */
  spent = 0
  readonly #search: Search
  readonly #examination: Examination
  /** Entries that have not been looked at, the newest last. */
  readonly #unseen: Entry[] = []
  /** The one that has cost least is last; of those that cost the same, the one that came last. */
  readonly #looks: Look[] = []

  constructor(search: Search, examination: Examination) {
    this.#search = search
    this.#examination = examination
  }

  add(entry: Entry): void {
    this.#unseen.push(entry)
  }

  /** Has an entry looked at once more, as if nothing had been tried in vain: what led nowhere then may do so now. */
  review(): void {
    const entry = this.#search.corpus.pick(this.#search.chance)
    if (entry?.trace === undefined) return
    this.#examination.forgive()
    this.#unseen.push(entry)
  }

  /**
   * Goes on with looking at an entry for a while; false where there is none, or none that has cost little yet and it is not
   * the turn of others.
   */
  *goOn(isTurn: boolean): Trials<boolean> {
    for (let entry = this.#unseen.pop(); entry !== undefined; entry = this.#unseen.pop()) {
      const work = this.#examination.examine(entry)
      const { value, done } = work.next()
      if (done !== true) this.#put({ entry, work, next: value, spent: 0 })
    }
    const look = this.#next()
    if (look === undefined || (foreseen(look) > QUICK && !isTurn)) return false
    this.#looks.pop()
    const start = this.#search.spent
    let isDone = false
    for (let turn = 0; turn < TURN && this.#search.spent - start < QUICK && !isDone; turn++) {
      const { value, done } = look.work.next(yield look.next)
      if (done === true) isDone = true
      else look.next = value
    }
    look.spent += this.#search.spent - start
    this.spent += this.#search.spent - start
    if (!isDone) this.#put(look)
    return true
  }

  /** The one that has cost least: what is slow to look at does not keep others waiting. Drops those not worth it any more. */
  #next(): Look | undefined {
    const most = PATIENCE * this.#search.corpus.usualWork
    for (let look = this.#looks.at(-1); look !== undefined; look = this.#looks.at(-1)) {
      if (isWorthLooking(look.entry) && look.spent + look.entry.work <= most) return look
      this.#looks.pop()
    }
    return undefined
  }

  #put(look: Look): void {
    const cost = foreseen(look)
    let [low, high] = [0, this.#looks.length]
    while (low < high) {
      const middle = (low + high) >> 1
      if (foreseen(this.#looks[middle] as Look) >= cost) low = middle + 1
      else high = middle
    }
    this.#looks.splice(low, 0, look)
  }
}

/** One that only came near, and was overtaken meanwhile, is not looked at. */
function isWorthLooking({ lasting, nearest }: Entry): boolean {
  return lasting || nearest > 0
}

/** What looking at it will have cost after a few more runs. */
function foreseen({ spent, entry }: Look): number {
  return spent + 4 * entry.work
}
