import { setImmediate as turn } from 'node:timers/promises'
import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads'
import { SeededChance } from '../chance.ts'
import type { Entry } from '../engine/corpus.ts'
import { Engine } from '../engine/engine.ts'
import { coverageHere } from '../instrument/coverage.ts'
import { ACCEPTED, type Find, type FuzzSubject, type Outcome, REFUSED, type Target } from '../target.ts'
import { found, thrownFind } from '../triage.ts'
import { Entered } from './entered.ts'
import { CampaignError, CampaignFolder, hashOf, unusable } from './folder.ts'
import type { FromWorker, Job, ToWorker, Tried } from './job.ts'
import { hungryAfter, slowAfter } from './limits.ts'
import { addOrigin } from './lineage.ts'
import { workSessions } from './session-worker.ts'
import { keyOf, SharedInput } from './shared-input.ts'
import { threadHere } from './thread-time.ts'

/** How often a worker hears of others, and lets what the target left for later happen, in ms. */
const TURN = 50
/** Code that was just loaded is slow: nothing is suspect before, in ms. */
const WARM = 1500
/** How long, in ms, and how often at most and at least an input is tried that is slow or hungry. */
const MEASURE = 400
const MEASURES = 30
const FEWEST = 3

/** The life of a worker: finds its target, then searches, or tries what it is told to. */
export async function work(find: (job: Job) => Target | Promise<Target>): Promise<void> {
  const job = workerData as Job
  let subject: FuzzSubject
  let target: Target
  try {
    target = await find(job)
    subject = await target.start()
  } catch (thrown) {
    tell({ kind: 'failed', message: thrown instanceof Error ? thrown.message : String(thrown) })
    return
  }
  const shared = new SharedInput(job.memory)
  const entered = new Entered(coverageHere())
  const { patience, deterministic } = target
  const thread = threadHere()
  tell({ kind: 'ready', watched: entered.code(), patience, orderly: !deterministic, thread, title: subject.title })
  if (!deterministic) return await workSessions(job, subject, shared)
  process.on('unhandledRejection', reason => void late.push(reason))
  process.on('uncaughtException', error => void late.push(error))
  if (job.mode === 'examine') examine(subject, shared)
  else if (job.mode === 'prune') await prune(job, subject, shared)
  else await search(job, subject, shared, entered).catch(error => tellUnusable(job, error))
}

/** A disk that is full, or a folder that was taken away, is no fault of the target's. Throws whatever else it is. */
function tellUnusable({ folder = '' }: Job, error: unknown): void {
  const told = unusable(folder, error)
  if (!(told instanceof CampaignError)) throw error
  tell({ kind: 'unusable', message: told.message })
}

/** What was thrown when nobody was there to catch it: in a promise, or a callback that ran later. */
const late: unknown[] = []

function tell(message: FromWorker): void {
  parentPort?.postMessage(message)
}

async function search(job: Job, subject: FuzzSubject, shared: SharedInput, entered: Entered): Promise<void> {
  const folder = job.folder === undefined ? undefined : CampaignFolder.at(job.folder)
  const watched = new WatchedSubject(subject, shared, folder, job.deadly, () => entered.counted())
  const engine = new Engine({
    subject: watched,
    coverage: coverageHere(),
    chance: new SeededChance(job.seed),
    seeds: job.inputs,
    now: () => watched.now,
  })
  let kept = 0
  let turned = performance.now()
  // Once something was thrown late: after each run it is waited for, so that it is known which one it was.
  let careful = false

  function figures(): void {
    shared.tell({ blocks: engine.blocks, corpus: engine.corpus.length, finds: watched.finds })
  }

  async function keep(): Promise<void> {
    for (; kept < engine.corpus.length; kept++) {
      const entry = engine.corpus[kept] as Entry
      const { input: octets, lasting } = entry
      const blocks = entered.showed(entry.features)
      if (!lasting) continue
      if (folder?.addInput(octets)) {
        addOrigin(folder.path, { ...originOf(entry), at: Date.now(), blocks })
        tell({ kind: 'input', octets })
      }
      await watched.weigh(octets)
    }
  }

  for (;;) {
    const stepping = engine.step()
    if (stepping) await stepping
    if (kept < engine.corpus.length) await keep()
    if (job.runs !== undefined && shared.runs >= job.runs) break
    if (careful || watched.now - turned >= TURN) {
      await turn()
      if (late.length > 0 && careful) watched.report(lateFind())
      if (late.length > 0) careful = true
      late.length = 0
    }
    if (watched.now - turned < TURN) continue
    figures()
    if (entered.hasMore) tell({ kind: 'code', watched: entered.code() })
    turned = performance.now()
    if (!hear(engine, watched)) break
  }
  figures()
  tell({ kind: 'done' })
  await subject.stop?.()
}

