import fc from 'fast-check'
import type { Codec } from '../../wire/codec.ts'
import { struct } from '../../wire/combinators.ts'
import * as integers from '../../wire/integers.ts'
import type { Name } from '../name.ts'
import { compressedName, nameOf, uncompressedName } from '../name.ts'
import type { Tokens } from '../tokens.ts'
import { quoted, TextError, unescaped } from '../tokens.ts'

/** One part of RDATA: its octets, its text in a master file, and values of it. */
export interface Field<T> extends Codec<T> {
  /** One word or several; an empty string for none. */
  toText(value: T): string
  /** Takes its words; throws `TextError` for what cannot be meant. */
  fromText(tokens: Tokens): T
}

/** The RDATA of one type: named parts one after the other, in text as on the wire. */
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

/** The name that a word means: relative to the origin unless it ends in a dot; `@` is the origin. RFC 1035 §5.1 */
export function nameFromText(text: string, origin: Name): Name {
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
  if (text === '') throw new TextError('an empty name')
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

/** RFC 1035 §3.4.1: `192.0.2.1` */
export const ipv4: Field<string> = word(
  {
    read(reader) {
      const octets = reader.take(4)
      return `${octets[0]}.${octets[1]}.${octets[2]}.${octets[3]}`
    },
    write(writer, address) {
      const octets = ipv4Octets(address)
      if (octets === undefined) return writer.unencodable(`'${address}' is no IPv4 address`)
      writer.octets(octets)
    },
    any: fc.uint8Array({ minLength: 4, maxLength: 4 }).map(octets => octets.join('.')),
  },
  'an IPv4 address',
  address => address,
  text => {
    const octets = ipv4Octets(text)
    if (octets === undefined) throw new TextError(`'${text}' is no IPv4 address`)
    return octets.join('.')
  },
)

/** The four octets of a dotted address; undefined for anything else. */
export function ipv4Octets(text: string): Uint8Array | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || !parts.every(part => /^\d{1,3}$/.test(part) && Number(part) < 256)) return undefined
  return Uint8Array.from(parts, Number)
}

/** Up to 255 octets with their number before them, here as a string of which each character is one octet. RFC 1035 §3.3 */
export const characterString: Field<string> = {
  read: reader => Buffer.from(reader.take(reader.u8())).toString('latin1'),
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

/** All octets up to the end, in hexadecimal. */
export const hexRest: Field<Uint8Array> = {
  read: reader => reader.rest(),
  write: (writer, octets) => writer.octets(octets),
  any: fc.uint8Array({ maxLength: 32 }),
  toText: octets => Buffer.from(octets).toString('hex').toUpperCase(),
  fromText(tokens) {
    const text = tokens.joined()
    if (!/^([0-9a-f]{2})*$/i.test(text)) throw new TextError(`'${text}' is not hexadecimal`)
    return Uint8Array.from(Buffer.from(text, 'hex'))
  },
}

/** All octets up to the end, in base 64. RFC 4648 §4 */
export const base64Rest: Field<Uint8Array> = {
  ...hexRest,
  toText: octets => Buffer.from(octets).toString('base64'),
  fromText(tokens) {
    const text = tokens.joined()
    if (!/^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)) {
      throw new TextError(`'${text}' is not base 64`)
    }
    return Uint8Array.from(Buffer.from(text, 'base64'))
  },
}
