import type { Message, ResourceRecord } from './message.ts'
import { TYPE } from './mnemonics.ts'
import type { Option } from './rdata/opt.ts'
import { OPT } from './rdata/opt.ts'
import { dataOf } from './record.ts'

/** What an OPT record says. RFC 6891 §6.1.3 */
export interface Edns {
  /** Octets that the sender can take in a datagram. */
  readonly size: number
  /** The upper eight bits of the response code. */
  readonly extendedRcode: number
  readonly version: number
  /** DNSSEC OK. RFC 3225 §3 */
  readonly dnssecOk: boolean
  /** The other fifteen flags, which have no meaning yet. */
  readonly flags: number
  readonly options: readonly Option[]
}

/** What most queries say. */
export const PLAIN_EDNS: Edns = { size: 1232, extendedRcode: 0, version: 0, dnssecOk: false, flags: 0, options: [] }

const DO = 0x8000

/** An OPT record. */
export function optRecord(edns: Partial<Edns> = {}): ResourceRecord {
  const { size, extendedRcode, version, dnssecOk, flags, options } = { ...PLAIN_EDNS, ...edns }
  const ttl = extendedRcode * 0x1000000 + ((version << 16) | (dnssecOk ? DO : 0) | flags)
  return { name: '.', type: TYPE.OPT, class: size, ttl, data: { options } }
}

/** What an OPT record says; undefined for another record. */
export function ednsOf(record: ResourceRecord): Edns | undefined {
  const data = dataOf(record, OPT)
  if (data === undefined) return undefined
  const { class: size, ttl } = record
  return {
    size,
    extendedRcode: ttl >>> 24,
    version: (ttl >>> 16) & 0xff,
    dnssecOk: (ttl & DO) !== 0,
    flags: ttl & 0x7fff,
    options: data.options,
  }
}

/** What the first OPT record of a message says. */
export function edns(message: Pick<Message, 'additional'>): Edns | undefined {
  for (const record of message.additional) {
    if (record.type === TYPE.OPT) return ednsOf(record)
  }
  return undefined
}

/** The response code of twelve bits, of which OPT holds the upper eight. RFC 6891 §6.1.3 */
export function fullRcode(message: Pick<Message, 'rcode' | 'additional'>): number {
  return ((edns(message)?.extendedRcode ?? 0) << 4) | message.rcode
}

/** The data of the first option of a kind. */
export function optionOf(options: readonly Option[], code: number): Uint8Array | undefined {
  return options.find(option => option.code === code)?.data
}
