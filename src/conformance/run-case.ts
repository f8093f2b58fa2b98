import type { Transport } from '../machine.ts'
import type { Case, Dial, Protocol, Step, Suite, Talk, TalkOptions } from './case.ts'
import { caseId } from './case.ts'
import type { Channel, Opening } from './channel.ts'
import { refusedChannel } from './channel.ts'
import type { Features } from './features.ts'
import type { Health, Peer } from './peer.ts'
import { Refused } from './peer.ts'
import type { Entry } from './record.ts'
import { Exhausted, record } from './record.ts'
import { transcribe } from './transcript.ts'
import { ALIVE, BOUNDED, type Finding, type TranscriptEntry, type Verdict } from './verdict.ts'

/** One connection of a case, for a capture. */
export interface Connection {
  readonly channel: Channel
  readonly entries: readonly Entry[]
  /** Milliseconds since the epoch. */
  readonly opened: number
}

export interface CaseOptions {
  readonly talk: TalkOptions
  /** The most milliseconds that one connection of a case may take. */
  readonly timeLimit: number
  readonly aggressive: boolean
  readonly features: Features
  /** Wall clock in milliseconds since the epoch. */
  readonly clock: () => number
  /** Given each connection of a case when it is over; answers the name of the capture it wrote. */
  readonly capture?: (id: string, connections: readonly Connection[]) => Promise<string>
}

/**
 * Runs one case against a peer and says what came of it. Never throws: what goes wrong on our side, or the network's,
 * is a verdict of its own.
 */
export async function runCase<T extends Talk>(
  suite: Suite<T>,
  entry: Case<T>,
  peer: Peer,
  options: CaseOptions,
): Promise<Verdict> {
  const started = options.clock()
  const connections: Connection[] = []
  let finding = await judge(suite, entry, peer, options, connections)
  if (finding.outcome !== 'skipped' && finding.outcome !== 'unsupported') {
    const health = await peer.health().catch((thrown: unknown): Health => ({ alive: false, how: reason(thrown) }))
    if (!health.alive) finding = { outcome: 'crash', expected: 'the subject to survive', came: health.how }
  }
  const id = caseId(entry)
  const capture = connections.length > 0 ? await options.capture?.(id, connections) : undefined
  const { rule } = entry
  const commands = entry.steps.flatMap(step => step.command?.(options.talk, entry.opening) ?? [])
  const verdict = {
    id,
    protocol: suite.protocol.name,
    role: suite.role,
    suite: suite.title,
    rule: rule.id,
    level: rule.level,
    spec: rule.spec,
    section: rule.section,
    text: rule.text,
    when: entry.when,
    ...finding,
    milliseconds: Math.max(0, options.clock() - started),
    transcript: connections.flatMap((connection, at) => [
      ...(at > 0 ? [another(connection, connections[0] as Connection)] : []),
      ...transcribe(suite.protocol, connection.entries, connection.channel.transport),
    ]),
    ...(commands.length > 0 && { commands }),
  }
  return capture === undefined ? verdict : { ...verdict, capture }
}

/** Where the evidence of another connection begins, whose times count from its own opening. */
function another({ channel, opened }: Connection, first: Connection): TranscriptEntry {
  const by = channel.transport === undefined ? '' : ` over ${NAMES[channel.transport]}`
  const later = `${Math.max(0, opened - first.opened)} ms after the first`
  return { at: 0, from: 'tester', hex: '', octets: 0, decoded: [`another connection${by}, ${later}`] }
}

