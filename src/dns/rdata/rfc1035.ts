import { TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import type { RdataType } from './field.ts'
import { characterStrings, ipv4, name, rdataType, u16, u32 } from './field.ts'

/** RFC 1035 §3.4.1 */
export const A = rdataType<{ readonly address: string }>(TYPE.A, { address: ipv4 })

function oneName(type: number): RdataType<{ readonly name: Name }> {
  return rdataType(type, { name })
}

/** RFC 1035 §3.3.11 */
export const NS = oneName(TYPE.NS)
/** RFC 1035 §3.3.1 */
export const CNAME = oneName(TYPE.CNAME)
/** RFC 1035 §3.3.12 */
export const PTR = oneName(TYPE.PTR)

/** Times in seconds. RFC 1035 §3.3.13 */
export const SOA = rdataType<{
  readonly mname: Name
  readonly rname: Name
  readonly serial: number
  readonly refresh: number
  readonly retry: number
  readonly expire: number
  readonly minimum: number
}>(TYPE.SOA, { mname: name, rname: name, serial: u32, refresh: u32, retry: u32, expire: u32, minimum: u32 })

/** RFC 1035 §3.3.9 */
export const MX = rdataType<{ readonly preference: number; readonly exchange: Name }>(TYPE.MX, {
  preference: u16,
  exchange: name,
})

/** RFC 1035 §3.3.14 */
export const TXT = rdataType<{ readonly strings: readonly string[] }>(TYPE.TXT, { strings: characterStrings })
