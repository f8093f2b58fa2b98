import fc from 'fast-check'
import { WireError } from '../../wire/errors.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'
import { TYPE } from '../mnemonics.ts'
import { ipv4, ipv6 } from './address.ts'
import { type Field, plainName, type RdataType, u8 } from './field.ts'
import { base64Rest } from './octets.ts'

/** No gateway, which is a dot in text. */
const none: Field<string> = {
  read: () => '.',
  write(writer, gateway) {
    if (gateway !== '.') writer.unencodable(`a gateway '${gateway}' of type 0`)
  },
  any: fc.constant('.'),
  toText: () => '.',
  fromText(tokens) {
    tokens.next('a gateway')
    return '.'
  },
}

/** What a gateway of each type is. RFC 4025 §2.3 */
const GATEWAYS: readonly Field<string>[] = [none, ipv4, ipv6, plainName]

function gatewayOf(type: number): Field<string> {
  return GATEWAYS[type] ?? unknownGateway
}

const unknownGateway: Field<string> = {
  ...none,
  read(reader) {
    throw new WireError('malformed', 'a gateway of an unknown type', reader.offset)
  },
  write: writer => writer.unencodable('a gateway of an unknown type'),
}

interface IpsecKey {
  readonly precedence: number
  /** 0 none, 1 an IPv4 address, 2 an IPv6 address, 3 a name. */
  readonly gatewayType: number
  readonly algorithm: number
  readonly gateway: string
  readonly publicKey: Uint8Array
}

/** RFC 4025 §2.1 */
export const IPSECKEY: RdataType<IpsecKey> = {
  type: TYPE.IPSECKEY,
  read(reader) {
    const precedence = reader.field('precedence', u8)
    const gatewayType = reader.field('gatewayType', u8)
    const algorithm = reader.field('algorithm', u8)
    const gateway = reader.field('gateway', gatewayOf(gatewayType))
    return { precedence, gatewayType, algorithm, gateway, publicKey: reader.field('publicKey', base64Rest) }
  },
  write(writer, { precedence, gatewayType, algorithm, gateway, publicKey }) {
    writer.u8(precedence)
    writer.u8(gatewayType)
    writer.u8(algorithm)
    gatewayOf(gatewayType).write(writer, gateway)
    writer.octets(publicKey)
  },
  any: fc.nat(3).chain(gatewayType =>
    fc.record({
      precedence: u8.any,
      gatewayType: fc.constant(gatewayType),
      algorithm: u8.any,
      gateway: gatewayOf(gatewayType).any,
      publicKey: base64Rest.any,
    }),
  ),
  toText: ({ precedence, gatewayType, algorithm, gateway, publicKey }) =>
    `${precedence} ${gatewayType} ${algorithm} ${gateway} ${base64Rest.toText(publicKey)}`.trimEnd(),
  fromText(tokens) {
    const precedence = u8.fromText(tokens)
    const gatewayType = u8.fromText(tokens)
    const algorithm = u8.fromText(tokens)
    const gateway = gatewayOf(gatewayType).fromText(tokens)
    return { precedence, gatewayType, algorithm, gateway, publicKey: base64Rest.fromText(tokens) }
  },
}

interface Relay {
  readonly precedence: number
  readonly discoveryOptional: boolean
  /** 0 none, 1 an IPv4 address, 2 an IPv6 address, 3 a name. */
  readonly relayType: number
  readonly relay: string
}

/** RFC 8777 §4.1 */
export const AMTRELAY: RdataType<Relay> = {
  type: TYPE.AMTRELAY,
  read(reader: Reader) {
    const precedence = reader.field('precedence', u8)
    const at = reader.offset
    const octet = reader.u8()
    const discoveryOptional = octet > 127
    const relayType = octet & 127
    reader.note('discoveryOptional', discoveryOptional, at, at + 1)
    reader.note('relayType', relayType, at, at + 1)
    return { precedence, discoveryOptional, relayType, relay: reader.field('relay', gatewayOf(relayType)) }
  },
  write(writer: Writer, { precedence, discoveryOptional, relayType, relay }) {
    writer.u8(precedence)
    writer.u8((discoveryOptional ? 128 : 0) + relayType)
    gatewayOf(relayType).write(writer, relay)
  },
  any: fc.nat(3).chain(relayType =>
    fc.record({
      precedence: u8.any,
      discoveryOptional: fc.boolean(),
      relayType: fc.constant(relayType),
      relay: gatewayOf(relayType).any,
    }),
  ),
  toText: ({ precedence, discoveryOptional, relayType, relay }) =>
    `${precedence} ${discoveryOptional ? 1 : 0} ${relayType} ${relay}`,
  fromText(tokens) {
    const precedence = u8.fromText(tokens)
    const discoveryOptional = u8.fromText(tokens) !== 0
    const relayType = u8.fromText(tokens)
    return { precedence, discoveryOptional, relayType, relay: gatewayOf(relayType).fromText(tokens) }
  },
}