async function judge<T extends Talk>(
  suite: Suite<T>,
  entry: Case<T>,
  peer: Peer,
  options: CaseOptions,
  connections: Connection[],
): Promise<Finding> {
  if (entry.flood && !peer.loopback && !options.aggressive) {
    const came = 'not run: floods go to loopback only; --aggressive says that this subject is yours to flood'
    return { outcome: 'skipped', expected: 'permission to flood', came }
  }
  const usual = suite.protocol.begin(suite.role)
  try {
    // Before a feature is looked for: it may be one of that transport.
    const lacking = lackingTransport(entry, peer)
    if (lacking) return lacking
    for (const feature of entry.needs ?? []) {
      const lack = await options.features.lack(feature)
      if (lack !== undefined) return { outcome: 'unsupported', expected: feature.name, came: lack }
    }
    // A case that does not begin in the usual way proves nothing by silence or a close unless the usual way works.
    if (entry.begin || entry.opening?.tls) {
      const control = await connect(suite, usual, undefined, peer, options, [])
      if (control.outcome !== 'pass') return control
    }
    const steps = [...(entry.begin ?? usual), ...entry.steps]
    // Whoever is flooded on one connection has to go on serving others while that is still open.
    const others = entry.flood && suite.role === 'server' ? servesOthers(suite, usual, peer, options) : []
    return await connect(suite, [...steps, ...others], entry.opening, peer, options, connections)
  } catch (thrown) {
    return { outcome: 'error', expected: ALIVE, came: reason(thrown) }
  }
}

/** Says so where a case wants a transport that the peer is not reached by. */
function lackingTransport({ opening }: Pick<Case, 'opening'>, { transports = [] }: Peer): Finding | undefined {
  const transport = opening?.transport
  if (transport === undefined || transports.includes(transport)) return undefined
  const offered = transports.map(one => NAMES[one]).join(' and ') || 'no transport of choice'
  return {
    outcome: 'unsupported',
    expected: `a connection over ${NAMES[transport]}`,
    came: `it is reached over ${offered}`,
  }
}

const NAMES: Readonly<Record<Transport, string>> = { tcp: 'TCP', udp: 'UDP', tls: 'TLS', https: 'HTTPS' }

/** A step that opens a second connection, which has to begin as ever. */
function servesOthers<T extends Talk>(
  suite: Suite<T>,
  usual: readonly Step<T>[],
  peer: Peer,
  options: CaseOptions,
): readonly Step<T>[] {
  return [
    {
      says: 'expect another connection to be served meanwhile',
      async run(talk) {
        talk.flush()
        const { outcome, came } = await connect(suite, usual, undefined, peer, options, [])
        if (outcome === 'pass') return undefined
        return { outcome: 'fail', expected: 'another connection to be served meanwhile', came }
      },
    },
  ]
}

/** Opens one connection and takes steps on it until one does not pass. */
export async function connect<T extends Talk>(
  suite: { readonly protocol: Protocol<T>; readonly role: Suite<T>['role'] },
  steps: readonly Step<T>[],
  opening: Opening | undefined,
  peer: Peer,
  options: Pick<CaseOptions, 'talk' | 'timeLimit' | 'clock'>,
  connections: Connection[],
): Promise<Finding> {
  const open: Channel[] = []

  function keep(channel: Channel, opened: number): Channel {
    const recording = record(channel, { time: options.timeLimit, octets: options.talk.octetLimit })
    connections.push({ channel: recording.channel, entries: recording.entries, opened })
    open.push(recording.channel)
    return recording.channel
  }

  const opened = options.clock()
  const channel = await peer.open(opening).catch((thrown: unknown) => {
    if (opening && thrown instanceof Refused) return refusedChannel(thrown.message)
    throw thrown
  })
  try {
    const dial: Dial = async other => {
      const began = options.clock()
      return keep(await peer.open(other), began)
    }
    const talk = suite.protocol.talk(keep(channel, opened), suite.role, options.talk, dial)
    return await take(steps, talk)
  } catch (thrown) {
    if (!(thrown instanceof Exhausted)) throw thrown
    return { outcome: 'fail', expected: BOUNDED, came: thrown.message }
  } finally {
    for (const one of open) one.destroy()
  }
}

async function take<T extends Talk>(steps: readonly Step<T>[], talk: T): Promise<Finding> {
  let last: Finding | undefined
  for (const step of steps) {
    const finding = await step.run(talk)
    if (finding && finding.outcome !== 'pass') return finding
    last = finding ?? last
  }
  talk.flush()
  return last ?? { outcome: 'error', expected: 'a case that expects something', came: 'no step judged anything' }
}

function reason(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown)
  // Our own mistakes show where they are; what the network did needs no stack.
  const own = thrown instanceof TypeError || thrown instanceof RangeError || thrown instanceof ReferenceError
  return own ? (thrown.stack ?? thrown.message) : thrown.message
}
