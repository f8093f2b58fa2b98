import { TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { ipv4, ipv6 } from './address.ts'
import type { RdataType } from './field.ts'
import { characterString, onceCompressedName, optional, plainName, rdataType, u16 } from './field.ts'
import { grouped } from './octets.ts'
import { textType } from './rfc1035.ts'

// Where something is: hosts, services, people.

interface Address {
  readonly address: string
}

/** RFC 3596 §2.2 */
export const AAAA: RdataType<Address> = {
  ...rdataType<Address>(TYPE.AAAA, { address: ipv6 }),
  read: reader => ({ address: reader.field('address', ipv6) }),
  write: (writer, value) => ipv6.write(writer, value.address),
}

/** RFC 1183 §2.2 */
export const RP = rdataType<{ readonly mbox: Name; readonly txt: Name }>(TYPE.RP, {
  mbox: onceCompressedName,
  txt: onceCompressedName,
})

/** RFC 1183 §1 */
export const AFSDB = rdataType<{ readonly subtype: number; readonly hostname: Name }>(TYPE.AFSDB, {
  subtype: u16,
  hostname: onceCompressedName,
})

/** RFC 1183 §3.1 */
export const X25 = rdataType<{ readonly address: string }>(TYPE.X25, { address: characterString })

/** RFC 1183 §3.2 */
export const ISDN = rdataType<{ readonly address: string; readonly subaddress: string | null }>(TYPE.ISDN, {
  address: characterString,
  subaddress: optional(characterString),
})

/** RFC 1183 §3.3 */
export const RT = rdataType<{ readonly preference: number; readonly host: Name }>(TYPE.RT, {
  preference: u16,
  host: onceCompressedName,
})

/** RFC 2163 §4 */
export const PX = rdataType<{ readonly preference: number; readonly map822: Name; readonly mapx400: Name }>(TYPE.PX, {
  preference: u16,
  map822: onceCompressedName,
  mapx400: onceCompressedName,
})

/** RFC 7208 §3.1: what is a TXT record now. */
export const SPF = textType(TYPE.SPF)
/** Application visibility, as TXT. */
export const AVC = textType(TYPE.AVC)
/** Zone status, as TXT. */
export const NINFO = textType(TYPE.NINFO)

const identifier = grouped(8, 2, ':')

/** RFC 6742 §2.1 */
export const NID = rdataType<{ readonly preference: number; readonly nodeId: string }>(TYPE.NID, {
  preference: u16,
  nodeId: identifier,
})

/** RFC 6742 §2.2 */
export const L32 = rdataType<{ readonly preference: number; readonly locator32: string }>(TYPE.L32, {
  preference: u16,
  locator32: ipv4,
})

/** RFC 6742 §2.3 */
export const L64 = rdataType<{ readonly preference: number; readonly locator64: string }>(TYPE.L64, {
  preference: u16,
  locator64: identifier,
})

/** RFC 6742 §2.4 */
export const LP = rdataType<{ readonly preference: number; readonly fqdn: Name }>(TYPE.LP, {
  preference: u16,
  fqdn: plainName,
})

/** RFC 7043 §3.1 */
export const EUI48 = rdataType<{ readonly address: string }>(TYPE.EUI48, { address: grouped(6, 1, '-') })
/** RFC 7043 §4.1 */
export const EUI64 = rdataType<{ readonly address: string }>(TYPE.EUI64, { address: grouped(8, 1, '-') })
