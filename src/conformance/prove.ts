import type { Case, Protocol, Subject, Suite, TalkOptions } from './case.ts'
import { caseId } from './case.ts'
import { features } from './features.ts'
import type { Peer } from './peer.ts'
import type { Role } from './rule.ts'
import { honoursAll, ignoring } from './rule.ts'
import { TALK_DEFAULTS, timeLimit } from './run.ts'
import { runCase } from './run-case.ts'
import type { Outcome, Verdict } from './verdict.ts'

/** Puts a subject in memory behind the same face as a real peer. */
export type InMemory = (subject: Subject, role: Role, name: string, transports?: Protocol['transports']) => Peer

/** Whether a case can tell a machine that keeps its rule from one that breaks it. */
export interface Proof {
  readonly id: string
  readonly role: Role
  readonly proven: boolean
  /** Why not, when it is not proven. */
  readonly because?: string
  readonly conforming: Verdict
  readonly deviant: Verdict
}

/** A deviant has been caught only if something was held against it. */
const CAUGHT: ReadonlySet<Outcome> = new Set(['weak', 'fail', 'crash'])

/** Runs a case in memory against our conforming machine, which must pass, and against its deviant, which must not. */
export async function prove(suite: Suite, entry: Case, inMemory: InMemory): Promise<Proof> {
  const { protocol, role } = suite
  const keeps = protocol.subject(role, honoursAll)
  const breaks = entry.deviant?.(protocol, role) ?? protocol.subject(role, ignoring(entry.rule))
  const conforming = await tryOut(suite, entry, inMemory(keeps, role, 'conforming', protocol.transports))
  const deviant = await tryOut(suite, entry, inMemory(breaks, role, 'deviant', protocol.transports))
  const because = doubt(conforming, deviant)
  const proof = { id: caseId(entry), role, proven: because === undefined, conforming, deviant }
  return because === undefined ? proof : { ...proof, because }
}

/** Runs one case against a peer in memory, with nothing else known of it. */
export function tryOut(suite: Suite, entry: Case, peer: Peer): Promise<Verdict> {
  const talk: TalkOptions = {
    ...TALK_DEFAULTS,
    authority: 'localhost',
    secure: false,
    resources: suite.protocol.resources,
  }
  const base = { talk, timeLimit: timeLimit(talk.patience), clock: () => 0 }
  return runCase(suite, entry, peer, { ...base, aggressive: true, features: features(suite, peer, base) })
}

function doubt(conforming: Verdict, deviant: Verdict): string | undefined {
  if (conforming.outcome !== 'pass') {
    return `our conforming machine does not pass: ${conforming.outcome}, expected ${conforming.expected}, came ${conforming.came}`
  }
  if (CAUGHT.has(deviant.outcome)) return undefined
  return `the deviant is not caught: ${deviant.outcome}, expected ${deviant.expected}, came ${deviant.came}`
}
