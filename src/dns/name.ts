import fc from 'fast-check'
import type { Codec } from '../wire/codec.ts'
import { Writer } from '../wire/writer.ts'
import { MAX_LABEL, MAX_NAME, readName, readUncompressed, TEXT } from './name-reading.ts'
import { writeName, writeUncompressed } from './name-writing.ts'

export { MAX_LABEL, MAX_NAME, readName, readUncompressed } from './name-reading.ts'
export { MessageWriter, writeName, writeUncompressed } from './name-writing.ts'

/**
 * A domain name in the text form of RFC 1035 §5.1, always absolute: `www.example.test.`, `.` for the root. An octet that is
 * no printable ASCII is `\DDD`, a dot or another special character inside a label `\X`. Each sequence of labels has one
 * text, so that names with the same octets are the same string. Upper and lower case are kept.
 */
export type Name = string

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

/**
 * Names whose parent was wanted before, by a hash. To find what stands in a map under a parent is faster with the same
 * string each time: its hash is known, and nothing has to be compared.
 */
const children: { name: Name; parent: Name }[] = Array.from({ length: 256 }, () => ({ name: '.', parent: '.' }))

/** The name without its first label; the root has none to lose. */
export function parent(name: Name): Name {
  const slot = (name.length * 31 + name.charCodeAt(0) * 7 + name.charCodeAt(name.length >> 1)) & 255
  const known = children[slot] as (typeof children)[number]
  if (known.name !== name) {
    known.parent = withoutFirst(name)
    known.name = name
  }
  return known.parent
}

function withoutFirst(name: Name): Name {
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
