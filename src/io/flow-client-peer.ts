import type { Channel } from '../conformance/channel.ts'
import type { Peer } from '../conformance/peer.ts'
import type { Transport } from '../machine.ts'
import { exitOf, firstSign, runClient } from './client-run.ts'
import type { DroppableRun } from './client-runs.ts'
import { ClientRuns } from './client-runs.ts'
import type { FlowListener } from './flow-listener.ts'
import { listenForFlows } from './flow-listener.ts'
import type { Folder } from './folder.ts'
import { temporaryFolder } from './folder.ts'

export interface FlowClientPeerOptions {
  /** What the shell runs for each case; what it may name is in `FLOW_PLACEHOLDERS`. */
  readonly run: string
  /** What reports call it; the command when absent. */
  readonly name?: string | undefined
  /** Milliseconds that the program may take to say something; 10 s when absent. */
  readonly timeout?: number | undefined
  /** UDP, then TCP, when absent. */
  readonly transports?: readonly Transport[] | undefined
}

/** What a command may name, and what stands there when it is run. */
export const FLOW_PLACEHOLDERS = {
  host: '127.0.0.1',
  host2: '127.0.0.2, a second server at the same port',
  port: '40001',
  authority: '127.0.0.1:40001',
  folder: 'a folder that it may write to',
} as const

const TIMEOUT = 10_000

/**
 * A client under test that may open several flows: a program that is run anew for each case, with a port of its own to
 * go to, over UDP and TCP, at several addresses. All it says there is one channel. Throws when the command does not say
 * where to go.
 */
export function flowClientPeer(options: FlowClientPeerOptions): Peer {
  const { run, timeout = TIMEOUT, transports = ['udp', 'tcp'] } = options
  if (!/\{(port|authority)\}/.test(run)) {
    throw new Error(`the command names no place to go to: put {host} and {port} into '${run}'`)
  }
  const runs = new ClientRuns<Run>(options.name ?? run, () => temporaryFolder('client'))
  return {
    ...runs.peer(run),
    transports,
    async open() {
      const one = await begin(run, runs.folder)
      runs.add(one)
      try {
        await firstSign(one.listener.first, one, timeout)
      } catch (thrown) {
        runs.drop(one)
        throw thrown
      }
      return channelOf(one, () => runs.drop(one))
    },
  }
}

/** A program run for one case, and what listens for it. */
interface Run extends DroppableRun {
  readonly listener: FlowListener
}

async function begin(run: string, folder: Folder): Promise<Run> {
  const listener = await listenForFlows()
  const [{ address: host, port }, second] = listener.servers
  const values: Record<keyof typeof FLOW_PLACEHOLDERS, string> = {
    host,
    host2: second.address,
    port: String(port),
    authority: `${host}:${port}`,
    folder: folder.path,
  }
  const command = run.replace(/\{(host2?|port|authority|folder)\}/g, (_, name: keyof typeof values) => values[name])
  const client = runClient(command)
  // Nothing comes after its end; what it sent before may still wait to be read.
  void client.program.ended.then(() => listener.over())
  let dropped = false
  return {
    ...client,
    listener,
    get dropped() {
      return dropped
    },
    drop() {
      if (dropped) return
      dropped = true
      client.program.kill()
      listener.close()
    },
  }
}

function channelOf(one: Run, drop: () => void): Channel {
  const { listener } = one
  const [first] = listener.servers
  return {
    send: listener.send,
    end: listener.end,
    destroy(flow) {
      if (flow) listener.reset(flow)
      else drop()
    },
    receive: listener.receive,
    now: () => performance.now(),
    local: first,
    remote: listener.remote() ?? { address: first.address, port: 0 },
    servers: listener.servers,
    stray: listener.stray,
    transport: 'udp',
    exit: patience => exitOf(one, patience),
  }
}
