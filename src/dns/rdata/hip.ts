import fc from 'fast-check'
import { many } from '../../wire/combinators.ts'
import { TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { TextError } from '../tokens.ts'
import { type Field, plainName, type RdataType, u8 } from './field.ts'
import { base64Octets, base64Rest, hexOctets, hexText } from './octets.ts'

const servers: Field<readonly Name[]> = {
  ...many(plainName),
  any: fc.array(plainName.any, { maxLength: 3 }),
  toText: names => names.join(' '),
  fromText(tokens) {
    const names: Name[] = []
    while (tokens.more) names.push(plainName.fromText(tokens))
    return names
  },
}

const octets = (minLength: number) => fc.uint8Array({ minLength, maxLength: 24 })

interface Hip {
  readonly algorithm: number
  readonly tag: Uint8Array
  readonly publicKey: Uint8Array
  readonly servers: readonly Name[]
}

/** The lengths of tag and key stand before both. RFC 8005 §5 */
export const HIP: RdataType<Hip> = {
  type: TYPE.HIP,
  read(reader) {
    const tagLength = reader.u8()
    const algorithm = reader.field('algorithm', u8)
    const keyLength = reader.u16()
    const tag = reader.field('tag', { read: () => reader.take(tagLength) })
    const publicKey = reader.field('publicKey', { read: () => reader.take(keyLength) })
    return { algorithm, tag, publicKey, servers: reader.field('servers', servers) }
  },
  write(writer, { algorithm, tag, publicKey, servers: names }) {
    writer.u8(tag.length)
    writer.u8(algorithm)
    writer.u16(publicKey.length)
    writer.octets(tag)
    writer.octets(publicKey)
    servers.write(writer, names)
  },
  any: fc.record({ algorithm: u8.any, tag: octets(1), publicKey: octets(1), servers: servers.any }),
  toText({ algorithm, tag, publicKey, servers: names }) {
    if (tag.length === 0 || publicKey.length === 0) throw new TextError('text has no word for no octets')
    return `${algorithm} ${hexText(tag)} ${base64Rest.toText(publicKey)} ${servers.toText(names)}`.trimEnd()
  },
  fromText: tokens => ({
    algorithm: u8.fromText(tokens),
    tag: hexOctets(tokens.next('a tag in hexadecimal').text),
    publicKey: base64Octets(tokens.next('a key in base 64').text),
    servers: servers.fromText(tokens),
  }),
}
