import type { Protocol, Subject } from '../../src/conformance/case.ts'
import { honoursAll, type Role } from '../../src/conformance/rule.ts'
import type { DnsTalk } from '../../src/dns/talk.ts'
import type { Endpoint } from '../../src/machine.ts'

/**
 * Answers on the connection that was opened last, whichever the query came on: a machine knows of no connection but its own,
 * so that ignoring the rule is not enough.
 */
export function crossed(protocol: Protocol<DnsTalk>, role: Role): Subject {
  const subject = protocol.subject(role, honoursAll)
  const waiting = new Map<number, (Uint8Array | 'close')[]>()
  let opened = 0
  return {
    connect(connected): Endpoint {
      const own = opened++
      const endpoint = subject.connect(connected)
      waiting.set(own, [])
      return {
        get deadline() {
          return endpoint.deadline
        },
        receive: (octets, now) => endpoint.receive(octets, now),
        tick: now => endpoint.tick(now),
        transmit() {
          waiting.get(opened - 1)?.push(...endpoint.transmit())
          return waiting.get(own)?.splice(0) ?? []
        },
      }
    },
  }
}
