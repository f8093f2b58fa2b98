/** What stands for numbers in text: types, classes, opcodes and response codes, from IANA's DNS parameters. */

function mnemonics(names: Readonly<Record<number, string>>, prefix: string, most: number) {
  const numbers = new Map(Object.entries(names).map(([number, name]) => [name, Number(number)]))
  return {
    /** `MX`; `TYPE65280` for one without a name. RFC 3597 §5 */
    text: (number: number): string => names[number] ?? `${prefix}${number}`,
    /** The number of a name in any case, or of the form of RFC 3597 §5; undefined for what is neither. */
    number(text: string): number | undefined {
      const upper = text.toUpperCase()
      const known = numbers.get(upper)
      if (known !== undefined) return known
      const digits = upper.startsWith(prefix) ? upper.slice(prefix.length) : ''
      return /^\d{1,5}$/.test(digits) && Number(digits) <= most ? Number(digits) : undefined
    },
    known: Object.keys(names).map(Number) as readonly number[],
  }
}

/** Types of resource records, and of questions only. RFC 1035 §3.2, RFC 6895 §3.1 and IANA */
export const TYPE = {
  A: 1,
  NS: 2,
  MD: 3,
  MF: 4,
  CNAME: 5,
  SOA: 6,
  MB: 7,
  MG: 8,
  MR: 9,
  NULL: 10,
  WKS: 11,
  PTR: 12,
  HINFO: 13,
  MINFO: 14,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  X25: 19,
  ISDN: 20,
  RT: 21,
  NSAP: 22,
  'NSAP-PTR': 23,
  SIG: 24,
  KEY: 25,
  PX: 26,
  GPOS: 27,
  AAAA: 28,
  LOC: 29,
  NXT: 30,
  EID: 31,
  NIMLOC: 32,
  SRV: 33,
  ATMA: 34,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  A6: 38,
  DNAME: 39,
  SINK: 40,
  OPT: 41,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  NINFO: 56,
  RKEY: 57,
  TALINK: 58,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  SPF: 99,
  NID: 104,
  L32: 105,
  L64: 106,
  LP: 107,
  EUI48: 108,
  EUI64: 109,
  TKEY: 249,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  MAILB: 253,
  MAILA: 254,
  ANY: 255,
  URI: 256,
  CAA: 257,
  AVC: 258,
  DOA: 259,
  AMTRELAY: 260,
  TA: 32768,
  DLV: 32769,
} as const

/** Classes. RFC 1035 §3.2.4, RFC 2136 §1.3, RFC 6895 §3.2 */
export const CLASS = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 } as const

/** What a message asks for. RFC 6895 §2.2 */
export const OPCODE = { QUERY: 0, IQUERY: 1, STATUS: 2, NOTIFY: 4, UPDATE: 5, DSO: 6 } as const

/** How it went: 4 bits in the header, 8 more with EDNS. RFC 6895 §2.3 */
export const RCODE = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  DSOTYPENI: 11,
  BADVERS: 16,
  BADKEY: 17,
  BADTIME: 18,
  BADMODE: 19,
  BADNAME: 20,
  BADALG: 21,
  BADTRUNC: 22,
  BADCOOKIE: 23,
} as const

/** EDNS options. RFC 6891 §6.1.2 and IANA */
export const OPTION = {
  LLQ: 1,
  UL: 2,
  NSID: 3,
  DAU: 5,
  DHU: 6,
  N3U: 7,
  ECS: 8,
  EXPIRE: 9,
  COOKIE: 10,
  KEEPALIVE: 11,
  PADDING: 12,
  CHAIN: 13,
  'KEY-TAG': 14,
  EDE: 15,
} as const

function inverted(table: Readonly<Record<string, number>>): Record<number, string> {
  return Object.fromEntries(Object.entries(table).map(([name, number]) => [number, name]))
}

export const types = mnemonics(inverted(TYPE), 'TYPE', 0xffff)
export const classes = mnemonics(inverted(CLASS), 'CLASS', 0xffff)
export const opcodes = mnemonics(inverted(OPCODE), 'OPCODE', 15)
export const rcodes = mnemonics(inverted(RCODE), 'RCODE', 0xfff)
export const options = mnemonics(inverted(OPTION), 'OPT', 0xffff)
