import { setImmediate as turn } from 'node:timers/promises'
import { parentPort } from 'node:worker_threads'
import { SeededChance } from '../chance.ts'
import { ACCEPTED, type Confirmed, type Find, type FuzzSubject, type Outcome, REFUSED } from '../target.ts'
import { type Kept, SessionLoop } from '../targets/server-loop.ts'
import { CampaignError, CampaignFolder, hashOf, unusable } from './folder.ts'
import type { ConfirmedFind, FromWorker, Job, ToWorker } from './job.ts'
import { addOrigin, type Origin } from './lineage.ts'
import { keyOf, type SharedInput } from './shared-input.ts'
import { StateCounts } from './state-graph.ts'

/** How often it is told which states followed each other, in ms. */
const TELL = 2000
/** Different ones that are told of what was thrown where nobody caught it. */
const TROUBLES = 20
/** Times that a find is tried again by a subject that has no way of its own to do so. */
const TIMES = 3

/**
 * The life of a worker whose target is not deterministic: it looks for sessions, tries what it is told to, or says which
 * of its inputs show what no other does. It ends what it has started, however it comes to its end.
 */
export async function workSessions(job: Job, subject: FuzzSubject, shared: SharedInput): Promise<void> {
  const troubles = new Set<string>()
  const trouble = (thrown: unknown): void => {
    const reason = String(thrown instanceof Error ? (thrown.stack ?? thrown.message) : thrown)
    if (troubles.size >= TROUBLES || troubles.has(reason)) return
    troubles.add(reason)
    tell({ kind: 'trouble', reason })
  }
  process.on('unhandledRejection', trouble)
  process.on('uncaughtException', trouble)
  let last: FromWorker | undefined
  // Only who searches has no time to lose.
  if (job.mode !== 'search') subject.unhurried?.()
  try {
    if (job.mode === 'examine') await examine(subject, shared)
    else if (job.mode === 'prune') last = await prune(job, subject, shared)
    else last = await search(job, subject, shared)
  } catch (thrown) {
    // A folder that cannot be written to is no fault of the target's.
    const told = unusable(job.folder ?? '', thrown)
    const message = told instanceof Error ? told.message : String(told)
    last = { kind: told instanceof CampaignError ? 'unusable' : 'failed', message }
  }
  await subject.stop?.()
  if (last) tell(last)
  parentPort?.close()
}

function tell(message: FromWorker): void {
  parentPort?.postMessage(message)
}

async function search(job: Job, subject: FuzzSubject, shared: SharedInput): Promise<FromWorker> {
  const folder = job.folder === undefined ? undefined : CampaignFolder.at(job.folder)
  const deadly = new Set((job.deadly ?? []).map(keyOf))
  const chance = new SeededChance(job.seed)
  const signatures = new Set<string>()
  const subjectSeen = watched(subject, shared, deadly)
  const loop = new SessionLoop({
    subject: goingOn(subjectSeen, find => signatures.has(find.signature)),
    chance,
    seeds: job.inputs,
  })
  const counts = new StateCounts()
  let finds = 0
  let told = performance.now()
  let stopped = false
  parentPort?.on('message', (message: ToWorker) => {
    if (message.kind === 'stop') stopped = true
    if (message.kind === 'inputs') for (const input of message.inputs) loop.add(input)
  })

  function report(find: Find, input: Uint8Array): void {
    for (const other of find.also ?? []) report(other, input)
    finds++
    if (signatures.has(find.signature)) return
    signatures.add(find.signature)
    const kept = folder?.addFind(find, input, Date.now(), subject.before)
    if (kept) tell({ kind: 'find', find: kept })
  }

  function know(find: Find, input: Uint8Array): void {
    if (signatures.has(find.signature)) return
    signatures.add(find.signature)
    folder?.addKnown(find, input)
  }

  function tellStates(): void {
    told = performance.now()
    const edges = counts.take()
    if (edges.length > 0) tell({ kind: 'states', edges })
  }

  while (!stopped && (job.runs === undefined || loop.steps < job.runs)) {
    const { input, outcome } = await loop.step()
    counts.add(subject.paths?.() ?? [])
    if (outcome.kind === 'find') report(outcome.find, input)
    else for (const find of outcome.known ?? []) know(find, input)
    for (const kept of loop.kept()) {
      if (!folder?.addInput(kept.input)) continue
      addOrigin(folder.path, originOf(kept))
      tell({ kind: 'input', octets: kept.input })
    }
    const { states, blocks } = loop
    shared.tell({ blocks, corpus: loop.corpus.length, finds, states, restarts: subject.restarts ?? 0 })
    if (performance.now() - told < TELL) continue
    tellStates()
    // A subject that never waits would not let us hear anything.
    await turn()
  }
  tellStates()
  return { kind: 'done' }
}

