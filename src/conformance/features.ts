import type { Feature, Protocol, Step, Talk } from './case.ts'
import type { Peer } from './peer.ts'
import type { Role } from './rule.ts'
import type { CaseOptions } from './run-case.ts'
import { connect } from './run-case.ts'

/** Finds out once, on a connection of its own, which optional features a subject has. */
export interface Features {
  /** Why the subject lacks a feature, or undefined when it has it. */
  lack(feature: Feature<Talk>): Promise<string | undefined>
}

export function features<T extends Talk>(
  subject: { readonly protocol: Protocol<T>; readonly role: Role },
  peer: Peer,
  options: Pick<CaseOptions, 'talk' | 'timeLimit' | 'clock'>,
): Features {
  const known = new Map<string, Promise<string | undefined>>()

  async function probe(feature: Feature<T>): Promise<string | undefined> {
    let lack: string | undefined
    const asking: Step<T> = {
      says: `find out whether it has ${feature.name}`,
      async run(talk) {
        lack = await feature.probe(talk)
        return { outcome: 'pass', expected: feature.name, came: lack ?? feature.name }
      },
    }
    const steps = [...subject.protocol.begin(subject.role), asking]
    const finding = await connect(subject, steps, undefined, peer, options, [])
    // A subject that is not even alive lacks nothing: let the case itself say so.
    return finding.outcome === 'pass' ? lack : undefined
  }

  return {
    lack(feature) {
      let answer = known.get(feature.name)
      if (answer === undefined) {
        answer = probe(feature)
        known.set(feature.name, answer)
      }
      return answer
    },
  }
}
