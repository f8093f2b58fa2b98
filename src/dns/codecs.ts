import type { CatalogueCodec } from '../wire/catalogued.ts'
import { message } from './message.ts'
import { types } from './mnemonics.ts'
import { compressedName } from './name.ts'
import { optionList } from './rdata/opt.ts'
import { rdataTypes } from './rdata/types.ts'

/** Where each type is from. */
const SOURCES: Readonly<Record<string, string>> = {
  'RFC 1035 §3.3': 'CNAME HINFO MB MD MF MG MINFO MR MX NS PTR SOA TXT',
  'RFC 1035 §3.4': 'A WKS',
  'RFC 1183': 'AFSDB ISDN RP RT X25',
  'RFC 1876 §2': 'LOC',
  'RFC 2163 §4': 'PX',
  'RFC 2230 §3.1': 'KX',
  'RFC 2535 §3.1': 'KEY',
  'RFC 2782': 'SRV',
  'RFC 2930 §2': 'TKEY',
  'RFC 2931 §3': 'SIG',
  'RFC 3123 §4': 'APL',
  'RFC 3403 §4.1': 'NAPTR',
  'RFC 3596 §2.2': 'AAAA',
  'RFC 4025 §2': 'IPSECKEY',
  'RFC 4034': 'DNSKEY DS NSEC RRSIG',
  'RFC 4255 §3.1': 'SSHFP',
  'RFC 4398 §2': 'CERT',
  'RFC 4431 §2': 'DLV',
  'RFC 4701 §3.1': 'DHCID',
  'RFC 5155': 'NSEC3 NSEC3PARAM',
  'RFC 6672 §2.1': 'DNAME',
  'RFC 6698 §2.1': 'TLSA',
  'RFC 6742 §2': 'L32 L64 LP NID',
  'RFC 6891 §6.1.2': 'OPT',
  'RFC 7043': 'EUI48 EUI64',
  'RFC 7208 §3.1': 'SPF',
  'RFC 7344 §3': 'CDNSKEY CDS',
  'RFC 7477 §2.1': 'CSYNC',
  'RFC 7553 §4': 'URI',
  'RFC 7929 §2': 'OPENPGPKEY',
  'RFC 8005 §5': 'HIP',
  'RFC 8162 §2': 'SMIMEA',
  'RFC 8659 §4.1': 'CAA',
  'RFC 8777 §4.1': 'AMTRELAY',
  'RFC 8945 §4.2': 'TSIG',
  'RFC 8976 §2.2': 'ZONEMD',
  'RFC 9460 §2.2': 'HTTPS SVCB',
}

function sourceOf(name: string): string {
  return Object.entries(SOURCES).find(([, names]) => names.split(' ').includes(name))?.[0] ?? 'IANA'
}

const rdata = Object.fromEntries(
  [...rdataTypes].map(([type, codec]): [string, CatalogueCodec] => {
    const name = types.text(type)
    return [`dns/rdata-${name.toLowerCase()}`, { codec, about: `the RDATA of ${name} (${sourceOf(name)})` }]
  }),
)

/** The codecs of DNS, for the catalogue. */
export const dnsCodecs: Readonly<Record<string, CatalogueCodec>> = {
  'dns/message': { codec: message, about: 'a message (RFC 1035 §4.1)' },
  'dns/name': { codec: compressedName, about: 'a domain name; pointers count from its start (RFC 1035 §3.1, §4.1.4)' },
  'dns/options': { codec: optionList, about: 'a list of EDNS options (RFC 6891 §6.1.2)' },
  ...rdata,
}
