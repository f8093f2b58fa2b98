import fc from 'fast-check'
import type { Codec } from '../wire/codec.ts'
import { MessageWriter } from './name.ts'
import type { Question, ResourceRecord } from './sections.ts'
import { question, readSection, readU16, resourceRecord, writeSection } from './sections.ts'

export { type Question, question, type ResourceRecord, resourceRecord } from './sections.ts'

/** RFC 1035 §4.1.1; AD and CD: RFC 4035 §3.1.6, §3.2.2. */
export interface Header {
  readonly id: number
  /** A response. */
  readonly qr: boolean
  readonly opcode: number
  /** An authoritative answer. */
  readonly aa: boolean
  /** Truncated. */
  readonly tc: boolean
  /** Recursion desired. */
  readonly rd: boolean
  /** Recursion available. */
  readonly ra: boolean
  /** The bit that is reserved. */
  readonly z: boolean
  /** Authentic data. */
  readonly ad: boolean
  /** Checking disabled. */
  readonly cd: boolean
  /** The four bits of the header: more are in OPT. */
  readonly rcode: number
}

/** A DNS message. RFC 1035 §4.1 */
export interface Message extends Header {
  readonly questions: readonly Question[]
  readonly answers: readonly ResourceRecord[]
  readonly authority: readonly ResourceRecord[]
  readonly additional: readonly ResourceRecord[]
}

// The flags of the second 16 bits. RFC 1035 §4.1.1
export const QR = 0x8000
export const AA = 0x0400
export const TC = 0x0200
export const RD = 0x0100
export const RA = 0x0080
export const Z = 0x0040
export const AD = 0x0020
export const CD = 0x0010

/** Octets of a header. RFC 1035 §4.1.1 */
export const HEADER_LENGTH = 12

/** The second 16 bits of a header. */
export function flagsOf(header: Omit<Header, 'id'>): number {
  return (
    (header.qr ? QR : 0) |
    (header.opcode << 11) |
    (header.aa ? AA : 0) |
    (header.tc ? TC : 0) |
    (header.rd ? RD : 0) |
    (header.ra ? RA : 0) |
    (header.z ? Z : 0) |
    (header.ad ? AD : 0) |
    (header.cd ? CD : 0) |
    header.rcode
  )
}

const flag = fc.boolean()
const records = fc.array(resourceRecord.any, { maxLength: 3 })

/**
 * A whole message, which begins where the reader's octets begin, as pointers count from there. Octets behind its last
 * record are not its own. RFC 1035 §4.1
 */
export const message: Codec<Message> = {
  read(reader) {
    const id = readU16(reader, 'id')
    const flags = readU16(reader, 'flags')
    const questions = readU16(reader, 'qdcount')
    const answers = readU16(reader, 'ancount')
    const authority = readU16(reader, 'nscount')
    const additional = readU16(reader, 'arcount')
    return {
      id,
      qr: (flags & QR) !== 0,
      opcode: (flags >> 11) & 0xf,
      aa: (flags & AA) !== 0,
      tc: (flags & TC) !== 0,
      rd: (flags & RD) !== 0,
      ra: (flags & RA) !== 0,
      z: (flags & Z) !== 0,
      ad: (flags & AD) !== 0,
      cd: (flags & CD) !== 0,
      rcode: flags & 0xf,
      questions: readSection(reader, 'questions', question, questions),
      answers: readSection(reader, 'answers', resourceRecord, answers),
      authority: readSection(reader, 'authority', resourceRecord, authority),
      additional: readSection(reader, 'additional', resourceRecord, additional),
    }
  },
  write(writer, value) {
    if (writer instanceof MessageWriter && writer.length === 0) {
      writeMessage(writer, value)
      return
    }
    const own = new MessageWriter()
    writeMessage(own, value)
    writer.octets(own.finish())
  },
  any: fc.record({
    id: fc.nat({ max: 0xffff }),
    qr: flag,
    opcode: fc.nat({ max: 15 }),
    aa: flag,
    tc: flag,
    rd: flag,
    ra: flag,
    z: flag,
    ad: flag,
    cd: flag,
    rcode: fc.nat({ max: 15 }),
    questions: fc.array(question.any, { maxLength: 2 }),
    answers: records,
    authority: records,
    additional: records,
  }),
}

function writeMessage(writer: MessageWriter, value: Message): void {
  const { questions, answers, authority, additional } = value
  if (!(value.opcode <= 15 && value.rcode <= 15)) writer.unencodable('an opcode or response code of more than 4 bits')
  writer.u16(value.id)
  writer.u16(flagsOf(value))
  writer.u16(questions.length)
  writer.u16(answers.length)
  writer.u16(authority.length)
  writer.u16(additional.length)
  writeSection(writer, 'questions', question, questions)
  writeSection(writer, 'answers', resourceRecord, answers)
  writeSection(writer, 'authority', resourceRecord, authority)
  writeSection(writer, 'additional', resourceRecord, additional)
}

/** Used for one message after the other: to grow anew costs more than to write. */
const shared = new MessageWriter(4096)

/** The octets of a message, its names compressed. Throws `WireError` `unencodable`, with the path of what has no encoding. */
export function encodeMessage(value: Message): Uint8Array {
  shared.clear()
  writeMessage(shared, value)
  return shared.copy()
}
