import fc from 'fast-check'
import type { Codec } from '../wire/codec.ts'
import { WireError } from '../wire/errors.ts'
import { latin1Of } from '../wire/latin1.ts'
import type { Reader } from '../wire/reader.ts'
import { Writer } from '../wire/writer.ts'

/**
 * A domain name in the text form of RFC 1035 §5.1, always absolute: `www.example.test.`, `.` for the root. An octet that is
 * no printable ASCII is `\DDD`, a dot or another special character inside a label `\X`. Each sequence of labels has one
 * text, so that names with the same octets are the same string. Upper and lower case are kept.
 */
export type Name = string

/** Octets of a label. RFC 1035 §2.3.4 */
export const MAX_LABEL = 63
/** Octets of a name, lengths and root included. RFC 1035 §2.3.4 */
export const MAX_NAME = 255
/** Pointers followed for one name: more than any name has labels would be of no use. RFC 1035 §4.1.4 */
const MAX_JUMPS = 127
/** The highest offset that a pointer can name. RFC 1035 §4.1.4 */
const MAX_POINTER = 0x3fff

/** The characters that are special in a master file, and so escaped everywhere. RFC 1035 §5.1 */
const SPECIAL = '.\\"();@$'

/** How each octet stands in a name's text. */
const TEXT: readonly string[] = Array.from({ length: 256 }, (_, octet) => {
  const character = String.fromCharCode(octet)
  if (octet <= 0x20 || octet >= 0x7f) return `\\${String(octet).padStart(3, '0')}`
  return SPECIAL.includes(character) ? `\\${character}` : character
})

/** Which octets stand for themselves. */
const PLAIN = Uint8Array.from(TEXT, text => (text.length === 1 ? 1 : 0))

/** The labels of a name being read, with dots, while all of them stand for themselves. */
const plain = new Uint8Array(MAX_NAME + 1)

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
  let length = 1
  let filled = 0
  let text: string | undefined
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
    length += size + 1
    if (length > MAX_NAME) throw new WireError('malformed', `a name of more than ${MAX_NAME} octets`, at)
    if (at + 1 + size > end) throw new WireError('truncated', 'the label does not end', at)
    for (let i = at + 1; i <= at + size; i++) {
      const octet = octets[i] as number
      if (text !== undefined) text += TEXT[octet]
      else if (PLAIN[octet] === 1) plain[filled++] = octet
      else text = latin1Of(plain, 0, filled) + TEXT[octet]
    }
    if (text !== undefined) text += '.'
    else plain[filled++] = 0x2e
    at += size + 1
  }
  reader.offset = after < 0 ? at + 1 : after
  if (text !== undefined) return text
  return filled === 0 ? '.' : known(filled)
}

/** Names that were read before, by a hash of their octets: most messages are about few names. */
const seen: (string | undefined)[] = new Array(1024).fill(undefined)

/** The string of the first octets of `plain`. */
function known(filled: number): string {
  let hash = filled
  for (let i = 0; i < filled; i++) hash = (Math.imul(hash, 31) + (plain[i] as number)) | 0
  const slot = (hash ^ (hash >>> 15)) & 1023
  const found = seen[slot]
  if (found !== undefined && found.length === filled) {
    let i = 0
    while (i < filled && found.charCodeAt(i) === plain[i]) i++
    if (i === filled) return found
  }
  const text = latin1Of(plain, 0, filled)
  seen[slot] = text
  return text
}

/** A writer of a message, which must begin at its start: it remembers where names stand, so that others can point there. */
export class MessageWriter extends Writer {
  /** Offsets of names, and of what is left of them from each label on. */
  readonly names = new Map<Name, number>()
}

/** Writes a name, as a pointer as far as the writer remembers it. RFC 1035 §4.1.4 */
export function writeName(writer: Writer, name: Name): void {
  writeLabels(writer, name, writer instanceof MessageWriter ? writer.names : undefined)
}

/** Writes a name without pointers. RFC 3597 §4 */
export function writeUncompressed(writer: Writer, name: Name): void {
  writeLabels(writer, name, undefined)
}

function writeLabels(writer: Writer, name: Name, names: Map<Name, number> | undefined): void {
  const start = writer.length
  let at = 0
  if (name !== '.') {
    while (at < name.length) {
      if (names !== undefined) {
        const rest = at === 0 ? name : name.slice(at)
        const known = names.get(rest)
        if (known !== undefined) {
          writer.u16(0xc000 | known)
          return
        }
        if (writer.length <= MAX_POINTER) names.set(rest, writer.length)
      }
      at = writeLabel(writer, name, at)
    }
    if (name.length === 0 || !endsInDot(name)) writer.unencodable(`the name '${name}' does not end in a dot`)
  }
  writer.u8(0)
  if (writer.length - start > MAX_NAME) writer.unencodable(`a name of more than ${MAX_NAME} octets`)
}

