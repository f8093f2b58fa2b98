import fc from 'fast-check'
import type { Codec } from '../../wire/codec.ts'
import { TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { TextError } from '../tokens.ts'
import { time } from './dnssec.ts'
import { plainName, rdataType, u16, word } from './field.ts'
import { base64Sized } from './octets.ts'

const MOST = 2 ** 48 - 1

const uint48: Codec<number> = {
  read: reader => reader.u16() * 2 ** 32 + reader.u32(),
  write(writer, value) {
    if (!(value >= 0 && value <= MOST)) writer.unencodable(`${value} does not fit 48 bits`)
    writer.u16(Math.floor(value / 2 ** 32))
    writer.u32(value % 2 ** 32)
  },
  any: fc.integer({ min: 0, max: MOST }),
}

const u48 = word(uint48, 'a time', String, text => {
  if (!/^\d{1,15}$/.test(text) || Number(text) > MOST) throw new TextError(`'${text}' is no number up to ${MOST}`)
  return Number(text)
})

/** What signs a message: in no zone, but in text as `dig` shows it. Time in seconds since 1970. RFC 8945 §4.2 */
export const TSIG = rdataType<{
  readonly algorithm: Name
  readonly timeSigned: number
  /** Seconds. */
  readonly fudge: number
  readonly mac: Uint8Array
  readonly originalId: number
  readonly error: number
  readonly other: Uint8Array
}>(TYPE.TSIG, {
  algorithm: plainName,
  timeSigned: u48,
  fudge: u16,
  mac: base64Sized,
  originalId: u16,
  error: u16,
  other: base64Sized,
})

/** How a shared key comes about: in no zone. Times in seconds since 1970. RFC 2930 §2 */
export const TKEY = rdataType<{
  readonly algorithm: Name
  readonly inception: number
  readonly expiration: number
  readonly mode: number
  readonly error: number
  readonly key: Uint8Array
  readonly other: Uint8Array
}>(TYPE.TKEY, {
  algorithm: plainName,
  inception: time,
  expiration: time,
  mode: u16,
  error: u16,
  key: base64Sized,
  other: base64Sized,
})
