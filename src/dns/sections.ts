import fc from 'fast-check'
import type { Codec } from '../wire/codec.ts'
import { writeField } from '../wire/combinators.ts'
import { within } from '../wire/errors.ts'
import { uint16 } from '../wire/integers.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'
import { CLASS, TYPE } from './mnemonics.ts'
import type { Name } from './name.ts'
import { anyName, compressedName, readName } from './name.ts'
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

/** The owner of a record, or what is asked: what `field` does, by calls that the compiler can see through. */
function readOwner(reader: Reader): Name {
  const at = reader.offset
  try {
    const name = readName(reader)
    reader.note('name', name, at, reader.offset)
    return name
  } catch (error) {
    throw within('name', error)
  }
}

/** Two octets that are a part of their own in a dissection. */
export function readU16(reader: Reader, part: string): number {
  const at = reader.offset
  try {
    const value = reader.u16()
    reader.note(part, value, at, at + 2)
    return value
  } catch (error) {
    throw within(part, error)
  }
}

/** RFC 1035 §4.1.2 */
export const question: Codec<Question> = {
  read(reader) {
    const name = readOwner(reader)
    return { name, type: readU16(reader, 'type'), class: readU16(reader, 'class') }
  },
  write(writer, value) {
    writeField(writer, 'name', compressedName, value.name)
    writeField(writer, 'type', uint16, value.type)
    writeField(writer, 'class', uint16, value.class)
  },
  any: fc.record({
    name: anyName,
    type: fc.constantFrom(...rdataTypes.keys(), TYPE.ANY, 65280),
    class: fc.constantFrom(CLASS.IN, CLASS.CH, CLASS.ANY, 4096),
  }),
}

/** RFC 1035 §4.1.3 */
export const resourceRecord: Codec<ResourceRecord> = {
  read(reader) {
    const name = readOwner(reader)
    const type = readU16(reader, 'type')
    const klass = readU16(reader, 'class')
    const at = reader.offset
    const ttl = reader.u32()
    reader.note('ttl', ttl, at, at + 4)
    const length = reader.u16()
    // What `field` does, without a function for each record.
    try {
      reader.enter('data')
      const data = readRdata(reader, type, klass, length)
      reader.leave(data)
      return { name, type, class: klass, ttl, data }
    } catch (error) {
      throw within('data', error)
    }
  },
  write(writer, { name, type, class: klass, ttl, data }) {
    writeField(writer, 'name', compressedName, name)
    writer.u16(type)
    writer.u16(klass)
    writer.u32(ttl)
    const at = writer.length
    writer.u16(0)
    try {
      writeRdata(writer, type, klass, data)
    } catch (error) {
      throw within('data', error)
    }
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

const NONE: readonly never[] = Object.freeze([])

/** Reads the entries of a section. */
export function readSection<T>(reader: Reader, section: string, entry: Codec<T>, count: number): readonly T[] {
  if (count === 0) return NONE
  const entries: T[] = []
  try {
    reader.enter(section)
    for (let i = 0; i < count; i++) {
      reader.enter(i)
      const value = entry.read(reader)
      reader.leave(value)
      entries.push(value)
    }
    reader.leave(entries)
    return entries
  } catch (error) {
    throw within(section, within(entries.length, error))
  }
}

/** Writes the entries of a section. */
export function writeSection<T>(writer: Writer, section: string, entry: Codec<T>, entries: readonly T[]): void {
  let i = 0
  try {
    for (; i < entries.length; i++) entry.write(writer, entries[i] as T)
  } catch (error) {
    throw within(section, within(i, error))
  }
}
