import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { slug } from '../conformance/case.ts'
import type { Flow, Segment } from '../conformance/channel.ts'
import type { Peer } from '../conformance/peer.ts'
import type { Connection } from '../conformance/run-case.ts'
import type { CapturedConnection } from '../report/pcapng.ts'
import { pcapng } from '../report/pcapng.ts'

/** Writes each case's connections into a file of a folder, and answers the file's name. */
export function captureInto(
  folder: string,
  peer: Pick<Peer, 'role'>,
): (id: string, connections: readonly Connection[]) => Promise<string> {
  const names = new Set<string>()
  return async (id, connections) => {
    // File systems take 255 octets for a name; a case that is repeated writes again, under another name.
    const base = slug(id).slice(0, 200)
    let name = `${base}.pcapng`
    for (let again = 2; names.has(name); again++) name = `${base}-${again}.pcapng`
    names.add(name)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, name), pcapng(connections.flatMap(connection => captured(connection, peer))))
    return name
  }
}

/** What went over one connection; over several, where the subject opened several flows. */
export function captured({ channel, entries, opened }: Connection, { role }: Pick<Peer, 'role'>): CapturedConnection[] {
  const { capture, local, remote, transport } = channel
  const segments = capture?.segments ?? entries.filter((entry): entry is Segment => 'octets' in entry)
  const opener = role === 'client' ? 'subject' : 'tester'
  const flows = byFlow(segments)
  if (flows.length > 0) {
    return flows.map(({ flow, segments: own }) => {
      const clock = own[0]?.at ?? 0
      const { tester, subject } = flow
      return {
        segments: own,
        local: tester,
        remote: subject,
        transport: flow.transport,
        opened: opened + clock,
        clock,
        opener,
      }
    })
  }
  return [
    {
      segments,
      local,
      remote,
      transport,
      opened,
      // Segments of ciphertext count from the opening of the socket, like `opened`; plain ones from that of the channel.
      clock: capture?.segments[0]?.at ?? 0,
      opener,
      ...(capture && { secrets: capture.secrets }),
    },
  ]
}

interface OneFlow {
  readonly flow: Flow
  readonly segments: Segment[]
}

/** Each flow by itself, from each address of ours by itself; none where segments know of no flow. */
function byFlow(segments: readonly Segment[]): readonly OneFlow[] {
  const flows = new Map<string, OneFlow>()
  let last: Flow | undefined
  for (const segment of segments) {
    // What names no flow goes out on the one last heard from.
    const flow = segment.flow ?? last
    if (!flow) continue
    if (segment.from === 'subject') last = flow
    const key = `${flow.id} ${flow.tester.address} ${flow.tester.port}`
    const known = flows.get(key)
    if (known) known.segments.push(segment)
    else flows.set(key, { flow, segments: [segment] })
  }
  return [...flows.values()]
}
