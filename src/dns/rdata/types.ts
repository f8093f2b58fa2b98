import { APL } from './apl.ts'
import * as dnssec from './dnssec.ts'
import type { RdataType } from './field.ts'
import { AMTRELAY, IPSECKEY } from './gateway.ts'
import { HIP } from './hip.ts'
import * as keys from './keys.ts'
import { LOC } from './loc.ts'
import { OPT } from './opt.ts'
import * as places from './places.ts'
import { CAA, URI } from './policy.ts'
import { DNAME } from './redirection.ts'
import * as rfc1035 from './rfc1035.ts'
import { KX, NAPTR, SRV } from './srv.ts'
import { HTTPS, SVCB } from './svcb.ts'
import { TKEY, TSIG } from './transaction.ts'
import { WKS } from './wks.ts'

const { A, NS, CNAME, SOA, PTR, MX, TXT, HINFO, MINFO, MB, MD, MF, MG, MR } = rfc1035
const { AAAA, RP, AFSDB, X25, ISDN, RT, PX, SPF, AVC, NINFO, NID, L32, L64, LP } = places
const { RRSIG, SIG, DNSKEY, CDNSKEY, KEY, RKEY, DS, CDS, DLV, TA, NSEC, NSEC3, NSEC3PARAM, CSYNC } = dnssec
const { CERT, SSHFP, DHCID, TLSA, SMIMEA, OPENPGPKEY, ZONEMD } = keys

/** Types whose RDATA are the same in every class. */
const everywhere = [
  ...[NS, CNAME, SOA, PTR, MX, TXT, HINFO, MINFO, MB, MD, MF, MG, MR],
  ...[DNAME, RP, AFSDB, X25, ISDN, RT, SPF, AVC, NINFO, NID, L32, L64, LP, places.EUI48, places.EUI64, LOC],
  ...[RRSIG, SIG, DNSKEY, CDNSKEY, KEY, RKEY, DS, CDS, DLV, TA, NSEC, NSEC3, NSEC3PARAM, CSYNC],
  ...[CERT, SSHFP, TLSA, SMIMEA, OPENPGPKEY, ZONEMD, HIP, AMTRELAY, CAA, URI, OPT, TKEY, TSIG],
]

/** Types of the Internet: in other classes they have another format, or none. RFC 1035 §3.4 */
const internet = [A, AAAA, WKS, SRV, NAPTR, KX, PX, APL, DHCID, IPSECKEY, SVCB, HTTPS]

function byNumber(types: readonly { readonly type: number }[]): ReadonlyMap<number, RdataType> {
  return new Map(types.map(type => [type.type, type as RdataType]))
}

/** Every type whose RDATA we take apart, by number. NULL is none of them: its RDATA are any octets. RFC 1035 §3.3.10 */
export const rdataTypes = byNumber([...internet, ...everywhere])

/** Those of them that are no octets in classes other than IN. */
export const classlessTypes = byNumber(everywhere)
