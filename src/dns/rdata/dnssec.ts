import { uint32 } from '../../wire/integers.ts'
import { TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { TextError } from '../tokens.ts'
import type { Field, RdataType } from './field.ts'
import { named, onceCompressedName, plainName, rdataType, seconds, u8, u16, u32, word } from './field.ts'
import { base64Rest, hashedName, hexRest, salt } from './octets.ts'
import { typeBitmap, typeCovered } from './types-covered.ts'

/** Algorithms by the names that master files may have for their numbers. RFC 4034 Appendix A.1 and IANA */
export const algorithm = named(u8, {
  DELETE: 0,
  RSAMD5: 1,
  DH: 2,
  DSA: 3,
  ECC: 4,
  RSASHA1: 5,
  'DSA-NSEC3-SHA1': 6,
  'RSASHA1-NSEC3-SHA1': 7,
  RSASHA256: 8,
  RSASHA512: 10,
  'ECC-GOST': 12,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
  INDIRECT: 252,
  PRIVATEDNS: 253,
  PRIVATEOID: 254,
})

/** Seconds since 1970, in text as `YYYYMMDDHHmmSS` in UTC. RFC 4034 §3.2 */
export const time: Field<number> = word(
  uint32,
  'a time',
  value => new Date(value * 1000).toISOString().slice(0, 19).replaceAll(/[-T:]/g, ''),
  text => {
    if (/^\d{1,10}$/.test(text) && Number(text) <= 0xffffffff) return Number(text)
    const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text)?.slice(1).map(Number)
    if (parts === undefined) throw new TextError(`'${text}' is no time of the form YYYYMMDDHHmmSS`)
    const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number]
    const value = Date.UTC(year, month - 1, day, hour, minute, second) / 1000
    if (!(value >= 0 && value <= 0xffffffff) || time.toText(value) !== text) {
      throw new TextError(`'${text}' is no time from 1970 to 2106`)
    }
    return value
  },
)

interface Signature {
  readonly typeCovered: number
  readonly algorithm: number
  readonly labels: number
  readonly originalTtl: number
  readonly expiration: number
  readonly inception: number
  readonly keyTag: number
  readonly signer: Name
  readonly signature: Uint8Array
}

function signature(type: number, signer: Field<Name>): RdataType<Signature> {
  return rdataType(type, {
    typeCovered,
    algorithm,
    labels: u8,
    originalTtl: seconds,
    expiration: time,
    inception: time,
    keyTag: u16,
    signer,
    signature: base64Rest,
  })
}

/** RFC 4034 §3.1 */
export const RRSIG = signature(TYPE.RRSIG, plainName)
/** RFC 2931 §3 */
export const SIG = signature(TYPE.SIG, onceCompressedName)

interface Key {
  readonly flags: number
  readonly protocol: number
  readonly algorithm: number
  readonly publicKey: Uint8Array
}

function key(type: number): RdataType<Key> {
  return rdataType(type, { flags: u16, protocol: u8, algorithm, publicKey: base64Rest })
}

/** RFC 4034 §2.1 */
export const DNSKEY = key(TYPE.DNSKEY)
/** RFC 7344 §3.2 */
export const CDNSKEY = key(TYPE.CDNSKEY)
/** RFC 2535 §3.1, RFC 3445 §3 */
export const KEY = key(TYPE.KEY)
/** As DNSKEY, for encryption. */
export const RKEY = key(TYPE.RKEY)

interface Digest {
  readonly keyTag: number
  readonly algorithm: number
  readonly digestType: number
  readonly digest: Uint8Array
}

function digest(type: number): RdataType<Digest> {
  return rdataType(type, { keyTag: u16, algorithm, digestType: u8, digest: hexRest })
}

/** RFC 4034 §5.1 */
export const DS = digest(TYPE.DS)
/** RFC 7344 §3.1 */
export const CDS = digest(TYPE.CDS)
/** RFC 4431 §2 */
export const DLV = digest(TYPE.DLV)
/** Trust anchors, as DS. */
export const TA = digest(TYPE.TA)

/** RFC 4034 §4.1 */
export const NSEC = rdataType<{ readonly next: Name; readonly types: readonly number[] }>(TYPE.NSEC, {
  next: plainName,
  types: typeBitmap,
})

/** RFC 5155 §3.2 */
export const NSEC3 = rdataType<{
  readonly hashAlgorithm: number
  readonly flags: number
  readonly iterations: number
  readonly salt: Uint8Array
  readonly next: Uint8Array
  readonly types: readonly number[]
}>(TYPE.NSEC3, { hashAlgorithm: u8, flags: u8, iterations: u16, salt, next: hashedName, types: typeBitmap })

/** RFC 5155 §4.2 */
export const NSEC3PARAM = rdataType<{
  readonly hashAlgorithm: number
  readonly flags: number
  readonly iterations: number
  readonly salt: Uint8Array
}>(TYPE.NSEC3PARAM, { hashAlgorithm: u8, flags: u8, iterations: u16, salt })

/** RFC 7477 §2.1 */
export const CSYNC = rdataType<{
  readonly serial: number
  readonly flags: number
  readonly types: readonly number[]
}>(TYPE.CSYNC, { serial: u32, flags: u16, types: typeBitmap })
