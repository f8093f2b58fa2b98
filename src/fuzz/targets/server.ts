import type { Health, Peer } from '../../conformance/peer.ts'
import {
  ACCEPTED,
  type Chance,
  type Confirmed,
  type ConfirmOptions,
  type Find,
  type FuzzSubject,
  type Outcome,
  REFUSED,
  type Target,
} from '../target.ts'
import { found } from '../triage.ts'
import { confirm } from './server-confirm.ts'
import { describedSession } from './server-describe.ts'
import { EdgeMap } from './server-edges.ts'
import type { SessionForm } from './server-form.ts'
import { Journal } from './server-journal.ts'
import { SessionMutator } from './server-mutate.ts'
import { ServerOracle } from './server-oracle.ts'
import { type SessionScript, sessionScript } from './server-script.ts'
import { AGAIN, type Heard, Patience, type Played, play, type Stage, UNHURRIED } from './server-session.ts'
import { smallerSession } from './server-smaller.ts'
import { pathsOf, statesOf } from './server-states.ts'

/** A server that runs, and all that is known of it. */
export interface LiveServer extends Stage {
  /** `nginx 1.22.1` */
  readonly name: string
  /** `health` says whether and how it died; `revive`, where it is ours, starts it anew. */
  readonly peer: Pick<Peer, 'health' | 'revive' | 'close'> & {
    /** Where it is not ours to start: waits for a while until it is back. */
    returned?(): Promise<Health>
  }
  /** So many ms later. */
  readonly pause: (milliseconds: number) => Promise<void>
  /** Where it listens on this machine; absent where it is not on this one. */
  readonly port?: number | undefined
  /** The file that its stderr goes to. Where its folder is, sanitizers leave their reports there. */
  readonly log?: string | undefined
  readonly folder?: string | undefined
  /** A program of its own that plays a session. */
  script?(session: SessionScript): string
  /** The file in which it counts its edges, where it was built with native/edge-map.c. */
  readonly edges?: string | undefined
}

export interface ServerOptions {
  /** `server:nginx` */
  readonly name: string
  readonly about: string
  readonly begin: () => Promise<LiveServer>
  readonly form: SessionForm
  /** Sessions to begin with, in pieces, for these transports. */
  readonly seeds: (server: LiveServer) => Promise<readonly Uint8Array[]>
  readonly limits?: Partial<ServerLimits> | undefined
}

/** What a server may take, and how long it lives. */
export interface ServerLimits {
  /** Sessions until it is started anew. */
  readonly sessions: number
  /** KiB by which it may grow since it was warm: caches fill, arenas settle. */
  readonly memory: number
  /** Descriptors that it may have open besides those that it had when it was warm. */
  readonly descriptors: number
}

const LIMITS: ServerLimits = { sessions: 20_000, memory: 128 << 10, descriptors: 64 }

/** What one run may take: a hang is waited for, and a server that does not come back is started some times. */
const PATIENCE = 120_000

/** A server that lives on from session to session, behind the face of any subject. */
export interface ServerSubject extends FuzzSubject {
  run(input: Uint8Array): Promise<Outcome>
  /**
   * Plays a session that something came of on a server started anew, some times; where nothing comes of it alone, with the
   * sessions before it, of which it tells the fewest that are needed.
   */
  confirm(input: Uint8Array, find: Find, options?: ConfirmOptions): Promise<Confirmed>
  /** What came in the last run. */
  readonly heard: readonly Heard[]
  /** Plays a session with more time for each answer, and without a look at the server. */
  hear(input: Uint8Array): Promise<readonly Heard[]>
  /** Sessions played since the server was started, the last ones, oldest first. */
  readonly journal: readonly Uint8Array[]
  renew(): Promise<Find | undefined>
  stop(): Promise<void>
}

export interface ServerTarget extends Target {
  start(): Promise<ServerSubject>
}

/** A live server as a target. */
export function serverTarget(options: ServerOptions): ServerTarget {
  return {
    name: options.name,
    about: options.about,
    deterministic: false,
    patience: PATIENCE,
    async start() {
      const server = await options.begin()
      try {
        return serverSubject(server, options, await options.seeds(server))
      } catch (thrown) {
        await server.peer.close()
        throw thrown
      }
    },
  }
}

