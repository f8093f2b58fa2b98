import type { Role, Rule } from '../../conformance/rule.ts'
import type { Endpoint } from '../../machine.ts'
import { rfc9113 } from '../rules.ts'

/** Puts something around an endpoint that breaks a rule about the connection as a whole. */
export type Wrap = (endpoint: Endpoint, role: Role) => Endpoint

/** Says nothing before the other side has spoken. */
const silentAtFirst: Wrap = endpoint => {
  let spokenTo = false
  return {
    receive(octets, now) {
      spokenTo = true
      endpoint.receive(octets, now)
    },
    tick: now => endpoint.tick(now),
    transmit: () => (spokenTo ? endpoint.transmit() : []),
    get deadline() {
      return endpoint.deadline
    },
  }
}

/** Deviants of rules about when a connection speaks. */
export const connectionDeviants: ReadonlyMap<Rule, Wrap> = new Map<Rule, Wrap>([
  [rfc9113.prefaceAfterTls, silentAtFirst],
])
