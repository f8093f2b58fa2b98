import type { Protocol } from '../../conformance/case.ts'
import { edns, fullRcode } from '../../dns/edns.ts'
import { Unframer } from '../../dns/framing.ts'
import { recordText } from '../../dns/master-file.ts'
import { type Message, message, type ResourceRecord } from '../../dns/message.ts'
import { RCODE, rcodes, TYPE, types } from '../../dns/mnemonics.ts'
import { Ranked } from '../../fuzz/targets/diff-value.ts'
import { joined, type SessionForm } from '../../fuzz/targets/server-form.ts'
import type { Heard } from '../../fuzz/targets/server-session.ts'
import { quietly } from '../../fuzz/triage.ts'
import { HpackDecoder } from '../../hpack/decoder.ts'
import { errorCodeName } from '../../http2/error-codes.ts'
import {
  CONTINUATION,
  END_HEADERS,
  type Frame,
  FrameReader,
  GOAWAY,
  HEADERS,
  PADDED,
  PRIORITY_FLAG,
  PUSH_PROMISE,
  RST_STREAM,
} from '../../http2/frame.ts'
import { decode } from '../../wire/whole.ts'

/**
 * What servers of a protocol should agree on, of all that came on a flow, as plain data. What its specification leaves open is
 * left out: for DNS how connections end (RFC 7766 §6.2.3), the order of records and of responses (RFC 7766 §7), additional
 * records, whatever stands in responses that were cut; for HTTP/2 everything but whether the connection came to an error, and
 * how each stream was answered.
 */
export type Comparison = (heard: Heard) => unknown

/** The comparison of a protocol; where there is none, the words of its session form and how the flow ended. */
export function comparisonOf(protocol: Protocol, form: SessionForm): Comparison {
  if (protocol.name === 'dns') return dnsResponses
  if (protocol.name === 'http2') return http2Answers
  return ({ octets, transport, ending }) => ({
    answers: form.answers(octets, transport).map(answer => form.word?.(answer, transport) ?? answer),
    ending,
  })
}

function dnsResponses({ octets, transport }: Heard): unknown {
  const parts = transport === 'udp' ? octets : new Unframer().push(joined(octets))
  const read = new Map<string, (Message | undefined)[]>()
  for (const part of parts) {
    const id = `#${((part[0] ?? 0) << 8) | (part[1] ?? 0)}`
    read.set(id, [...(read.get(id) ?? []), messageOf(part)])
  }
  return Object.fromEntries([...read].map(([id, messages]) => [id, transferred(messages).map(dnsResponse)]))
}

function messageOf(octets: Uint8Array): Message | undefined {
  let read: Message | undefined
  quietly(() => {
    read = decode(message, octets)
  })
  return read
}

/** Into how many messages a transfer is cut says nothing, nor whether all of them repeat the question. RFC 5936 §2.2, §2.2.1 */
function transferred(messages: readonly (Message | undefined)[]): readonly (Message | undefined)[] {
  const [first, ...others] = messages
  const asked = first?.questions[0]?.type
  if (first === undefined || (asked !== TYPE.AXFR && asked !== TYPE.IXFR)) return messages
  const more = others.flatMap(other =>
    other === undefined || other.questions.some(({ type }) => type !== asked) ? [] : other,
  )
  if (more.length < others.length) return messages
  return [{ ...first, answers: [first, ...more].flatMap(({ answers }) => answers) }]
}

function dnsResponse(read: Message | undefined): unknown {
  if (read === undefined) return 'unreadable'
  const { opcode, aa, tc, questions } = read
  const rcode = fullRcode(read)
  const about = { rcode: rcodes.text(rcode), opcode, tc, edns: edns(read) !== undefined }
  // What stands in a response that was cut, or in one that tells of an error, is for each server to choose.
  if (tc || (rcode !== RCODE.NOERROR && rcode !== RCODE.NXDOMAIN)) return new Ranked(about)
  // NS of the zone may stand beside an answer or not; those of a referral, and SOA, say something.
  const telling = read.authority.filter(({ type }) => type === TYPE.SOA || (type === TYPE.NS && !aa))
  return new Ranked({
    ...about,
    aa,
    questions: questions.length,
    answers: setOf(read.answers),
    authority: setOf(telling),
    ttl: [...new Set([...read.answers, ...telling].map(({ type, ttl }) => `${types.text(type)} ${ttl}`))].sort(),
  })
}

/** As a set, whatever the case of letters. */
function setOf(records: readonly ResourceRecord[]): string {
  const lines = records.map(record => recordText({ ...record, ttl: 0 }).toLowerCase())
  return [...new Set(lines)].sort().join('; ')
}

interface StreamAnswer {
  status?: string
  reset?: string
}

/** What stands before a field block, besides the length of padding. RFC 9113 §6.2, §6.6 */
const PRIORITY_OCTETS = 5
const PROMISED_OCTETS = 4

function http2Answers({ octets }: Heard): unknown {
  const reader = new FrameReader()
  reader.push(joined(octets))
  const decoder = new HpackDecoder()
  const streams = new Map<number, StreamAnswer>()
  let error: string | undefined
  let block: { readonly type: number; readonly stream: number; readonly parts: Uint8Array[] } | undefined
  const of = (stream: number): StreamAnswer => {
    const answer = streams.get(stream) ?? {}
    streams.set(stream, answer)
    return answer
  }
  quietly(() => {
    for (let next = reader.next(); next; next = reader.next()) {
      const { type, flags, payload, stream } = next
      if (type === RST_STREAM) of(stream).reset = errorCodeName(payload[3] ?? 0)
      if (type === GOAWAY) error = errorCodeName(payload[7] ?? 0)
      const isFirst = type === HEADERS || type === PUSH_PROMISE
      if (isFirst) block = { type, stream, parts: [fragmentOf(next)] }
      else if (type === CONTINUATION && block) block.parts.push(payload)
      if (!block || (flags & END_HEADERS) === 0 || (!isFirst && type !== CONTINUATION)) continue
      const { fields } = decoder.decode(joined(block.parts))
      const status = fields.find(({ name }) => name === ':status')?.value
      // Interim responses may come or not. RFC 9110 §15.2
      if (block.type === HEADERS && status !== undefined && !status.startsWith('1')) of(block.stream).status = status
      block = undefined
    }
  })
  // A server that goes may say so or not, where nothing is wrong (RFC 9113 §6.8). Which streams are still answered beside an
  // error of the connection is a matter of time.
  if (error !== undefined && error !== 'NO_ERROR') return new Ranked({ connection: 'ERROR', error })
  return new Ranked({
    connection: 'FINE',
    streams: Object.fromEntries([...streams].map(([stream, answer]) => [`#${stream}`, new Ranked(outcomeOf(answer))])),
  })
}

/** RFC 9113 §8.1.1: a request that is malformed is refused by a stream error, or by a response with status 400. */
function outcomeOf({ status, reset }: StreamAnswer): Readonly<Record<string, string | undefined>> {
  const error = reset === 'NO_ERROR' ? undefined : reset
  const isRefused = error !== undefined || status === '400'
  return isRefused ? { outcome: 'REFUSED', by: error ?? status } : { outcome: 'ANSWERED', status }
}

function fragmentOf({ type, flags, payload }: Frame): Uint8Array {
  const isPadded = (flags & PADDED) !== 0
  const before = type === PUSH_PROMISE ? PROMISED_OCTETS : (flags & PRIORITY_FLAG) !== 0 ? PRIORITY_OCTETS : 0
  return payload.subarray((isPadded ? 1 : 0) + before, payload.length - (isPadded ? (payload[0] ?? 0) : 0))
}
