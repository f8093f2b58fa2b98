import fc from 'fast-check'
import { rest } from '../../wire/combinators.ts'
import { TYPE } from '../mnemonics.ts'
import { TextError } from '../tokens.ts'
import { ipv4 } from './address.ts'
import { type Field, rdataType, u8, word } from './field.ts'

const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17 }

const protocol = word(u8, 'a protocol', String, text => {
  const number = PROTOCOLS[text.toLowerCase()] ?? Number(text)
  if (Number.isInteger(number) && number >= 0 && number <= 255) return number
  throw new TextError(`'${text}' is no protocol: a number, tcp or udp is one`)
})

/** Bit 0 is the most significant of the first octet. In text the ports are numbers. RFC 1035 §3.4.2 */
const ports: Field<Uint8Array> = {
  ...rest,
  any: fc.uint8Array({ maxLength: 12 }).filter(octets => octets.at(-1) !== 0),
  toText(octets) {
    if (octets.at(-1) === 0) throw new TextError('text does not say how many zeros follow the last port')
    const list: number[] = []
    for (let port = 0; port < octets.length * 8; port++) {
      if ((octets[port >> 3] as number) & (0x80 >> (port & 7))) list.push(port)
    }
    return list.join(' ')
  },
  fromText(tokens) {
    const list: number[] = []
    while (tokens.more) {
      const { text } = tokens.next('a port')
      if (!/^\d{1,5}$/.test(text) || Number(text) > 0xffff) throw new TextError(`'${text}' is no number of a port`)
      list.push(Number(text))
    }
    const octets = new Uint8Array(list.length === 0 ? 0 : (Math.max(...list) >> 3) + 1)
    for (const port of list) octets[port >> 3] = (octets[port >> 3] as number) | (0x80 >> (port & 7))
    return octets
  },
}

/** RFC 1035 §3.4.2 */
export const WKS = rdataType<{
  readonly address: string
  readonly protocol: number
  readonly ports: Uint8Array
}>(TYPE.WKS, { address: ipv4, protocol, ports })