/** How an entry was made, and the nearest of those that it was made of that is kept. */
function originOf({ input, by, parent }: Entry): { name: string; by: string; parent: string | undefined } {
  let from = parent
  while (from !== undefined && !from.lasting) from = from.parent
  return { name: hashOf(input), by, parent: from && hashOf(from.input) }
}

/** Tries the inputs once each, the small ones first, and tells which of them showed what none before did. */
async function prune(job: Job, subject: FuzzSubject, shared: SharedInput): Promise<void> {
  const watched = new WatchedSubject(subject, shared)
  const order = [...job.inputs.keys()].sort((a, b) => lengthAt(job, a) - lengthAt(job, b))
  const seeds = order.map(place => job.inputs[place] as Uint8Array)
  const chance = new SeededChance(job.seed)
  const engine = new Engine({ subject: watched, coverage: coverageHere(), chance, seeds, now: () => watched.now })
  const places: number[] = []
  for (const place of order) if ((await engine.step()).entry?.lasting) places.push(place)
  tell({ kind: 'worth', places })
}

function lengthAt(job: Job, place: number): number {
  return job.inputs[place]?.length ?? 0
}

/** Takes what others have found; false when it is to stop. */
function hear(engine: Engine, watched: WatchedSubject): boolean {
  for (;;) {
    const message = parentPort && (receiveMessageOnPort(parentPort)?.message as ToWorker | undefined)
    if (!message) return true
    if (message.kind === 'stop') return false
    if (message.kind === 'harmless') {
      watched.forgive(message.input)
      engine.add(message.input)
    }
    if (message.kind === 'inputs') for (const input of message.inputs) engine.add(input)
  }
}

/** A target whose inputs are seen by the watchdog before they are tried, and whose finds are told once each. */
class WatchedSubject implements FuzzSubject {
  finds = 0
  /** When the last run ended. */
  now = performance.now()
  readonly seeds
  readonly tokens
  readonly mutate
  readonly states
  readonly #subject: FuzzSubject
  readonly #shared: SharedInput
  readonly #folder: CampaignFolder | undefined
  readonly #deadly: Set<string>
  readonly #onNewFind: () => void
  readonly #began = performance.now()
  readonly #told = new Set<string>()
  /** How much more than it may have the worst so far took: the next one has to be worse. */
  readonly #worst = { slow: 1, memory: 1 }

  constructor(
    subject: FuzzSubject,
    shared: SharedInput,
    folder?: CampaignFolder,
    deadly: readonly Uint8Array[] = [],
    onNewFind: () => void = () => {},
  ) {
    this.#onNewFind = onNewFind
    this.#subject = subject
    this.#shared = shared
    this.#folder = folder
    this.#deadly = new Set(deadly.map(keyOf))
    this.seeds = subject.seeds
    this.tokens = subject.tokens
    this.mutate = subject.mutate?.bind(subject)
    this.states = subject.states?.bind(subject)
  }

  /** An input was not deadly after all. */
  forgive(input: Uint8Array): void {
    this.#deadly.delete(keyOf(input))
  }

