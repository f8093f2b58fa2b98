import fc from 'fast-check'
import type { Codec } from '../../wire/codec.ts'
import { many, rest } from '../../wire/combinators.ts'
import { WireError } from '../../wire/errors.ts'
import { uint16 } from '../../wire/integers.ts'
import { quoted, TextError, Tokens, unescaped } from '../tokens.ts'
import { ipv4, ipv6 } from './address.ts'
import { characterString, type Field } from './field.ts'
import { base64Octets } from './octets.ts'

/** What a parameter says: octets, unless its key is one that we take apart. */
export type SvcValue = Uint8Array | number | readonly number[] | readonly string[] | null

/** The value of one key. In text it is a string of octets, one character each. */
interface SvcParam<T extends SvcValue> extends Codec<T> {
  toText(value: T): string
  fromText(text: string): T
}

/** Keys by name. RFC 9460 §14.3.2 */
const KEYS = { mandatory: 0, alpn: 1, 'no-default-alpn': 2, port: 3, ipv4hint: 4, ech: 5, ipv6hint: 6 } as const
export const { mandatory: MANDATORY, alpn: ALPN, 'no-default-alpn': NO_DEFAULT_ALPN } = KEYS

const NAMES = new Map(Object.entries(KEYS).map(([name, key]) => [key as number, name]))
const NUMBERS = new Map<string, number>(Object.entries(KEYS))

/** The name of a key; `key65280` for one without. RFC 9460 §2.1 */
export function keyText(key: number): string {
  return NAMES.get(key) ?? `key${key}`
}

/** The number of a key. Throws `TextError`. RFC 9460 §2.1 */
export function keyFromText(text: string): number {
  const known = NUMBERS.get(text)
  if (known !== undefined) return known
  const [, digits] = /^key(0|[1-9]\d{0,4})$/.exec(text) ?? []
  if (digits === undefined || Number(digits) > 0xffff) throw new TextError(`'${text}' is no key of a service`)
  return Number(digits)
}

/** A list of at least one item, up to the end. */
function some<T>(item: Codec<T>): Codec<readonly T[]> {
  const list: Codec<T[]> = many(item)
  return {
    read(reader) {
      if (reader.remaining === 0) throw new WireError('malformed', 'a list without items', reader.offset)
      return list.read(reader)
    },
    write(writer, values) {
      if (values.length === 0) writer.unencodable('a list without items')
      list.write(writer, [...values])
    },
    any: fc.array(item.any, { minLength: 1, maxLength: 4 }),
  }
}

const keys = some(uint16)

/** Keys that a client has to understand, ascending, and never this key itself. RFC 9460 §8 */
const mandatory: SvcParam<readonly number[]> = {
  read(reader) {
    const at = reader.offset
    const list = keys.read(reader)
    if (!list.every((key, i) => key > (list[i - 1] ?? MANDATORY))) {
      throw new WireError('malformed', 'mandatory keys do not ascend from 1', at)
    }
    return list
  },
  write(writer, list) {
    if (!list.every((key, i) => key > (list[i - 1] ?? MANDATORY))) {
      writer.unencodable('mandatory keys do not ascend from 1')
    }
    keys.write(writer, list)
  },
  any: fc
    .uniqueArray(fc.integer({ min: 1, max: 0xffff }), { minLength: 1, maxLength: 4 })
    .map(list => list.sort((a, b) => a - b)),
  toText: list => list.map(keyText).join(','),
  fromText(text) {
    const list = text.split(',').map(keyFromText)
    if (new Set(list).size < list.length || list.includes(MANDATORY)) {
      throw new TextError(`mandatory=${text} names a key twice, or itself`)
    }
    return list.sort((a, b) => a - b)
  },
}

/** Protocol IDs of 1 to 255 octets. RFC 9460 §7.1.1 */
const protocolId: Codec<string> = {
  read(reader) {
    const text = characterString.read(reader)
    if (text === '') throw new WireError('malformed', 'a protocol ID without octets', reader.offset)
    return text
  },
  write(writer, text) {
    if (text === '') writer.unencodable('a protocol ID without octets')
    characterString.write(writer, text)
  },
  any: fc.oneof(
    fc.constantFrom('h2', 'h3', 'f\\oo,bar'),
    characterString.any.filter(text => text !== ''),
  ),
}

