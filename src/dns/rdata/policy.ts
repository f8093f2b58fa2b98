import fc from 'fast-check'
import { latin1 } from '../../wire/combinators.ts'
import { WireError } from '../../wire/errors.ts'
import { TYPE } from '../mnemonics.ts'
import { quoted, TextError, unescaped } from '../tokens.ts'
import { characterString, type Field, rdataType, u8, u16 } from './field.ts'

/** All octets up to the end as a string of which each character is one octet; quoted in text. */
const quotedRest: Field<string> = {
  ...latin1,
  toText: text => quoted(Buffer.from(text, 'latin1')),
  fromText: tokens => Buffer.from(unescaped(tokens.next('a quoted text').text)).toString('latin1'),
}

/** RFC 7553 §4 */
export const URI = rdataType<{ readonly priority: number; readonly weight: number; readonly target: string }>(
  TYPE.URI,
  { priority: u16, weight: u16, target: quotedRest },
)

const PLAIN_TAG = /^[A-Za-z0-9]+$/

/** What a property is called: 1 to 255 octets with their number before them. RFC 8659 §4.1 */
const tag: Field<string> = {
  read(reader) {
    const text = characterString.read(reader)
    if (text === '') throw new WireError('malformed', 'a property without a tag', reader.offset)
    return text
  },
  write(writer, text) {
    if (text === '') writer.unencodable('a property without a tag')
    characterString.write(writer, text)
  },
  any: fc.oneof(fc.constantFrom('issue', 'issuewild', 'iodef'), fc.stringMatching(/^[a-z0-9]{1,10}$/)),
  toText: text => (PLAIN_TAG.test(text) ? text : characterString.toText(text)),
  fromText(tokens) {
    const text = characterString.fromText(tokens)
    if (text === '') throw new TextError('a property without a tag')
    return text
  },
}

/** RFC 8659 §4.1 */
export const CAA = rdataType<{ readonly flags: number; readonly tag: string; readonly value: string }>(TYPE.CAA, {
  flags: u8,
  tag,
  value: quotedRest,
})
