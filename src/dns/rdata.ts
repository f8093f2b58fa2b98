import fc from 'fast-check'
import { WireError } from '../wire/errors.ts'
import { toHex } from '../wire/hex.ts'
import type { Reader } from '../wire/reader.ts'
import { decode, encode, readWithin } from '../wire/whole.ts'
import type { Writer } from '../wire/writer.ts'
import { CLASS, types } from './mnemonics.ts'
import type { RdataType } from './rdata/field.ts'
import { u16 } from './rdata/field.ts'
import { hexRest } from './rdata/octets.ts'
import { classlessTypes, rdataTypes } from './rdata/types.ts'
import { TextError, type Tokens } from './tokens.ts'

export { rdataTypes }

/** What a record says: the named parts of its type, or octets where the type has none that we know. RFC 3597 */
export type Rdata = object | Uint8Array

/** How the RDATA of a type in a class is read: classes other than IN may have formats of their own. RFC 1035 §3.4 */
function typeOf(type: number, klass: number): RdataType | undefined {
  if (klass === CLASS.IN) return rdataTypes.get(type)
  // An update says NONE or ANY instead of the class of its zone. RFC 2136 §2.5
  if (klass === CLASS.NONE || klass === CLASS.ANY) return rdataTypes.get(type)
  return classlessTypes.get(type)
}

/** Reads the next `length` octets as the RDATA of a type. Throws `WireError` where they are not. */
export function readRdata(reader: Reader, type: number, klass: number, length: number): Rdata {
  const known = typeOf(type, klass)
  if (known === undefined) return reader.take(length)
  // An update means all records of a type by none in particular. RFC 2136 §2.4, §2.5.2
  if (length === 0 && (klass === CLASS.ANY || klass === CLASS.NONE)) return reader.take(0)
  return readWithin(reader, length, known)
}

/** Writes RDATA, without its length. Octets are written as they are, whatever the type. */
export function writeRdata(writer: Writer, type: number, klass: number, data: Rdata): void {
  const known = data instanceof Uint8Array ? undefined : typeOf(type, klass)
  if (data instanceof Uint8Array) writer.octets(data)
  else if (known === undefined) writer.unencodable(`the RDATA of type ${type} is octets`)
  else known.write(writer, data)
}

/** RDATA as it stands in a master file; what has no other text as RFC 3597 §5 has it. */
export function rdataText(type: number, klass: number, data: Rdata): string {
  const known = typeOf(type, klass)
  if (data instanceof Uint8Array) return octetsText(data)
  if (known === undefined) throw new TextError(`the RDATA of type ${type} is octets`)
  try {
    return known.toText(data)
  } catch (error) {
    if (error instanceof TextError) return octetsText(encode(known, data))
    throw error
  }
}

function octetsText(octets: Uint8Array): string {
  return `\\# ${octets.length}${octets.length > 0 ? ` ${hexRest.toText(octets)}` : ''}`
}

/** The RDATA that the words of an entry mean. Throws `TextError`. RFC 3597 §5 */
export function rdataFromText(type: number, klass: number, tokens: Tokens): Rdata {
  const known = typeOf(type, klass)
  const { peek } = tokens
  if (peek?.text === '\\#' && !peek.quoted) return octetsFromText(type, known, tokens)
  if (known === undefined)
    throw new TextError(`${types.text(type)} has no text but that of RFC 3597 (\\# length octets)`)
  const data = known.fromText(tokens)
  tokens.end()
  return data
}

/** RDATA of any type as `\# 4 c0000201`: of one that we know the parts are wanted all the same. RFC 3597 §5 */
function octetsFromText(type: number, known: RdataType | undefined, tokens: Tokens): Rdata {
  tokens.next('\\#')
  const length = u16.fromText(tokens)
  const octets = hexRest.fromText(tokens)
  if (octets.length !== length) throw new TextError(`${octets.length} octets follow, and ${length} were announced`)
  if (known === undefined) return octets
  try {
    const data = decode(known, octets)
    // What would be written in other octets had pointers in it, which point nowhere here.
    if (toHex(encode(known, data)) === toHex(octets)) return data
  } catch (error) {
    if (!(error instanceof WireError)) throw error
    throw new TextError(`these octets are no RDATA of type ${types.text(type)}: ${error.message}`)
  }
  throw new TextError(`these octets are no RDATA of type ${types.text(type)}: a name in them is compressed`)
}

/** RDATA of a type of class IN. */
export function anyRdata(type: number): fc.Arbitrary<Rdata> {
  return rdataTypes.get(type)?.any ?? fc.uint8Array({ maxLength: 40 })
}
