import fc from 'fast-check'
import type { Codec } from '../../wire/codec.ts'
import { struct } from '../../wire/combinators.ts'
import { WireError } from '../../wire/errors.ts'
import * as integers from '../../wire/integers.ts'
import { latin1Of } from '../../wire/latin1.ts'
import { secondsFromText } from '../duration.ts'
import { compressedName, type Name, nameOf, readName, uncompressedName } from '../name.ts'
import { quoted, TextError, type Tokens, unescaped } from '../tokens.ts'

/** One part of RDATA: its octets, its text in a master file, and values of it. */
export interface Field<T> extends Codec<T> {
  /** One word or several; an empty string for none. */
  toText(value: T): string
  /** Takes its words; throws `TextError` for what cannot be meant. */
  fromText(tokens: Tokens): T
}

/**
 * The RDATA of one type: named parts one after the other, in text as on the wire. `toText` throws `TextError` for what
 * has octets but no text of its own.
 */
export interface RdataType<T extends object = object> extends Field<T> {
  readonly type: number
}

/** The RDATA of a type whose text has the same parts in the same order as its octets. */
export function rdataType<T extends object>(
  type: number,
  parts: { readonly [K in keyof T]: Field<T[K]> },
): RdataType<T> {
  const entries = Object.entries(parts) as [string & keyof T, Field<T[keyof T]>][]
  return {
    type,
    ...struct<T>(parts),
    toText: value =>
      entries
        .map(([name, field]) => field.toText(value[name]))
        .filter(text => text !== '')
        .join(' '),
    fromText(tokens) {
      const value: Record<string, unknown> = {}
      for (const [name, field] of entries) value[name] = field.fromText(tokens)
      return value as T
    },
  }
}

/** A field whose text is one word. */
export function word<T>(codec: Codec<T>, what: string, toText: (value: T) => string, fromText: (text: string) => T) {
  const field: Field<T> = { ...codec, toText, fromText: tokens => fromText(tokens.next(what).text) }
  return field
}

function decimal(codec: Codec<number>, most: number): Field<number> {
  return word(codec, 'a number', String, text => {
    if (!/^\d{1,10}$/.test(text) || Number(text) > most) throw new TextError(`'${text}' is no number up to ${most}`)
    return Number(text)
  })
}

export const u8 = decimal(integers.uint8, 0xff)
export const u16 = decimal(integers.uint16, 0xffff)
export const u32 = decimal(integers.uint32, 0xffffffff)

/** A number that master files may have a name for; it is shown as a number. */
export function named(field: Field<number>, names: Readonly<Record<string, number>>): Field<number> {
  return {
    ...field,
    fromText(tokens) {
      const known = names[tokens.peek?.text.toUpperCase() ?? '']
      if (known === undefined) return field.fromText(tokens)
      tokens.next('a name')
      return known
    },
  }
}

/** Seconds in 32 bits, in text with units too: `1h30m`. */
export const seconds: Field<number> = word(integers.uint32, 'a time', String, secondsFromText)

/** The name that a word means: relative to the origin unless it ends in a dot; `@` is the origin. RFC 1035 §5.1 */
export function nameFromText(text: string, origin: Name): Name {
  if (text === '') throw new TextError('an empty name')
  if (text === '@') return origin
  if (text === '.') return '.'
  const labels: Uint8Array[] = []
  let from = 0
  for (let at = 0; at <= text.length; at++) {
    if (text.charAt(at) === '\\') at += /^\d{3}/.test(text.slice(at + 1)) ? 3 : 1
    else if (text.charAt(at) === '.' || at === text.length) {
      if (at === text.length && from === at) return checked(nameOf(...labels), text)
      if (from === at) throw new TextError(`an empty label in '${text}'`)
      labels.push(unescaped(text.slice(from, at)))
      from = at + 1
    }
  }
  return checked(origin === '.' ? nameOf(...labels) : nameOf(...labels) + origin, text)
}

function checked(name: Name, text: string): Name {
  let length = 1
  let label = 0
  for (let at = 0; at < name.length; at++) {
    if (name.charAt(at) === '.') {
      if (label > 63) throw new TextError(`a label of more than 63 octets in '${text}'`)
      length += label + 1
      label = 0
      continue
    }
    if (name.charAt(at) === '\\') at += /^\d{3}/.test(name.slice(at + 1)) ? 3 : 1
    label++
  }
  if (length > 255) throw new TextError(`the name '${text}' has more than 255 octets`)
  return name
}

function nameField(codec: Codec<Name>): Field<Name> {
  return {
    ...codec,
    toText: name => name,
    fromText: tokens => nameFromText(tokens.next('a name').text, tokens.origin),
  }
}

/** A name in the RDATA of a type of RFC 1035, which may be compressed. RFC 3597 §4 */
export const name = nameField(compressedName)

/** A name in the RDATA of any later type, which is not. RFC 3597 §4 */
export const plainName = nameField(uncompressedName)

/** A name that is written without pointers, and read with them, since older peers may send some. RFC 3597 §4 */
export const onceCompressedName = nameField({ ...uncompressedName, read: readName })

/** Up to 255 octets with their number before them, as a string of which each character is one octet. RFC 1035 §3.3 */
export const characterString: Field<string> = {
  read(reader) {
    const length = reader.u8()
    if (length > reader.remaining) throw new WireError('truncated', 'the character string does not end', reader.offset)
    const from = reader.offset
    reader.offset = from + length
    return latin1Of(reader.octets, from, from + length)
  },
  write(writer, text) {
    if (text.length > 255) return writer.unencodable(`a character string of ${text.length} octets`)
    writer.u8(text.length)
    writer.latin1(text)
  },
  any: fc.uint8Array({ maxLength: 20 }).map(octets => Buffer.from(octets).toString('latin1')),
  toText: text => quoted(Buffer.from(text, 'latin1')),
  fromText(tokens) {
    const octets = unescaped(tokens.next('a character string').text)
    if (octets.length > 255) throw new TextError(`a character string of ${octets.length} octets, and 255 are the most`)
    return Buffer.from(octets).toString('latin1')
  },
}

/** One or more character strings, up to the end. RFC 1035 §3.3.14 */
export const characterStrings: Field<readonly string[]> = {
  read(reader) {
    const strings = [reader.field(0, characterString)]
    while (reader.remaining > 0) strings.push(reader.field(strings.length, characterString))
    return strings
  },
  write(writer, strings) {
    if (strings.length === 0) writer.unencodable('no character string at all')
    for (const text of strings) characterString.write(writer, text)
  },
  any: fc.array(characterString.any, { minLength: 1, maxLength: 4 }),
  toText: strings => strings.map(characterString.toText).join(' '),
  fromText(tokens) {
    const strings = [characterString.fromText(tokens)]
    while (tokens.more) strings.push(characterString.fromText(tokens))
    return strings
  },
}

/** A part that may be missing at the end, and is `null` then. */
export function optional<T>(field: Field<T>): Field<T | null> {
  return {
    read: reader => (reader.remaining === 0 ? null : field.read(reader)),
    write(writer, value) {
      if (value !== null) field.write(writer, value)
    },
    any: fc.option(field.any),
    toText: value => (value === null ? '' : field.toText(value)),
    fromText: tokens => (tokens.more ? field.fromText(tokens) : null),
  }
}
