import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { suites } from '../catalog.ts'
import type { Protocol, TalkOptions } from '../conformance/case.ts'
import { caseId, slug } from '../conformance/case.ts'
import type { Security } from '../conformance/channel.ts'
import type { Known } from '../conformance/known.ts'
import { markKnown } from '../conformance/known.ts'
import type { Peer } from '../conformance/peer.ts'
import { Refused, Unreachable } from '../conformance/peer.ts'
import { honoursAll } from '../conformance/rule.ts'
import { PATIENCE, run, TALK_DEFAULTS, timeLimit } from '../conformance/run.ts'
import { type Connection, connect } from '../conformance/run-case.ts'
import type { Report, Verdict } from '../conformance/verdict.ts'
import { http2 } from '../http2/protocol.ts'
import { clientPeer } from '../io/client-peer.ts'
import { serverPeer } from '../io/server-peer.ts'
import type { CapturedConnection } from '../report/pcapng.ts'
import { pcapng } from '../report/pcapng.ts'
import { reportOf } from '../report/report-of.ts'
import { serverAddress } from './address.ts'
import { glob } from './glob.ts'
import { UsageError } from './options.ts'
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
  /** `h2c://127.0.0.1:8080`, `https://localhost:8443`. */
  readonly url: string
  /** Takes any certificate. */
  readonly insecure?: boolean
}

/** A client to grade. */
export interface ClientToGrade extends GradeOptions {
  /** A shell command that is run once a case, with `{url}` replaced: `curl -sk {url}`. */
  readonly run: string
  /** Gives it http:// and expects prior knowledge; else https:// with a certificate of our own. */
  readonly h2c?: boolean
}

/** A peer that is ready to be graded. */
export interface Opened {
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

/** Opens a server and makes sure that it is there and speaks HTTP/2. Throws `UsageError` in one line when not. */
export async function openServer(server: ServerToGrade): Promise<Opened> {
  const { url, host, port, authority, secure, path } = serverAddress(server.url)
  return await checked(url, async () => {
    const peer = await serverPeer({
      name: url,
      host,
      port,
      ...(secure && { tls: { insecure: server.insecure ?? false } }),
      capture: server.captures !== undefined,
    })
    const channel = await peer.open()
    channel.destroy()
    const { security } = channel
    if (secure && security?.alpn !== 'h2') {
      const offer = security?.alpn === undefined ? 'chooses nothing by ALPN' : `chooses ${security.alpn} by ALPN`
      throw new UsageError(`${url} ${offer}, not h2: there is no HTTP/2 to grade`)
    }
    const named: Peer = { ...peer, address: url }
    // A server that is not ours may serve some of what ours does; what it lacks shows when it is asked for.
    const resources = { ...http2.resources, ...(path !== undefined && { path }) }
    const addressed = { authority, secure, resources }
    await speaks(named, addressed)
    return { peer: named, addressed: security ? { ...addressed, security: told(security) } : addressed }
  })
}

/** Whether a server begins as an HTTP/2 server at all. Throws `UsageError` in one line when not. */
async function speaks(peer: Peer, { authority, secure, resources }: Addressed): Promise<void> {
  const talk: TalkOptions = { ...TALK_DEFAULTS, authority, secure, resources }
  const options = { talk, timeLimit: timeLimit(talk.patience), clock: Date.now }
  const suite = { protocol: http2, role: 'server' as const }
  const { outcome, came } = await connect(suite, http2.begin('server'), undefined, peer, options, [])
  if (outcome !== 'pass') throw new UsageError(`no peer: ${peer.name} takes connections but speaks no HTTP/2: ${came}`)
}

/** Makes a client ready, and sees whether it connects at all. Throws `UsageError` in one line when not. */
export async function openClient(client: ClientToGrade): Promise<Opened> {
  const { run: command, h2c = false } = client
  if (!/\{(url|port|authority)\}/.test(command)) {
    throw new UsageError(`the command names no place to connect to: put {url} into '${command}'`)
  }
  const peer = clientPeer({
    run: command,
    tls: !h2c,
    capture: client.captures !== undefined,
    // What a client opens beside the connection under test is served as any server would.
    fallback: () => http2.subject('server', honoursAll).connect(),
  })
  try {
    return await checked(command, async () => {
      const channel = await peer.open()
      channel.destroy()
      const { security } = channel
      const addressed = { authority: 'localhost', secure: !h2c, resources: {} }
      return {
        peer,
        addressed: security ? { ...addressed, security: told(security) } : addressed,
      }
    })
  } catch (thrown) {
    await peer.close()
    throw thrown
  }
}

function told({ version, cipher }: Security): string {
  return `${version}, ${cipher}`
}

/** Turns what keeps a peer from being graded into one line. */
async function checked(name: string, open: () => Promise<Opened>): Promise<Opened> {
  try {
    return await open()
  } catch (thrown) {
    if (thrown instanceof Unreachable) throw new UsageError(`no peer: ${thrown.message.replace(/\s*\n\s*/g, '; ')}`)
    if (!(thrown instanceof Refused)) throw thrown
    const why = /no_application_protocol/.test(thrown.message) ? ': it does not offer h2' : ''
    throw new UsageError(`no peer: ${name} refused the connection: ${thrown.message}${why}`)
  }
}

/** Grades a server. Throws `Unreachable` when there is none, `UsageError` when the URL cannot be graded. */
export async function gradeServer(server: ServerToGrade): Promise<Report> {
  return await graded(await openServer(server), server)
}

/** Grades a client. */
export async function gradeClient(client: ClientToGrade): Promise<Report> {
  return await graded(await openClient(client), client)
}

async function graded({ peer, addressed }: Opened, options: GradeOptions): Promise<Report> {
  try {
    return await gradePeer(http2, peer, addressed, options)
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

/** Writes each case's connections into a file of a folder, and answers the file's name. */
function captureInto(folder: string, peer: Peer): (id: string, connections: readonly Connection[]) => Promise<string> {
  const names = new Set<string>()
  return async (id, connections) => {
    // File systems take 255 octets for a name; a case that is repeated writes again, under another name.
    const base = slug(id).slice(0, 200)
    let name = `${base}.pcapng`
    for (let again = 2; names.has(name); again++) name = `${base}-${again}.pcapng`
    names.add(name)
    await mkdir(folder, { recursive: true })
    await writeFile(join(folder, name), pcapng(connections.map(connection => captured(connection, peer))))
    return name
  }
}

function captured({ channel, entries, opened }: Connection, peer: Peer): CapturedConnection {
  const { capture, local, remote, transport } = channel
  const segments = capture?.segments ?? entries.filter(entry => 'octets' in entry)
  return {
    segments,
    local,
    remote,
    transport,
    opened,
    // Segments of ciphertext count from the opening of the socket, like `opened`; plain ones from that of the channel.
    clock: capture?.segments[0]?.at ?? 0,
    opener: peer.role === 'client' ? 'subject' : 'tester',
    ...(capture && { secrets: capture.secrets }),
  }
}
