import fc from 'fast-check'
import { WireError } from '../../wire/errors.ts'
import { TextError } from '../tokens.ts'
import { type Field, word } from './field.ts'

const DOT = 0x2e
const COLON = 0x3a

/** The octets of the address that is being written. */
const scratch = new Uint8Array(16)
/** The groups of the address that is being read. */
const groups = new Uint16Array(8)

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16))
const PADDED = HEX.map(text => text.padStart(2, '0'))

/** Fills `into` from `at` with a dotted address, which begins at a character; says whether it is one. */
function fillIpv4(into: Uint8Array, at: number, text: string, from: number): boolean {
  let part = 0
  let digits = 0
  let filled = 0
  for (let i = from; i <= text.length; i++) {
    const code = i < text.length ? text.charCodeAt(i) : DOT
    if (code === DOT) {
      if (digits === 0 || filled === 4) return false
      into[at + filled++] = part
      part = 0
      digits = 0
    } else {
      if (code < 0x30 || code > 0x39 || ++digits > 3) return false
      part = part * 10 + code - 0x30
      if (part > 255) return false
    }
  }
  return filled === 4
}

/** Addresses that were read before, by a hash: most messages are about few. */
const seen = Array.from({ length: 256 }, () => ({ bits: 0, text: '0.0.0.0' }))

/** The dotted text of the 32 bits of an address. */
function known(bits: number): string {
  const slot = seen[(bits ^ (bits >>> 8) ^ (bits >>> 16)) & 255] as (typeof seen)[number]
  if (slot.bits !== bits) {
    slot.bits = bits
    slot.text = `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
  }
  return slot.text
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30
  const letter = code | 0x20
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1
}

/** Fills all 16 octets with the address that a text means in any form of RFC 4291 §2.2; says whether it is one. */
function fillIpv6(into: Uint8Array, text: string): boolean {
  const { length } = text
  let filled = 0
  let gap = -1
  let i = 0
  if (length >= 2 && text.charCodeAt(0) === COLON && text.charCodeAt(1) === COLON) {
    gap = 0
    i = 2
  }
  while (i < length) {
    if (filled === 16) return false
    const from = i
    let group = 0
    for (; i < length; i++) {
      const digit = hexDigit(text.charCodeAt(i))
      if (digit < 0) break
      group = group * 16 + digit
    }
    if (text.charCodeAt(i) === DOT) {
      if (filled > 12 || !fillIpv4(into, filled, text, from)) return false
      filled += 4
      break
    }
    if (i === from || i - from > 4) return false
    into[filled++] = group >>> 8
    into[filled++] = group & 0xff
    if (i === length) break
    if (text.charCodeAt(i++) !== COLON || i === length) return false
    if (text.charCodeAt(i) !== COLON) continue
    if (gap >= 0) return false
    gap = filled
    i++
  }
  if (gap < 0) return filled === 16
  if (filled === 16) return false
  const moved = 16 - (filled - gap)
  into.copyWithin(moved, gap, filled)
  into.fill(0, gap, moved)
  return true
}

/** The text of RFC 5952 for what is in `groups`. */
function groupsText(): string {
  let start = -1
  let most = 1
  for (let i = 0, run = 0; i < 8; i++) {
    run = groups[i] === 0 ? run + 1 : 0
    if (run > most) {
      most = run
      start = i + 1 - run
    }
  }
  // Of the addresses with an IPv4 address in them only the mapped ones can be told from others. RFC 5952 §5
  if (start === 0 && most === 5 && groups[5] === 0xffff) return `::ffff:${half(6)}.${half(7)}`
  let text = ''
  for (let i = 0; i < 8; i++) {
    if (i === start) {
      text += '::'
      i += most - 1
    } else {
      if (i > 0 && (start < 0 || i !== start + most)) text += ':'
      const group = groups[i] as number
      text += group > 0xff ? `${HEX[group >>> 8]}${PADDED[group & 0xff]}` : HEX[group]
    }
  }
  return text
}

function half(group: number): string {
  return `${(groups[group] as number) >>> 8}.${(groups[group] as number) & 0xff}`
}

/** The four octets of a dotted address; undefined for anything else. RFC 1035 §3.4.1 */
export function ipv4Octets(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(4)
  return fillIpv4(octets, 0, text, 0) ? octets : undefined
}

/** The 16 octets of an address in any form of RFC 4291 §2.2; undefined for anything else. */
export function ipv6Octets(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(16)
  return fillIpv6(octets, text) ? octets : undefined
}

/** The text of four octets: `192.0.2.1`. */
export function ipv4Text(octets: Uint8Array): string {
  return `${octets[0]}.${octets[1]}.${octets[2]}.${octets[3]}`
}

/** The text of 16 octets: `2001:db8::1`. RFC 5952 §4 */
export function ipv6Text(octets: Uint8Array): string {
  for (let i = 0; i < 8; i++) groups[i] = ((octets[2 * i] as number) << 8) | (octets[2 * i + 1] as number)
  return groupsText()
}

/** RFC 1035 §3.4.1: `192.0.2.1` */
export const ipv4: Field<string> = word(
  {
    read(reader) {
      if (reader.remaining < 4) throw new WireError('truncated', 'an IPv4 address is four octets', reader.offset)
      return known(reader.u32())
    },
    write(writer, address) {
      if (!fillIpv4(scratch, 0, address, 0)) return writer.unencodable(`'${address}' is no IPv4 address`)
      writer.octets(scratch, 0, 4)
    },
    any: fc.uint8Array({ minLength: 4, maxLength: 4 }).map(ipv4Text),
  },
  'an IPv4 address',
  address => address,
  text => {
    const octets = ipv4Octets(text)
    if (octets === undefined) throw new TextError(`'${text}' is no IPv4 address`)
    return ipv4Text(octets)
  },
)

/** RFC 3596 §2.2: `2001:db8::1`, in the form of RFC 5952; every other form of RFC 4291 is understood. */
export const ipv6: Field<string> = word(
  {
    read(reader) {
      if (reader.remaining < 16) throw new WireError('truncated', 'an IPv6 address is 16 octets', reader.offset)
      for (let i = 0; i < 8; i++) groups[i] = reader.u16()
      return groupsText()
    },
    write(writer, address) {
      if (!fillIpv6(scratch, address)) return writer.unencodable(`'${address}' is no IPv6 address`)
      writer.octets(scratch)
    },
    any: fc
      .array(fc.oneof(fc.constant(0), fc.nat(0xffff)), { minLength: 8, maxLength: 8 })
      .map(list => ipv6Text(Uint8Array.from(list.flatMap(group => [group >>> 8, group & 0xff])))),
  },
  'an IPv6 address',
  address => address,
  text => {
    const octets = ipv6Octets(text)
    if (octets === undefined) throw new TextError(`'${text}' is no IPv6 address`)
    return ipv6Text(octets)
  },
)
