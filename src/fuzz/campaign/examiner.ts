import type { Find, Outcome } from '../target.ts'
import { plainFind, thrownFind } from '../triage.ts'
import { CannotBegin } from './cannot-begin.ts'
import { CampaignError } from './folder.ts'
import type { ConfirmedFind, TargetSpec, ToWorker, Tried } from './job.ts'
import { hungryAfter, slowAfter, WATCH } from './limits.ts'
import { type Stuck, Thread } from './thread.ts'

/** What came of one look at an input: what it found, if anything, each of the times. */
export interface Look {
  readonly finds: readonly (Find | undefined)[]
  /** The input for people, where the worker told. */
  readonly lines?: readonly string[] | undefined
}

type Answer = Tried | Stuck | ConfirmedFind | Error

/** A find to be tried again: of which input, and the ones up to and with it. */
export interface ToConfirm extends Find {
  readonly input: Uint8Array
  readonly before: readonly Uint8Array[]
}

/** Tries inputs in a worker of its own, which is there only while it is wanted. */
export class Examiner {
  readonly #entry: URL
  readonly #job: TargetSpec
  #thread: Thread | undefined
  #ready: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #waiting: ((answer: Answer) => void) | undefined
  #id = 0
  #live = false

  constructor(entry: URL, job: TargetSpec) {
    this.#entry = entry
    this.#job = job
  }

  /** Tries an input on a fresh subject so many times; finds are what a campaign would call them. */
  async look(input: Uint8Array, times: number): Promise<Look> {
    const finds: (Find | undefined)[] = []
    let lines: Look['lines']
    while (finds.length < times) {
      const answer = await this.#try(input, times - finds.length)
      if (answer instanceof Error) throw answer
      if ('sessions' in answer) continue
      if ('how' in answer) finds.push(stuckFind(answer, this.#job.target))
      else {
        lines = answer.lines
        finds.push(...answer.outcomes.map(outcome => findOf(outcome, answer, input, this.#job.target)))
      }
    }
    return { finds, lines }
  }

  /** Whether finds are tried again by `confirm`: so where the target is not deterministic. */
  async isLive(): Promise<boolean> {
    await this.#start()
    return this.#live
  }

  /** What came of it, with its figures. */
  async #try(input: Uint8Array, times: number): Promise<Answer> {
    await this.#start()
    return await this.#ask({ kind: 'try', id: ++this.#id, input, times })
  }

  /**
   * Has a find tried again by the subject's own way, and made smaller for so many ms: for targets that are not
   * deterministic. Throws `CannotBegin` where the target cannot begin, or does not come back.
   */
  async confirm(find: ToConfirm, time: number): Promise<ConfirmedFind> {
    await this.#start()
    const { input, before, signature, kind, title, stack } = find
    const about = { kind, title, signature, stack }
    const answer = await this.#ask({ kind: 'confirm', id: ++this.#id, input, find: about, before, time })
    if (answer instanceof Error) throw answer
    if ('sessions' in answer) return answer
    throw new Error('how' in answer ? answer.reason : 'it was not looked at')
  }

  /** There is no time to make anything smaller. */
  hurry(): void {
    this.#thread?.post({ kind: 'hurry' })
  }

  #ask(message: ToWorker): Promise<Answer> {
    return new Promise(resolve => {
      this.#waiting = resolve
      this.#thread?.post(message)
    })
  }

  /**
   * Makes sure that there is a worker. Rejects with `CannotBegin` where the target cannot begin, and `CampaignError` where it
   * does not end beginning.
   */
  #start(): Promise<void> {
    this.#ready ??= new Promise((resolve, reject) => {
      this.#thread = new Thread({
        entry: this.#entry,
        job: { ...this.#job, mode: 'examine', seed: 0, inputs: [] },
        onMessage: message => {
          if (message.kind === 'ready') {
            this.#live = message.orderly ?? false
            resolve()
          }
          if (message.kind === 'failed') {
            const error = new CannotBegin(message.message)
            reject(error)
            this.#answer(error)
          }
          if (message.kind === 'tried') this.#answer(message.tried)
          if (message.kind === 'confirmed') this.#answer(message.confirmed)
        },
        onStuck: stuck => {
          this.#forget()
          // It may only have been slow to begin: that says nothing of the next time.
          reject(new CampaignError(`the target cannot be loaded: ${stuck.reason}`))
          this.#answer(stuck)
        },
      })
      this.#timer = setInterval(() => this.#thread?.watch(performance.now(), process.memoryUsage.rss()), WATCH)
    })
    return this.#ready
  }

  #answer(answer: Answer): void {
    const waiting = this.#waiting
    this.#waiting = undefined
    waiting?.(answer)
  }

  #forget(): void {
    clearInterval(this.#timer)
    this.#thread = undefined
    this.#ready = undefined
  }

  async stop(): Promise<void> {
    const thread = this.#thread
    this.#forget()
    await thread?.stop()
  }
}

/** The find that a worker's end is. */
export function stuckFind({ how, reason, where }: Stuck, target: string): Find {
  const place = where === undefined ? '' : `, around ${where}`
  const signature = `${how} | ${where ?? target}`
  if (how === 'hang') return { ...plainFind('hang', `${reason}${place}`), signature }
  if (how === 'memory') return { ...plainFind('memory', `more memory than there is${place}`), signature }
  const error = new Error(reason.split('\n')[0])
  error.name = 'the worker died'
  error.stack = reason
  return thrownFind('crash', error)
}

function findOf(outcome: Outcome, tried: Tried, input: Uint8Array, target: string): Find | undefined {
  if (outcome.kind === 'find') return outcome.find
  const { length } = input
  if (tried.elapsed > slowAfter(length)) {
    const took = `${tried.elapsed.toFixed(1)} ms for ${length} octets`
    return { ...plainFind('slow', took), signature: `slow | ${target}` }
  }
  if (tried.allocated > hungryAfter(length)) {
    const took = `${(tried.allocated / 1e6).toFixed(1)} MB allocated for ${length} octets`
    return { ...plainFind('memory', took), signature: `memory | ${target}` }
  }
  return undefined
}