function serverSubject(server: LiveServer, options: ServerOptions, seeds: readonly Uint8Array[]): ServerSubject {
  const { form } = options
  const limits = { ...LIMITS, ...options.limits }
  const edges = server.edges === undefined ? undefined : new EdgeMap(server.edges, options.name)
  const mutator = new SessionMutator(form, server.transports, seeds)
  const oracle = new ServerOracle(server, limits)
  const journal = new Journal()
  const searching = new Patience()
  const again = new Patience(AGAIN)
  const unhurried = new Patience(UNHURRIED)
  let patience = searching
  let before: readonly Uint8Array[] = []
  let states: readonly number[] = []
  let heard: readonly Heard[] = []
  let sessions = 0
  let restarts = 0
  let gone: Error | undefined
  let stopped = false
  let restarting: Promise<unknown> = Promise.resolve()

  async function tried(
    input: Uint8Array,
    within: Patience,
  ): Promise<{ readonly played: Played; readonly find: Find | undefined }> {
    goesOn()
    edges?.clear()
    const played = await play(input, server, within)
    goesOn()
    edges?.show()
    heard = played.heard
    states = statesOf(heard, form)
    const find = await oracle.judge(played)
    goesOn()
    return { played, find }
  }

  /** What comes of a server that we have stopped meanwhile says nothing of it. */
  function goesOn(): void {
    if (stopped) throw new Error(`${server.name} was stopped`)
  }

  async function restart(): Promise<Find | undefined> {
    goesOn()
    const started = oracle.restart()
    restarting = started.catch(() => {})
    return await started
  }

  /** Starts it anew; what its end brought to light. */
  async function anew(): Promise<Find | undefined> {
    journal.clear()
    sessions = 0
    if (server.peer.revive) restarts++
    return await restart()
  }

  return {
    seeds,
    tokens: form.tokens ?? [],
    mutate: (input: Uint8Array, chance: Chance) => mutator.mutate(input, chance),
    states: () => states,
    async run(input) {
      if (gone) throw gone
      const { played, find } = await tried(input, patience)
      journal.add(input)
      sessions++
      if (find) {
        before = journal.sessions
        // What was found is told first.
        await anew().catch((thrown: Error) => {
          gone = thrown
        })
        return found(find)
      }
      if (sessions >= limits.sessions) {
        before = journal.sessions
        const late = await anew()
        if (late) return found(late)
      }
      return played.heard.some(({ ending }) => ending === 'reset') ? REFUSED : ACCEPTED
    },
    title: server.name,
    get restarts() {
      return restarts
    },
    get before() {
      return before
    },
    paths: () => pathsOf(heard, form),
    renew: anew,
    unhurried() {
      patience = unhurried
    },
    async confirm(input, find, options = {}) {
      const isSame = (other: Find | undefined): boolean =>
        other?.kind === find.kind && (find.stack === undefined || other.signature === find.signature)
      let within = again
      const came = async (session: Uint8Array): Promise<Find | undefined> =>
        (await tried(session, within)).find ?? (await oracle.look())
      const alone = async (session: Uint8Array): Promise<boolean> => isSame(await came(session))
      const replay = async (session: Uint8Array): Promise<boolean> => {
        await restart()
        return (await alone(session)) || isSame(await restart())
      }
      try {
        const earlier = options.before ?? (journal.sessions.length > 0 ? journal.sessions : before)
        let confirmed = await confirm(input, earlier, server.transports.length, replay)
        if (confirmed.times === 0) {
          // It may take somebody who leaves before the answer.
          within = searching
          confirmed = await confirm(input, earlier, server.transports.length, replay)
        }
        if (confirmed.times === 0 || !options.stopped) return confirmed
        // One session needs no fresh server for each try: it was none that the ones before it had a part in.
        const keeps = async (session: Uint8Array): Promise<boolean> => {
          if (confirmed.sessions > 1) return await replay(session)
          const other = await came(session)
          if (other) await restart()
          return isSame(other)
        }
        await restart()
        const smaller = await smallerSession(confirmed.input, keeps, { form, server, stopped: options.stopped })
        return (await replay(smaller)) ? { ...confirmed, input: smaller } : confirmed
      } finally {
        await anew()
      }
    },
    get heard() {
      return heard
    },
    hear: async input => (await play(input, server, unhurried)).heard,
    get journal() {
      return journal.sessions
    },
    edges: edges?.counters,
    ...(server.script && {
      script: (input: Uint8Array, about: readonly string[]) =>
        server.script?.(sessionScript(input, server, about)) ?? '',
    }),
    describe: input => describedSession(input, server, form),
    async stop() {
      stopped = true
      // It would have started after its end.
      await restarting
      edges?.close()
      oracle.close()
      await server.peer.close()
    },
  }
}
