import type { Find } from '../target.ts'
import { examineFind } from './examine-find.ts'
import { Examiner } from './examiner.ts'
import type { CampaignFolder, KeptFind } from './folder.ts'

export interface InspectionOptions {
  readonly folder: CampaignFolder
  readonly entry: URL
  /** Inputs of this target are sequences of pieces. */
  readonly pieces: boolean
  /** Another find came of looking at one. */
  onFind(find: Find, input: Uint8Array): void
  /** A find was looked at. */
  onExamined(find: KeptFind): void
}

/** How long finds may still be looked at when the campaign is over, in ms. */
const LAST_LOOK = 15_000

/** Looks at finds once more, one after the other as they come, while the campaign goes on. */
export class Inspection {
  readonly #options: InspectionOptions
  readonly #examiner: Examiner
  readonly #queue: KeptFind[] = []
  readonly #suspected = new Set<string>()
  #last: Promise<void> = Promise.resolve()
  #ended = Number.POSITIVE_INFINITY

  constructor(options: InspectionOptions) {
    this.#options = options
    this.#examiner = new Examiner(options.entry, options.folder.file)
  }

  /** Finds that are looked at, or wait for it. */
  get waiting(): number {
    return this.#queue.length
  }

  /** Tries a find again, and makes it smaller. */
  examine(find: KeptFind): void {
    const { folder, pieces, onFind, onExamined } = this.#options
    this.#queue.push(find)
    this.#chain(async () => {
      try {
        const { replay, minimal, script } = await examineFind(this.#examiner, find, {
          pieces,
          hurried: () => performance.now() - this.#ended > LAST_LOOK / 2,
          onOther: onFind,
        })
        folder.addReplay(find, replay, minimal, script)
        folder.log({ at: Date.now(), event: 'examined', id: find.id, ...replay, octets: minimal.length })
        onExamined({ ...find, replay, minimal })
      } finally {
        this.#queue.splice(this.#queue.indexOf(find), 1)
      }
    })
  }

  /** Slow and hungry inputs are finds only where they are so again, with nobody in their way. */
  suspect(what: 'slow' | 'memory', input: Uint8Array): void {
    if (this.#suspected.has(what) || Number.isFinite(this.#ended)) return
    this.#suspected.add(what)
    this.#chain(async () => {
      const [find] = (await this.#examiner.look(input, 1)).finds
      this.#suspected.delete(what)
      if (find) this.#options.onFind(find, input)
    })
  }

  #chain(does: () => Promise<void>): void {
    this.#last = this.#last.then(does).catch((error: unknown) => {
      this.#options.folder.log({ at: Date.now(), event: 'not examined', reason: String(error) })
    })
  }

  /** The campaign is over: what waits is looked at for as long as there is patience; the rest is when it goes on. */
  async finish(): Promise<void> {
    this.#ended = performance.now()
    let timer: NodeJS.Timeout | undefined
    const patience = new Promise<void>(resolve => {
      timer = setTimeout(resolve, LAST_LOOK)
    })
    await Promise.race([this.#last, patience])
    clearTimeout(timer)
    await this.#examiner.stop()
  }
}
