import fc from 'fast-check'
import type { Codec } from '../../wire/codec.ts'
import { many } from '../../wire/combinators.ts'
import { WireError } from '../../wire/errors.ts'
import { TYPE } from '../mnemonics.ts'
import { TextError } from '../tokens.ts'
import { ipv4Octets, ipv4Text, ipv6Octets, ipv6Text } from './address.ts'
import { type Field, rdataType, u8, u16 } from './field.ts'

interface Prefix {
  /** 1 for IPv4, 2 for IPv6. */
  readonly family: number
  /** Bits. */
  readonly length: number
  /** The list leaves these addresses out. */
  readonly negated: boolean
  /** Without zeros at the end. */
  readonly address: Uint8Array
}

interface Family {
  readonly octets: number
  readonly text: (octets: Uint8Array) => string
  readonly fromText: (text: string) => Uint8Array | undefined
}

/** Families of addresses by number. RFC 3123 §4 */
const FAMILIES: Readonly<Record<number, Family>> = {
  1: { octets: 4, text: ipv4Text, fromText: ipv4Octets },
  2: { octets: 16, text: ipv6Text, fromText: ipv6Octets },
}

/** What is wrong with an item, if something is. */
function problem({ family, length, address }: Prefix): string | undefined {
  const known = FAMILIES[family]
  if (address.at(-1) === 0) return 'the address ends in a zero octet'
  if (address.length > (known?.octets ?? 127)) return `an address of ${address.length} octets`
  return known !== undefined && length > known.octets * 8 ? `a prefix of ${length} bits` : undefined
}

/** RFC 3123 §4 */
const prefix: Codec<Prefix> = {
  read(reader) {
    const from = reader.offset
    const family = reader.field('family', u16)
    const length = reader.field('length', u8)
    const at = reader.offset
    const octet = reader.u8()
    const negated = octet > 127
    reader.note('negated', negated, at, at + 1)
    const address = reader.field('address', { read: () => reader.take(octet & 127) })
    const value = { family, length, negated, address }
    const wrong = problem(value)
    if (wrong !== undefined) throw new WireError('malformed', wrong, from)
    return value
  },
  write(writer, value) {
    const wrong = problem(value)
    if (wrong !== undefined) writer.unencodable(wrong)
    writer.u16(value.family)
    writer.u8(value.length)
    writer.u8((value.negated ? 128 : 0) + value.address.length)
    writer.octets(value.address)
  },
  any: fc
    .record({
      family: fc.constantFrom(1, 2, 3),
      length: fc.nat(32),
      negated: fc.boolean(),
      address: fc.uint8Array({ maxLength: 4 }),
    })
    .map(value => ({ ...value, address: withoutZeros(value.address) })),
}

function withoutZeros(octets: Uint8Array): Uint8Array {
  let { length } = octets
  while (length > 0 && octets[length - 1] === 0) length--
  return octets.slice(0, length)
}

function prefixText({ family, length, negated, address }: Prefix): string {
  const known = FAMILIES[family]
  if (known === undefined) throw new TextError(`addresses of family ${family} have no text`)
  const octets = new Uint8Array(known.octets)
  octets.set(address)
  return `${negated ? '!' : ''}${family}:${known.text(octets)}/${length}`
}

function prefixFromText(text: string): Prefix {
  const [, sign, family, written, length] = /^(!?)(\d{1,5}):([^/]+)\/(\d{1,3})$/.exec(text) ?? []
  const known = FAMILIES[Number(family)]
  const octets = written === undefined ? undefined : known?.fromText(written)
  if (known === undefined || octets === undefined || Number(length) > known.octets * 8) {
    throw new TextError(`'${text}' is no prefix such as 1:192.0.2.0/24`)
  }
  return { family: Number(family), length: Number(length), negated: sign === '!', address: withoutZeros(octets) }
}

const prefixes: Field<readonly Prefix[]> = {
  ...many(prefix),
  any: fc.array(prefix.any, { maxLength: 4 }),
  toText: list => list.map(prefixText).join(' '),
  fromText(tokens) {
    const list: Prefix[] = []
    while (tokens.more) list.push(prefixFromText(tokens.next('a prefix').text))
    return list
  },
}

/** RFC 3123 §4 */
export const APL = rdataType<{ readonly prefixes: readonly Prefix[] }>(TYPE.APL, { prefixes })
