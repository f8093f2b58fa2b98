import type { Level, Role } from './rule.ts'

/**
 * - `pass`: the rule was kept, and seen to be.
 * - `weak`: the breach was refused, but not as the rule says.
 * - `fail`: the rule was broken.
 * - `unsupported`: a probe found that the subject lacks an optional feature that the case needs.
 * - `limit`: the subject enforced a limit of its own before the rule could be seen.
 * - `unstable`: repeats disagree.
 * - `crash`: the subject died of it.
 * - `error`: ours or the network's; never held against the subject.
 * - `skipped`: not run, by choice, with the reason.
 */
export type Outcome = 'pass' | 'weak' | 'fail' | 'unsupported' | 'limit' | 'unstable' | 'crash' | 'error' | 'skipped'

/** What an expectation says of what came. */
export interface Finding {
  readonly outcome: Outcome
  /** What the rule wants, as a phrase: `a connection error of type PROTOCOL_ERROR`. */
  readonly expected: string
  /** What came instead, or as wanted, as a phrase: `GOAWAY PROTOCOL_ERROR, then the end of the connection`. */
  readonly came: string
}

/** What every beginning expects before anything else; a protocol may say more behind it. */
export const ALIVE = 'the subject to be alive'

/** What is expected of whoever used up the time or the octets of a case. */
export const BOUNDED = 'an end within the bounds of a case'

/** One write or arrival in a transcript. */
export interface TranscriptEntry {
  /** Milliseconds since the connection was opened. */
  readonly at: number
  readonly from: 'tester' | 'subject'
  /** The octets in hex, cut after 4 KiB; empty for an event such as the end of the connection. */
  readonly hex: string
  /** How many octets there were, when `hex` was cut. */
  readonly octets: number
  /** What they mean, one line a frame or message; or the event. */
  readonly decoded: readonly string[]
}

/** What one case found, with its evidence. */
export interface Verdict {
  /** The case's id: the rule's id and the slug of `when`. */
  readonly id: string
  readonly protocol: string
  readonly role: Role
  readonly suite: string
  /** The rule's id. */
  readonly rule: string
  readonly level: Level
  readonly spec: string
  readonly section: string
  /** The rule in our words. */
  readonly text: string
  readonly when: string
  readonly outcome: Outcome
  readonly expected: string
  readonly came: string
  /** The reason from the known file, when this outcome was expected. */
  readonly known?: string
  /** Each outcome, when the case was repeated. */
  readonly repeats?: readonly Outcome[]
  readonly milliseconds: number
  readonly transcript: readonly TranscriptEntry[]
  /** How to do the same by hand, with a tool that people know: one command each. */
  readonly commands?: readonly string[]
  /** File name of the capture, when one was written. */
  readonly capture?: string
}

/** What is known of a rule, for coverage. */
export interface RuleState {
  readonly id: string
  readonly spec: string
  readonly section: string
  readonly level: Level
  readonly role: Role | 'both'
  /** `missing` when for one of the roles it binds it is neither tested nor shown to be unobservable. */
  readonly state: 'tested' | 'unobservable' | 'missing'
  readonly reason?: string
  readonly text: string
  /** The same for each role that it binds. */
  readonly roles: Readonly<Partial<Record<Role, 'tested' | 'unobservable' | 'missing'>>>
  /** How many cases test it. */
  readonly cases: number
}

/** The source of every report: what was graded, how, and what came of it. */
export interface Report {
  /** URL of the JSON Schema this follows. */
  readonly $schema: string
  readonly tool: { readonly name: 'wiregrade'; readonly version: string }
  readonly subject: { readonly name: string; readonly address: string; readonly role: Role; readonly security?: string }
  readonly protocol: string
  /** ISO 8601, UTC. */
  readonly started: string
  readonly milliseconds: number
  readonly options: {
    readonly concurrency: number
    readonly patience: number
    readonly repeat: number
    readonly only?: string
  }
  readonly grade: Grade
  readonly totals: Readonly<Record<Outcome, number>>
  /** Coverage of the specification by this suite: every rule that binds the role graded. */
  readonly rules: readonly RuleState[]
  /** Where to read a section, by spec: `https://www.rfc-editor.org/rfc/rfc9113#section-`; the section is appended. */
  readonly specifications: Readonly<Record<string, { readonly title: string; readonly sections: string }>>
  readonly verdicts: readonly Verdict[]
  /** Entries of the known file that no longer hold: the case passes now, or is gone. */
  readonly stale: readonly { readonly id: string; readonly why: string }[]
}

/**
 * - `A`: every MUST and SHOULD that could be judged passes.
 * - `B`: every MUST passes.
 * - `C`: no MUST fails outright, but some are kept only weakly.
 * - `D`: at most one MUST in twenty fails.
 * - `F`: more fail, or the subject crashed.
 * - `-`: nothing could be judged.
 */
export interface Grade {
  readonly letter: 'A' | 'B' | 'C' | 'D' | 'F' | '-'
  /** Whether every MUST passes or is known: the exit status is 0. */
  readonly good: boolean
  /** One line saying why. */
  readonly because: string
  readonly must: Tally
  readonly should: Tally
  readonly may: Tally
}

/** Of the cases judged at one level. */
export interface Tally {
  readonly passed: number
  readonly judged: number
}
