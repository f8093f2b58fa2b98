import fc from 'fast-check'
import type { Reader } from '../wire/reader.ts'
import { readWithin } from '../wire/whole.ts'
import type { Writer } from '../wire/writer.ts'
import { CLASS } from './mnemonics.ts'
import type { RdataType } from './rdata/field.ts'
import { hexRest } from './rdata/field.ts'
import { OPT } from './rdata/opt.ts'
import { A, CNAME, MX, NS, PTR, SOA, TXT } from './rdata/rfc1035.ts'
import { TextError, type Tokens } from './tokens.ts'

/** What a record says: the named parts of its type, or octets where the type has none that we know. RFC 3597 */
export type Rdata = object | Uint8Array

/** Every type whose RDATA we take apart, by number. */
export const rdataTypes: ReadonlyMap<number, RdataType> = new Map(
  [A, NS, CNAME, SOA, PTR, MX, TXT, OPT].map(type => [type.type, type as unknown as RdataType]),
)

/** How the RDATA of a type in a class is read: classes other than IN have formats of their own, or none. RFC 1035 §3.4 */
function typeOf(type: number, klass: number): RdataType | undefined {
  const known = rdataTypes.get(type)
  // OPT keeps a size where others have their class. RFC 6891 §6.1.2
  return klass === CLASS.IN || type === OPT.type ? known : undefined
}

/** Reads the next `length` octets as the RDATA of a type. Throws `WireError` where they are not. */
export function readRdata(reader: Reader, type: number, klass: number, length: number): Rdata {
  const known = typeOf(type, klass)
  return known === undefined ? reader.take(length) : readWithin(reader, length, known)
}

/** Writes RDATA, without its length. Octets are written as they are, whatever the type. */
export function writeRdata(writer: Writer, type: number, klass: number, data: Rdata): void {
  const known = typeOf(type, klass)
  if (data instanceof Uint8Array) writer.octets(data)
  else if (known === undefined) writer.unencodable(`the RDATA of type ${type} is octets`)
  else known.write(writer, data)
}

/** RDATA as it stands in a master file; what we do not know as RFC 3597 §5 has it. */
export function rdataText(type: number, klass: number, data: Rdata): string {
  const known = typeOf(type, klass)
  if (data instanceof Uint8Array || known === undefined) {
    const octets = data as Uint8Array
    return `\\# ${octets.length}${octets.length > 0 ? ` ${hexRest.toText(octets)}` : ''}`
  }
  return known.toText(data)
}

/** The RDATA that the words of an entry mean. Throws `TextError`. RFC 3597 §5 */
export function rdataFromText(type: number, klass: number, tokens: Tokens): Rdata {
  const known = typeOf(type, klass)
  if (tokens.peek?.text === '\\#' && !tokens.peek.quoted) throw new TextError('not yet')
  if (known === undefined) throw new TextError(`type ${type} has no text but that of RFC 3597 (\\# length octets)`)
  const data = known.fromText(tokens)
  tokens.end()
  return data
}

/** RDATA of a type of class IN. */
export function anyRdata(type: number): fc.Arbitrary<Rdata> {
  return rdataTypes.get(type)?.any ?? fc.uint8Array({ maxLength: 40 })
}
