import type { Transport } from '../../machine.ts'
import type { Chance, Confirmed, Find, FuzzSubject, Outcome, Target } from '../target.ts'
import { found } from '../triage.ts'
import { type KnownReason, outcomeOf } from './diff.ts'
import { type Disagreement, disagreements } from './diff-compare.ts'
import { shortNames } from './diff-name.ts'
import { comparable } from './diff-value.ts'
import type { ServerSubject, ServerTarget } from './server.ts'
import type { SessionForm } from './server-form.ts'
import type { Heard } from './server-session.ts'
import { smallerSession } from './server-smaller.ts'

export interface DiffServersOptions {
  /** `diff:server:bind9,server:knot` */
  readonly name: string
  /** Two of them or more, of one protocol and carried by the same. */
  readonly servers: readonly ServerTarget[]
  readonly transports: readonly Transport[]
  readonly form: SessionForm
  /** What they should agree on, of all that came on a flow. */
  readonly compared: (heard: Heard) => unknown
  readonly known?: KnownReason | undefined
}

/** How often a disagreement has to show, before it is one: answers may be late, and servers have moods. */
const SHOWN = 2
/** What did not come again so often is a matter of time, and not looked at any more. */
const FLEETING = 8
const TIMES = 3
const PATIENCE = 360_000

/**
 * Servers side by side: each is played the same session. Where what came differs in what it should not, they disagree; what
 * comes of one of them alone, as its death, is a find of its own.
 */
export function diffServersTarget(options: DiffServersOptions): Target {
  const names = shortNames(options.servers.map(({ name }) => name))
  return {
    name: options.name,
    about: `${names.join(', ')}, side by side`,
    deterministic: false,
    patience: PATIENCE,
    async start() {
      const started = await Promise.allSettled(options.servers.map(server => server.start()))
      const subjects = started.flatMap(each => (each.status === 'fulfilled' ? [each.value] : []))
      const failed = started.find(each => each.status === 'rejected')
      if (!failed) return diffServersSubject(subjects, names, options)
      await Promise.all(subjects.map(subject => subject.stop()))
      throw failed.reason
    },
  }
}

function diffServersSubject(
  subjects: readonly ServerSubject[],
  names: readonly string[],
  { form, transports, compared, known }: DiffServersOptions,
): FuzzSubject {
  const [first] = subjects as [ServerSubject]
  /** Disagreements that have shown as often as they have to: they are taken at their word from then on. */
  const sure = new Set<string>()
  /** How often others did not come again. */
  const fleeting = new Map<string, number>()
  let before: readonly Uint8Array[] | undefined

  function differ(heard: readonly (readonly Heard[])[]): Disagreement[] {
    const answered = heard.map((flows, i) => ({
      subject: names[i] as string,
      answer: { kind: 'accepts' as const, value: comparable(flows.map(compared)) },
    }))
    return disagreements(answered, 'value')
  }

  /** With all the time that it takes, so that what is late counts. */
  async function differUnhurried(input: Uint8Array): Promise<Disagreement[]> {
    return differ(await Promise.all(subjects.map(subject => subject.hear(input))))
  }

  /** Those that come again, as often as they have to. */
  async function lasting(input: Uint8Array, seen: readonly Disagreement[]): Promise<readonly Disagreement[]> {
    let left = seen.filter(({ id }) => (fleeting.get(id) ?? 0) < FLEETING)
    for (let shown = 1; shown < SHOWN + 1 && left.some(({ id }) => !sure.has(id)); shown++) {
      const again = new Set((await differUnhurried(input)).map(({ id }) => id))
      left = left.filter(({ id }) => again.has(id))
    }
    for (const { id } of left) sure.add(id)
    for (const { id } of seen) if (!sure.has(id)) fleeting.set(id, (fleeting.get(id) ?? 0) + 1)
    return left
  }

  const own = (find: Find, i: number): Find => ({
    ...find,
    title: `${names[i]}: ${find.title}`,
    signature: `${names[i]} | ${find.signature}`,
  })

  async function confirmDisagreement(input: Uint8Array, find: Find, stopped?: () => boolean): Promise<Confirmed> {
    const seen = async (session: Uint8Array): Promise<Disagreement | undefined> =>
      (await differUnhurried(session)).find(({ id }) => signatureOf(id) === find.signature)
    let times = 0
    for (let time = 0; time < TIMES; time++) {
      await Promise.all(subjects.map(subject => subject.renew()))
      if (await seen(input)) times++
    }
    if (times === 0 || !stopped) return { input, sessions: times > 0 ? 1 : 0, times, of: TIMES }
    const keeps = async (session: Uint8Array): Promise<boolean> => (await seen(session)) !== undefined
    const smaller = await smallerSession(input, keeps, { form, server: { transports }, stopped })
    const last = await seen(smaller)
    return { input: last ? smaller : input, sessions: 1, times, of: TIMES, said: last?.said }
  }

  return {
    seeds: first.seeds,
    tokens: first.tokens,
    mutate: (input: Uint8Array, chance: Chance) => first.mutate?.(input, chance),
    states: () => subjects.flatMap((subject, i) => (subject.states?.() ?? []).map(state => state ^ (i * 0x9e37))),
    paths: () =>
      subjects.flatMap((subject, i) =>
        (subject.paths?.() ?? []).map(([by, ...path]) => [`${names[i]} ${by}`, ...path]),
      ),
    title: subjects.map(({ title }, i) => title ?? names[i]).join(', '),
    get restarts() {
      return subjects.reduce((sum, { restarts = 0 }) => sum + restarts, 0)
    },
    get before() {
      return before
    },
    async run(input): Promise<Outcome> {
      const outcomes = await Promise.all(subjects.map(subject => subject.run(input)))
      before = undefined
      for (const [i, outcome] of outcomes.entries()) {
        if (outcome.kind !== 'find') continue
        before = subjects[i]?.before
        return found(own(outcome.find, i))
      }
      const seen = differ(subjects.map(({ heard }) => heard))
      const accepted = outcomes.some(({ kind }) => kind === 'accepted')
      const fresh = seen.some(({ id }) => known?.(id) === undefined)
      return outcomeOf(fresh ? await lasting(input, seen) : seen, known, accepted)
    },
    async confirm(input, find, options = {}) {
      if (find.kind === 'disagreement') return await confirmDisagreement(input, find, options.stopped)
      const at = names.findIndex(name => find.signature.startsWith(`${name} | `))
      const subject = subjects[at] ?? first
      const signature = find.signature.slice(`${names[at] ?? ''} | `.length)
      return await subject.confirm(input, { ...find, signature }, options)
    },
    unhurried() {
      for (const subject of subjects) subject.unhurried?.()
    },
    async renew() {
      const late = await Promise.all(subjects.map(subject => subject.renew()))
      const at = late.findIndex(find => find !== undefined)
      return at < 0 ? undefined : own(late[at] as Find, at)
    },
    describe: input => first.describe?.(input) ?? [],
    ...(first.script && {
      script: (input: Uint8Array, about: readonly string[]) => first.script?.(input, about) ?? '',
    }),
    async stop() {
      await Promise.all(subjects.map(subject => subject.stop()))
    },
  }
}

function signatureOf(id: string): string {
  return `disagreement | ${id}`
}
