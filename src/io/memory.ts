import type { Subject } from '../conformance/case.ts'
import type { Channel, Exit } from '../conformance/channel.ts'
import type { Peer } from '../conformance/peer.ts'
import type { Role } from '../conformance/rule.ts'
import type { Endpoint, Transport } from '../machine.ts'
import { flowPipe, SERVERS } from './flow-pipe.ts'
import { pipe, TESTER } from './pipe.ts'

/** A client in memory may say how it fared, as a program does by its exit status. */
interface Program extends Endpoint {
  readonly exitCode?: number
}

/**
 * A subject in memory behind the face of a real peer; a fresh endpoint for each connection. One that throws has died:
 * `health` says of what, until it is revived.
 */
export function memoryPeer(subject: Subject, role: Role, name: string, transports?: readonly Transport[]): Peer {
  let died: string | undefined
  let opened = 0
  const onThrow = (thrown: unknown): void => {
    died ??= thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)
  }
  return {
    name,
    address: 'memory',
    role,
    loopback: true,
    ...(transports && { transports }),
    open(opening = {}) {
      // In a promise: a subject that refuses the opening throws.
      return Promise.resolve().then(() => {
        const security = subject.secure?.(opening)
        const transport = opening.transport ?? transports?.[0]
        if (subject.flows) {
          const program = subject.flows({ transport, servers: SERVERS.length })
          return flowPipe(program, { onThrow, seed: ++opened })
        }
        const endpoint = subject.connect({ security, transport, remote: TESTER })
        const plain = pipe(endpoint, { onThrow, transport, security })
        const { renegotiate } = subject
        const channel = renegotiate ? { ...plain, renegotiate: () => Promise.resolve(renegotiate()) } : plain
        return role === 'client' ? withExit(channel, endpoint) : channel
      })
    },
    health: () => Promise.resolve(died === undefined ? { alive: true } : { alive: false, how: died }),
    revive() {
      died = undefined
      return Promise.resolve()
    },
    close: () => Promise.resolve(),
  }
}

/**
 * A client in memory has ended, as a program would, once it has ended its connection; with its own `exitCode`, or with 0
 * where it has none. Octets that come meanwhile are let go of, as nobody will ask for them.
 */
function withExit(channel: Channel, program: Program): Channel {
  return {
    ...channel,
    async exit(patience): Promise<Exit | undefined> {
      const until = channel.now() + patience
      for (;;) {
        const arrival = await channel.receive(Math.max(0, until - channel.now()))
        if (arrival.kind === 'silence') return undefined
        if (arrival.kind === 'octets') continue
        const code = program.exitCode ?? (arrival.kind === 'eof' ? 0 : 1)
        return { code, signal: null, stdout: '', stderr: '' }
      }
    },
  }
}
