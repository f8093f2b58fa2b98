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
  const frames = framesOf(seen).map(frameLine).join(' + ')
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
      return [frames, ...seen.parameters.map(([id, value]) => `${settingName(id)}=${value}`)].join(' ')
    case 'ping':
    case 'ping-ack':
      return `${frames} ${printable(seen.payload)}`
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

function frameLine(frame: Frame): string {
  const { type, flags, stream, payload, reserved } = frame
  const where = stream === 0 ? 'on the connection' : `stream ${stream}`
  const bit = reserved ? ' reserved bit set' : ''
  const size = `${payload.length} ${payload.length === 1 ? 'octet' : 'octets'}`
  return [frameTypeName(type), ...flagsNames(type, flags), `${where}${bit}`, `(${size})`].join(' ')
}

function fieldList(fields: readonly { readonly name: string; readonly value: string }[]): string {
  const shown = fields.slice(0, 40).map(({ name, value }) => `${clip(name)}: ${clip(value)}`)
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