function originOf({ input, made: { parent, by }, fresh }: Kept): Origin {
  return { name: hashOf(input), parent: parent && hashOf(parent), by, at: Date.now(), blocks: fresh }
}

/** Tries the inputs once each, the small ones first, and tells which of them showed what none before did. */
async function prune(job: Job, subject: FuzzSubject, shared: SharedInput): Promise<FromWorker> {
  const order = [...job.inputs.entries()].sort(([, one], [, other]) => one.length - other.length)
  const bare = { ...watched(subject, shared), seeds: [] }
  const seeds = order.map(([, input]) => input)
  const loop = new SessionLoop({ subject: bare, chance: new SeededChance(job.seed), seeds })
  const places: number[] = []
  for (const [place] of order) {
    await loop.step()
    if (loop.kept().length > 0) places.push(place)
  }
  return { kind: 'worth', places }
}

/** Tries what it is told to, until it is told to stop. */
function examine(subject: FuzzSubject, shared: SharedInput): Promise<void> {
  return new Promise(resolve => {
    let hurried = false
    parentPort?.on('message', (message: ToWorker) => {
      if (message.kind === 'stop') resolve()
      if (message.kind === 'hurry') hurried = true
      if (message.kind === 'try') void tryInput(message.id, message.input, message.times)
      if (message.kind === 'confirm') void confirm(message)
    })

    async function tryInput(id: number, input: Uint8Array, times: number): Promise<void> {
      try {
        const outcomes = await outcomesOf(subject, shared, input, times)
        tell({ kind: 'tried', id, tried: { outcomes, elapsed: 0, allocated: 0, lines: subject.describe?.(input) } })
      } catch (thrown) {
        tell({ kind: 'failed', message: String((thrown as Error).message) })
      }
    }

    async function confirm({ id, input, find, before, time }: Extract<ToWorker, { kind: 'confirm' }>): Promise<void> {
      const until = performance.now() + time
      const stopped = (): boolean => hurried || performance.now() > until
      try {
        const confirmed = await (subject.confirm?.(input, find, { before, stopped }) ??
          confirmPlainly(subject, shared, input, find))
        tell({ kind: 'confirmed', id, confirmed: toldOf(subject, find, confirmed) })
      } catch (thrown) {
        tell({ kind: 'failed', message: String((thrown as Error).message) })
      }
    }
  })
}

/** What comes of an input, each time on a subject that was started anew where it can be. */
async function outcomesOf(
  subject: FuzzSubject,
  shared: SharedInput,
  input: Uint8Array,
  times: number,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (let time = 0; time < times; time++) {
    shared.begin(input)
    const outcome = await subject.run(input)
    const late = outcome.kind === 'find' ? undefined : await subject.renew?.()
    shared.end()
    outcomes.push(late ? { kind: 'find', find: late } : outcome)
  }
  return outcomes
}

async function confirmPlainly(
  subject: FuzzSubject,
  shared: SharedInput,
  input: Uint8Array,
  find: Find,
): Promise<Confirmed> {
  const outcomes = await outcomesOf(subject, shared, input, TIMES)
  const times = outcomes.filter(each => each.kind === 'find' && each.find.signature === find.signature).length
  return { input, sessions: times > 0 ? 1 : 0, times, of: TIMES }
}

function toldOf(subject: FuzzSubject, find: Find, confirmed: Confirmed): ConfirmedFind {
  const { input } = confirmed
  const lines = subject.describe?.(input) ?? []
  const about = [`${subject.title ?? ''} ${find.kind}: ${find.title}`.trim(), ...lines]
  return { ...confirmed, lines, script: confirmed.times > 0 ? subject.script?.(input, about) : undefined }
}

/** The subject, whose inputs are seen by the watchdog before they are tried; those that are deadly are not. */
function watched(subject: FuzzSubject, shared: SharedInput, deadly: ReadonlySet<string> = new Set()): FuzzSubject {
  return {
    seeds: subject.seeds,
    tokens: subject.tokens,
    mutate: subject.mutate?.bind(subject),
    states: subject.states?.bind(subject),
    edges: subject.edges,
    async run(input) {
      if (deadly.size > 0 && deadly.has(keyOf(input))) return REFUSED
      shared.begin(input)
      const outcome = await subject.run(input)
      shared.end()
      return outcome
    },
  }
}

/** What shows only disagreements that are no news is gone on from: much of what two subjects are given may show them. */
function goingOn(subject: FuzzSubject, isTold: (find: Find) => boolean): FuzzSubject {
  return {
    ...subject,
    async run(input) {
      const outcome = await subject.run(input)
      if (outcome.kind !== 'find' || outcome.find.kind !== 'disagreement') return outcome
      return [outcome.find, ...(outcome.find.also ?? [])].every(isTold) ? ACCEPTED : outcome
    },
  }
}
