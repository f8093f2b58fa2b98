import type { Protocol } from '../../conformance/case.ts'
import { framed, Unframer } from '../../dns/framing.ts'
import { message } from '../../dns/message.ts'
import { rcodes } from '../../dns/mnemonics.ts'
import type { Chance } from '../../fuzz/target.ts'
import { changedBy, joined, type SessionForm } from '../../fuzz/targets/server-form.ts'
import { withoutParticulars } from '../../fuzz/triage.ts'
import { staticTable } from '../../hpack/static-table.ts'
import { errorCodeName } from '../../http2/error-codes.ts'
import {
  ACK,
  FrameReader,
  frame,
  frameTypeName,
  GOAWAY,
  HEADER_OCTETS,
  HEADERS,
  PING,
  RST_STREAM,
  SETTINGS,
} from '../../http2/frame.ts'
import { PREFACE } from '../../http2/interpreter.ts'
import { typedFrame } from '../../http2/payload-frame.ts'
import type { Transport } from '../../machine.ts'
import type { Codec } from '../../wire/codec.ts'
import { toHex } from '../../wire/hex.ts'

/** RFC 1035 §4.2.2: on a stream the length of each message comes first. */
const LENGTH = 2

/** RFC 1035 §4.1.1, in the third octet. */
const AA = 4
const TC = 2

const dnsForm: SessionForm = {
  messages(octets, transport) {
    if (transport === 'udp') return [octets]
    return cut(octets, 0, (view, at) => (at + LENGTH > view.length ? undefined : LENGTH + u16(view, at)))
  },
  change(octets, transport, chance) {
    if (transport === 'udp') return changedBy(message as Codec<unknown>, octets, chance)
    // A length that lies keeps the server waiting, or makes two messages of one.
    if (chance.oneIn(8)) return lengthChanged(octets, chance)
    const changed = changedBy(message as Codec<unknown>, octets.subarray(LENGTH), chance)
    return changed && changed.length <= 0xffff ? framed(changed) : undefined
  },
  answers(arrivals, transport) {
    const messages = transport === 'udp' ? arrivals : new Unframer().push(joined(arrivals))
    return messages.map(answer => {
      if (answer.length < 12) return 0x10000
      // AA and TC, RCODE, and of each section whether there is one, or more: the opcode is but the one that was asked.
      const counts = [6, 8, 10].map(at => Math.min(2, u16(answer, at)))
      return (((answer[2] as number) & (AA | TC)) << 12) | (((answer[3] as number) & 0xf) << 6) | digits(counts, 3)
    })
  },
  word(answer) {
    if (answer === 0x10000) return 'no message'
    const rcode = rcodes.text((answer >> 6) & 0xf)
    const flags = [answer & (AA << 12) ? ' aa' : '', answer & (TC << 12) ? ' tc' : ''].join('')
    return `${rcode}${flags}${(answer & 0x3f) >= 9 ? ', answers' : ''}`
  },
}

const PREFACE_OCTETS: Uint8Array = PREFACE
const CODE = 4

const http2Form: SessionForm = {
  messages(octets) {
    const first = Buffer.compare(octets.subarray(0, PREFACE_OCTETS.length), PREFACE_OCTETS) === 0
    const frames = cut(octets, first ? PREFACE_OCTETS.length : 0, (view, at) =>
      at + HEADER_OCTETS > view.length ? undefined : HEADER_OCTETS + ((view[at] as number) << 16) + u16(view, at + 1),
    )
    return first ? [octets.subarray(0, PREFACE_OCTETS.length), ...frames] : frames
  },
  change(octets, _transport, chance) {
    if (octets.length < HEADER_OCTETS) return undefined
    if (chance.oneIn(8)) return headerChanged(octets, chance)
    return changedBy((chance.oneIn(4) ? frame : typedFrame) as Codec<unknown>, octets, chance)
  },
  answers(arrivals) {
    const reader = new FrameReader()
    reader.push(joined(arrivals))
    const codes: number[] = []
    for (let next = reader.next(); next && codes.length < 64; next = reader.next()) {
      const { type, flags, payload } = next
      let detail = 0
      if (type === RST_STREAM) detail = payload[3] ?? 0
      else if (type === GOAWAY) detail = payload[4 + CODE - 1] ?? 0
      // The first field of a response is its status, as an index where it is a usual one. RFC 7541 §6.1
      else if (type === HEADERS || type === SETTINGS) detail = payload[0] ?? 0
      codes.push((type << 16) | (flags << 8) | detail)
    }
    return codes
  },
  word(answer) {
    const [type, flags, detail] = [answer >> 16, (answer >> 8) & 0xff, answer & 0xff]
    const name = frameTypeName(type)
    if (type === RST_STREAM || type === GOAWAY) return `${name} ${errorCodeName(detail)}`
    if ((type === SETTINGS || type === PING) && (flags & ACK) !== 0) return `${name} ACK`
    // RFC 7541 §6.1: an indexed field; the static table's statuses.
    const status = type === HEADERS && detail > 0x80 ? staticTable[detail - 0x80] : undefined
    return status?.name === ':status' ? `${name} ${status.value}` : name
  },
}

