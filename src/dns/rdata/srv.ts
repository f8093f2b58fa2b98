import { TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { characterString, onceCompressedName, plainName, rdataType, u16 } from './field.ts'

/** RFC 2782 */
export const SRV = rdataType<{
  readonly priority: number
  readonly weight: number
  readonly port: number
  readonly target: Name
}>(TYPE.SRV, { priority: u16, weight: u16, port: u16, target: onceCompressedName })

/** RFC 3403 §4.1 */
export const NAPTR = rdataType<{
  readonly order: number
  readonly preference: number
  readonly flags: string
  readonly services: string
  readonly regexp: string
  readonly replacement: Name
}>(TYPE.NAPTR, {
  order: u16,
  preference: u16,
  flags: characterString,
  services: characterString,
  regexp: characterString,
  replacement: onceCompressedName,
})

/** RFC 2230 §3.1 */
export const KX = rdataType<{ readonly preference: number; readonly exchanger: Name }>(TYPE.KX, {
  preference: u16,
  exchanger: plainName,
})