  run(input: Uint8Array): Outcome | Promise<Outcome> {
    if (this.#deadly.size > 0 && this.#deadly.has(keyOf(input))) return REFUSED
    const began = performance.now()
    this.#shared.begin(input)
    const outcome = this.#subject.run(input)
    if (outcome instanceof Promise) return outcome.then(ended => this.#ended(input, began, ended))
    return this.#ended(input, began, outcome)
  }

  #ended(input: Uint8Array, began: number, outcome: Outcome): Outcome {
    this.#shared.end()
    this.now = performance.now()
    if (outcome.kind === 'find') {
      const { find } = outcome
      const fresh = [find, ...(find.also ?? [])].filter(each => this.report(each, input))
      // What shows a disagreement that is no news is gone on from: much of what two subjects are given may show it.
      if (fresh.length === 0 && find.kind === 'disagreement') return ACCEPTED
    } else if (this.now - began > slowAfter(input.length) && this.now - this.#began > WARM) {
      this.#suspect('slow', (this.now - began) / slowAfter(input.length), input)
    }
    if (outcome.kind !== 'find' && outcome.known) this.#know(outcome.known, input)
    return outcome
  }

  #know(known: readonly Find[], input: Uint8Array): void {
    for (const find of known) {
      if (this.#told.has(find.signature)) continue
      this.#told.add(find.signature)
      this.#folder?.addKnown(find, input)
    }
  }

  /** A find of the last input, unless it says of which. Whether it is new. */
  report(find: Find, input = this.#shared.input): boolean {
    this.finds++
    if (this.#told.has(find.signature)) return false
    this.#told.add(find.signature)
    this.#onNewFind()
    const kept = this.#folder?.addFind(find, input, Date.now())
    if (kept) tell({ kind: 'find', find: kept })
    return true
  }

  #suspect(what: 'slow' | 'memory', times: number, input: Uint8Array): void {
    if (times <= this.#worst[what]) return
    this.#worst[what] = times * 1.5
    // Alone: an input may be a part of a larger buffer, all of which would be sent.
    tell({ kind: 'suspect', what, input: Uint8Array.from(input) })
  }

  /** Tries an input once more to see how much it allocates. */
  async weigh(input: Uint8Array): Promise<void> {
    const before = allocated()
    this.#shared.begin(input, false)
    await this.#subject.run(input)
    this.#shared.end()
    this.#suspect('memory', (allocated() - before) / hungryAfter(input.length), input)
  }
}

function lateFind(): Find {
  return thrownFind('crash', late[0], 'thrown later')
}

/** Octets that this thread has of memory, of which some may be garbage. */
function allocated(): number {
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Tries what it is told to, each input as often as it is told to. */
function examine(subject: FuzzSubject, shared: SharedInput): void {
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') parentPort?.close()
    if (message.kind !== 'try') return
    const { id, input, times } = message
    void tryInput(subject, shared, input, times).then(tried => tell({ kind: 'tried', id, tried }))
  })
}

async function tryInput(subject: FuzzSubject, shared: SharedInput, input: Uint8Array, times: number): Promise<Tried> {
  const outcomes: Outcome[] = []
  let elapsed = Number.POSITIVE_INFINITY
  let least = Number.POSITIVE_INFINITY
  const began = performance.now()
  for (let count = 0; ; count++) {
    const [start, before] = [performance.now(), allocated()]
    shared.begin(input)
    let outcome = await subject.run(input)
    shared.end()
    const [end, after] = [performance.now(), allocated()]
    elapsed = Math.min(elapsed, end - start)
    await turn()
    if (late.length > 0) outcome = found(lateFind())
    late.length = 0
    // What was collected meanwhile makes it less than nothing.
    if (after > before) least = Math.min(least, after - before)
    if (outcomes.length < times) outcomes.push(outcome)
    const isFine = elapsed <= slowAfter(input.length) && least <= hungryAfter(input.length)
    if (outcomes.length >= times && (isFine || count >= MEASURES || (count >= FEWEST && end - began > MEASURE))) break
  }
  return { outcomes, elapsed, allocated: Number.isFinite(least) ? least : 0 }
}
