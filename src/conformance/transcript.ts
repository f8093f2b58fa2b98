import type { Transport } from '../machine.ts'
import type { Protocol } from './case.ts'
import type { Address, Flow, Segment } from './channel.ts'
import type { Entry } from './record.ts'
import type { TranscriptEntry } from './verdict.ts'

/** Octets of one write or arrival shown in hex. */
const SHOWN_OCTETS = 4096
/** And of all of them together: a report holds hundreds of transcripts. */
const SHOWN_IN_ALL = 16384
const SHOWN_ENTRIES = 200
const SHOWN_LINES = 100
/** Characters of what they mean, in all: a few octets may mean much. */
const SHOWN_TEXT = 32768

/** Makes the evidence readable: each write and arrival with its time, its octets and what they mean. */
export function transcribe(
  protocol: Pick<Protocol, 'describe'>,
  entries: readonly Entry[],
  transport?: Transport,
): TranscriptEntry[] {
  const segments = entries.filter((entry): entry is Segment => 'octets' in entry)
  const meanings = meaningsOf(protocol, segments, transport)
  let index = 0
  let left = SHOWN_IN_ALL
  let room = SHOWN_TEXT
  const transcript = entries.slice(0, SHOWN_ENTRIES).map((entry): TranscriptEntry => {
    const { from } = entry
    const at = Math.round(entry.at * 1000) / 1000
    const way = entry.flow ? [wayOf(entry.flow, from)] : []
    if ('event' in entry) return { at, from, hex: '', octets: 0, decoded: [...way, entry.event] }
    const { octets } = entry
    const lines = meanings[index++] ?? []
    const decoded: string[] = way
    for (const line of lines) {
      if (decoded.length === SHOWN_LINES || line.length > room) break
      room -= line.length
      decoded.push(line)
    }
    const told = decoded.length - (entry.flow ? 1 : 0)
    if (lines.length > told) decoded.push(`and ${lines.length - told} more`)
    const shown = Math.min(octets.length, SHOWN_OCTETS, left)
    left -= shown
    const hex = Buffer.from(octets.buffer, octets.byteOffset, shown).toString('hex')
    return { at, from, hex, octets: octets.length, decoded }
  })
  const hidden = entries.length - transcript.length
  const last = entries.at(-1)
  if (hidden > 0 && last) {
    const decoded = [`and ${hidden} more writes and arrivals`]
    transcript.push({ at: Math.round(last.at * 1000) / 1000, from: 'subject', hex: '', octets: 0, decoded })
  }
  return transcript
}

/** What each segment means. Each of several flows is a conversation of its own, by a transport of its own. */
function meaningsOf(
  protocol: Pick<Protocol, 'describe'>,
  segments: readonly Segment[],
  transport: Transport | undefined,
): readonly (readonly string[])[] {
  const conversations = new Map<number | undefined, number[]>()
  for (const [at, { flow }] of segments.entries()) {
    const one = conversations.get(flow?.id)
    if (one) one.push(at)
    else conversations.set(flow?.id, [at])
  }
  const meanings: (readonly string[])[] = new Array(segments.length).fill([])
  for (const places of conversations.values()) {
    const own = places.map(at => segments[at] as Segment)
    const told = protocol.describe(own, own[0]?.flow?.transport ?? transport)
    for (const [index, at] of places.entries()) meanings[at] = told[index] ?? []
  }
  return meanings
}

/** `over UDP from port 40123 to 127.0.0.2 port 53`: which of several flows it was. */
function wayOf({ transport, subject, tester }: Flow, from: Segment['from']): string {
  const ours = (address: Address): string => `${address.address} port ${address.port}`
  const over = `over ${transport.toUpperCase()}`
  return from === 'subject'
    ? `${over} from port ${subject.port} to ${ours(tester)}`
    : `${over} from ${ours(tester)} to port ${subject.port}`
}
