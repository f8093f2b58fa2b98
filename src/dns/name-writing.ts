import { Writer } from '../wire/writer.ts'
import type { Name } from './name.ts'
import { MAX_LABEL, MAX_NAME } from './name-reading.ts'

/** The highest offset that a pointer can name. RFC 1035 §4.1.4 */
const MAX_POINTER = 0x3fff

const DOT = 0x2e
const BACKSLASH = 0x5c

/** What is left of a name from one of its labels on. Names with the same octets share it: it is the same object. */
interface Tail {
  /** From the label on, the root included. */
  readonly octets: Uint8Array
  /** The tail behind the label; none for the root. */
  readonly parent: Tail | undefined
  /** The last message that it was written to, and where. */
  message: number
  offset: number
}

/** Tails of names that were written before, by their text. */
const tails = new Map<Name, Tail>()
/** Above this all are forgotten, so that names which come once only do not fill our memory. */
const MAX_TAILS = 4096

const ROOT: Tail = { octets: Uint8Array.of(0), parent: undefined, message: 0, offset: 0 }

/** The label of a name being written. */
const label = new Uint8Array(MAX_LABEL)

let messages = 0

/** A number that no message had before. */
function nextMessage(): number {
  // Only between messages: the tails of one message must stay the same objects.
  if (tails.size > MAX_TAILS) tails.clear()
  return ++messages
}

/** A writer of a message, which must begin at its start: it knows where names stand, so that others can point there. */
export class MessageWriter extends Writer {
  /** What tails are marked with: to mark them is faster than a map of offsets for each message. */
  message = nextMessage()

  override clear(): void {
    super.clear()
    this.message = nextMessage()
  }
}

/** Writes a name, as a pointer as far as it stands in the message already. RFC 1035 §4.1.4 */
export function writeName(writer: Writer, name: Name): void {
  if (!(writer instanceof MessageWriter)) {
    writeUncompressed(writer, name)
    return
  }
  const { message, length } = writer
  const whole = tailOf(writer, name)
  let tail = whole
  let at = length
  while (tail.parent !== undefined && tail.message !== message) {
    if (at <= MAX_POINTER) {
      tail.message = message
      tail.offset = at
    }
    at += (tail.octets[0] as number) + 1
    tail = tail.parent
  }
  writer.octets(whole.octets, 0, at - length)
  if (tail.parent === undefined) writer.u8(0)
  else writer.u16(0xc000 | tail.offset)
}

/** Writes a name without pointers. RFC 3597 §4 */
export function writeUncompressed(writer: Writer, name: Name): void {
  writer.octets(tailOf(writer, name).octets)
}

/** The tail that is a whole name. The writer is for errors. */
function tailOf(writer: Writer, name: Name): Tail {
  return tails.get(name) ?? (name === '.' ? ROOT : newTail(writer, name, 0))
}

/** The tail of a name that lies behind some octets of the name it is part of. */
function newTail(writer: Writer, name: Name, before: number): Tail {
  let size = 0
  let at = 0
  for (; at < name.length && name.charCodeAt(at) !== DOT; at++) {
    if (size === MAX_LABEL) writer.unencodable(`a label of more than ${MAX_LABEL} octets in '${name}'`)
    const code = name.charCodeAt(at)
    if (code > 0xff) writer.unencodable(`character ${at} of '${name}' is no octet`)
    if (code !== BACKSLASH) {
      label[size++] = code
      continue
    }
    const digits = /^\d{3}/.exec(name.slice(at + 1, at + 4))?.[0]
    const octet = digits === undefined ? name.charCodeAt(at + 1) : Number(digits)
    // Not a number where the name ends in the backslash.
    if (!(octet <= 0xff)) writer.unencodable(`what follows a backslash in '${name}' is no octet`)
    label[size++] = octet
    at += digits === undefined ? 1 : 3
  }
  if (size === 0) writer.unencodable(`an empty label in '${name}'`)
  if (at === name.length) writer.unencodable(`'${name}' does not end in a dot`)
  const own = label.slice(0, size)
  if (before + size + 2 > MAX_NAME) writer.unencodable(`a name of more than ${MAX_NAME} octets`)
  const rest = name.slice(at + 1)
  const parent = rest === '' ? ROOT : (tails.get(rest) ?? newTail(writer, rest, before + size + 1))
  const octets = new Uint8Array(size + 1 + parent.octets.length)
  if (before + octets.length > MAX_NAME) writer.unencodable(`a name of more than ${MAX_NAME} octets`)
  octets[0] = size
  octets.set(own, 1)
  octets.set(parent.octets, size + 1)
  const tail: Tail = { octets, parent, message: 0, offset: 0 }
  if (writer instanceof MessageWriter) tails.set(name, tail)
  return tail
}
