import type { Segment } from '../conformance/channel.ts'
import { errorCodeName } from './error-codes.ts'
import { type Frame, flagsNames, frameTypeName } from './frame.ts'
import { Interpreter, PREFACE, printable } from './interpreter.ts'
import { framesOf, type Seen } from './seen.ts'
import { settingName } from './settings-parameters.ts'

/** What each segment of a connection says, one line a frame or field block that ends in it. */
export function describe(segments: readonly Segment[]): string[][] {
  // Whoever sends the preface is the client; the other direction has none.
  const client = segments.find(segment => startsWithPreface(segment.octets))?.from
  const options = { tableLimit: 1 << 16 }
  const interpreters = {
    tester: new Interpreter({ ...options, fromClient: client === 'tester' }),
    subject: new Interpreter({ ...options, fromClient: client === 'subject' }),
  }
  return segments.map(({ from, octets }) => interpreters[from].push(octets).map(line))
}

/** One thing seen, as a line: `HEADERS stream 1 END_STREAM END_HEADERS :status: 200`. */
export function line(seen: Seen): string {
  if (seen.kind === 'preface') return 'client preface'
  if (seen.kind === 'silence') return 'silence'
  if (seen.kind === 'end') return seen.how === 'eof' ? 'end of the connection' : `connection broken: ${seen.why}`
  const frames = frameLines(framesOf(seen))
  switch (seen.kind) {
    case 'broken':
      return `not understood: ${seen.why}`
    case 'headers':
      return `${frames}  ${fieldList(seen.fields)}`
    case 'push':
      return `${frames} promises stream ${seen.promised}  ${fieldList(seen.fields)}`
    case 'data':
      return seen.octets.length === 0 ? frames : `${frames}  ${excerpt(seen.octets)}`
    case 'reset':
      return `${frames} ${errorCodeName(seen.code)}`
    case 'settings':
      return [frames, ...firstOf(seen.parameters, ([id, value]) => `${settingName(id)}=${value}`)].join(' ')
    case 'ping':
    case 'ping-ack':
      return `${frames} ${excerpt(seen.payload)}`
    case 'goaway': {
      const debug = seen.debug.length > 0 ? ` ${excerpt(seen.debug)}` : ''
      return `${frames} ${errorCodeName(seen.code)}, last stream ${seen.lastStream}${debug}`
    }
    case 'window-update':
      return `${frames} +${seen.increment}`
    default:
      return frames
  }
}

/** Of what a peer sent in any number, so many are shown: a line stays within some 4000 characters. */
const SHOWN = 40
const SHOWN_FIELDS = 4000

function firstOf<T>(all: readonly T[], show: (one: T) => string): string[] {
  const shown = all.slice(0, SHOWN).map(show)
  return all.length > SHOWN ? [...shown, `and ${all.length - SHOWN} more`] : shown
}

function frameLines(frames: readonly Frame[]): string {
  return firstOf(frames, frameLine).join(' + ')
}

function frameLine(frame: Frame): string {
  const { type, flags, stream, payload, reserved } = frame
  const where = stream === 0 ? 'on the connection' : `stream ${stream}`
  const bit = reserved ? ' reserved bit set' : ''
  const size = `${payload.length} ${payload.length === 1 ? 'octet' : 'octets'}`
  return [frameTypeName(type), ...flagsNames(type, flags), `${where}${bit}`, `(${size})`].join(' ')
}

function fieldList(fields: readonly { readonly name: string; readonly value: string }[]): string {
  const shown: string[] = []
  let length = 0
  for (const { name, value } of fields) {
    if (shown.length === SHOWN || length > SHOWN_FIELDS) break
    const field = `${clip(name)}: ${clip(value)}`
    length += field.length
    shown.push(field)
  }
  if (fields.length > shown.length) shown.push(`and ${fields.length - shown.length} more`)
  return shown.join('; ')
}

function clip(text: string): string {
  const shown = text.length > 120 ? `${text.slice(0, 117)}...` : text
  return /^[\x20-\x7e]*$/.test(shown) ? shown : JSON.stringify(shown)
}

function excerpt(octets: Uint8Array): string {
  const shown = printable(octets.subarray(0, 48))
  return octets.length > 48 ? `${shown}...` : shown
}

function startsWithPreface(octets: Uint8Array): boolean {
  return octets.length >= 4 && Buffer.compare(octets.subarray(0, 4), PREFACE.subarray(0, 4)) === 0
}