/** Writes the label that begins at a character of a name; says where the next one begins. */
function writeLabel(writer: Writer, name: Name, from: number): number {
  const length = writer.length
  writer.u8(0)
  let at = from
  for (; at < name.length; at++) {
    const code = name.charCodeAt(at)
    if (code === 0x2e) break
    if (code > 0xff) writer.unencodable(`character ${at} of a name is no octet`)
    if (code !== 0x5c) {
      writer.u8(code)
      continue
    }
    const digits = /^\d{3}/.exec(name.slice(at + 1, at + 4))?.[0]
    if (digits !== undefined) {
      writer.u8(Number(digits))
      at += 3
    } else if (at + 1 < name.length) writer.u8(name.charCodeAt(++at))
    else writer.unencodable('a name ends in a backslash')
  }
  const size = writer.length - length - 1
  if (size === 0) writer.unencodable(`an empty label in '${name}'`)
  if (size > MAX_LABEL) writer.unencodable(`a label of ${size} octets`)
  writer.patch(length, 1, size)
  return at + 1
}

/** Whether the last dot ends a label, and is not escaped. */
function endsInDot(name: Name): boolean {
  if (!name.endsWith('.')) return false
  let escapes = 0
  while (name.charCodeAt(name.length - 2 - escapes) === 0x5c) escapes++
  // `\\.` ends a label with a backslash in it, `\.` does not end one. `\092.` ends in a digit.
  return escapes % 2 === 0
}

/** The octets of each label, from the left; none for the root. Throws `WireError` `unencodable` for what is no name. */
export function labelsOf(name: Name): Uint8Array[] {
  const writer = new Writer()
  writeUncompressed(writer, name)
  const octets = writer.finish()
  const labels: Uint8Array[] = []
  for (let at = 0; octets[at] !== 0; at += (octets[at] as number) + 1) {
    labels.push(octets.subarray(at + 1, at + 1 + (octets[at] as number)))
  }
  return labels
}

/** The text of a label's octets. */
export function labelText(octets: Uint8Array): string {
  let text = ''
  for (const octet of octets) text += TEXT[octet]
  return text
}

/** The name of these labels, from the left. Limits are for the one who writes it. */
export function nameOf(...labels: readonly (string | Uint8Array)[]): Name {
  if (labels.length === 0) return '.'
  return labels.map(label => `${labelText(typeof label === 'string' ? Buffer.from(label, 'latin1') : label)}.`).join('')
}

/** The name with its ASCII letters in lower case: what names are compared by. RFC 4343 §3 */
export function canonical(name: Name): Name {
  for (let i = 0; i < name.length; i++) {
    const code = name.charCodeAt(i)
    if (code >= 0x41 && code <= 0x5a) return name.toLowerCase()
  }
  return name
}

/** Whether two names are the same but for case. RFC 4343 §3 */
export function sameName(a: Name, b: Name): boolean {
  return a === b || canonical(a) === canonical(b)
}

/** The name without its first label; the root has none to lose. */
export function parent(name: Name): Name {
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at)
    if (code === 0x5c) at++
    else if (code === 0x2e) return at + 1 === name.length ? '.' : name.slice(at + 1)
  }
  return '.'
}

/** Whether a name is another or lies below it. Both in lower case. */
export function isWithin(name: Name, ancestor: Name): boolean {
  if (ancestor === '.' || name === ancestor) return true
  if (!name.endsWith(ancestor)) return false
  const dot = name.length - ancestor.length - 1
  return name.charCodeAt(dot) === 0x2e && endsInDot(name.slice(0, dot + 1))
}

/** How many labels a name has; none for the root. */
export function labelCount(name: Name): number {
  let count = 0
  for (let at = 0; at < name.length; at++) {
    const code = name.charCodeAt(at)
    if (code === 0x5c) at++
    else if (code === 0x2e) count++
  }
  return name === '.' ? 0 : count
}

const anyLabel: fc.Arbitrary<Uint8Array> = fc.oneof(
  { weight: 4, arbitrary: fc.stringMatching(/^[a-zA-Z0-9_-]{1,12}$/).map(text => Buffer.from(text, 'latin1')) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 8 }) },
  { weight: 1, arbitrary: fc.uint8Array({ minLength: MAX_LABEL, maxLength: MAX_LABEL }) },
)

/** Names of up to four labels, so that all of them fit. RFC 1035 §3.1 */
export const anyName: fc.Arbitrary<Name> = fc
  .array(anyLabel, { maxLength: 4 })
  .filter(labels => labels.reduce((sum, label) => sum + label.length + 1, 1) <= MAX_NAME)
  .map(labels => nameOf(...labels))

/** A domain name, compressed where the writer is one of a message. RFC 1035 §4.1.4 */
export const compressedName: Codec<Name> = { read: readName, write: writeName, any: anyName }

/** A domain name that is never compressed. RFC 3597 §4 */
export const uncompressedName: Codec<Name> = { read: readUncompressed, write: writeUncompressed, any: anyName }
