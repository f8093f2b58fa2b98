import fc from 'fast-check'
import type { Codec } from '../../wire/codec.ts'
import { octets as fixed, rest, sized } from '../../wire/combinators.ts'
import { WireError } from '../../wire/errors.ts'
import { uint8, uint16 } from '../../wire/integers.ts'
import { TextError } from '../tokens.ts'
import { type Field, word } from './field.ts'

/** Octets in hexadecimal, as it is written in master files. */
export function hexText(octets: Uint8Array): string {
  return Buffer.from(octets).toString('hex').toUpperCase()
}

/** Octets from hexadecimal. Throws `TextError`. */
export function hexOctets(text: string): Uint8Array {
  if (text.length % 2 !== 0 || /[^0-9a-f]/i.test(text)) throw new TextError(`'${text}' is not hexadecimal`)
  return Uint8Array.from(Buffer.from(text, 'hex'))
}

/** Octets from base 64. Throws `TextError`. RFC 4648 §4 */
export function base64Octets(text: string): Uint8Array {
  const digits = text.replace(/={1,2}$/, '')
  if (text.length % 4 !== 0 || /[^A-Za-z0-9+/]/.test(digits)) throw new TextError(`'${text}' is not base 64`)
  return Uint8Array.from(Buffer.from(text, 'base64'))
}

function base64Text(octets: Uint8Array): string {
  return Buffer.from(octets).toString('base64')
}

/** All octets up to the end, in hexadecimal. */
export const hexRest: Field<Uint8Array> = {
  ...rest,
  toText: hexText,
  fromText: tokens => hexOctets(tokens.joined()),
}

/** All octets up to the end, in base 64. RFC 4648 §4 */
export const base64Rest: Field<Uint8Array> = {
  ...rest,
  toText: base64Text,
  fromText: tokens => base64Octets(tokens.joined()),
}

/** Up to 255 octets with their number before them, in hexadecimal; none are `-`. RFC 5155 §3.3 */
export const salt: Field<Uint8Array> = word(
  sized(uint8, rest),
  'a salt',
  octets => (octets.length === 0 ? '-' : hexText(octets)),
  text => (text === '-' ? new Uint8Array(0) : hexOctets(text)),
)

const BASE32HEX = '0123456789ABCDEFGHIJKLMNOPQRSTUV'

/** Octets in base 32 with the extended hex alphabet, unpadded: the owner names of NSEC3. RFC 4648 §7, RFC 5155 §3.3 */
export function base32hexText(octets: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const octet of octets) {
    held = ((held << 8) | octet) & 0xfff
    for (bits += 8; bits >= 5; bits -= 5) text += BASE32HEX.charAt((held >>> (bits - 5)) & 31)
  }
  return bits > 0 ? text + BASE32HEX.charAt((held << (5 - bits)) & 31) : text
}

/** Octets from base 32 with the extended hex alphabet. Throws `TextError`. */
export function base32hexOctets(text: string): Uint8Array {
  const octets: number[] = []
  let held = 0
  let bits = 0
  for (const character of text.toUpperCase()) {
    const digit = BASE32HEX.indexOf(character)
    if (digit < 0) throw new TextError(`'${text}' is not base 32 with the extended hex alphabet`)
    held = ((held << 5) | digit) & 0xfff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    octets.push((held >>> bits) & 0xff)
  }
  if (bits >= 5 || (held & ((1 << bits) - 1)) !== 0) throw new TextError(`'${text}' is cut off base 32`)
  return Uint8Array.from(octets)
}

const hashed: Codec<Uint8Array> = {
  read(reader) {
    const octets = sized(uint8, rest).read(reader)
    if (octets.length === 0) throw new WireError('malformed', 'a hash without octets', reader.offset)
    return octets
  },
  write(writer, octets) {
    if (octets.length === 0) writer.unencodable('a hash without octets')
    sized(uint8, rest).write(writer, octets)
  },
  any: fc.uint8Array({ minLength: 1, maxLength: 40 }),
}

/** 1 to 255 octets with their number before them, in base 32 with the extended hex alphabet. RFC 5155 §3.1.7, §3.3 */
export const hashedName: Field<Uint8Array> = word(hashed, 'a hashed name', base32hexText, base32hexOctets)

/** Octets with their number in 16 bits before them, in text as that number and base 64. RFC 8945 §4.2 */
export const base64Sized: Field<Uint8Array> = {
  ...sized(uint16, rest),
  toText: octets => (octets.length === 0 ? '0' : `${octets.length} ${base64Text(octets)}`),
  fromText(tokens) {
    const length = tokens.next('a length').text
    const octets = length === '0' ? new Uint8Array(0) : base64Octets(tokens.next('base 64').text)
    if (String(octets.length) !== length) throw new TextError(`${octets.length} octets, and ${length} were announced`)
    return octets
  },
}

/** A fixed number of octets, in hexadecimal with something between groups of them: `0014:4fff:ff20:ee64`. */
export function grouped(length: number, group: number, separator: string): Field<string> {
  const codec = fixed(length)
  const pattern = new RegExp(`^[0-9a-f]{${group * 2}}(${separator}[0-9a-f]{${group * 2}}){${length / group - 1}}$`, 'i')
  const toText = (octets: Uint8Array) =>
    (
      Buffer.from(octets)
        .toString('hex')
        .match(new RegExp(`.{${group * 2}}`, 'g')) as string[]
    ).join(separator)
  const form = toText(new Uint8Array(length))
  return word(
    {
      read: reader => toText(codec.read(reader)),
      write(writer, text) {
        if (!pattern.test(text)) return writer.unencodable(`'${text}' is not of the form ${form}`)
        codec.write(writer, hexOctets(text.replaceAll(separator, '')))
      },
      any: codec.any.map(toText),
    },
    form,
    text => text,
    text => {
      if (!pattern.test(text)) throw new TextError(`'${text}' is not of the form ${form}`)
      return text.toLowerCase()
    },
  )
}
