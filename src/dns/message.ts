import fc from 'fast-check'
import type { Codec } from '../wire/codec.ts'
import { writeField } from '../wire/combinators.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'
import { CLASS, TYPE } from './mnemonics.ts'
import type { Name } from './name.ts'
import { anyName, compressedName, MessageWriter } from './name.ts'
import type { Rdata } from './rdata.ts'
import { anyRdata, rdataTypes, readRdata, writeRdata } from './rdata.ts'

/** What is asked. RFC 1035 §4.1.2 */
export interface Question {
  readonly name: Name
  readonly type: number
  readonly class: number
}

/** A resource record. In OPT the class is a size and the TTL are flags (RFC 6891 §6.1.3): `edns.ts` reads them. RFC 1035 §4.1.3 */
export interface ResourceRecord {
  readonly name: Name
  readonly type: number
  readonly class: number
  /** Seconds, 32 bits, of which the highest should be 0. RFC 2181 §8 */
  readonly ttl: number
  readonly data: Rdata
}

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

const type: Codec<number> = {
  read: reader => reader.u16(),
  write: (writer, value) => writer.u16(value),
  any: fc.constantFrom(...rdataTypes.keys(), TYPE.ANY, 65280),
}
const klass: Codec<number> = { ...type, any: fc.constantFrom(CLASS.IN, CLASS.CH, CLASS.ANY, 4096) }

/** RFC 1035 §4.1.2 */
export const question: Codec<Question> = {
  read: reader => ({
    name: reader.field('name', compressedName),
    type: reader.field('type', type),
    class: reader.field('class', klass),
  }),
  write(writer, value) {
    writeField(writer, 'name', compressedName, value.name)
    writeField(writer, 'type', type, value.type)
    writeField(writer, 'class', klass, value.class)
  },
  any: fc.record({ name: anyName, type: type.any, class: klass.any }),
}

/** RFC 1035 §4.1.3 */
export const resourceRecord: Codec<ResourceRecord> = {
  read(reader) {
    const name = reader.field('name', compressedName)
    const at = reader.offset
    const type = reader.u16()
    reader.note('type', type, at, at + 2)
    const klass = reader.u16()
    reader.note('class', klass, at + 2, at + 4)
    const ttl = reader.u32()
    reader.note('ttl', ttl, at + 4, at + 8)
    const length = reader.u16()
    const data = reader.field('data', { read: inner => readRdata(inner, type, klass, length) })
    return { name, type, class: klass, ttl, data }
  },
  write(writer, { name, type, class: klass, ttl, data }) {
    writeField(writer, 'name', compressedName, name)
    writer.u16(type)
    writer.u16(klass)
    writer.u32(ttl)
    const at = writer.length
    writer.u16(0)
    writeField(writer, 'data', { write: (inner, value: Rdata) => writeRdata(inner, type, klass, value) }, data)
    writer.patch(at, 2, writer.length - at - 2)
  },
  any: fc.constantFrom(...rdataTypes.keys(), 65280).chain(type =>
    fc.record({
      name: anyName,
      type: fc.constant(type),
      class: fc.constant<number>(CLASS.IN),
      ttl: fc.nat({ max: 0xffffffff }),
      data: anyRdata(type),
    }),
  ),
}

function readMany<T>(reader: Reader, section: string, item: Codec<T>, count: number): readonly T[] {
  if (count === 0) return NONE
  const list: T[] = []
  reader.field(section, {
    read(inner) {
      for (let i = 0; i < count; i++) list.push(inner.field(i, item))
    },
  })
  return list
}

const NONE: readonly never[] = Object.freeze([])

const flag = fc.boolean()
const records = fc.array(resourceRecord.any, { maxLength: 3 })

/**
 * A whole message, which begins where the reader's octets begin, as pointers count from there. Octets behind its last
 * record are not its own. RFC 1035 §4.1
 */
export const message: Codec<Message> = {
  read(reader) {
    const at = reader.offset
    const id = reader.u16()
    const flags = reader.u16()
    const questions = reader.u16()
    const answers = reader.u16()
    const authority = reader.u16()
    const additional = reader.u16()
    note(reader, at, [id, flags, questions, answers, authority, additional])
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
      questions: readMany(reader, 'questions', question, questions),
      answers: readMany(reader, 'answers', resourceRecord, answers),
      authority: readMany(reader, 'authority', resourceRecord, authority),
      additional: readMany(reader, 'additional', resourceRecord, additional),
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

const HEADER_FIELDS = ['id', 'flags', 'qdcount', 'ancount', 'nscount', 'arcount']

function note(reader: Reader, at: number, values: readonly number[]): void {
  for (let i = 0; i < values.length; i++) reader.note(HEADER_FIELDS[i] as string, values[i], at + 2 * i, at + 2 * i + 2)
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
  writeMany(writer, 'questions', question, questions)
  writeMany(writer, 'answers', resourceRecord, answers)
  writeMany(writer, 'authority', resourceRecord, authority)
  writeMany(writer, 'additional', resourceRecord, additional)
}

function writeMany<T>(writer: Writer, section: string, item: Codec<T>, values: readonly T[]): void {
  for (let i = 0; i < values.length; i++) {
    writeField(writer, section, { write: (inner, value: T) => writeField(inner, i, item, value) }, values[i] as T)
  }
}

/** The octets of a message, its names compressed. Throws `WireError` `unencodable`, with the path of what has no encoding. */
export function encodeMessage(value: Message): Uint8Array {
  const writer = new MessageWriter(512)
  writeMessage(writer, value)
  return writer.finish()
}
