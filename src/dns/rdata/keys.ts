import { TYPE } from '../mnemonics.ts'
import { algorithm } from './dnssec.ts'
import { named, rdataType, u8, u16, u32 } from './field.ts'
import { base64Rest, hexRest } from './octets.ts'

// Keys and digests of things other than the zone: certificates, hosts, mail.

/** RFC 4398 §2.1 */
const certificateType = named(u16, {
  PKIX: 1,
  SPKI: 2,
  PGP: 3,
  IPKIX: 4,
  ISPKI: 5,
  IPGP: 6,
  ACPKIX: 7,
  IACPKIX: 8,
  URI: 253,
  OID: 254,
})

/** RFC 4398 §2 */
export const CERT = rdataType<{
  readonly certificateType: number
  readonly keyTag: number
  readonly algorithm: number
  readonly certificate: Uint8Array
}>(TYPE.CERT, { certificateType, keyTag: u16, algorithm, certificate: base64Rest })

/** RFC 4255 §3.1 */
export const SSHFP = rdataType<{
  readonly algorithm: number
  readonly fingerprintType: number
  readonly fingerprint: Uint8Array
}>(TYPE.SSHFP, { algorithm: u8, fingerprintType: u8, fingerprint: hexRest })

/** RFC 4701 §3.1 */
export const DHCID = rdataType<{ readonly digest: Uint8Array }>(TYPE.DHCID, { digest: base64Rest })

function association(type: number) {
  return rdataType<{
    readonly usage: number
    readonly selector: number
    readonly matchingType: number
    readonly association: Uint8Array
  }>(type, {
    usage: named(u8, { 'PKIX-TA': 0, 'PKIX-EE': 1, 'DANE-TA': 2, 'DANE-EE': 3, PRIVCERT: 255 }),
    selector: named(u8, { CERT: 0, SPKI: 1, PRIVSEL: 255 }),
    matchingType: named(u8, { FULL: 0, 'SHA2-256': 1, 'SHA2-512': 2, PRIVMATCH: 255 }),
    association: hexRest,
  })
}

/** RFC 6698 §2.1, with the names of RFC 7218 */
export const TLSA = association(TYPE.TLSA)
/** RFC 8162 §2 */
export const SMIMEA = association(TYPE.SMIMEA)

/** RFC 7929 §2.3 */
export const OPENPGPKEY = rdataType<{ readonly key: Uint8Array }>(TYPE.OPENPGPKEY, { key: base64Rest })

/** RFC 8976 §2.2 */
export const ZONEMD = rdataType<{
  readonly serial: number
  readonly scheme: number
  readonly hashAlgorithm: number
  readonly digest: Uint8Array
}>(TYPE.ZONEMD, { serial: u32, scheme: u8, hashAlgorithm: u8, digest: hexRest })
