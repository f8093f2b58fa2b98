import type { Segment } from '../conformance/channel.ts'
import { http2 } from '../http2/protocol.ts'
import type { Transport } from '../machine.ts'
import { WireError } from '../wire/errors.ts'
import { decode } from '../wire/whole.ts'
import { edns, ednsOf } from './edns.ts'
import { Unframer } from './framing.ts'
import type { Message, Question, ResourceRecord } from './message.ts'
import { message } from './message.ts'
import { classes, opcodes, options, rcodes, TYPE, types } from './mnemonics.ts'
import { rdataText } from './rdata.ts'

/** Characters of one line: a record may hold 64 KiB. */
const WIDTH = 400

/** What each segment means, one line for each part of each message that ended in it. */
export function describe(segments: readonly Segment[], transport: Transport = 'udp'): readonly (readonly string[])[] {
  if (transport === 'https') return http2.describe(segments)
  if (transport === 'udp') return segments.map(({ octets }) => linesOf(octets))
  const unframers = new Map<string, Unframer>()
  return segments.map(({ octets, from, flow }) => {
    if (flow?.transport === 'udp') return linesOf(octets)
    const key = `${from} ${flow?.id ?? 0}`
    const unframer = unframers.get(key) ?? new Unframer()
    unframers.set(key, unframer)
    const lines = unframer.push(octets).flatMap(linesOf)
    return unframer.pending > 0 ? [...lines, `and ${unframer.pending} octets of a message that goes on`] : lines
  })
}

/** What one message says: its header, then each question and record. */
export function linesOf(octets: Uint8Array): string[] {
  try {
    return messageLines(decode(message, octets))
  } catch (thrown) {
    if (thrown instanceof WireError) return [`${octets.length} octets that are no message: ${thrown.message}`]
    throw thrown
  }
}

/** A message as lines: its header, then each question and record. */
export function messageLines(given: Message): string[] {
  return [
    headerLine(given),
    ...given.questions.map(question => `  ? ${questionText(question)}`),
    ...given.answers.map(record => `  ${recordLine(record)}`),
    ...given.authority.map(record => `  authority: ${recordLine(record)}`),
    ...given.additional.map(record => `  additional: ${recordLine(record)}`),
  ].map(line => (line.length > WIDTH ? `${line.slice(0, WIDTH)}...` : line))
}

/** `response 4660 NXDOMAIN, aa rd` */
export function headerLine(given: Message): string {
  const { qr, opcode, id } = given
  const flags = (['aa', 'tc', 'rd', 'ra', 'z', 'ad', 'cd'] as const).filter(flag => given[flag])
  const kind = opcode === 0 ? '' : ` ${opcodes.text(opcode)}`
  const rcode = ((edns(given)?.extendedRcode ?? 0) << 4) | given.rcode
  const result = qr || rcode !== 0 ? ` ${rcodes.text(rcode)}` : ''
  return `${qr ? 'response' : 'query'} ${id}${kind}${result}${flags.length > 0 ? `, ${flags.join(' ')}` : ''}`
}

/** `www.example.test. A`; the class where it is not IN. */
export function questionText({ name, type, class: klass }: Question): string {
  return `${name} ${types.text(type)}${klass === 1 ? '' : ` of class ${classes.text(klass)}`}`
}

/** A record as a master file has it; OPT by what it says. */
export function recordLine(record: ResourceRecord): string {
  const said = record.type === TYPE.OPT ? ednsOf(record) : undefined
  if (said) {
    const parts = [`OPT of ${said.size} octets`]
    if (said.version > 0) parts.push(`version ${said.version}`)
    if (said.dnssecOk) parts.push('DO')
    if (said.flags > 0) parts.push(`flags ${said.flags.toString(16)}`)
    if (record.name !== '.') parts.push(`owned by ${record.name}`)
    for (const { code, data } of said.options) {
      parts.push(`${options.text(code)}${data.length > 0 ? ` ${Buffer.from(data).toString('hex')}` : ''}`)
    }
    return parts.join(', ')
  }
  const { name, ttl, class: klass, type, data } = record
  return `${name} ${ttl} ${classes.text(klass)} ${types.text(type)} ${rdataText(type, klass, data)}`.trimEnd()
}
