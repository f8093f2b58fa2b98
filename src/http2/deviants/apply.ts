import { type Honours, honoursAll, type Role, type Rule } from '../../conformance/rule.ts'
import type { Endpoint } from '../../machine.ts'
import { octetsOf } from '../build.ts'
import { type Frame, FrameReader } from '../frame.ts'
import { PREFACE } from '../server.ts'
import { connectionDeviants } from './connections.ts'
import { controlDeviants } from './control-frames.ts'
import { type AlterFields, type AlterFrame, fieldDeviants, frameDeviants } from './messages.ts'

/** What deviants do to the field sections they send, if anything. */
export function alterFields(honours: Honours): AlterFields | undefined {
  const alterations = broken(fieldDeviants, honours)
  if (alterations.length === 0) return undefined
  return (fields, kind) => alterations.reduce((altered, alter) => alter(altered, kind), fields)
}

/** An endpoint of which what it says is altered as the rules that are not kept want it. */
export function deviate(endpoint: Endpoint, role: Role, honours: Honours): Endpoint {
  if (honours === honoursAll) return endpoint
  const alterations = [...broken(controlDeviants, honours).map(fresh => fresh()), ...broken(frameDeviants, honours)]
  const altered = alterations.length === 0 ? endpoint : rewritten(endpoint, role, alterations)
  return broken(connectionDeviants, honours).reduce((inner, wrap) => wrap(inner, role), altered)
}

function broken<T>(deviants: ReadonlyMap<Rule, T>, honours: Honours): T[] {
  return [...deviants].filter(([rule]) => !honours(rule)).map(([, deviant]) => deviant)
}

/** Each frame that goes out is replaced by those that an alteration makes of it. */
function rewritten(endpoint: Endpoint, role: Role, alterations: readonly AlterFrame[]): Endpoint {
  const reader = new FrameReader()
  let preface = role === 'client' ? PREFACE.length : 0
  const rewrite = (octets: Uint8Array): Uint8Array => {
    const before = octets.subarray(0, preface)
    preface -= before.length
    reader.push(octets.subarray(before.length))
    const frames: Frame[] = []
    for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
      let made: readonly Frame[] = [frame]
      for (const alter of alterations) made = made.flatMap(one => alter(one, role))
      frames.push(...made)
    }
    return octetsOf(before, ...frames)
  }
  return {
    receive: (octets, now) => endpoint.receive(octets, now),
    tick: now => endpoint.tick(now),
    transmit: () => endpoint.transmit().map(output => (output === 'close' ? output : rewrite(output))),
    get deadline() {
      return endpoint.deadline
    },
  }
}
