import fc from 'fast-check'
import type { Codec } from '../../wire/codec.ts'
import { WireError } from '../../wire/errors.ts'
import { uint16 } from '../../wire/integers.ts'
import { types } from '../mnemonics.ts'
import { TextError } from '../tokens.ts'
import { type Field, word } from './field.ts'

/** The number of a type by its name. Throws `TextError`. RFC 3597 §5 */
export function typeFromText(text: string): number {
  const type = types.number(text)
  if (type === undefined) throw new TextError(`'${text}' is no type`)
  return type
}

/** One type, by its name in text. RFC 4034 §3.2 */
export const typeCovered: Field<number> = word(uint16, 'a type', types.text, typeFromText)

const bitmap: Codec<readonly number[]> = {
  read(reader) {
    const list: number[] = []
    let last = -1
    while (reader.remaining > 0) {
      const at = reader.offset
      const window = reader.u8()
      if (window <= last) throw new WireError('malformed', `window ${window} comes after window ${last}`, at)
      last = window
      const length = reader.u8()
      if (length === 0 || length > 32) throw new WireError('malformed', `a bitmap of ${length} octets`, at + 1)
      const octets = reader.take(length)
      if (octets[length - 1] === 0) throw new WireError('malformed', 'a bitmap ends in a zero octet', at + 1 + length)
      for (let bit = 0; bit < length * 8; bit++) {
        if ((octets[bit >> 3] as number) & (0x80 >> (bit & 7))) list.push((window << 8) | bit)
      }
    }
    return list
  },
  write(writer, list) {
    for (let at = 0; at < list.length; ) {
      const window = (list[at] as number) >> 8
      const octets = new Uint8Array(32)
      let last = -1
      for (; at < list.length; at++) {
        const type = list[at] as number
        if (!(type >= 0 && type <= 0xffff)) writer.unencodable(`${type} is no type`)
        if (at > 0 && type <= (list[at - 1] as number)) writer.unencodable('types in a bitmap ascend')
        if (type >> 8 !== window) break
        last = (type & 0xff) >> 3
        octets[last] = (octets[last] as number) | (0x80 >> (type & 7))
      }
      writer.u8(window)
      writer.u8(last + 1)
      writer.octets(octets.subarray(0, last + 1))
    }
  },
  any: fc
    .uniqueArray(fc.oneof(fc.constantFrom(1, 2, 6, 46, 47, 257), fc.nat(0xffff)), { maxLength: 8 })
    .map(list => list.sort((a, b) => a - b)),
}

/** Up to the end, the types that there are at a name, ascending. RFC 4034 §4.1.2 */
export const typeBitmap: Field<readonly number[]> = {
  ...bitmap,
  toText: list => list.map(types.text).join(' '),
  fromText(tokens) {
    const list = new Set<number>()
    while (tokens.more) list.add(typeFromText(tokens.next('a type').text))
    return [...list].sort((a, b) => a - b)
  },
}