/** DNS as it is carried: over HTTPS it is HTTP/2 whose frames are messages. RFC 8484 */
const carriedDnsForm: SessionForm = {
  messages: (octets, by) => (by === 'https' ? http2Form : dnsForm).messages(octets, by),
  change: (octets, by, chance) => (by === 'https' ? http2Form : dnsForm).change?.(octets, by, chance),
  answers: (arrivals, by) => (by === 'https' ? http2Form : dnsForm).answers(arrivals, by),
  word: (answer, by) => (by === 'https' ? http2Form : dnsForm).word?.(answer, by) ?? '',
}

const FORMS: Readonly<Record<string, SessionForm>> = { dns: carriedDnsForm, http2: http2Form }

/** How sessions of a protocol look: by its own form, or, where there is none, by what it says of octets for people. */
export function formOf(protocol: Protocol): SessionForm {
  return { ...(FORMS[protocol.name] ?? describedForm(protocol)), tell: (sent, by) => told(protocol, sent, by) }
}

function told(protocol: Protocol, sent: readonly Uint8Array[], transport: Transport): readonly (readonly string[])[] {
  const segments = sent.map(octets => ({ at: 0, from: 'tester' as const, octets }))
  const lines = protocol.describe(segments, transport)
  // Half a message has no words of its own yet.
  return lines.map((each, i) => (each.length > 0 ? each : [`part of a message: ${toHex(sent[i] ?? new Uint8Array())}`]))
}

function describedForm(protocol: Protocol): SessionForm {
  const words = new Map<number, string>()
  return {
    messages: octets => [octets],
    answers(arrivals, transport) {
      const segments = arrivals.map(octets => ({ at: 0, from: 'subject' as const, octets }))
      return protocol
        .describe(segments, transport)
        .flat()
        .map(line => {
          const word = withoutParticulars(line)
          const number = hashed(word)
          if (words.size < WORDS) words.set(number, word.slice(0, WORD))
          return number
        })
    },
    word: answer => words.get(answer) ?? 'other',
  }
}

/** Answers that are known by their words, and characters of these. */
const WORDS = 1000
const WORD = 40

function u16(octets: Uint8Array, at: number): number {
  return ((octets[at] as number) << 8) | (octets[at + 1] as number)
}

function digits(numbers: readonly number[], base: number): number {
  return numbers.reduce((sum, digit) => sum * base + digit, 0)
}

/** Cuts octets by the length of each part, which is undefined where the octets end first. */
function cut(octets: Uint8Array, from: number, lengthAt: (octets: Uint8Array, at: number) => number | undefined) {
  const parts: Uint8Array[] = []
  for (let at = from; at < octets.length; ) {
    const length = lengthAt(octets, at) ?? octets.length - at
    parts.push(octets.subarray(at, at + length))
    at += length
  }
  return parts
}

function lengthChanged(octets: Uint8Array, chance: Chance): Uint8Array {
  const copy = Uint8Array.from(octets)
  const length = chance.pick([0, 1, 11, 12, copy.length - LENGTH - 1, copy.length - LENGTH + 1, 0xffff])
  copy[0] = length >> 8
  copy[1] = length
  return copy
}

/** Length, type, flags or stream of a frame, whatever stands behind them. RFC 9113 §4.1 */
function headerChanged(octets: Uint8Array, chance: Chance): Uint8Array {
  const copy = Uint8Array.from(octets)
  const at = chance.pick([2, 2, 3, 4, 4, 8, 5])
  copy[at] = chance.oneIn(2) ? chance.below(256) : (copy[at] as number) ^ (1 << chance.below(8))
  return copy
}

function hashed(word: string): number {
  let hash = 0
  for (const character of word) hash = (Math.imul(hash, 31) + (character.codePointAt(0) ?? 0)) | 0
  return hash
}
