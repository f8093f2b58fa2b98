import { suites } from '../catalog.ts'
import type { Protocol, TalkOptions } from '../conformance/case.ts'
import { caseId } from '../conformance/case.ts'
import type { Known } from '../conformance/known.ts'
import { markKnown } from '../conformance/known.ts'
import type { Peer } from '../conformance/peer.ts'
import { PATIENCE, run, TALK_DEFAULTS, timeLimit } from '../conformance/run.ts'
import type { Report, Verdict } from '../conformance/verdict.ts'
import { reportOf } from '../report/report-of.ts'
import type { SchemeName } from '../schemes.ts'
import { captureInto } from './captures.ts'
import { glob } from './glob.ts'
import { openClient, openServer } from './opening.ts'
import { version } from './package.ts'

/** How to grade; all of it has a default. */
export interface GradeOptions {
  /** Which cases run, by a glob on their ids: `rfc9113/6.5/*`. */
  readonly only?: string
  /** What is known of the subject, each entry with its reason; `parseKnown` reads a known file. */
  readonly known?: readonly Known[]
  /** How often each case runs; 1 unless said. Outcomes that differ are `unstable`. */
  readonly repeat?: number
  /** How many cases run side by side; 8 against a server, 1 against a client, unless said. Verdicts do not depend on it. */
  readonly concurrency?: number
  /** How long silence may last before it counts as such, in ms; 2000 unless said. */
  readonly patience?: number
  /** Runs floods even where the subject is not on this machine. Only for subjects that are yours to flood. */
  readonly aggressive?: boolean
  /** Fields for every request, names in lower case. */
  readonly headers?: readonly (readonly [name: string, value: string])[]
  /** Where to ask for what: `{ path: '/', large: '/big.bin' }`. */
  readonly resources?: Readonly<Record<string, string>>
  /** A folder for a capture (pcapng) of each case. */
  readonly captures?: string
  /** Stops early: what was not judged is `skipped` in the report. */
  readonly signal?: AbortSignal
  /** Told each verdict as it comes. */
  readonly onVerdict?: (verdict: Verdict, done: number, total: number) => void
}

/** A server to grade. */
export interface ServerToGrade extends GradeOptions {
  /** `h2c://127.0.0.1:8080`, `https://localhost:8443`, `dns://127.0.0.1/example.org`: the scheme says what is graded. */
  readonly url: string
  /** The master file of the zone that a DNS server was given; its name is what is asked for. */
  readonly zone?: string
  /** Takes any certificate. */
  readonly insecure?: boolean
}

/** A client to grade. */
export interface ClientToGrade extends GradeOptions {
  /** A shell command that is run once a case, with `{url}`, or `{host}` and `{port}`, replaced: `curl -sk {url}`. */
  readonly run: string
  /** How it speaks; `https` unless said. */
  readonly scheme?: SchemeName
  /** The same as the scheme `h2c`: gives it http:// and expects prior knowledge. */
  readonly h2c?: boolean
}

/** A peer that is ready to be graded. */
export interface Opened {
  readonly protocol: Protocol
  readonly peer: Peer
  readonly addressed: Addressed
}

/** How a peer is addressed, where requests say so. */
export interface Addressed {
  readonly authority: string
  readonly secure: boolean
  /** Where it serves what, by the protocol's own names; nothing of a client. */
  readonly resources: Readonly<Record<string, string>>
  /** What TLS agreed on, for the report. */
  readonly security?: string
}

const CONCURRENCY = { server: 8, client: 1, proxy: 1 } as const

/** Grades a server. Throws `Unreachable` when there is none, `UsageError` when the URL cannot be graded. */
export async function gradeServer(server: ServerToGrade): Promise<Report> {
  return await graded(await openServer(server), server)
}

/** Grades a client. */
export async function gradeClient(client: ClientToGrade): Promise<Report> {
  return await graded(await openClient(client), client)
}

async function graded({ protocol, peer, addressed }: Opened, options: GradeOptions): Promise<Report> {
  try {
    return await gradePeer(protocol, peer, addressed, options)
  } finally {
    await peer.close()
  }
}

/** Runs a protocol's suites against a peer, which stays open, and makes the report. */
export async function gradePeer(
  protocol: Protocol,
  peer: Peer,
  { authority, secure, security, resources }: Addressed,
  options: GradeOptions = {},
): Promise<Report> {
  const { only, known = [], repeat = 1, patience = PATIENCE, concurrency = CONCURRENCY[peer.role] } = options
  const chosen = suites.filter(suite => suite.protocol.name === protocol.name)
  const talk: TalkOptions = {
    ...TALK_DEFAULTS,
    patience,
    authority,
    secure,
    headers: options.headers ?? [],
    resources: { ...resources, ...options.resources },
  }
  const selection = only === undefined ? undefined : { glob: only, matches: glob(only) }
  const started = Date.now()
  const clock = performance.now()
  const found = await run(chosen, peer, {
    talk,
    timeLimit: timeLimit(patience),
    aggressive: options.aggressive ?? false,
    clock: Date.now,
    concurrency,
    repeat,
    ...(selection && { only: selection.matches }),
    ...(options.signal && { signal: options.signal }),
    ...(options.onVerdict && { onVerdict: options.onVerdict }),
    ...(options.captures !== undefined && { capture: captureInto(options.captures, peer) }),
  })
  const milliseconds = Math.round(performance.now() - clock)
  const ids = chosen.filter(suite => suite.role === peer.role).flatMap(suite => suite.cases.map(caseId))
  const { verdicts, stale } = markKnown(found, known, ids)
  return reportOf({
    version,
    peer,
    security,
    suites: chosen,
    only: selection,
    verdicts,
    stale,
    started,
    milliseconds,
    concurrency,
    patience,
    repeat,
  })
}
