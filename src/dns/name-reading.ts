import { WireError } from '../wire/errors.ts'
import type { Reader } from '../wire/reader.ts'
import type { Name } from './name.ts'

/** Octets of a label. RFC 1035 §2.3.4 */
export const MAX_LABEL = 63
/** Octets of a name, lengths and root included. RFC 1035 §2.3.4 */
export const MAX_NAME = 255
/** Pointers followed for one name: more than any name has labels would be of no use. RFC 1035 §4.1.4 */
const MAX_JUMPS = 127

/** The characters that are special in a master file, and so escaped everywhere. RFC 1035 §5.1 */
const SPECIAL = '.\\"();@$'

/** How each octet stands in a name's text. */
export const TEXT: readonly string[] = Array.from({ length: 256 }, (_, octet) => {
  const character = String.fromCharCode(octet)
  if (octet <= 0x20 || octet >= 0x7f) return `\\${String(octet).padStart(3, '0')}`
  return SPECIAL.includes(character) ? `\\${character}` : character
})

/** The octets of the name that is being read, without pointers. */
const wire = new Uint8Array(MAX_NAME)

/**
 * Reads a name and follows its pointers, which count from the start of the reader's octets: those have to begin with the
 * message. A pointer has to point before all that has been read of the name, so that none can loop. RFC 1035 §4.1.4
 */
export function readName(reader: Reader): Name {
  return readLabels(reader, true)
}

/** Reads a name that may not be compressed: a pointer in it is malformed. RFC 3597 §4 */
export function readUncompressed(reader: Reader): Name {
  return readLabels(reader, false)
}

function readLabels(reader: Reader, pointers: boolean): Name {
  const { octets } = reader
  let { offset: at, end } = reader
  // Where reading goes on behind the name: known once a pointer has been met.
  let after = -1
  let before = at
  let jumps = 0
  let length = 0
  let hash = 0
  for (;;) {
    if (at >= end) throw new WireError('truncated', 'the name does not end', at)
    const size = octets[at] as number
    if (size === 0) break
    if (size >= 0xc0) {
      if (!pointers) throw new WireError('malformed', 'a pointer where names are not compressed', at)
      if (at + 1 >= end) throw new WireError('truncated', 'half a pointer', at)
      const target = ((size & 0x3f) << 8) | (octets[at + 1] as number)
      if (after < 0) after = at + 2
      if (target >= before) throw new WireError('malformed', `a pointer to ${target}, which is not before it`, at)
      if (++jumps > MAX_JUMPS) throw new WireError('malformed', 'too many pointers', at)
      before = target
      at = target
      end = octets.length
      continue
    }
    if (size > MAX_LABEL) throw new WireError('malformed', `label type ${size >> 6}`, at)
    const next = at + size + 1
    if (length + size + 2 > MAX_NAME) throw new WireError('malformed', `a name of more than ${MAX_NAME} octets`, at)
    if (next > end) throw new WireError('truncated', 'the label does not end', at)
    for (; at < next; at++) {
      const octet = octets[at] as number
      wire[length++] = octet
      hash = Math.imul(hash ^ octet, 0x01000193)
    }
  }
  reader.offset = after < 0 ? at + 1 : after
  return length === 0 ? '.' : known(length, hash)
}

/** Names that were read before, with their octets, by a hash of those: most messages are about few names. */
const seen: ({ readonly octets: Uint8Array; readonly name: Name } | undefined)[] = new Array(1024).fill(undefined)

/** The name that the first octets of `wire` are, which have no root. */
function known(length: number, hash: number): Name {
  const slot = (hash ^ (hash >>> 15)) & 1023
  const found = seen[slot]
  if (found !== undefined && isWire(found.octets, length)) return found.name
  const name = textOf(length)
  seen[slot] = { octets: wire.slice(0, length), name }
  return name
}

function isWire(octets: Uint8Array, length: number): boolean {
  if (octets.length !== length) return false
  for (let i = 0; i < length; i++) if (octets[i] !== wire[i]) return false
  return true
}

function textOf(length: number): Name {
  let text = ''
  for (let at = 0; at < length; ) {
    const end = at + 1 + (wire[at] as number)
    for (at++; at < end; at++) text += TEXT[wire[at] as number]
    text += '.'
  }
  return text
}