const alpn: SvcParam<readonly string[]> = {
  ...some(protocolId),
  // Commas and backslashes are escaped once more than in other strings. RFC 9460 Appendix A.1
  toText: list => list.map(id => id.replaceAll(/[\\,]/g, '\\$&')).join(','),
  fromText(text) {
    const list = ['']
    for (let at = 0; at < text.length; at++) {
      const character = text.charAt(at)
      if (character === ',') list.push('')
      else list[list.length - 1] += character === '\\' ? text.charAt(++at) : character
    }
    if (list.some(id => id === '' || id.length > 255))
      throw new TextError(`alpn=${text} has an ID of no octets, or too many`)
    return list
  },
}

/** RFC 9460 §7.1.1 */
const noDefaultAlpn: SvcParam<null> = {
  read: () => null,
  write(writer, value) {
    if (value !== null) writer.unencodable('no-default-alpn has no value')
  },
  any: fc.constant(null),
  toText: () => '',
  fromText(text) {
    if (text !== '') throw new TextError('no-default-alpn has no value')
    return null
  },
}

/** RFC 9460 §7.2 */
const port: SvcParam<number> = {
  ...uint16,
  toText: String,
  fromText(text) {
    if (!/^\d{1,5}$/.test(text) || Number(text) > 0xffff) throw new TextError(`'${text}' is no port`)
    return Number(text)
  },
}

const wordOf = (text: string) => new Tokens([{ text, quoted: false, glued: false }])

/** RFC 9460 §7.3 */
function hints(address: Field<string>): SvcParam<readonly string[]> {
  const list = some(address)
  return {
    ...list,
    toText: addresses => addresses.join(','),
    fromText: text => text.split(',').map(each => address.fromText(wordOf(each))),
  }
}

/** RFC 9848 */
const ech: SvcParam<Uint8Array> = {
  ...rest,
  toText: octets => Buffer.from(octets).toString('base64'),
  fromText: base64Octets,
}

const opaque: SvcParam<Uint8Array> = {
  ...rest,
  toText: octets => Buffer.from(octets).toString('latin1'),
  fromText: text => Uint8Array.from(Buffer.from(text, 'latin1')),
}

const PARAMS: Readonly<Record<number, SvcParam<SvcValue>>> = {
  [KEYS.mandatory]: mandatory as SvcParam<SvcValue>,
  [KEYS.alpn]: alpn as SvcParam<SvcValue>,
  [KEYS['no-default-alpn']]: noDefaultAlpn as SvcParam<SvcValue>,
  [KEYS.port]: port as SvcParam<SvcValue>,
  [KEYS.ipv4hint]: hints(ipv4) as SvcParam<SvcValue>,
  [KEYS.ech]: ech as SvcParam<SvcValue>,
  [KEYS.ipv6hint]: hints(ipv6) as SvcParam<SvcValue>,
}

/** How the value of a key is read and written. */
export function svcParam(key: number): SvcParam<SvcValue> {
  return PARAMS[key] ?? (opaque as SvcParam<SvcValue>)
}

/** A parameter in text: `port=443`, `alpn=h2,h3`. Throws `TextError` for what has none. RFC 9460 §2.1 */
export function paramText(key: number, value: SvcValue): string {
  if (value instanceof Uint8Array && key !== KEYS.ech && NAMES.has(key)) throw new TextError('octets of a known key')
  const text = svcParam(key).toText(value)
  if (text === '') return keyText(key)
  return `${keyText(key)}=${/^[\w.:,+/=-]+$/.test(text) ? text : quoted(Buffer.from(text, 'latin1'))}`
}

/** The value of a key from its word, escapes still in it. Throws `TextError`. */
export function valueFromText(key: number, text: string): SvcValue {
  return svcParam(key).fromText(Buffer.from(unescaped(text)).toString('latin1'))
}
