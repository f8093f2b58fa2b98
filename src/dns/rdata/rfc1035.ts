import { writeField } from '../../wire/combinators.ts'
import { TYPE } from '../mnemonics.ts'
import type { Name } from '../name.ts'
import { ipv4 } from './address.ts'
import type { RdataType } from './field.ts'
import { characterString, characterStrings, name, rdataType, seconds, u16, u32 } from './field.ts'

// The commonest types are read and written without the loop over their parts, for speed alone.

interface OneName {
  readonly name: Name
}

function oneName(type: number): RdataType<OneName> {
  return {
    ...rdataType<OneName>(type, { name }),
    read: reader => ({ name: reader.field('name', name) }),
    write: (writer, value) => writeField(writer, 'name', name, value.name),
  }
}

interface Address {
  readonly address: string
}

/** RFC 1035 §3.4.1 */
export const A: RdataType<Address> = {
  ...rdataType<Address>(TYPE.A, { address: ipv4 }),
  read: reader => ({ address: reader.field('address', ipv4) }),
  write: (writer, value) => writeField(writer, 'address', ipv4, value.address),
}

/** RFC 1035 §3.3.11 */
export const NS = oneName(TYPE.NS)
/** RFC 1035 §3.3.1 */
export const CNAME = oneName(TYPE.CNAME)
/** RFC 1035 §3.3.12 */
export const PTR = oneName(TYPE.PTR)
/** RFC 1035 §3.3.3 */
export const MB = oneName(TYPE.MB)
/** RFC 1035 §3.3.4 */
export const MD = oneName(TYPE.MD)
/** RFC 1035 §3.3.5 */
export const MF = oneName(TYPE.MF)
/** RFC 1035 §3.3.6 */
export const MG = oneName(TYPE.MG)
/** RFC 1035 §3.3.8 */
export const MR = oneName(TYPE.MR)

/** RFC 1035 §3.3.13 */
export interface Soa {
  readonly mname: Name
  readonly rname: Name
  readonly serial: number
  readonly refresh: number
  readonly retry: number
  readonly expire: number
  readonly minimum: number
}

const soaParts = {
  mname: name,
  rname: name,
  serial: u32,
  refresh: seconds,
  retry: seconds,
  expire: seconds,
  minimum: seconds,
}

/** Times in seconds. RFC 1035 §3.3.13 */
export const SOA: RdataType<Soa> = {
  ...rdataType<Soa>(TYPE.SOA, soaParts),
  read: reader => ({
    mname: reader.field('mname', name),
    rname: reader.field('rname', name),
    serial: reader.field('serial', u32),
    refresh: reader.field('refresh', seconds),
    retry: reader.field('retry', seconds),
    expire: reader.field('expire', seconds),
    minimum: reader.field('minimum', seconds),
  }),
}

interface Mx {
  readonly preference: number
  readonly exchange: Name
}

/** RFC 1035 §3.3.9 */
export const MX: RdataType<Mx> = {
  ...rdataType<Mx>(TYPE.MX, { preference: u16, exchange: name }),
  read: reader => ({ preference: reader.field('preference', u16), exchange: reader.field('exchange', name) }),
  write(writer, value) {
    writeField(writer, 'preference', u16, value.preference)
    writeField(writer, 'exchange', name, value.exchange)
  },
}

export interface Strings {
  readonly strings: readonly string[]
}

/** A type of one or more character strings. */
export function textType(type: number): RdataType<Strings> {
  return {
    ...rdataType<Strings>(type, { strings: characterStrings }),
    read: reader => ({ strings: reader.field('strings', characterStrings) }),
  }
}

/** RFC 1035 §3.3.14 */
export const TXT = textType(TYPE.TXT)

/** RFC 1035 §3.3.2 */
export const HINFO = rdataType<{ readonly cpu: string; readonly os: string }>(TYPE.HINFO, {
  cpu: characterString,
  os: characterString,
})

/** RFC 1035 §3.3.7 */
export const MINFO = rdataType<{ readonly rmailbx: Name; readonly emailbx: Name }>(TYPE.MINFO, {
  rmailbx: name,
  emailbx: name,
})
